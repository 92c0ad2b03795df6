"""Counting the fields of every row of a text file, in blocks of bytes: which rows are too short, too long or blank."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from segtui.api.run import Run

_BLOCK = 1 << 24
_FIRST_BAD = 5


@dataclass
class Shape:
    """What a count over all rows found. Rows are numbered from 1 after the header, lines from 1 in the file.

    `fields` counts rows by their number of fields, blank lines (no row) apart; `bad` the first rows that do not fit,
    as (row, line, fields); `open_quote` says that a quote was still open at the end.
    """

    rows: int = 0
    blank: int = 0
    fields: Counter[int] = field(default_factory=Counter)
    bad: list[tuple[int, int, int]] = field(default_factory=list)
    open_quote: bool = False


@dataclass(frozen=True)
class Marks:
    """The bytes that matter: delimiter, quote (None where there is none), line end."""

    delimiter: int | None
    quote: int | None
    line_end: int


@dataclass
class _Block:
    """Whole rows in one stretch of bytes: where each ends, its delimiters, and its line breaks."""

    data: np.ndarray
    ends: np.ndarray
    delimiters: np.ndarray
    breaks: np.ndarray
    lengths: np.ndarray


def shape(path: Path, start: int, line: int, width: int, marks: Marks, run: Run) -> Shape:
    """Count the fields of every row from byte `start`, which is line `line`. One more empty field at a row's end is
    no fault; a row of `width` + 1 whose last is not empty is."""
    found = Shape()
    for block in _blocks(path, start, marks, found, run):
        fields, blank = _fields(block, marks, width)
        found.blank += int(blank.sum())
        kept = fields[~blank]
        for count, rows in zip(*np.unique(kept, return_counts=True), strict=True):
            found.fields[int(count)] += int(rows)
        if len(found.bad) < _FIRST_BAD:
            line_of = line + np.concatenate([[0], np.cumsum(block.breaks)[:-1]]) if len(block.breaks) else block.breaks
            for index in np.flatnonzero((fields != width) & ~blank)[: _FIRST_BAD - len(found.bad)]:
                row = found.rows + int((~blank[: index + 1]).sum())
                found.bad.append((row, int(line_of[index]), int(fields[index])))
        line += int(block.breaks.sum())
        found.rows += len(kept)
    return found


def sorted_out(path: Path, start: int, width: int, marks: Marks, good: Path, rejects: Path, run: Run) -> Shape:
    """Copy the rows that fit to `good`, and write the number and reason of the others to `rejects` (both 0600)."""
    found = Shape()
    with _private(good) as keep, _private(rejects) as reject:
        reject.write(b"row,reason\n")
        for block in _blocks(path, start, marks, found, run):
            fields, blank = _fields(block, marks, width)
            fits = (fields == width) & ~blank
            starts = np.concatenate([[0], np.cumsum(block.lengths)[:-1]]) if len(block.lengths) else block.lengths
            _copy(block.data, starts, block.lengths, fits, keep)
            numbers = found.rows + np.cumsum(~blank)
            for index in np.flatnonzero(~fits & ~blank):
                reject.write(f"{numbers[index]},{fields[index]} fields instead of {width}\n".encode())
                found.bad.append((int(numbers[index]), 0, int(fields[index])))
            found.blank += int(blank.sum())
            found.rows += int((~blank).sum())
            found.fields.update(Counter(fields[~blank].tolist()))
    return found


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb")


def _blocks(path: Path, start: int, marks: Marks, found: Shape, run: Run) -> Iterator[_Block]:
    """Blocks of whole rows; a row that is cut by the end of a block is carried into the next."""
    size = path.stat().st_size
    carried = b""
    with path.open("rb") as file:
        file.seek(start)
        while True:
            piece = file.read(_BLOCK)
            last = not piece
            data = carried + piece
            if last and not data:
                return
            if last and data[-1] != marks.line_end:
                data += bytes([marks.line_end])
            array = np.frombuffer(data, np.uint8)
            ends = _row_ends(array, marks)
            if last and (not len(ends) or ends[-1] != len(array) - 1):
                found.open_quote = True
                ends = np.append(ends, len(array) - 1)
            if len(ends):
                whole = array[: int(ends[-1]) + 1]
                yield _block(whole, ends, marks)
                carried = data[int(ends[-1]) + 1 :]
            else:
                carried = data
            run.progress(min(file.tell() / max(size, 1), 1.0), "counting the fields of every row")
            if last:
                return


def _row_ends(array: np.ndarray, marks: Marks) -> np.ndarray:
    ends = np.flatnonzero(array == marks.line_end)
    quotes = _quotes(array, marks)
    if quotes is None:
        return ends
    outside: np.ndarray = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return outside


def _quotes(array: np.ndarray, marks: Marks) -> np.ndarray | None:
    if marks.quote is None:
        return None
    quotes = np.flatnonzero(array == marks.quote)
    return quotes if len(quotes) else None


def _block(array: np.ndarray, ends: np.ndarray, marks: Marks) -> _Block:
    lengths = np.diff(ends, prepend=-1)
    breaks = np.flatnonzero(array == marks.line_end)
    in_row = np.diff(np.searchsorted(breaks, ends, side="right"), prepend=0)
    if marks.delimiter is None:
        return _Block(array, ends, np.zeros(len(ends), np.int64), in_row, lengths)
    places = np.flatnonzero(array == marks.delimiter)
    quotes = _quotes(array, marks)
    if quotes is not None:
        places = places[np.searchsorted(quotes, places) % 2 == 0]
    counts = np.diff(np.searchsorted(places, ends), prepend=0)
    return _Block(array, ends, counts, in_row, lengths)


def _fields(block: _Block, marks: Marks, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Fields of each row, an empty one after the last taken away, and which rows are blank lines."""
    fields = block.delimiters + 1
    content = block.lengths - 1
    before = block.data[np.maximum(block.ends - 1, 0)]
    returned = (content > 0) & (before == 13) & (marks.line_end == 10)
    blank = content - returned == 0
    if marks.delimiter is not None:
        last = block.data[np.maximum(block.ends - 1 - returned, 0)]
        fields = fields - ((fields == width + 1) & (last == marks.delimiter))
    return fields, blank & (width > 1)


def _copy(data: np.ndarray, starts: np.ndarray, lengths: np.ndarray, fits: np.ndarray, keep: BinaryIO) -> None:
    """Write the bytes of the rows that fit, in runs."""
    edges = np.flatnonzero(np.diff(fits.astype(np.int8), prepend=0, append=0))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        stop = int(starts[after - 1] + lengths[after - 1])
        keep.write(data[int(starts[first]) : stop].tobytes())
