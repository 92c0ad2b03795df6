"""Every failure of a library becomes one ReadError that says what happened and quotes nothing from the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException

from segtui.api.errors import LimitError, ReadError, SegtuiError
from segtui.api.text import safe

State = tuple[int, int, int]
"""What tells one state of a file from another without reading it: size, time of change, inode."""

_FAILURES = (
    pl.exceptions.PolarsError,
    PanicException,
    OSError,
    ValueError,
    OverflowError,
    RecursionError,
    EOFError,
    csv.Error,
)
"""What libraries raise for bad data. Anything else is a fault of ours, and shows as one."""
CHANGED = "The file changed while it was read."


def state(path: Path) -> tuple[State, ...]:
    """The state of a file, or of the files in a folder."""
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple((found.st_size, found.st_mtime_ns, found.st_ino) for found in (each.stat() for each in paths))


def changed(path: Path) -> ReadError:
    """The error for a file that is not what it was when reading started."""
    return ReadError(CHANGED, where=safe(path), next_step="Read it again once nothing writes to it.")


@contextmanager
def told(path: Path, before: tuple[State, ...] | None = None) -> Iterator[None]:
    """Turn whatever a library raises while `path` is read into a ReadError; `before` is the state it started with."""
    try:
        yield
    except SegtuiError:
        raise
    except MemoryError:
        raise LimitError(
            "There is not enough memory to read it.",
            where=safe(path),
            next_step="Close other programs, or read fewer columns.",
        ) from None
    except _FAILURES as failure:
        if before is not None and _state_or_none(path) != before:
            raise changed(path) from None
        raise _error(path, failure) from None


def _state_or_none(path: Path) -> tuple[State, ...] | None:
    try:
        return state(path)
    except OSError:
        return None


def _error(path: Path, failure: BaseException) -> ReadError:
    where = safe(path)
    if isinstance(failure, FileNotFoundError):
        return ReadError("There is no such file.", where=where, next_step="Check the path.")
    if isinstance(failure, PermissionError):
        return ReadError(
            "It may not be read by you.", where=where, next_step="Ask its owner, or copy it to your own folder."
        )
    if isinstance(failure, OSError):
        reason = failure.strerror or "the system gave no reason"
        return ReadError(f"The system can't read it ({reason}).", where=where, next_step="Check the disk and the path.")
    if isinstance(failure, pl.exceptions.SchemaError | pl.exceptions.SchemaFieldNotFoundError):
        return ReadError(
            "Its columns are not what its beginning says.", where=where, next_step="Ask for the file again."
        )
    if "more fields than" in str(failure):
        return ReadError(
            "A row has more fields than the header.", where=where, next_step="Set tolerant to leave it out."
        )
    place = re.search(r"column number (\d+)", str(failure))
    return ReadError(
        f"It is damaged{f' (column number {place[1]})' if place else ''}: it breaks the rules of its format.",
        where=where,
        next_step="Ask for the file again, or save it anew in the program it comes from.",
    )
