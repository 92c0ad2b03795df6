"""How values of a frame are written in cells of a terminal: one harmless line each, cut to a width."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from rich.cells import cell_len, set_cell_size

from segtui.api.text import number, safe

LONGEST_TEXT = 160
"""No more characters of a value are ever looked at."""
OUT_OF_CALENDAR = "not in years 1 to 9999"

_EPOCH = datetime(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MICROSECONDS = {"ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}
_MINUTE = 60_000_000
_MOST_DECIMALS = 4
_HUGE = 1e15
_ELEMENTS = 20


@dataclass(frozen=True)
class CellFormat:
    """How the cells of one column are written. What `is_whole` is never cut: a part of a number is another number."""

    dtype: pl.DataType
    decimals: int = 0
    seconds: bool = False

    @property
    def is_right_aligned(self) -> bool:
        return self.dtype.is_numeric()

    @property
    def is_whole(self) -> bool:
        return self.dtype.is_numeric() or self.dtype.is_temporal()


def format_of(dtype: pl.DataType, sample: Sequence[Any], decimals: int | None = None) -> CellFormat:
    """The format that suits a sample of a column, as `plain` gives it; `decimals` where they are known."""
    if isinstance(dtype, pl.Decimal):
        return CellFormat(dtype, dtype.scale if decimals is None else decimals)
    if dtype.is_float():
        return CellFormat(dtype, _decimals(sample) if decimals is None else decimals)
    if isinstance(dtype, pl.Datetime):
        up, down = _MICROSECONDS[dtype.time_unit]
        return CellFormat(dtype, seconds=any(value is not None and value * up // down % _MINUTE for value in sample))
    return CellFormat(dtype)


def _decimals(values: Iterable[float | None]) -> int:
    """As many decimals as are written; where those are the noise of a computation, four digits in all, two at least."""
    finite = [value for value in values if value is not None and math.isfinite(value) and abs(value) < _HUGE]
    written = max((_decimals_written(value) for value in finite), default=0)
    if written <= _MOST_DECIMALS:
        return written
    sizes = sorted(abs(value) for value in finite if value)
    return min(max(3 - math.floor(math.log10(sizes[len(sizes) // 2])), 2), 2 * _MOST_DECIMALS)


def _decimals_written(value: float) -> int:
    mantissa, _, exponent = repr(value).partition("e")
    after = mantissa.partition(".")[2]
    return max((0 if after == "0" else len(after)) - int(exponent or 0), 0)


def plain(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The values of a column as `cells` takes them: none larger than a cell needs, no date that is beyond Python."""
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return column.cast(pl.String).str.head(LONGEST_TEXT + 1)
    if isinstance(dtype, pl.Datetime):
        return column.dt.replace_time_zone(None).to_physical()
    if isinstance(dtype, pl.Date):
        return column.to_physical()
    if isinstance(dtype, pl.Binary):
        return column.bin.head(LONGEST_TEXT + 1)
    if isinstance(dtype, pl.List):
        return column.list.head(_ELEMENTS)
    return column


def cells(values: Iterable[Any], how: CellFormat) -> list[str | None]:
    """The text of every plain value, harmless and in one line; None where there is no value."""
    write = _writer(how)
    return [None if value is None else write(value) for value in values]


def _writer(how: CellFormat) -> Callable[[Any], str]:
    dtype, decimals = how.dtype, how.decimals
    if dtype.is_integer():
        return "{:,d}".format
    if dtype.is_float():
        return lambda value: _float(value, decimals)
    if dtype.is_decimal():
        return f"{{:,.{decimals}f}}".format
    if isinstance(dtype, pl.Boolean):
        return lambda value: "yes" if value else "no"
    if isinstance(dtype, pl.Date):
        return _date
    if isinstance(dtype, pl.Datetime):
        up, down = _MICROSECONDS[dtype.time_unit]
        return lambda value: _datetime(value * up // down, how.seconds)
    return lambda value: safe(value, LONGEST_TEXT)


def _float(value: float, decimals: int) -> str:
    if math.isnan(value):
        return "NaN"
    written = f"{value or 0.0:,.{decimals}f}"
    vanishes = value != 0 and not written.strip("-0.,")
    return number(value) if vanishes or abs(value) >= _HUGE else written


def _date(days: int) -> str:
    try:
        return date.fromordinal(days + _EPOCH_ORDINAL).isoformat()
    except (ValueError, OverflowError):
        return OUT_OF_CALENDAR


def _datetime(microseconds: int, seconds: bool) -> str:
    try:
        moment = _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return OUT_OF_CALENDAR
    is_short = not seconds and not moment.second and not moment.microsecond
    return moment.isoformat(" ", "minutes" if is_short else "auto")


def width_of(text: str) -> int:
    """How many cells a text takes in the terminal."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, is_right_aligned: bool = False, is_whole: bool = False) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis. What is whole is shown in full or not at
    all."""
    room = width - width_of(text)
    if room >= 0:
        return " " * room + text if is_right_aligned else text + " " * room
    if width <= 1 or is_whole:
        return fit("…", width, is_right_aligned) if width > 0 else ""
    return f"{set_cell_size(text[: 4 * width], width - 1)}…"
