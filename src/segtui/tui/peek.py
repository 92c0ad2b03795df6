"""The first rows of a file, as they stand in it, to look at while it is read in earnest."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import polars as pl

ROWS = 200
BYTES = 128_000
DELIMITERS = ",;\t|"
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, csv.Error)


def peek(path: Path) -> pl.DataFrame | None:
    """The first rows of a Parquet, Arrow or delimited text file; None for anything else, whatever is wrong with it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            head = file.read(BYTES)
        if head.startswith(b"PAR1"):
            return pl.scan_parquet(path, glob=False, hive_partitioning=False).head(ROWS).collect()
        if head.startswith(b"ARROW1"):
            return pl.scan_ipc(path, glob=False).head(ROWS).collect()
        return _text(head) if b"\0" not in head and path.suffix.lower() in (".csv", ".tsv", ".txt") else None
    except UNREADABLE:
        return None


def _text(head: bytes) -> pl.DataFrame | None:
    lines = head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    lines = lines if len(head) < BYTES else lines[:-1]
    if not lines:
        return None
    delimiter = max(DELIMITERS, key=lines[0].count)
    rows = [row for row in csv.reader(io.StringIO("".join(lines[: ROWS + 1])), delimiter=delimiter) if row]
    header, body = rows[0], rows[1:]
    if len(set(header)) < len(header) or not body:
        return None
    columns = {name: [row[place] if place < len(row) else None for row in body] for place, name in enumerate(header)}
    return pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String))
