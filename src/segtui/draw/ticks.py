"""Ticks at round numbers and at the starts of days, months and years."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

from segtui.api.text import number

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_MOST_DECIMALS = 6
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)


class Tick(NamedTuple):
    """A value on an axis and its label."""

    value: float
    label: str


class Ticks(NamedTuple):
    """The ticks of an axis, and what their labels count: "million", or nothing."""

    ticks: list[Tick]
    counting: str = ""


def step_between(low: float, high: float, most: int) -> float:
    """1, 2 or 5 times a power of ten, so that at most so many multiples of it lie between two numbers."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    return next(power * factor for factor in (1, 2, 5, 10, 20, 50) if _how_many(low, high, power * factor) <= most)


def number_ticks(low: float, high: float, step: float) -> Ticks:
    """The multiples of a step between two numbers."""
    biggest = max(abs(low), abs(high))
    factor, word = next((scale for scale in _SCALES if biggest >= scale[0]), (1.0, ""))
    decimals = max(0, -math.floor(math.log10(step / factor) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    values = [(first + place) * step for place in range(_how_many(low, high, step))]
    exact = decimals <= _MOST_DECIMALS and biggest < 1e15
    labels = [number(value / factor, decimals) if exact else number(value) for value in values]
    return Ticks([Tick(*one) for one in zip(values, labels, strict=True)], word if exact else "")


def _how_many(low: float, high: float, step: float) -> int:
    return math.floor(high / step + 1e-9) - math.ceil(low / step - 1e-9) + 1


def date_ticks(low: date, high: date, most: int) -> list[Tick]:
    """At most `most` days, starts of months or starts of years, as coarse as it takes."""
    for days in _DAYS:
        if (high - low).days // days + 1 <= most:
            found = [low + timedelta(days=days * place) for place in range((high - low).days // days + 1)]
            return [Tick(float(day.toordinal()), day.isoformat()) for day in found]
    for months in _MONTHS:
        starts = _starts(low, high, months)
        if len(starts) <= most:
            break
    length = 4 if months >= 12 else 7
    return [Tick(float(day.toordinal()), day.isoformat()[:length]) for day in starts[:most]]


def _starts(low: date, high: date, months: int) -> list[date]:
    """The first days of every so many months between two dates."""
    place = low.year * 12 + low.month - 1
    place += -place % months
    last = high.year * 12 + high.month - 1
    found = [date(month // 12, month % 12 + 1, 1) for month in range(place, last + 1, months) if month // 12 <= 9999]
    return [day for day in found if low <= day <= high]
