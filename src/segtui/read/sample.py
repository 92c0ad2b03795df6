"""A sample of a table that is spread over the whole of it, small enough to be looked at cell by cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from segtui.read.dialect import Dialect

_BLOCKS = 24
_BLOCK_BYTES = 1 << 16
CELLS = 400_000
ROWS = 6_000


def rows_for(width: int) -> int:
    """How many rows of so many columns are looked at."""
    return max(min(ROWS, CELLS // max(width, 1)), 50)


def of_text(path: Path, start: int, width: int, dialect: Dialect) -> pl.DataFrame:
    """Rows of a UTF-8 file from byte `start`: its beginning and blocks spread over the rest. All String."""
    size = path.stat().st_size
    wanted = rows_for(width)
    rows: list[list[str]] = []
    with path.open("rb") as file:
        file.seek(start)
        head = file.read(max(_BLOCK_BYTES * 4, wanted * 8))
        rows += _fitting(head, size - start <= len(head), width, dialect, wanted // 2)
        step = (size - start) // _BLOCKS
        if step > _BLOCK_BYTES:
            for block in range(1, _BLOCKS + 1):
                file.seek(min(start + block * step, size - _BLOCK_BYTES))
                data = file.read(_BLOCK_BYTES).split(b"\n", 1)[-1]
                rows += _fitting(data, False, width, dialect, wanted // 2 // _BLOCKS + 1)
        elif size - start > len(head):
            file.seek(max(start + len(head), size - len(head)))
            rows += _fitting(file.read(len(head)).split(b"\n", 1)[-1], True, width, dialect, wanted // 2)
        elif len(rows) == wanted // 2:
            rows = _fitting(head, True, width, dialect, wanted)
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    return pl.DataFrame({str(index): pl.Series(list(cells), dtype=pl.String) for index, cells in enumerate(columns)})


def _fitting(data: bytes, whole: bool, width: int, dialect: Dialect, wanted: int) -> list[list[str]]:
    text = data.decode("utf-8", "replace")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text[: text.rfind("\r") + 1]
    rows: list[list[str]] = []
    seen = 0
    for _, _, row in dialect.rows(text):
        seen += 1
        if len(row) == width or (len(row) == width + 1 and not row[-1]):
            rows.append(row[:width])
        if len(rows) >= wanted or seen > wanted * 2:
            break
    return rows if len(rows) * 5 >= seen * 4 or whole else rows[: len(rows) // 2]


def of_frame(frame: pl.LazyFrame, rows: int, width: int) -> pl.DataFrame:
    """Rows of a frame that can be sliced cheaply: its beginning and slices spread over the rest.

    Slice by slice: together they would share the scan, and the shared scan reads the whole file.
    """
    wanted = rows_for(width)
    if rows <= wanted:
        return frame.collect(engine="streaming")
    slices = 5
    each = max(wanted // slices, 1)
    starts = [index * (rows - each) // (slices - 1) for index in range(slices)]
    return pl.concat([frame.slice(start, each).collect(engine="streaming") for start in starts])
