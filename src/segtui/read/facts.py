"""What the panel beside a column shows: counts, range, quartiles, top values and a histogram, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Kind, Table
from segtui.read import distinct
from segtui.read.waiting import collected

_COLUMNS_A_PASS = 60
_HELD_CELLS = 1_000_000
_BINS = 24
_TOP = 12
_TOP_DISTINCT = 5_000
"""Columns of words with more different values than this get no top values."""
_EXACT_DISTINCT = 1_000
_EXACT_ROWS = 1_000_000
"""Up to so many rows, different values are counted and not estimated."""
_CUT = 200
_MONTHS = 60
_SAMPLED_CELLS = 20_000_000
"""Beyond so many values in a pass, quartiles are of one row in so many that about this many remain."""

Number = int | float


@dataclass(frozen=True)
class Bin:
    """One bar: `start` (included) to `end` (excluded, but for the last), and how many values lie in it."""

    start: Number | date
    end: Number | date
    rows: int


@dataclass(frozen=True)
class ColumnFacts:
    """Facts of one column. `approximate` names those that are estimates: distinct, quartiles."""

    name: str
    rows: int
    nulls: int
    distinct: int
    smallest: Number | date | datetime | str | bool | None = None
    largest: Number | date | datetime | str | bool | None = None
    mean: float | None = None
    quartiles: tuple[float, float, float] | None = None
    top: tuple[tuple[str, int], ...] = ()
    histogram: tuple[Bin, ...] = ()
    approximate: tuple[str, ...] = ()


def column_facts(table: Table, names: Sequence[str] | None, run: Run) -> Mapping[str, ColumnFacts]:
    """Facts of the columns named (all where None), in a few streaming passes over blocks of columns."""
    wanted = list(table.columns) if names is None else list(names)
    found: dict[str, ColumnFacts] = {}
    for start in range(0, len(wanted), _COLUMNS_A_PASS):
        part = wanted[start : start + _COLUMNS_A_PASS]
        share = PartOfRun(run, start / len(wanted), min((start + _COLUMNS_A_PASS) / len(wanted), 1.0))
        found |= _facts(_held(table, part, PartOfRun(share, 0.0, 0.2)), part, PartOfRun(share, 0.2, 1.0))
    return found


def _held(table: Table, names: Sequence[str], run: Run) -> Table:
    """The columns named, in memory where they are few values: several queries are to come, and each on a table of
    thousands of columns is planned for all of them."""
    if table.rows * len(names) > _HELD_CELLS:
        return table
    held = collected(table.frame.select(names), run, "looking at the columns")
    return replace(table, frame=held.lazy())


def _facts(table: Table, names: Sequence[str], run: Run) -> dict[str, ColumnFacts]:
    kinds = {name: table.columns[name].kind for name in names}
    schema = table.frame.select(names).collect_schema()
    expressions = [pl.len().alias("rows")]
    for index, name in enumerate(names):
        expressions += _measures(index, name, kinds[name], table.rows <= _EXACT_ROWS)
    row = collected(table.frame.select(expressions), PartOfRun(run, 0.0, 0.4), "looking at the columns").row(
        0, named=True
    )
    measures = {name: _of(index, row) for index, name in enumerate(names)}
    numbers = [name for name in names if kinds[name] is Kind.NUMBER]
    quartiles = _quartiles(table, numbers, PartOfRun(run, 0.4, 0.6))
    bars = _histograms(table, names, measures, schema, PartOfRun(run, 0.6, 0.8))
    counts = {
        name: min(int(each["distinct"]), int(row["rows"]) - int(each["nulls"])) for name, each in measures.items()
    }
    short = table.rows <= _EXACT_ROWS
    exact = counts if short else distinct.few_exactly(table.frame, counts, PartOfRun(run, 0.8, 0.9))
    counts |= exact
    tops = _tops(table, names, counts, PartOfRun(run, 0.9, 1.0))
    sampled = _every(table, numbers) > 1
    found: dict[str, ColumnFacts] = {}
    for name in names:
        measure = measures[name]
        nulls = int(measure["nulls"])
        approximate: tuple[str, ...] = () if name in exact else ("distinct",)
        if sampled and quartiles.get(name):
            approximate += ("quartiles",)
        found[name] = ColumnFacts(
            name,
            int(row["rows"]),
            nulls,
            counts[name],
            _plain(measure.get("smallest"), schema[name]),
            _plain(measure.get("largest"), schema[name]),
            measure.get("mean"),
            quartiles.get(name),
            tops.get(name, ()),
            bars.get(name, ()),
            approximate,
        )
    return found


def _measures(index: int, name: str, kind: Kind, exactly: bool) -> Iterator[pl.Expr]:
    column = pl.col(name)
    yield column.null_count().alias(f"{index}\x1fnulls")
    yield (distinct.counted(column) if exactly else distinct.estimated(column)).alias(f"{index}\x1fdistinct")
    if kind is Kind.DATE:
        yield column.min().cast(pl.Datetime("us")).alias(f"{index}\x1fsmallest")
        yield column.max().cast(pl.Datetime("us")).alias(f"{index}\x1flargest")
    elif kind in (Kind.NUMBER, Kind.FLAG):
        yield column.min().alias(f"{index}\x1fsmallest")
        yield column.max().alias(f"{index}\x1flargest")
        yield column.cast(pl.Float64).mean().alias(f"{index}\x1fmean")
    else:
        yield column.str.slice(0, _CUT).min().alias(f"{index}\x1fsmallest")
        yield column.str.slice(0, _CUT).max().alias(f"{index}\x1flargest")


def _of(index: int, row: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{index}\x1f"
    return {key.removeprefix(start): value for key, value in row.items() if key.startswith(start)}


def _plain(value: Any, dtype: pl.DataType) -> Any:
    return value.date() if isinstance(value, datetime) and dtype == pl.Date else value


def _quartiles(table: Table, names: Sequence[str], run: Run) -> dict[str, tuple[float, float, float]]:
    if not names:
        return {}
    every = _every(table, names)
    frame = table.frame.select(names).gather_every(every) if every > 1 else table.frame.select(names)
    taken = collected(frame, run, "finding quartiles")
    shares = (0.25, 0.5, 0.75)
    expressions = [
        pl.col(name).cast(pl.Float64).quantile(share, interpolation="linear").alias(f"{index}\x1f{share}")
        for index, name in enumerate(names)
        for share in shares
    ]
    row = taken.select(expressions).row(0, named=True)
    found: dict[str, tuple[float, float, float]] = {}
    for index, name in enumerate(names):
        low, middle, high = (row[f"{index}\x1f{share}"] for share in shares)
        if low is not None:
            found[name] = (low, middle, high)
    return found


def _every(table: Table, names: Sequence[str]) -> int:
    """Quartiles are of one row in so many."""
    return -(-table.rows * len(names) // _SAMPLED_CELLS) if names else 1


def _histograms(
    table: Table, names: Sequence[str], measures: Mapping[str, Mapping[str, Any]], schema: pl.Schema, run: Run
) -> dict[str, tuple[Bin, ...]]:
    """Bars of equal width; for dates months, quarters or years, whichever are not too many."""
    edges: dict[str, list[Any]] = {}
    for name in names:
        low, high = measures[name].get("smallest"), measures[name].get("largest")
        if low is None or high is None or isinstance(low, str | bool):
            continue
        edges[name] = _months(low, high) if isinstance(low, datetime) else _steps(low, high, schema[name].is_integer())
    if not edges:
        return {}
    expressions = [
        _bin_of(name, marks).drop_nulls().value_counts().implode().alias(name) for name, marks in edges.items()
    ]
    row = collected(table.frame.select(expressions), run, "drawing histograms").row(0, named=True)
    found: dict[str, tuple[Bin, ...]] = {}
    for name, marks in edges.items():
        rows = {int(counted["bin"]): int(counted["count"]) for counted in row[name]}
        found[name] = tuple(Bin(low, high, rows.get(step, 0)) for step, (low, high) in enumerate(pairwise(marks)))
    return found


def _bin_of(name: str, marks: Sequence[Any]) -> pl.Expr:
    """The number of the bin that each value lies in."""
    column, last = pl.col(name), len(marks) - 2
    steps: pl.Expr
    if isinstance(marks[0], date):
        first, second = (mark.year * 12 + mark.month for mark in marks[:2])
        months = column.dt.year().cast(pl.Int32) * 12 + column.dt.month()
        steps = (months - first) // (second - first)
    else:
        steps = ((column - marks[0]) / (marks[1] - marks[0] or 1)).floor().cast(pl.Int32)
    return steps.clip(0, last).alias("bin")


def _steps(low: Number, high: Number, whole: bool) -> list[Number]:
    if low == high:
        return [low, low + 1 if whole else low]
    if whole and high - low < _BINS:
        return [*range(int(low), int(high) + 2)]
    if whole:
        step = -(-int(high - low + 1) // _BINS)
        return [*range(int(low), int(high) + step + 1, step)]
    width = high / _BINS - low / _BINS
    return [*(low + width * step for step in range(_BINS)), high]


def _months(low: datetime, high: datetime) -> list[date]:
    span = (high.year - low.year) * 12 + high.month - low.month + 1
    step = next((each for each in (1, 3, 12, 60, 120, 1200) if span / each <= _MONTHS), 12_000)
    first = low.year * 12 + low.month - 1
    first -= first % step
    last = high.year * 12 + high.month - 1
    months = [*range(first, last + step, step)]
    months.append(months[-1] + step)
    return [date(month // 12, month % 12 + 1, 1) for month in months if 12 <= month < 12 * 10_000]


def _tops(
    table: Table, names: Sequence[str], distinct_counts: Mapping[str, int], run: Run
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The most frequent values of columns of words with not too many of them."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    wanted = [
        name
        for name in names
        if table.columns[name].kind not in (Kind.NUMBER, Kind.DATE) and distinct_counts[name] <= _TOP_DISTINCT
    ]
    for position, name in enumerate(wanted):
        part = PartOfRun(run, position / len(wanted), (position + 1) / len(wanted))
        counts = collected(
            table.frame.select(pl.col(name).cast(pl.String).str.slice(0, _CUT).alias("value"))
            .drop_nulls()
            .group_by("value")
            .len(),
            part,
            "counting values",
        ).sort("len", "value", descending=[True, False])
        if counts.height <= _EXACT_DISTINCT or int(counts["len"][0]) > 1:
            found[name] = tuple((str(value), int(rows)) for value, rows in counts.head(_TOP).iter_rows())
    return found
