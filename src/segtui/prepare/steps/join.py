"""The step that brings columns of another table to each customer, and refuses where that would go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import narwhals as nw
from pydantic import Field

from segtui.api.errors import DataError
from segtui.api.params import ColumnName, TableName
from segtui.api.table import Column
from segtui.api.text import count, join_words, percent, plural, safe
from segtui.prepare.steps.rows import unique_key
from segtui.prepare.steps.step import Bench, Columns, OtherColumn, Step
from segtui.prepare.working import Working, one_row

LEAST_MATCH = 0.8


class Join(Step):
    """Add the columns of another table by a key. Each row stays, once: a key that stands several times in the other
    table is refused, and so are fewer matches than `least_match`."""

    step: Literal["join"] = "join"
    other: TableName = Field(description="the table that brings columns")
    on: tuple[ColumnName, ...] = Field(description="the key in this table")
    other_on: tuple[OtherColumn, ...] = Field((), description="the key in the other table; none means the same")
    columns: tuple[OtherColumn, ...] = Field((), description="the columns to bring; none means all of them")
    least_match: float = Field(LEAST_MATCH, ge=0, le=1, description="refuse where fewer rows find a match")

    def describe(self) -> str:
        return f"join {safe(self.other, 60)} on {join_words(safe(name, 60) for name in self.on)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table, other = bench.table(self.table), bench.table(self.other)
        other_on = self.other_on or self.on
        if table is other:
            raise DataError("A table can't be joined to itself.", where=self.describe())
        if len(other_on) != len(self.on):
            raise DataError("The two keys have different numbers of columns.", where=self.describe())
        table.require(*self.on)
        other.require(*other_on, *self.columns)
        table.settle()
        other.settle()
        self._refuse_doubles(other, other_on)
        found = match_counts(table.frame, other.frame, self.on, other_on)
        self._refuse_few(table, found)
        names = self._names(table.columns, other.columns)
        right = other.frame.select(*other_on, *[nw.col(old).alias(new) for old, new in names.items()])
        table.frame = table.frame.join(right, left_on=list(self.on), right_on=list(other_on), how="left")
        extra = [
            name for name in other_on if name in table.frame.collect_schema().names() and name not in table.columns
        ]
        table.frame = table.frame.drop(extra)
        table.columns = self.columns_after({self.table: table.columns, self.other: other.columns})
        matched, without, unused = found["matched"], table.rows - found["matched"], found["unused"]
        note = f"{count(matched)} matched, {count(without)} without a record, {plural(unused, 'unused record')}"
        table.account(number, self.describe(), table.rows, notes=(note,))
        return self.model_copy(update={"columns": tuple(names), "other_on": other_on})

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        mine, theirs = tables[self.table], tables[self.other]
        brought = {new: replace(theirs[old], name=new) for old, new in self._names(mine, theirs).items()}
        return {**mine, **brought}

    def _names(self, mine: Columns, theirs: Columns) -> dict[str, str]:
        """The columns to bring, old name = new name."""
        brought = self.columns or tuple(name for name in theirs if name not in (self.other_on or self.on))
        return {name: _free_name(name, self.other, mine) for name in brought}

    def _refuse_doubles(self, other: Working, other_on: tuple[str, ...]) -> None:
        shared, _ = unique_key(other, other_on)
        if shared:
            key = join_words(safe(name, 60) for name in other_on)
            raise DataError(
                f"{plural(shared, 'row')} of {safe(other.name, 60)} share their {key} with another row, "
                "so joining would multiply customers.",
                where=self.describe(),
                next_step=f"Before it, add a step that deduplicates {safe(other.name, 60)} on {key}, or aggregates it.",
            )

    def _refuse_few(self, table: Working, found: dict[str, int]) -> None:
        share = found["matched"] / table.rows if table.rows else 1.0
        if share < self.least_match:
            raise DataError(
                f"Only {percent(share)} of the rows find a match ({count(found['matched'])} of {count(table.rows)}).",
                where=self.describe(),
                next_step="Check that both keys name the same customers, or lower least_match if that is right.",
            )


def match_counts(
    frame: nw.LazyFrame[Any], other: nw.LazyFrame[Any], on: tuple[str, ...], other_on: tuple[str, ...]
) -> dict[str, int]:
    """How many rows of `frame` find their key in `other`, whose keys are unique, and how many keys stay unused."""
    keys = other.select(*[nw.col(name).alias(f"k{i}") for i, name in enumerate(other_on)], nw.lit(1).alias("there"))
    mine = frame.select(*[nw.col(name).alias(f"k{i}") for i, name in enumerate(on)])
    names = [f"k{i}" for i in range(len(on))]
    matched = one_row(mine.join(keys, on=names, how="left").select(nw.col("there").sum()))["there"] or 0
    unused = one_row(keys.join(mine, on=names, how="anti").select(nw.len().alias("rows")))["rows"]
    return {"matched": int(matched), "unused": int(unused)}


def _free_name(name: str, table: str, taken: Any) -> str:
    if name not in taken:
        return name
    candidate, number = f"{name} ({table})", 2
    while candidate in taken:
        candidate, number = f"{name} ({table} {number})", number + 1
    return candidate
