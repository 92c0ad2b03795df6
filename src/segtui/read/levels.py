"""The values of categories, and their order where they have one: words of a scale, numbers inside them, age bands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from segtui.api.run import Run
from segtui.api.table import Kind
from segtui.read import kinds, scales
from segtui.read.measures import Measured
from segtui.read.reading import ColumnReading
from segtui.read.waiting import collected

_BAND = re.compile(
    r"(?i)(?P<under><|≤|<=|under|below|less than|up to|unter|bis|moins de|menos de)?\s*[£$€]?"
    r"(?P<first>\d[\d,.]*)\s*(?P<kilo>k)?"
    r"\s*(?:(?:-|–|—|to|bis|à|a)\s*[£$€]?\d[\d,.]*\s*k?|\+|plus|and (?:over|above|more)|or more|years?|"
    r"und älter|et plus|y más)?\s*"
    r"(?:years|jahre|ans|años|%|k)?\s*"
)
_OVER = re.compile(
    r"(?i)\s*(?:>|≥|>=|over|above|more than|über|plus de|más de)\s*[£$€]?(?P<first>\d[\d,.]*)\s*(?P<kilo>k)?.*"
)


def found(
    frame: pl.LazyFrame,
    readings: dict[str, ColumnReading],
    measures: Mapping[str, Measured],
    own: Mapping[str, ColumnReading],
    run: Run,
) -> dict[str, ColumnReading]:
    """The readings with the levels of their categories of few values, over all rows."""
    wanted = [
        name
        for name, reading in readings.items()
        if reading.kind is Kind.CATEGORY
        and measures[name].distinct <= kinds.FEW_LEVELS * 1.2
        and not own.get(name, ColumnReading()).levels
    ]
    if not wanted:
        return readings
    expressions = [pl.col(name).drop_nulls().unique().implode().alias(name) for name in wanted]
    row = collected(frame.select(expressions), run, "listing the categories").row(0, named=True)
    for name in wanted:
        values = sorted(map(str, row[name]))
        if len(values) > kinds.FEW_LEVELS or not values:
            continue
        order = ordered(values)
        readings[name] = readings[name].model_copy(
            update={"levels": tuple(order or values), "ordered": order is not None}
        )
    return readings


def ordered(values: Sequence[str]) -> list[str] | None:
    """The values in their order, or None where they have none that shows."""
    if len(values) < 2:
        return None
    return _by_scale(values) or _by_signed_number(values) or _by_band(values)


def _by_scale(values: Sequence[str]) -> list[str] | None:
    lower = {value: " ".join(value.lower().replace("_", " ").split()) for value in values}
    if len(set(lower.values())) < len(values):
        return None
    for scale in scales.SCALES:
        if set(lower.values()) <= set(scale) and (len(values) > 2 or len(scale) <= 4):
            return sorted(values, key=lambda value: scale.index(lower[value]))
    return None


def _by_signed_number(values: Sequence[str]) -> list[str] | None:
    """As in "I love it!+5" and "-2", or "1 - very bad" and "5": one number at the end, or at the start, of each."""
    for pattern in (r"\D*?([+-]?\d{1,3})", r"([+-]?\d{1,3})(?:\s*[-–=:.)]\s*\D+|\s+\D*)?"):
        matches = [re.fullmatch(pattern, value.strip()) for value in values]
        if not any(re.fullmatch(r"[+-]?\d{1,3}", value.strip()) for value in values):
            return None
        numbers = [int(match[1]) for match in matches if match]
        if len(numbers) == len(values) == len(set(numbers)) and max(numbers) - min(numbers) < 4 * len(numbers):
            return [value for _, value in sorted(zip(numbers, values, strict=True))]
    return None


def _by_band(values: Sequence[str]) -> list[str] | None:
    keys: list[tuple[float, int]] = []
    for value in values:
        match, over = _BAND.fullmatch(value.strip()), _OVER.fullmatch(value)
        best = match or over
        if best is None:
            return None
        number = float(re.sub(r"[,.](?=\d{3}(?:\D|$))", "", best["first"]).replace(",", ".").rstrip(".") or 0)
        number *= 1000 if best["kilo"] else 1
        keys.append((number, -1 if match is not None and match["under"] else 1 if match is None else 0))
    return [value for _, value in sorted(zip(keys, values, strict=True))] if len(set(keys)) == len(keys) else None
