"""Rows of a frame as the XML of a sheet, a whole slice at a time."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from segtui.api import LimitError

_LONGEST_CELL = 32_767
_REPLACED = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    **{chr(code): f"_x{code:04X}_" for code in (*range(0x20), 0xFFFE, 0xFFFF) if chr(code) not in "\t\n"},
}
"""XML can't hold the control characters; a reader of sheets knows them by these escapes."""


def rows_as_xml(rows: pl.DataFrame, first: int, styles: Sequence[str]) -> bytes:
    """The rows, the first of them in row `first` of the sheet, with the style of the texts of each column.

    Numbers are written with all their digits, booleans as 1 and 0, nulls are left out, and all else is text: so are
    NaN and infinity, and the values of other types as Python writes them. Nothing of a text is markup or a formula.

    Raises LimitError for a text too long for a cell.
    """
    plain = pl.DataFrame([_plain(rows[name], str(place)) for place, name in enumerate(rows.columns)])
    number = pl.col("row").cast(pl.String)
    cells = [_cell(column, number, styles[place]) for place, column in enumerate(plain)]
    row = pl.concat_str([pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>")], ignore_nulls=True)
    made: str = plain.with_row_index("row", first).select(row.str.join()).item()
    return made.encode()


def _plain(column: pl.Series, name: str) -> pl.Series:
    """The column as whole numbers, Float64 or text."""
    if column.dtype == pl.Boolean:
        return column.cast(pl.UInt8).alias(name)
    if column.dtype.is_float():
        return column.cast(pl.Float64).alias(name)
    if column.dtype.is_integer():
        return column.alias(name)
    if column.dtype != pl.String:
        texts = [None if value is None else str(value) for value in column.to_list()]
        column = pl.Series(texts, dtype=pl.String)
    _check_length(column)
    return column.alias(name)


def _check_length(texts: pl.Series) -> None:
    """A cell is measured in units of UTF-16, of which a text has never more than bytes of UTF-8."""
    for text in texts.filter(texts.str.len_bytes() > _LONGEST_CELL):
        if len(text.encode("utf-16-le")) > 2 * _LONGEST_CELL:
            raise LimitError(f"A cell of a workbook holds {_LONGEST_CELL:,} characters.", next_step="Export as CSV.")


def _cell(column: pl.Series, row: pl.Expr, style: str) -> pl.Expr:
    """The cells of a column; null where it is null."""
    place, value = pl.lit(f'<c r="{xl_col_to_name(int(column.name))}'), pl.col(column.name)
    text = value.cast(pl.String)
    number = pl.concat_str([place, row, pl.lit('"><v>'), text, pl.lit("</v></c>")])
    if column.dtype.is_integer():
        return number
    start = pl.lit(f'" s="{style}" t="inlineStr"><is><t')
    space = pl.when(text.str.contains(r"^\s|\s$")).then(pl.lit(' xml:space="preserve">')).otherwise(pl.lit(">"))
    words = pl.concat_str([place, row, start, space, _escaped(text), pl.lit("</t></is></c>")])
    return words if column.dtype == pl.String else pl.when(value.is_finite()).then(number).otherwise(words)


def _escaped(text: pl.Expr) -> pl.Expr:
    """The text, in which what looks like an escape is none, without control characters and markup."""
    seems_escaped = text.str.contains("_x[0-9a-fA-F]{4}_")
    honest = pl.when(seems_escaped).then(text.str.replace_all("_x", "_x005F_x", literal=True)).otherwise(text)
    return honest.str.replace_many(_REPLACED)
