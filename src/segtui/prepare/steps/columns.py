"""Steps that change or add columns: set a kind, fill, map values, derive by a formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import narwhals as nw
import polars as pl
from pydantic import Field

from segtui.api.errors import DataError
from segtui.api.expression import parse
from segtui.api.expression_tree import Node
from segtui.api.params import ColumnName
from segtui.api.table import Column, Kind, Role
from segtui.api.text import plural, safe
from segtui.prepare.steps.step import Bench, Columns, Formula, Step
from segtui.prepare.working import Working, one_row

Plain = bool | int | float | str
DTYPES: Mapping[str, Any] = {Kind.NUMBER: nw.Float64, Kind.FLAG: nw.Boolean}
MOST_DECIMALS = 6


class SetKind(Step):
    """Say what a column holds; values that can't be read so become missing, and are counted."""

    step: Literal["kind"] = "kind"
    column: ColumnName = Field(description="the column")
    kind: Kind = Field(description="identifier, number, category, flag, date or text")
    role: Role | None = Field(None, description="its role, such as customer, date or amount")
    unit: str = Field("", description="its unit, such as EUR or days")
    date_format: str = Field("", description="for dates in text: %Y-%m-%d, %d/%m/%Y ...")
    yes: tuple[str, ...] = Field(("yes", "y", "true", "1"), description="for flags in text: the words that mean yes")
    levels: tuple[str, ...] = Field((), description="for categories: their order")

    @property
    def portable(self) -> bool:
        return False

    def describe(self) -> str:
        return f"take {safe(self.column, 60)} as {self.kind}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        table.require(self.column)
        table.settle()
        before = table.native.collect_schema()[self.column]
        read = self._read(pl.col(self.column), before)
        lost = pl.col(self.column).is_not_null() & read.is_null()
        marked = table.native.with_columns(lost.cast(pl.Int32).alias("__lost"), read.alias(self.column))
        table.frame = nw.from_native(marked)
        table.store()
        lost_values = one_row(table.frame.select(nw.col("__lost").sum()))["__lost"] or 0
        table.frame = table.frame.drop("__lost")
        notes = (f"{lost_values:,} values could not be read so and are missing now",) if lost_values else ()
        table.account(number, self.describe(), table.rows, notes=notes)
        table.columns = self.columns_after({self.table: table.columns})
        return self

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        before = tables[self.table]
        known = before[self.column]
        set_by_you = replace(
            known,
            kind=self.kind,
            role=self.role or known.role,
            reason="set by you",
            unit=self.unit or known.unit,
            levels=self.levels or (known.levels if self.kind is known.kind else ()),
            ordered=bool(self.levels) or (known.ordered and self.kind is known.kind),
        )
        return {**before, self.column: set_by_you}

    def _read(self, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        text = column if dtype == pl.String else column.cast(pl.String)
        if self.kind is Kind.NUMBER:
            return column.cast(pl.Float64) if dtype.is_numeric() or dtype == pl.Boolean else _number(column)
        if self.kind is Kind.FLAG:
            if dtype == pl.Boolean:
                return column
            words = [word.lower() for word in self.yes]
            return text.str.strip_chars().str.to_lowercase().is_in(words)
        if self.kind is Kind.DATE:
            if dtype.is_temporal():
                return column
            return text.str.strip_chars().str.to_date(self.date_format or None, strict=False)
        if dtype.is_float():
            whole = column.round() == column
            return pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(text)
        return text


def _number(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars().str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)


class Fill(Step):
    """Give missing values a value: your own, or the column's median, mean or most frequent value in the fit."""

    step: Literal["fill"] = "fill"
    column: ColumnName = Field(description="the column")
    value: Plain | None = Field(None, description="the value to fill with")
    by: Literal["value", "median", "mean", "most frequent"] = Field("value", description="what to fill with")

    @property
    def portable(self) -> bool:
        return self.by == "value"

    def describe(self) -> str:
        return f"fill {safe(self.column, 60)} with {'its ' + self.by if self.by != 'value' else safe(self.value, 60)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        table.require(self.column)
        value = self._found(table) if self.by != "value" else self.value
        if value is None:
            raise DataError("There is no value to fill with.", where=self.describe(), next_step="Give one with value.")
        kind = table.columns[self.column].kind
        if (kind in (Kind.NUMBER, Kind.FLAG)) == isinstance(value, str):
            raise DataError(f"The column holds a {kind}, and the value is of another kind.", where=self.describe())
        column = nw.col(self.column)
        filled = nw.when(column.is_null()).then(nw.lit(value)).otherwise(column)
        table.change(number, self.describe(), {self.column: filled}, column.is_null())
        return self.model_copy(update={"value": value, "by": "value"})

    def _found(self, table: Working) -> Plain | None:
        table.settle()
        column = pl.col(self.column)
        if self.by == "most frequent":
            counted = table.native.filter(column.is_not_null()).group_by(column).len()
            first = counted.sort(["len", self.column], descending=[True, False]).head(1).collect(engine="streaming")
            found: Plain | None = first[self.column].item() if first.height else None
            return found
        if table.columns[self.column].kind is not Kind.NUMBER:
            raise DataError(f"Only numbers have a {self.by}.", where=self.describe(), next_step="Use most frequent.")
        figure = column.median() if self.by == "median" else column.mean()
        value = one_row(nw.from_native(table.native.select(figure)))[self.column]
        return None if value is None else float(f"{value:.9g}")


class MapValues(Step):
    """Replace values by others, such as country spellings by one name. Values that are not listed stay, or become
    `other`, or missing."""

    step: Literal["map"] = "map"
    column: ColumnName = Field(description="the column")
    values: Mapping[str, str] = Field(description="old value = new value")
    otherwise: Literal["keep", "missing", "other"] = Field("keep", description="what becomes of values not listed")
    other: str = Field("other", description="the word for values not listed, where otherwise is other")
    into: str = Field("", description="the column to write, where the old one should stay")

    def describe(self) -> str:
        return f"map {plural(len(self.values), 'value')} of {safe(self.column, 60)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        table.require(self.column)
        known = table.columns[self.column]
        if known.kind not in (Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER):
            raise DataError(f"Only text has values to map, and the column holds a {known.kind}.", where=self.describe())
        column = nw.col(self.column)
        rest = {"keep": column, "missing": nw.lit(None).cast(nw.String), "other": nw.lit(self.other)}[self.otherwise]
        mapped = nw.when(column.is_null()).then(nw.lit(None).cast(nw.String)).otherwise(rest)
        for old, new in self.values.items():
            mapped = nw.when(column == old).then(nw.lit(new)).otherwise(mapped)
        changed = column.is_in(list(self.values)) if self.otherwise == "keep" else ~column.is_null()
        table.change(number, self.describe(), {self.into or self.column: mapped}, changed)
        table.columns = self.columns_after({self.table: table.columns})
        return self

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        before, into = tables[self.table], self.into or self.column
        known = before[self.column]
        levels = tuple(dict.fromkeys(self.values.values())) if self.otherwise != "keep" else ()
        role = known.role if into == self.column else None
        mapped = replace(known, name=into, kind=Kind.CATEGORY, levels=levels, ordered=False, role=role)
        return {**before, into: mapped}


class Derive(Step):
    """Add a column, or replace one, by a formula over the others."""

    step: Literal["derive"] = "derive"
    column: str = Field(description="the new column's name")
    formula: Formula = Field(description="a formula, such as: quantity * price")
    role: Role | None = Field(None, description="its role, such as amount")
    unit: str = Field("", description="its unit")

    def describe(self) -> str:
        return f"{safe(self.column, 60)} = {safe(self.formula)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        checked = parse(self.formula).check(table.kinds)
        after = self.columns_after({self.table: table.columns})
        made = after[self.column]
        value = checked.to(nw)
        if made.decimals is not None and made.kind is Kind.NUMBER:
            value = value.round(made.decimals)
        table.change(number, self.describe(), {self.column: value}, None)
        table.columns = after
        return self

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        before = tables[self.table]
        checked = parse(self.formula).check({name: str(column.kind) for name, column in before.items()})
        kinds = {"number": Kind.NUMBER, "text": Kind.CATEGORY, "date": Kind.DATE, "condition": Kind.FLAG}
        only_column = before[checked.columns[0]].kind if len(checked.columns) == 1 else Kind.TEXT
        kind = kinds.get(checked.gives, only_column)
        decimals = decimals_of(checked.root, before)
        made = Column(self.column, kind, self.role, "derived by a formula", self.unit, decimals=decimals)
        return {**before, self.column: made}


def decimals_of(node: Node, columns: Mapping[str, Column]) -> int | None:
    """How many decimals the result of a formula has at most, where its parts say so; None where they don't."""
    parts = [decimals_of(argument, columns) for argument in node.arguments]
    if node.operation == "column":
        return columns[node.value].decimals
    if node.operation == "number":
        written = f"{node.value:.15g}"
        return None if "e" in written else len(written.partition(".")[2])
    if not parts or any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    found = {"+": max(known), "-": max(known), "negative": max(known), "*": sum(known)}.get(node.operation)
    return found if found is not None and found <= MOST_DECIMALS else None
