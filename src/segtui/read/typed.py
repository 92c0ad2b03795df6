"""From opened sources to typed frames: the fast way where every value fits its guess, the careful way where not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Finding, Kind
from segtui.read import dates
from segtui.read.checks import Fit, corrected, fits, needs_check
from segtui.read.columns import Decided, decided
from segtui.read.measuring import Measures
from segtui.read.opened import Opened
from segtui.read.parsing import read_expression
from segtui.read.reading import ColumnReading, Reading


@dataclass(frozen=True, eq=False)
class Typed:
    """A frame with final names and types, to be measured. `own` holds what was given; `missed` counts values that could
    not be read; `ambiguous` names dates whose day and month can't be told apart; `unnamed` columns without a header;
    `measures` where the frame was measured as it was written."""

    source: Path
    frame: pl.LazyFrame
    readings: dict[str, ColumnReading]
    own: Mapping[str, ColumnReading]
    reading: Reading
    rows: int
    missed: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    findings: tuple[Finding, ...] = ()
    ambiguous: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    measures: Measures | None = None


def typed_columns(source: Path, opened: Opened, run: Run) -> Typed:
    """A source that has types: expressions over its lazy scan, what must be parsed checked against every value."""
    decision = decided(str(source), opened)
    frame = opened.frame.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    schema = {name: opened.schema[raw] for name, raw in decision.raw.items()}
    sample = opened.sample.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    readings, missed, ambiguous = held_against(
        frame, schema, sample, decision, opened.reading, PartOfRun(run, 0.4, 1.0)
    )
    select = [read_expression(name, schema[name], reading).alias(name) for name, reading in readings.items()]
    return Typed(
        source,
        frame.select(select),
        readings,
        decision.own,
        opened.reading,
        opened.rows or 0,
        missed,
        opened.rejected,
        (*opened.findings, *decision.findings),
        ambiguous,
    )


def held_against(
    frame: pl.LazyFrame,
    schema: Mapping[str, pl.DataType],
    sample: pl.DataFrame,
    decision: Decided,
    reading: Reading,
    run: Run,
) -> tuple[dict[str, ColumnReading], dict[str, int], frozenset[str]]:
    """The readings held against every value; what is missed; dates whose day and month can't be told apart."""
    readings = dict(decision.readings)
    parsed = {name: each for name, each in readings.items() if needs_check(schema[name], each)}
    found = fits(frame, schema, parsed, PartOfRun(run, 0.0, 0.5))
    if not reading.complete:
        changes = corrected(frame, schema, parsed, found, decision.own, sample, PartOfRun(run, 0.5, 0.8))
        readings |= changes
        again = {name: each for name, each in changes.items() if needs_check(schema[name], each)}
        found = {name: fit for name, fit in found.items() if name not in changes}
        found |= fits(frame, schema, again, PartOfRun(run, 0.8, 1.0))
    either = {
        name
        for name, fit in found.items()
        if readings[name].kind is Kind.DATE and schema[name] == pl.String and two_ways(readings[name], fit)
    }
    asked = {name for name in either if decision.own.get(name, ColumnReading()).format is None}
    if not reading.complete:
        _take_the_files_order(readings, asked, either)
    missed = {name: fit.missed for name, fit in found.items() if fit.missed}
    return readings, missed, frozenset(asked if not reading.complete else ())


def two_ways(reading: ColumnReading, fit: Fit) -> bool:
    """Whether all values fit with day and month exchanged as well."""
    return dates.twin(reading.format or "") != reading.format and not fit.missed_by_twin and fit.values > 0


def _take_the_files_order(readings: dict[str, ColumnReading], asked: set[str], either: set[str]) -> None:
    """Where one date column of the file shows month first, take it for those that could be either."""
    settled = [
        reading.format
        for name, reading in readings.items()
        if reading.kind is Kind.DATE and reading.format and name not in either and "%m" in reading.format
    ]
    month_first = [form for form in settled if form.startswith("%m")]
    for name in asked:
        form = readings[name].format or ""
        if month_first and form.startswith("%d"):
            readings[name] = readings[name].model_copy(update={"format": dates.twin(form)})
