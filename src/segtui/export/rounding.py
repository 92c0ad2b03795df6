"""Rounding of what leaves: counts to multiples of a number, and what is a count in another dress coarse to match."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
"""Percentages are rounded to multiples of one of these."""
_DIGITS = 4
_DIGITS_OF_PARTS = 2


def to_multiple(count: int, rounding: int) -> int:
    """The nearest multiple, the higher one of two; the count itself where `rounding` is 0."""
    return (2 * count + rounding) // (2 * rounding) * rounding if rounding else count


def to_step(percentage: float, whole: float, rounding: int) -> float:
    """A percentage of `whole` customers in steps of at least one per cent and at least `rounding` customers."""
    step = next((step for step in _STEPS if step * whole >= 100 * rounding), _STEPS[-1])
    return float(round(percentage / step) * step)


def rounded(
    values: Sequence[Sequence[Any]],
    counts: np.ndarray,
    wholes: np.ndarray,
    parts: np.ndarray,
    units: Sequence[Sequence[str]],
    rounding: int,
) -> tuple[tuple[Any, ...], ...]:
    """The values of a table as they may leave.

    A value that is its own count becomes a multiple of `rounding`. A percentage moves in whole per cent, or in larger
    steps of at least `rounding` of those it is a share of (`wholes`). Other numbers keep four significant digits, and
    two where they are about the part of a group with a level or a yes (`parts`): an index or a difference of these is
    a count in another dress.
    """
    multiples = (2 * counts + rounding) // (2 * rounding) * rounding
    rows = zip(values, counts.tolist(), multiples.tolist(), wholes.tolist(), parts.tolist(), units, strict=True)
    return tuple(_row(rounding, *row) for row in rows)


def _row(
    rounding: int,
    values: Sequence[Any],
    counts: list[int],
    multiples: list[int],
    wholes: list[int],
    parts: list[bool],
    units: Sequence[str],
) -> tuple[Any, ...]:
    if list(values) == counts:
        return tuple(multiples)
    return tuple(map(_cell, values, counts, multiples, wholes, parts, units, repeat(rounding)))


def decimals_of(values: Iterable[Any], decimals: int | None) -> int | None:
    """How many decimals rounded numbers are shown with: none where all are whole, as more would not be true."""
    numbers = [value for value in values if isinstance(value, (int, float)) and math.isfinite(value)]
    return 0 if decimals and numbers and all(float(value).is_integer() for value in numbers) else decimals


def _cell(value: Any, count: int, multiple: int, whole: int, part: bool, unit: str, rounding: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return value
    if value == count:
        return multiple
    if unit == "%":
        return to_step(value, whole, rounding)
    if isinstance(value, int) and not part:
        return value
    return float(f"{value:.{_DIGITS_OF_PARTS if part else _DIGITS}g}")
