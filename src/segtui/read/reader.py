"""Reading a source: from a path and what is known of it to a Table, and the frozen Reading that gives it again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from segtui.api.errors import ReadError
from segtui.api.run import PartOfRun, Run
from segtui.api.table import Table
from segtui.api.text import safe
from segtui.read import columnar
from segtui.read.describing import described
from segtui.read.failures import changed, state, told
from segtui.read.guard import Checked, checked
from segtui.read.reading import NONE, Reading
from segtui.read.texts import typed_text
from segtui.read.typed import Typed, typed_columns
from segtui.read.unpack import unpacked


@dataclass(frozen=True, eq=False)
class ReadResult:
    """A table, and the complete reading by which reading again gives the same table."""

    table: Table
    reading: Reading


def read(
    path: Path, reading: Reading | None, folder: Path, run: Run, name: str | None = None, today: date | None = None
) -> ReadResult:
    """Read a file or a folder of Parquet parts.

    `reading` None finds everything out; one with some fields keeps those; a complete one is followed to the letter.
    `folder` is private to the run and must outlive the table: converted data is kept there. `today` decides what lies
    in the future. Raises `ReadError`, `LimitError` or `Cancelled`, and nothing else.
    """
    found = checked(path)
    with told(path):
        before = state(path)
    with told(path, before):
        typed = _typed(found, reading or Reading(), folder, PartOfRun(run, 0.0, 0.7))
        table, complete = described(typed, name or path.stem, today or date.today(), PartOfRun(run, 0.7, 1.0))
        if state(path) != before:
            raise changed(path)
    return ReadResult(table, complete)


def _checked_inside(source: Path, copy: Path) -> Checked:
    """What was packed; an error names the client's file and not the copy."""
    try:
        return checked(copy)
    except ReadError as error:
        raise ReadError(error.what, where=safe(source), next_step=error.next_step) from None


def _typed(found: Checked, wanted: Reading, folder: Path, run: Run) -> Typed:
    source, inner = found.path, found
    if found.content in ("gzip", "zstd"):
        target = folder / f"{secrets.token_hex(4)}-unpacked"
        inner = _checked_inside(source, unpacked(source, found.content, target, PartOfRun(run, 0.0, 0.2)))
        wanted = wanted.model_copy(update={"compression": found.content})
    else:
        wanted = wanted.model_copy(update={"compression": NONE})
    path, content = inner.path, inner.content
    if content == "text" and (wanted.format == "json-lines" or columnar.is_json_lines(source, inner.head)):
        content = "json-lines"
    found_format = {"text": "csv"}.get(content, content)
    if wanted.format not in (None, found_format):
        raise ReadError(
            f"Its content is {found_format}, and the reading says {wanted.format}.",
            where=safe(source),
            next_step="Leave the format out, or give the right file.",
        )
    if content in ("gzip", "zstd"):
        raise ReadError("It was packed twice.", where=safe(source), next_step="Unpack it once, and give that file.")
    if content == "parquet":
        return typed_columns(source, columnar.opened_parquet(inner, wanted, run), run)
    if content == "arrow":
        return typed_columns(source, columnar.opened_arrow(path, wanted, run), run)
    if content == "json-lines":
        return typed_columns(source, columnar.opened_json_lines(source, path, wanted, folder, run), run)
    return typed_text(source, path, wanted, folder, run)
