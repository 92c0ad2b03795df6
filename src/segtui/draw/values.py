"""Values in words: what all blocks write alike."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date

from rich.cells import cell_len

from segtui.api.report import Figure, Value
from segtui.api.text import NONE, count, number, percents, safe

LONGEST_VALUE = 200
UNIT = 20
_LONG, _FARTHEST = 1e15, 1e300
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?")


def written(value: Value, decimals: int | None = None) -> str:
    """A value as text: whole numbers in full, others with `decimals`, or in three significant digits."""
    if value is None:
        return NONE
    if isinstance(value, (str, date)):
        return safe(value, LONGEST_VALUE)
    if isinstance(value, int) and decimals is None:
        return count(value)
    return number(value, decimals if abs(value) < _LONG else None)


def shown(figure: Figure) -> str:
    """A figure's value with its unit."""
    value = written(figure.value, figure.decimals)
    return f"{value} {safe(figure.unit, UNIT)}" if figure.unit and value != NONE else value


def aligned(cells: Sequence[str]) -> list[str]:
    """Cells of one width with the decimal marks below each other; words and dashes end where the numbers end."""
    fractions = [_fraction(cell) for cell in cells]
    tail = max(map(len, fractions), default=0)
    ends = [
        cell + " " * (tail - len(fraction)) if _NUMBER.fullmatch(cell) or cell == NONE else cell
        for cell, fraction in zip(cells, fractions, strict=True)
    ]
    width = max(map(cell_len, ends), default=0)
    return [" " * (width - cell_len(cell)) + cell for cell in ends]


def _fraction(cell: str) -> str:
    found = _NUMBER.fullmatch(cell)
    return (found[1] or "") if found else ""


def parts_of_whole(values: Sequence[float], decimals: int | None) -> list[str]:
    """Percentages whose shown digits add up to 100, or nothing where they are no parts of a whole."""
    if min(values, default=0) < 0 or abs(math.fsum(values) - 100) > 1e-6:
        return []
    return [one.removesuffix(" %") for one in percents(values, 1 if decimals is None else decimals)]


def bounded(value: float) -> float:
    """A number so far from zero at most that two of them can be subtracted."""
    return min(max(value, -_FARTHEST), _FARTHEST)


def total(values: Iterable[Value]) -> Value:
    """The sum; None where there are no numbers, or where words such as "hidden" stand among them."""
    known = [value for value in values if value is not None]
    numbers = [value for value in known if isinstance(value, (int, float))]
    if not numbers or len(numbers) < len(known):
        return None
    return sum(numbers) if all(isinstance(value, int) for value in numbers) else math.fsum(numbers)
