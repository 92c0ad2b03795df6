"""From opened sources to typed frames: the fast way where every value fits its guess, the careful way where not."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Finding, Kind
from segtui.read import dates, delimited
from segtui.read.checks import Fit, corrected, fits, needs_check
from segtui.read.columns import Decided, decided
from segtui.read.delimited import TextFile
from segtui.read.guard import chunks, no_rows
from segtui.read.opened import Opened
from segtui.read.parsing import read_expression
from segtui.read.reading import ColumnReading, Reading
from segtui.read.waiting import collected, written

_CONVERSION = re.compile(r"conversion|strict|cast|overflow|out of range", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Typed:
    """`frame` with final names and types, to be measured; `raw` expressions count what was missed in lazy sources."""

    source: Path
    frame: pl.LazyFrame
    readings: dict[str, ColumnReading]
    own: Mapping[str, ColumnReading]
    reading: Reading
    schema: Mapping[str, pl.DataType]
    missed: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    findings: tuple[Finding, ...] = ()
    ambiguous: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()


def typed_columns(source: Path, opened: Opened, run: Run) -> Typed:
    """A source that has types: expressions over its lazy scan, what must be parsed checked against every value."""
    decision = decided(str(source), opened)
    frame = opened.frame.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    schema = {name: opened.schema[raw] for name, raw in decision.raw.items()}
    sample = opened.sample.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    readings, missed, ambiguous = _checked(frame, schema, sample, decision, opened.reading, PartOfRun(run, 0.4, 1.0))
    select = [read_expression(name, schema[name], reading).alias(name) for name, reading in readings.items()]
    return Typed(
        source,
        frame.select(select),
        readings,
        decision.own,
        opened.reading,
        schema,
        missed,
        opened.rejected,
        (*opened.findings, *decision.findings),
        ambiguous,
    )


def typed_text(source: Path, path: Path, wanted: Reading, folder: Path, run: Run) -> Typed:
    """Delimited text, as an Arrow IPC file in `folder`."""
    file = delimited.opened(source, path, wanted, folder, PartOfRun(run, 0.0, 0.3))
    for _ in range(3):
        typed = _attempt(file, folder, PartOfRun(run, 0.3, 0.9))
        if isinstance(typed, Typed):
            return typed
        file = typed
    raise no_rows(source)


def _attempt(file: TextFile, folder: Path, run: Run) -> Typed | TextFile:
    """A typed frame, or the file to try again with: its ragged rows sorted out, or its loose ends allowed for."""
    sample = file.sample()
    opened = Opened(
        file.scan(), dict.fromkeys(file.names, pl.String()), file.names, file.reading, sample, findings=tuple(file.findings)
    )
    decision = decided(str(file.source), opened)
    target = folder / f"{secrets.token_hex(4)}.arrow"
    size = file.path.stat().st_size
    frame = file.scan().select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    schema: dict[str, pl.DataType] = dict.fromkeys(decision.raw, pl.String())
    readings, missed, ambiguous = dict(decision.readings), dict[str, int](), frozenset[str]()
    doubtful = _doubtful(readings, sample, decision)
    try:
        try:
            if doubtful:
                raise pl.exceptions.InvalidOperationError("strict")
            written(_select(frame, schema, readings, strict=True), target, PartOfRun(run, 0.0, 0.7), "reading the rows", size)
        except (pl.exceptions.InvalidOperationError, pl.exceptions.ComputeError) as failure:
            if isinstance(failure, pl.exceptions.ComputeError) and not _CONVERSION.search(str(failure)):
                raise
            taken = sample.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
            readings, missed, ambiguous = _checked(frame, schema, taken, decision, file.reading, PartOfRun(run, 0.0, 0.4))
            written(_select(frame, schema, readings), target, PartOfRun(run, 0.4, 0.7), "reading the rows", size)
    except pl.exceptions.ComputeError as failure:
        if "more fields" not in str(failure) and "could not parse" not in str(failure):
            raise
        return _sorted_out(file, folder, run, loose=True)
    scanned = pl.scan_ipc(target, glob=False, hive_partitioning=False)
    nulls = collected(scanned.select(pl.all().null_count(), pl.len().alias("\x1frows")), run, "counting").row(0, named=True)
    rows = nulls.pop("\x1frows")
    if not rows:
        raise no_rows(file.source)
    last = next(reversed(file.names))
    last_final = next((name for name, raw in decision.raw.items() if raw == last), None)
    blank = 0
    if file.layout.width > 1 and (last_final is None or nulls[last_final]) and not file.headless_sorted:
        if not _all_there(file, rows):
            shape = file.count(PartOfRun(run, 0.7, 0.85))
            blank = shape.blank
            if shape.bad:
                return _sorted_out(file, folder, run, loose=False)
    rejected, findings = file.rejected, [*file.findings, *decision.findings]
    if all(nulls.values()):
        scanned, empty = _without_empty(scanned, list(nulls), folder, rows, PartOfRun(run, 0.85, 1.0))
        if empty >= rows:
            raise no_rows(file.source)
        empty -= blank if file.layout.width > 1 else 0
        if empty > 0:
            rejected += empty
            findings.append(Finding(f"{empty:,} empty row{' was' if empty == 1 else 's were'} left out.", rows=empty))
    unnamed = frozenset(
        name for name, raw in decision.raw.items() if not file.names[raw].strip() and not file.reading.complete
    )
    return Typed(
        file.source,
        scanned,
        readings,
        decision.own,
        file.reading,
        schema,
        missed,
        rejected,
        tuple(findings),
        ambiguous,
        unnamed,
    )


def _select(
    frame: pl.LazyFrame,
    schema: Mapping[str, pl.DataType],
    readings: Mapping[str, ColumnReading],
    strict: bool = False,
) -> pl.LazyFrame:
    return frame.select(
        read_expression(name, schema[name], reading, strict=strict).alias(name) for name, reading in readings.items()
    )


def _sorted_out(file: TextFile, folder: Path, run: Run, loose: bool) -> TextFile:
    shape = file.count(PartOfRun(run, 0.7, 0.85))
    error = delimited.refuse_ragged(file, shape)
    if error is None and loose and not file.loose_ends:
        return replace(file, loose_ends=True)
    if error is None:
        raise delimited.unreadable_quotes(file)
    if not file.reading.tolerant:
        raise error
    return delimited.sort_out(file, folder, PartOfRun(run, 0.85, 1.0))


def _all_there(file: TextFile, rows: int) -> bool:
    """Whether there are as many delimiters as full rows need: then, as none is too long, none is too short."""
    delimiter, quote = file.marks.delimiter, file.marks.quote
    if delimiter is None or file.loose_ends:
        return delimiter is None
    count = skipped = 0
    for chunk in chunks(file.path):
        if quote is not None and bytes([quote]) in chunk:
            return False
        begin = max(file.start - skipped, 0)
        skipped += len(chunk)
        count += int(np.count_nonzero(np.frombuffer(chunk[begin:], np.uint8) == delimiter))
    return count == rows * (file.layout.width - 1)


def _without_empty(
    frame: pl.LazyFrame, names: list[str], folder: Path, rows: int, run: Run
) -> tuple[pl.LazyFrame, int]:
    something = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    kept = int(collected(frame.select(something.sum()), run, "looking for empty rows").item())
    if kept in (rows, 0):
        return frame, rows - kept
    target = folder / f"{secrets.token_hex(4)}.arrow"
    written(frame.filter(something), target, run, "leaving out empty rows")
    return pl.scan_ipc(target, glob=False, hive_partitioning=False), rows - kept


def _doubtful(readings: Mapping[str, ColumnReading], sample: pl.DataFrame, decision: Decided) -> bool:
    """Whether the sample already shows values that do not fit, or dates that can be read two ways."""
    for name, reading in readings.items():
        if not needs_check(pl.String(), reading) or not sample.height:
            continue
        fit = _sample_fit(name, reading, sample[decision.raw[name]])
        if fit.missed or (reading.kind is Kind.DATE and _two_ways(reading, fit)):
            return True
    return False


def _sample_fit(name: str, reading: ColumnReading, sample: pl.Series) -> Fit:
    from segtui.api.run import QuietRun

    frame = pl.DataFrame({name: sample}).lazy()
    return fits(frame, {name: sample.dtype}, {name: reading}, QuietRun())[name]


def _two_ways(reading: ColumnReading, fit: Fit) -> bool:
    return dates.twin(reading.format or "") != reading.format and not fit.missed_by_twin and fit.values > 0


def _checked(
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
    two_ways = {
        name
        for name, fit in found.items()
        if readings[name].kind is Kind.DATE and schema[name] == pl.String and _two_ways(readings[name], fit)
    }
    asked = {name for name in two_ways if decision.own.get(name, ColumnReading()).format is None}
    if not reading.complete:
        _take_the_files_order(readings, asked, two_ways)
    missed = {name: fit.missed for name, fit in found.items() if fit.missed}
    return readings, missed, frozenset(asked if not reading.complete else ())


def _take_the_files_order(readings: dict[str, ColumnReading], asked: set[str], two_ways: set[str]) -> None:
    """Where one date column of the file shows month first, take it for those that could be either."""
    settled = [
        reading.format
        for name, reading in readings.items()
        if reading.kind is Kind.DATE and reading.format and name not in two_ways and "%m" in reading.format
    ]
    month_first = [form for form in settled if form.startswith("%m")]
    for name in asked:
        form = readings[name].format or ""
        if month_first and form.startswith("%d"):
            readings[name] = readings[name].model_copy(update={"format": dates.twin(form)})
