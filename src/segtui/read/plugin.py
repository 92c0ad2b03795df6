"""Opening a file by a plugin's reader: what it gives is held against the contract, then taken as raw columns."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from segtui.api.calling import broken, called
from segtui.api.errors import ReadError
from segtui.api.files import CheckedFile, Reader
from segtui.api.run import PartOfRun, Run
from segtui.api.table import Column, Finding, Kind, Severity, Table
from segtui.api.text import close_matches, join_words, safe
from segtui.read import headers
from segtui.read.columnar import opened_frame
from segtui.read.delimited import rejects_name
from segtui.read.failures import state
from segtui.read.guard import Local, no_rows
from segtui.read.opened import Opened
from segtui.read.reading import ColumnReading, Reading
from segtui.read.waiting import written

SAID_BY_READER = "said by the reader"
MOST_NAMED = 8


@dataclass(frozen=True)
class ChosenReader:
    """A plugin's reader for a file: `name` is what a reading calls it, `plugin` what errors call it."""

    reader: Reader[Any]
    name: str
    plugin: str
    params: Any


Choose = Callable[[Path, bytes, Reading], ChosenReader | None]
"""Takes the name of a file, its first bytes and what is known of how it is read. Raises PluginError where two readers
claim the file, and UsageError for parameters that the reader does not take."""


def opened_by_plugin(
    source: Path, found: Local, chosen: ChosenReader, wanted: Reading, folder: Path, run: Run
) -> Opened:
    """A table of the file as its reader gives it, kept as Arrow IPC in `folder`.

    Kinds (other than text), roles, units and levels that the reader states hold unless the reading says otherwise.
    Raises ContractError where the reader breaks a rule.
    """
    file = CheckedFile(found.path, found.size, found.head)
    before = state(found.path)
    with called(chosen.plugin, "list the tables of the file"):
        tables = chosen.reader.tables(file)
    name, noticed = _table(source, tables, chosen.plugin, wanted)
    with called(chosen.plugin, "read the file"):
        table = chosen.reader.read(file, name, chosen.params, PartOfRun(run, 0.0, 0.4))
        kept = _kept(table, chosen.plugin, folder, PartOfRun(run, 0.4, 0.6))
    if state(found.path) != before:
        broken(chosen.plugin, "a reader leaves the file it reads as it is")
    rows = kept.select(pl.len()).collect().item()
    if rows != table.rows:
        broken(chosen.plugin, f"a Table says how many rows it has; it says {table.rows:,}, and there are {rows:,}")
    if not rows:
        raise no_rows(source)
    settled = wanted.model_copy(
        update={
            "reader": chosen.name,
            "table": name,
            "params": chosen.params.model_dump(mode="json"),
            "columns": dict(wanted.columns) if wanted.complete else _stated(table.columns, wanted.columns),
        }
    )
    opened = opened_frame(source, kept, None, settled, PartOfRun(run, 0.6, 1.0))
    noticed += [*table.findings, *_rejected(source, table.rejected, chosen, folder)]
    return replace(opened, rejected=table.rejected, findings=(*noticed, *opened.findings))


def _table(source: Path, tables: object, plugin: str, wanted: Reading) -> tuple[str, list[Finding]]:
    """The table that is wanted; else the first, and a finding where there are more."""
    if isinstance(tables, str) or not isinstance(tables, Sequence) or any(type(name) is not str for name in tables):
        broken(plugin, "tables returns a sequence of texts")
    if len(set(tables)) < len(tables):
        broken(plugin, "the names of the tables in a file are unique")
    if not tables:
        raise ReadError("It holds no table.", where=safe(source), next_step="Check that it is the right file.")
    if wanted.table in tables:
        return str(wanted.table), []
    listed = join_words(safe(name, 60) for name in tables[:MOST_NAMED])
    listed += f" and {len(tables) - MOST_NAMED:,} more" if len(tables) > MOST_NAMED else ""
    if wanted.table is None:
        if len(tables) == 1:
            return tables[0], []
        text = f"It holds {len(tables):,} tables, and the first was read: {listed}. Choose another with table=NAME."
        return tables[0], [Finding(text)]
    if len(tables) == 1 and wanted.complete:
        text = "Its only table has another name than the one this reading was made for, and was read."
        return tables[0], [Finding(text)]
    near = close_matches(wanted.table, tables, most=1)
    raise ReadError(
        f"It has no table {safe(wanted.table, 60)}.",
        where=safe(source),
        next_step=f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {listed}.",
    )


def _kept(table: object, plugin: str, folder: Path, run: Run) -> pl.LazyFrame:
    """The frame of a Table that keeps the contract, on disk, so that its values are the same from now on."""
    if not isinstance(table, Table):
        broken(plugin, f"read returns a Table, and it returned a {type(table).__name__}")
    if not isinstance(table.frame, pl.LazyFrame):
        broken(plugin, f"the frame of a Table is a polars LazyFrame, and this is a {type(table.frame).__name__}")
    names = table.frame.collect_schema().names()
    if not names:
        broken(plugin, "a Table has at least one column")
    if not isinstance(table.columns, Mapping) or list(table.columns) != names:
        broken(plugin, "the columns of a Table are those of its frame, in its order")
    if any(not isinstance(column, Column) or column.name != name for name, column in table.columns.items()):
        broken(plugin, "each of the columns of a Table is a Column with the name it stands under")
    if any(not isinstance(column.kind, Kind) for column in table.columns.values()):
        broken(plugin, "the kind of a column is a Kind")
    for field in ("rows", "rejected"):
        if type(getattr(table, field)) is not int or getattr(table, field) < 0:
            broken(plugin, f"{field} of a Table is a whole number of at least 0")
    if not isinstance(table.findings, tuple) or not all(isinstance(each, Finding) for each in table.findings):
        broken(plugin, "the findings of a Table are a tuple of Finding")
    target = folder / f"{secrets.token_hex(4)}-plugin.arrow"
    written(table.frame, target, run, "reading")
    return pl.scan_ipc(target, glob=False, hive_partitioning=False)


def _stated(columns: Mapping[str, Column], given: Mapping[str, ColumnReading]) -> dict[str, ColumnReading]:
    """What is given, and beneath it what the reader states of its columns, under the names that these will have."""
    found = dict(given)
    sources = {column.source for column in given.values()}
    for name, raw in headers.named(list(columns), len(columns)).items():
        if raw in sources and name not in given:
            continue
        stated = _reading(columns[raw])
        if stated:
            own = given[name].model_dump(exclude_unset=True) if name in given else {}
            reason = {} if "kind" in own or "role" in own else {"reason": SAID_BY_READER}
            found[name] = ColumnReading.model_validate({**stated, **reason, **own})
    return found


def _reading(column: Column) -> dict[str, Any]:
    """What a Column states: all that differs from what a Column says by default."""
    stated: dict[str, Any] = {} if column.kind is Kind.TEXT else {"kind": column.kind}
    for field in ("role", "unit", "levels", "ordered", "personal", "sensitive"):
        if getattr(column, field):
            stated[field] = getattr(column, field)
    return stated


def _rejected(source: Path, rejected: int, chosen: ChosenReader, folder: Path) -> list[Finding]:
    """A finding, and the list of rows that could not be read, which holds what a reader tells: their number."""
    if not rejected:
        return []
    text = f"{rejected:,} row{' was' if rejected == 1 else 's were'} left out by the reader {safe(chosen.name, 80)}."
    path = folder / rejects_name(source)
    path.touch(mode=0o600)
    path.write_text(f"row,reason\n,{text}\n", encoding="utf-8")
    return [Finding(text, rows=rejected, severity=Severity.WARNING)]
