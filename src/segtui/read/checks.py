"""Holding a guess against every value: what does not fit is counted, and the guess corrected where it was one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from segtui.api.run import Run
from segtui.api.table import Kind
from segtui.read import dates, kinds, words
from segtui.read.parsing import present, read_expression
from segtui.read.reading import ColumnReading
from segtui.read.waiting import collected

_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_MOST_SEEN = 300
_TOO_MANY = 0.1


@dataclass(frozen=True)
class Fit:
    """How a column fits its reading: values there, values missed; for whole numbers those with leading zeros or too
    many digits, and missed even with decimals; for dates those missed with day and month exchanged."""

    values: int = 0
    missed: int = 0
    zeros: int = 0
    long: int = 0
    missed_as_decimal: int = 0
    missed_by_twin: int = 0


def needs_check(dtype: pl.DataType, reading: ColumnReading) -> bool:
    """Whether the values have to be parsed, so that some may not fit."""
    if dtype in _TEXTS:
        return reading.kind in (Kind.NUMBER, Kind.DATE, Kind.FLAG)
    if reading.kind is Kind.IDENTIFIER:
        return dtype.is_float()
    if reading.kind is Kind.DATE:
        return True
    return reading.kind is Kind.FLAG and dtype != pl.Boolean


def fits(
    frame: pl.LazyFrame, schema: Mapping[str, pl.DataType], readings: Mapping[str, ColumnReading], run: Run
) -> dict[str, Fit]:
    """Count, in one pass, how the columns fit their readings."""
    names = list(readings)
    expressions: list[pl.Expr] = []
    for index, name in enumerate(names):
        expressions += _counts(index, name, schema[name], readings[name])
    if not expressions:
        return {}
    row = collected(frame.select(expressions), run, "checking every value").row(0, named=True)
    counts: dict[int, dict[str, int]] = {}
    for key, value in row.items():
        place, _, what = key.partition("\x1f")
        counts.setdefault(int(place), {})[what] = int(value)
    return {name: Fit(**counts[index]) for index, name in enumerate(names)}


def corrected(
    frame: pl.LazyFrame,
    schema: Mapping[str, pl.DataType],
    readings: Mapping[str, ColumnReading],
    found: Mapping[str, Fit],
    given: Mapping[str, ColumnReading],
    sample: pl.DataFrame,
    run: Run,
) -> dict[str, ColumnReading]:
    """The readings of the columns whose guess had to be changed. What was given stays."""
    changed: dict[str, ColumnReading] = {}
    for name, fit in found.items():
        reading, own = readings[name], given.get(name, ColumnReading())
        if not fit.missed and not fit.zeros and not fit.long:
            continue
        if own.kind is None and reading.kind is Kind.NUMBER and reading.whole and (fit.zeros or fit.long):
            reason = "digits with leading zeros" if fit.zeros else "more than 15 digits"
            changed[name] = own.model_copy(update={"kind": Kind.IDENTIFIER, "reason": reason, "nulls": reading.nulls})
            continue
        better = reading
        if reading.kind is Kind.NUMBER and reading.whole and fit.missed_as_decimal < fit.missed:
            better = better.model_copy(update={"whole": False, "decimals": None})
        if reading.kind is Kind.DATE and own.format is None and reading.format and fit.missed_by_twin < fit.missed:
            better = better.model_copy(update={"format": dates.twin(reading.format)})
        if schema[name] in _TEXTS:
            seen = _missed_values(frame, schema[name], name, better, run)
            fresh = tuple(value for value in seen if _is_marker(value))
            if fresh and not own.nulls:
                better = better.model_copy(update={"nulls": tuple(sorted({*better.nulls, *fresh}))})
        if better != reading:
            changed[name] = better
    again = fits(frame, schema, changed, run) if changed else {}
    for name, reading in {**readings, **changed}.items():
        last = again.get(name) or found.get(name)
        own = given.get(name, ColumnReading())
        words_or_ids = schema[name] in _TEXTS or reading.kind is Kind.IDENTIFIER
        if words_or_ids and last is not None and own.kind is None and last.missed > last.values * _TOO_MANY:
            changed[name] = _as_words(name, schema[name], own, sample, reading)
    return changed


def _as_words(
    name: str, dtype: pl.DataType, own: ColumnReading, sample: pl.DataFrame, reading: ColumnReading
) -> ColumnReading:
    if dtype.is_float():
        return own.model_copy(update={"kind": Kind.NUMBER, "reason": "not all whole numbers"})
    values = sample[name].cast(pl.String).to_list()
    levels = {value for value in values if value}
    kind = Kind.CATEGORY if len(levels) <= kinds.FEW_LEVELS else Kind.TEXT
    return own.model_copy(update={"kind": kind, "reason": f"too many values are no {reading.kind}"})


def _is_marker(value: str) -> bool:
    bare = value.strip().lower()
    return bare in words.OFTEN_NULL or bool(words.SIGNS_ALONE.fullmatch(bare) and not bare.isalpha())


def _missed_values(frame: pl.LazyFrame, dtype: pl.DataType, name: str, reading: ColumnReading, run: Run) -> list[str]:
    raw = present(name, dtype, reading)
    missed = frame.filter(raw.is_not_null() & read_expression(name, dtype, reading).is_null())
    seen = missed.select(pl.col(name).cast(pl.String).str.slice(0, 40)).unique().head(_MOST_SEEN)
    return [str(value) for value in collected(seen, run, "looking at what does not fit").to_series().to_list()]


def _counts(index: int, name: str, dtype: pl.DataType, reading: ColumnReading) -> list[pl.Expr]:
    raw = present(name, dtype, reading)
    there = raw.is_not_null()
    if dtype.is_float() and reading.kind is Kind.IDENTIFIER:
        missed = there & ((raw != raw.floor()) | raw.is_infinite())
    else:
        missed = there & read_expression(name, dtype, reading).is_null()
    found = [there.sum().alias(f"{index}\x1fvalues"), missed.sum().alias(f"{index}\x1fmissed")]
    if dtype not in _TEXTS:
        return found
    if reading.kind is Kind.NUMBER and reading.whole:
        decimal = read_expression(name, dtype, reading.model_copy(update={"whole": False}))
        found.append((there & decimal.is_null()).sum().alias(f"{index}\x1fmissed_as_decimal"))
        if reading.decimal is None:
            found.append(raw.str.contains(r"^0\d").sum().alias(f"{index}\x1fzeros"))
            found.append(raw.str.contains(r"^\d{16,}$").sum().alias(f"{index}\x1flong"))
    if reading.kind is Kind.DATE and reading.format:
        other = reading.model_copy(update={"format": dates.twin(reading.format)})
        found.append((there & read_expression(name, dtype, other).is_null()).sum().alias(f"{index}\x1fmissed_by_twin"))
    return found
