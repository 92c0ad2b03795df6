"""Steps that keep or drop rows: by a condition, and duplicates."""

from __future__ import annotations

from typing import Any, Literal, Self

import narwhals as nw
from pydantic import Field

from segtui.api.params import ColumnName, Condition
from segtui.api.text import join_words, safe
from segtui.prepare.steps.step import Bench, Step
from segtui.prepare.working import ROW, Working, one_row


class Keep(Step):
    """Keep the rows that meet a condition. Where the answer is unknown, a value being missing, the row is dropped."""

    step: Literal["keep"] = "keep"
    where: Condition = Field(description="a condition, such as: amount > 0")
    reason: str = Field("", description="how the account names the dropped rows; none means the condition")

    def describe(self) -> str:
        return f"keep {safe(self.where)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        dropped = ~table.condition(self.where)
        table.mark(number, self.describe(), dropped, self.reason or f"not {safe(self.where)}")
        return self


class Drop(Step):
    """Drop the rows that meet a condition. Where the answer is unknown, the row stays."""

    step: Literal["drop"] = "drop"
    where: Condition = Field(description="a condition, such as: customer is missing")
    reason: str = Field("", description="how the account names the dropped rows; none means the condition")

    def describe(self) -> str:
        return f"drop {self.reason or safe(self.where)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        table.mark(number, self.describe(), table.condition(self.where), self.reason or safe(self.where))
        return self


class Deduplicate(Step):
    """Keep one row of those that are equal in some columns, or in all of them.

    Where rows differ, `keep` says which one stays: the first or last by `order_by` (then by its place in the file), or
    the one with the fewest missing values (then the first in the file).
    """

    step: Literal["deduplicate"] = "deduplicate"
    on: tuple[ColumnName, ...] = Field((), description="the columns that make rows equal; none means all columns")
    keep: Literal["first", "last", "most complete"] = Field("first", description="which of the equal rows stays")
    order_by: tuple[ColumnName, ...] = Field((), description="columns that say what first and last mean")

    def describe(self) -> str:
        on = f" on {join_words(safe(name, 60) for name in self.on)}" if self.on else ""
        return f"drop duplicates{on}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        table.require(*self.on, *self.order_by)
        table.settle()
        kept = deduplicated(table.frame, tuple(table.columns), self)
        table.frame = kept
        table.store()
        rows = one_row(table.frame.select(nw.len().alias("rows")))["rows"]
        table.account(number, self.describe(), rows, "duplicates")
        return self


def deduplicated(frame: nw.LazyFrame[Any], columns: tuple[str, ...], step: Deduplicate) -> nw.LazyFrame[Any]:
    """One row of each group of equal ones, in file order; rows where a column of `on` is missing all stay."""
    order = [*step.order_by, ROW]
    keep: Literal["first", "last"] = "last" if step.keep == "last" else "first"
    if not step.on:
        return frame.unique(list(columns), keep="first", order_by=[ROW]).sort(ROW)
    if step.keep == "most complete":
        gaps = nw.sum_horizontal(*[nw.when(nw.col(name).is_null()).then(1).otherwise(0) for name in columns])
        frame = frame.with_columns(gaps.alias("__gaps"))
        order = ["__gaps", ROW]
    known = nw.all_horizontal(*[~nw.col(name).is_null() for name in step.on], ignore_nulls=False)
    one_each = frame.filter(known).unique(list(step.on), keep=keep, order_by=order)
    everything = nw.concat([one_each, frame.filter(~known)])
    return everything.select(*columns, ROW).sort(ROW)


def unique_key(table: Working, on: tuple[str, ...]) -> tuple[int, int]:
    """How many rows of a settled table share their key with another row, and how many keys there are."""
    per_key = table.frame.group_by(list(on), drop_null_keys=True).agg(nw.len().alias("rows"))
    shared = nw.when(nw.col("rows") > 1).then(nw.col("rows")).otherwise(0)
    found = one_row(per_key.select(shared.alias("shared"), nw.lit(1).alias("keys")).select(nw.all().sum()))
    return int(found["shared"] or 0), int(found["keys"] or 0)
