"""The first rows of a file, as they stand in it, to look at while it is read in earnest.

Runs in a process of its own (see `peeking`), as files are hostile.
"""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from segtui.api.text import safe
from segtui.tui.peeked import FirstRows, PeekedColumn
from segtui.tui.widgets.frame_cells import LONGEST_TEXT, cells, format_of, plain, width_of

ROWS = 100
COLUMNS = 60
BYTES = 128_000
LONGEST_NAME = 80
DELIMITERS = ",;\t|"
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, csv.Error)


def peek(path: Path) -> FirstRows | None:
    """The first rows of a Parquet, Arrow or delimited text file; None for anything else, whatever is wrong with it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            head = file.read(BYTES)
        if head.startswith(b"PAR1"):
            return _frame(pl.scan_parquet(path, glob=False, hive_partitioning=False))
        if head.startswith(b"ARROW1"):
            return _frame(pl.scan_ipc(path, glob=False))
        return _text(head) if b"\0" not in head and path.suffix.lower() in (".csv", ".tsv", ".txt") else None
    except UNREADABLE:
        return None


def _frame(frame: pl.LazyFrame) -> FirstRows | None:
    schema = dict([*frame.collect_schema().items()][:COLUMNS])
    values = (plain(pl.nth(number), dtype) for number, dtype in enumerate(schema.values()))
    taken = frame.select(values).head(ROWS).collect()
    columns = [
        _column(name, dtype, taken.to_series(number).to_list(), _sort_of(dtype))
        for number, (name, dtype) in enumerate(schema.items())
    ]
    return FirstRows(tuple(columns), taken.height) if taken.height else None


def _sort_of(dtype: pl.DataType) -> str:
    """What a column holds, in a word; what segtui takes it for is known once it is read."""
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)):
        return "text"
    if isinstance(dtype, (pl.Date, pl.Datetime)):
        return "date"
    return "yes or no" if isinstance(dtype, pl.Boolean) else ""


def _text(head: bytes) -> FirstRows | None:
    lines = head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    lines = lines if len(head) < BYTES else lines[:-1]
    if not lines:
        return None
    delimiter = max(DELIMITERS, key=lines[0].count)
    rows = [row for row in csv.reader(io.StringIO("".join(lines[: ROWS + 1])), delimiter=delimiter) if row]
    header, body = rows[0], rows[1:]
    if len(set(header)) < len(header) or not body:
        return None
    columns = [
        _column(name, pl.String(), [row[place][: LONGEST_TEXT + 1] if place < len(row) else None for row in body])
        for place, name in enumerate(header[:COLUMNS])
    ]
    return FirstRows(tuple(columns), len(body))


def _column(name: str, dtype: pl.DataType, values: Sequence[Any], detail: str = "") -> PeekedColumn:
    how = format_of(dtype, values)
    texts = cells(values, how)
    if dtype.is_integer():  # many a one is an id
        texts = [text and text.replace(",", "") for text in texts]
    widest = max((width_of(text) for text in texts if text is not None), default=0)
    return PeekedColumn(
        safe(name, LONGEST_NAME), safe(detail, LONGEST_NAME), how.is_right_aligned, how.is_whole, widest, texts
    )
