"""From a ColumnReading to the polars expression that reads the column."""

from __future__ import annotations

import polars as pl

from segtui.api.table import Kind
from segtui.read import dates, numbers
from segtui.read.reading import ColumnReading

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
_EXACT_FLOAT = 2.0**53
BLANKS = " \t\r\n\x0b\x0c\u00a0\u202f\ufeff"


def present(source: str, dtype: pl.DataType, reading: ColumnReading) -> pl.Expr:
    """The raw values, null where nothing or a marker of nothing stands (in words, blanks are left for later)."""
    column = pl.col(source)
    if dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    elif dtype != pl.String:
        return column
    if reading.kind in (Kind.NUMBER, Kind.DATE, Kind.FLAG):
        column = column.str.strip_chars(BLANKS)
        nothing = column.is_in(["", *(marker.strip(BLANKS) for marker in reading.nulls)])
    elif reading.nulls:
        nothing = column.is_in(["", *reading.nulls])
    else:
        return column
    return pl.when(nothing.not_()).then(column)


def read_expression(source: str, dtype: pl.DataType, reading: ColumnReading) -> pl.Expr:
    """The typed values, without a name. What can't be read becomes null."""
    raw = present(source, dtype, reading)
    kind = reading.kind or Kind.TEXT
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return _from_text(raw, kind, reading, strict=False)
    if kind is Kind.FLAG:
        return _flag_from_typed(raw, dtype, reading)
    if kind is Kind.DATE:
        return _date_from_typed(raw, dtype, reading)
    if kind is Kind.NUMBER:
        return _number_from_typed(raw, dtype)
    if dtype.is_float():
        whole = (raw == raw.floor()) & (raw.abs() < _EXACT_FLOAT)
        digits = raw.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(digits).when(raw.is_not_nan()).then(raw.cast(pl.String))
    if dtype in (pl.Date, pl.Datetime):
        return _date_from_typed(raw, dtype, reading).cast(pl.String)
    if dtype.is_nested():
        return pl.lit(None, dtype=pl.String)
    return raw.cast(pl.String, strict=False)


def fast_expression(source: str, reading: ColumnReading, quotes: bool) -> pl.Expr:
    """The typed values of a String column whose sample shows neither markers nor blanks around values; raises where a
    value does not fit, infinite numbers apart. `quotes`: whether "" may stand for nothing."""
    column = pl.col(source)
    if reading.kind not in (Kind.NUMBER, Kind.DATE, Kind.FLAG):
        return read_expression(source, pl.String(), reading)
    if quotes:
        column = pl.when(column.str.len_bytes() > 0).then(column)
    return _from_text(column, reading.kind, reading, strict=True)


def parsed_by_polars(reading: ColumnReading) -> pl.DataType | None:
    """The type with which polars' own CSV parser may read the column, as fast as can be; None where it would lose
    something (leading zeros of whole numbers)."""
    if reading.nulls:
        return None
    if reading.kind is Kind.NUMBER and not reading.whole and reading.decimal is None:
        return pl.Float64()
    return pl.Date() if reading.kind is Kind.DATE and reading.format == "%Y-%m-%d" else None


def without_blanks(name: str) -> pl.Expr:
    """A column of words, null where nothing but blanks stands."""
    return pl.when(pl.col(name).str.strip_chars(BLANKS).str.len_bytes() > 0).then(pl.col(name)).alias(name)


def _from_text(text: pl.Expr, kind: Kind, reading: ColumnReading, strict: bool) -> pl.Expr:
    if kind is Kind.NUMBER:
        number = numbers.parsed(text, reading.decimal, reading.thousands, reading.whole, strict)
        return number if reading.whole or strict else pl.when(number.is_finite()).then(number)
    if kind is Kind.DATE:
        return dates.parsed(text, reading.format or "%Y-%m-%d", strict)
    if kind is Kind.FLAG:
        lower = text.str.to_lowercase()
        yes, no = ([word.lower() for word in spelled] for spelled in (reading.yes, reading.no))
        known = pl.when(lower.is_in(yes)).then(pl.lit("1")).when(lower.is_in(no)).then(pl.lit("0"))
        if strict:
            return known.otherwise(pl.lit("neither ") + text).cast(pl.Int8).cast(pl.Boolean)
        return known.cast(pl.Int8).cast(pl.Boolean)
    if reading.whole:
        return text.str.strip_chars(BLANKS).str.replace(r"^(-?\d+)\.0+$", "$1")
    return text


def _number_from_typed(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_integer() or dtype == pl.Boolean:
        return raw.cast(pl.Int64, strict=False)
    if dtype == pl.Duration:
        return raw.dt.total_microseconds() / 1e6
    return raw.cast(pl.Float64, strict=False)


def _flag_from_typed(raw: pl.Expr, dtype: pl.DataType, reading: ColumnReading) -> pl.Expr:
    if dtype == pl.Boolean:
        return raw
    yes = [float(word) for word in reading.yes or ("1",) if _is_number(word)]
    no = [float(word) for word in reading.no or ("0",) if _is_number(word)]
    number = raw.cast(pl.Float64, strict=False)
    return pl.when(number.is_in(yes)).then(True).when(number.is_in(no)).then(False)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _date_from_typed(raw: pl.Expr, dtype: pl.DataType, reading: ColumnReading) -> pl.Expr:
    """Dates outside the years 1 to 9999, which nothing can show, become null."""
    if dtype == pl.Date:
        days = raw.to_physical()
        return pl.when(days.is_between(_FIRST_DAY, _LAST_DAY)).then(raw)
    if isinstance(dtype, pl.Datetime):
        steps = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[dtype.time_unit] * 86_400
        moment = raw.to_physical()
        inside = moment.is_between(_FIRST_DAY * steps, (_LAST_DAY + 1) * steps - 1)
        kept = pl.when(inside).then(raw)
        plain = kept.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if dtype.time_zone else kept
        return plain.dt.cast_time_unit("us")
    return dates.parsed(raw.cast(pl.String, strict=False), reading.format or "%Y%m%d", False)
