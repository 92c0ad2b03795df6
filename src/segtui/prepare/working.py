"""A table while a recipe works on it: its lazy frame, and the counts that steps wait for.

Steps that drop rows only mark them, and steps that change values only note where: one later pass over the data, the
one that was needed anyway, brings all counts with it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from segtui.api.errors import DataError
from segtui.api.expression import parse, parse_condition
from segtui.api.table import Column, Table
from segtui.api.text import close_matches, safe
from segtui.api.writing import private_file

DROPPED = "__dropped"
ROW = "__row"
OWN_PREFIX = "__"


@dataclass(frozen=True)
class StepAccount:
    """What one step of the recipe did: rows in and out, and values it changed (None where it changes none).

    `step` counts from 1 in the recipe as written; 0 stands for the recipe itself, such as rows after the as-of date.
    """

    step: int
    text: str
    table: str
    rows_in: int
    rows_out: int
    reason: str = ""
    changed: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def dropped(self) -> int:
        """How many rows it dropped."""
        return self.rows_in - self.rows_out


@dataclass(frozen=True)
class Pending:
    """A step whose counts are not known yet. `changes` names the 0/1 column that tells which values it changed."""

    step: int
    text: str
    reason: str = ""
    changes: str | None = None
    notes: tuple[str, ...] = ()


@dataclass
class Working:
    """One table on its way. `rows` counts the rows that were not yet marked when `pending` was last settled."""

    name: str
    frame: nw.LazyFrame[Any]
    columns: dict[str, Column]
    rows: int
    folder: Path
    pending: list[Pending] = field(default_factory=list)
    accounts: list[StepAccount] = field(default_factory=list)
    per_customer: bool = False

    @classmethod
    def of(cls, table: Table, folder: Path) -> Working:
        """A table as it was read."""
        frame = table.frame.with_row_index(ROW)
        return cls(table.name, nw.from_native(frame), dict(table.columns), table.rows, folder)

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kind of each column, for checking expressions."""
        return {name: str(column.kind) for name, column in self.columns.items()}

    @property
    def is_polars(self) -> bool:
        """Whether the frame is polars', so that steps that are not portable can run."""
        return bool(self.frame.implementation.is_polars())

    def require(self, *names: str) -> None:
        """Raise DataError for a name that is not a column."""
        for name in names:
            if name not in self.columns:
                near = close_matches(name, self.columns, most=1)
                advice = f"Did you mean {safe(near[0], 60)}?" if near else "See its columns with: segtui inspect"
                raise DataError(
                    f"There is no column {safe(name, 60)}.", where=f"table {safe(self.name)}", next_step=advice
                )

    def formula(self, text: str) -> Any:
        """A formula over the columns as a narwhals expression."""
        return parse(text).check(self.kinds).to(nw)

    def condition(self, text: str) -> Any:
        """A condition over the columns as a narwhals expression; unknown is False."""
        checked = parse_condition(text).check(self.kinds)
        return nw.when(checked.to(nw)).then(nw.lit(True)).otherwise(nw.lit(False))

    def mark(self, step: int, text: str, dropped: Any, reason: str, notes: tuple[str, ...] = ()) -> None:
        """Mark rows to be dropped, where not marked already."""
        number = len(self.pending) + 1
        if not any(True for pending in self.pending if pending.changes is None):
            self.frame = self.frame.with_columns(nw.lit(0).cast(nw.Int32).alias(DROPPED))
        marked = (
            nw.when((nw.col(DROPPED) == 0) & dropped).then(nw.lit(number).cast(nw.Int32)).otherwise(nw.col(DROPPED))
        )
        self.frame = self.frame.with_columns(marked.alias(DROPPED))
        self.pending.append(Pending(step, text, reason, notes=notes))

    def change(self, step: int, text: str, columns: Mapping[str, Any], changed: Any | None) -> None:
        """Give columns new values; `changed` tells, of the old ones, which rows count as changed."""
        name = f"{OWN_PREFIX}changed_{len(self.pending) + 1}" if changed is not None else None
        if name:
            kept = nw.col(DROPPED) == 0 if self.marks else nw.lit(True)
            noted = nw.when(changed & kept).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int32)
            self.frame = self.frame.with_columns(noted.alias(name))
        self.frame = self.frame.with_columns(**columns)
        self.pending.append(Pending(step, text, changes=name or ""))

    @property
    def marks(self) -> bool:
        """Whether rows are marked that still stand in the frame."""
        return any(pending.changes is None for pending in self.pending)

    def counters(self, changes_only: bool = False) -> dict[str, Any]:
        """Names and 0/1 expressions whose sums are the counts that pending steps wait for."""
        counters = {}
        for number, pending in enumerate(self.pending, 1):
            if pending.changes is None and not changes_only:
                is_mine = nw.when(nw.col(DROPPED) == number).then(nw.lit(1)).otherwise(nw.lit(0))
                counters[counter_name(number)] = is_mine.cast(nw.Int32)
            elif pending.changes:
                counters[counter_name(number)] = nw.col(pending.changes)
        return counters

    def settle_counts(self, counts: Mapping[str, int]) -> None:
        """Turn the pending steps into accounts, their counts by name of `counters`."""
        for number, pending in enumerate(self.pending, 1):
            count = int(counts.get(counter_name(number)) or 0)
            dropped = count if pending.changes is None else 0
            changed = count if pending.changes else None
            self.accounts.append(
                StepAccount(
                    pending.step,
                    pending.text,
                    self.name,
                    self.rows,
                    self.rows - dropped,
                    pending.reason,
                    changed,
                    pending.notes,
                )
            )
            self.rows -= dropped
        self.pending = []

    def settle(self) -> None:
        """Drop the marked rows and learn all counts, in one pass over the data."""
        if not self.pending:
            return
        self.store()
        counters = self.counters()
        if counters:
            sums = self.frame.select(**counters).select(nw.all().sum())
            self.settle_counts(one_row(sums))
        else:
            self.settle_counts({})
        if DROPPED in self.frame.collect_schema().names():
            self.frame = self.frame.filter(nw.col(DROPPED) == 0)
        own = [n for n in self.frame.collect_schema().names() if n.startswith(OWN_PREFIX) and n != ROW]
        self.frame = self.frame.drop(own)

    def store(self) -> None:
        """Compute the frame once, into a file of the private folder, so that later passes only read."""
        if not self.is_polars:
            return
        path = self.folder / f"{len(list(self.folder.iterdir()))}-{os.urandom(4).hex()}.arrow"
        with private_file(path) as file:
            self.native.sink_ipc(file, compression="uncompressed", engine="streaming")
        self.frame = nw.from_native(pl.scan_ipc(path, glob=False))

    @property
    def native(self) -> pl.LazyFrame:
        """The frame as polars' own."""
        native: pl.LazyFrame = self.frame.to_native()
        return native

    def account(self, step: int, text: str, rows_out: int, reason: str = "", notes: tuple[str, ...] = ()) -> None:
        """Account for a step whose counts are known."""
        self.accounts.append(StepAccount(step, text, self.name, self.rows, rows_out, reason, None, notes))
        self.rows = rows_out


def counter_name(number: int) -> str:
    """The name of the count that the pending step of that number, from 1, waits for."""
    return f"{OWN_PREFIX}count_{number}"


def rows_of(frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    """The rows of a small lazy frame, in any engine."""
    native = frame.to_native()
    found: list[tuple[Any, ...]] = (
        native.collect(engine="streaming").rows() if isinstance(native, pl.LazyFrame) else native.fetchall()
    )
    return found


def one_row(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    """The one row of a small lazy frame, by name, in any engine."""
    return dict(zip(frame.collect_schema().names(), rows_of(frame)[0], strict=True))
