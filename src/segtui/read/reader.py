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
from segtui.read.guard import Local, content, known_content, local
from segtui.read.plugin import Choose, ChosenReader, opened_by_plugin
from segtui.read.reading import NONE, Reading
from segtui.read.texts import typed_text
from segtui.read.typed import Typed, typed_columns
from segtui.read.unpack import unpacked

PACKINGS = {"gzip": (".gz", ".gzip"), "zstd": (".zst", ".zstd")}
COLUMNAR = ("parquet", "arrow")


@dataclass(frozen=True, eq=False)
class ReadResult:
    """A table, and the complete reading by which reading again gives the same table."""

    table: Table
    reading: Reading


def read(
    path: Path,
    reading: Reading | None,
    folder: Path,
    run: Run,
    name: str | None = None,
    today: date | None = None,
    choose: Choose | None = None,
) -> ReadResult:
    """Read a file or a folder of Parquet parts.

    `reading` None finds everything out; one with some fields keeps those; a complete one is followed to the letter.
    `folder` is private to the run and must outlive the table: converted data is kept there. `today` decides what lies
    in the future. `choose` gives the plugin's reader for a file that is of none of the formats read here. Raises
    `ReadError`, `LimitError` or `Cancelled`, and `PluginError` or `UsageError` where `choose` or a plugin is the cause.
    """
    found = local(path)
    with told(path):
        before = state(path)
    today = today or date.today()
    with told(path, before):
        typed = _typed(found, reading or Reading(), folder, today, PartOfRun(run, 0.0, 0.7), choose or _none)
        table, complete = described(typed, name or path.stem, today, PartOfRun(run, 0.7, 1.0))
        if state(path) != before:
            raise changed(path)
    return ReadResult(table, complete)


def _none(_name: Path, _head: bytes, _reading: Reading) -> None:
    """No plugin reads anything."""


def _typed(found: Local, wanted: Reading, folder: Path, today: date, run: Run, choose: Choose) -> Typed:
    source, inner, named = found.path, found, found.path
    packing = known_content(found.head) if found.is_file else ""
    packed = packing in PACKINGS
    chosen = None
    if not (packed and source.suffix.lower() in PACKINGS.get(packing, ())):
        chosen = _chosen(found, source, wanted, choose)
    if packed and chosen is None:
        target = folder / f"{secrets.token_hex(4)}-unpacked"
        inner = local(unpacked(source, packing, target, PartOfRun(run, 0.0, 0.2)))
        named = source.with_suffix("") if source.suffix.lower() in PACKINGS[packing] else source
        chosen = _chosen(inner, named, wanted, choose)
        wanted = wanted.model_copy(update={"compression": packing})
    else:
        wanted = wanted.model_copy(update={"compression": NONE})
    if chosen is not None:
        return typed_columns(source, opened_by_plugin(source, inner, chosen, wanted, folder, run), run)
    path, form = inner.path, content(source, inner.head)
    if form == "text" and (wanted.format == "json-lines" or columnar.is_json_lines(source, inner.head)):
        form = "json-lines"
    found_format = {"text": "csv"}.get(form, form)
    if wanted.format not in (None, found_format):
        raise ReadError(
            f"Its content is {found_format}, and the reading says {wanted.format}.",
            where=safe(source),
            next_step="Leave the format out, or give the right file.",
        )
    if form in PACKINGS:
        raise ReadError("It was packed twice.", where=safe(source), next_step="Unpack it once, and give that file.")
    if wanted.reader is not None or wanted.table is not None or wanted.params:
        raise ReadError(
            "It is read without a plugin, and holds one table: what was said of its table and reader has no meaning.",
            where=safe(source),
            next_step="Leave that out, or name the reader, as in --read reader=NAME.",
        )
    if form == "parquet":
        return typed_columns(source, columnar.opened_parquet(inner, wanted, run), run)
    if form == "arrow":
        return typed_columns(source, columnar.opened_arrow(path, wanted, run), run)
    if form == "json-lines":
        return typed_columns(source, columnar.opened_json_lines(source, path, wanted, folder, run), run)
    return typed_text(source, path, wanted, folder, today, run)


def _chosen(found: Local, name: Path, wanted: Reading, choose: Choose) -> ChosenReader | None:
    """The plugin's reader; none for what is read here whatever its name, for nothing, and for a folder."""
    if not found.head or not found.is_file or (known_content(found.head) in COLUMNAR and wanted.reader is None):
        return None
    return choose(name, found.head, wanted)
