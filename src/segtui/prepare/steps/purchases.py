"""The step that makes one row per customer from purchases: recency, frequency, monetary and all that goes with them."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812
from typing import Any, Literal, Self

import narwhals as nw
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from segtui.api.errors import DataError
from segtui.api.expression import parse_condition
from segtui.api.params import Condition
from segtui.api.table import Kind
from segtui.api.text import plural, safe
from segtui.prepare.steps import purchase_columns as columns
from segtui.prepare.steps.descriptors import Descriptor, gaps_of, with_descriptors
from segtui.prepare.steps.step import Bench, Step
from segtui.prepare.working import DROPPED, ROW, Working, one_row

KEY, BUYS, DAY, MONEY = "__customer", "__buys", "__day", "__money"
MOST_SHARES = 12
DECIMALS_AT_MOST = 9


class Share(BaseModel):
    """Shares of each customer's spend by the values of a column; `levels` are found in the fit and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(description="such as channel or category")
    levels: tuple[str, ...] = Field((), description="its values; none means those found, at most twelve")


class Purchases(Step):
    """One row per customer. Purchases count up to the end of the as-of day; lines that meet `returns` are counted as
    returns and not as purchases. Frequency counts orders where there is a column of orders, else rows."""

    step: Literal["purchases"] = "purchases"
    customer: str = Field(description="the column of customers")
    date: str = Field(description="the column of dates")
    order: str | None = Field(None, description="the column of orders, so that frequency counts orders and not lines")
    amount: str | None = Field(None, description="the column of amounts")
    quantity: str | None = Field(None, description="the column of quantities")
    product: str | None = Field(None, description="the column of products")
    returns: Condition | None = Field(None, description="which lines are returns, such as: amount < 0")
    shares: tuple[Share, ...] = Field((), description="columns by whose values spend is shared out")
    descriptors: tuple[Descriptor, ...] = Field((), description="columns to keep by most frequent or latest value")
    gaps: bool = Field(False, description="the median and 90th percentile of the days between orders")
    repeats: Literal["no", "days", "weeks"] = Field("no", description="x, t_x and T of purchase models, in this unit")
    decimals: int | None = Field(None, ge=0, le=DECIMALS_AT_MOST, description="of the amounts; found where not given")

    @property
    def portable(self) -> bool:
        return not (self.gaps or self.descriptors)

    def describe(self) -> str:
        return f"one row per {safe(self.customer, 60)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        self._require(table)
        as_of = bench.as_of
        if as_of is None:
            raise DataError(
                "Purchases need a day to look at them from.",
                where=self.describe(),
                next_step="Give one with --as-of YYYY-MM-DD, or as_of in the recipe.",
            )
        resolved = self._resolved(table)
        resolved._mark(table, as_of, number)
        if not resolved.portable:
            table.store()
        lines = resolved._lines(table)
        grouped = lines.group_by(KEY).agg(*resolved._aggregates(table))
        made = _collected(grouped, table)
        resolved._account(table, made, number)
        customers = made.filter(~nw.col(KEY).is_null() & (nw.col("lines") > 0))
        customers = columns.finished(customers, resolved, as_of)
        if not resolved.portable:
            customers = resolved._with_unportable(customers, lines)
        table.columns = columns.described(resolved, table.columns)
        customers = customers.select(nw.col(KEY).alias(self.customer), *[nw.col(c) for c in list(table.columns)[1:]])
        table.frame = customers
        table.per_customer = True
        return resolved

    def _require(self, table: Working) -> None:
        optional = (self.order, self.amount, self.quantity, self.product)
        named = [self.customer, self.date, *[name for name in optional if name]]
        table.require(*named, *[s.column for s in self.shares], *[d.column for d in self.descriptors])
        if table.columns[self.date].kind is not Kind.DATE:
            raise DataError(
                f"The column {safe(self.date, 60)} holds a {table.columns[self.date].kind}, not dates.",
                where=self.describe(),
                next_step="Add a step that takes it as a date.",
            )
        for name in (self.amount, self.quantity):
            if name and table.columns[name].kind is not Kind.NUMBER:
                raise DataError(f"The column {safe(name, 60)} does not hold numbers.", where=self.describe())

    def _resolved(self, table: Working) -> Self:
        """The same with decimals and levels found."""
        decimals = self.decimals
        if self.amount and decimals is None:
            known = table.columns[self.amount].decimals
            decimals = min(known, DECIMALS_AT_MOST) if known is not None else _decimals(table, self.amount)
        shares = tuple(
            share if share.levels else share.model_copy(update={"levels": _levels(table, share.column)})
            for share in self.shares
        )
        return self.model_copy(update={"decimals": decimals, "shares": shares})

    def _mark(self, table: Working, as_of: Day, number: int) -> None:
        day = nw.col(self.date).cast(nw.Date)
        table.mark(number, "drop without a customer", nw.col(self.customer).is_null(), "without a customer")
        table.mark(number, "drop without a date", nw.col(self.date).is_null(), "without a date")
        table.mark(number, f"drop after {as_of}", _known(day > nw.lit(as_of)), "after the as-of date")
        if self.returns:
            table.mark(number, "count returns apart", nw.lit(False), "returns")

    def _lines(self, table: Working) -> nw.LazyFrame[Any]:
        """The lines with all that is aggregated, in columns of their own."""
        kept = nw.col(DROPPED) == 0
        key = nw.when(kept).then(nw.col(self.customer)).otherwise(nw.lit(None).cast(nw.String))
        frame = table.frame.with_columns(key.alias(KEY), nw.col(self.date).cast(nw.Date).alias(DAY))
        made: dict[str, Any] = {}
        returned = None
        if self.returns:
            checked = parse_condition(self.returns).check(table.kinds)
            returned = nw.when(checked.to(nw) & kept).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int32)
            frame = frame.with_columns(returned.alias("__returned"))
            frame = frame.with_columns((nw.lit(1) - nw.col("__returned")).cast(nw.Int32).alias(BUYS))
        if self.amount:
            scaled = nw.col(self.amount) * float(10 ** (self.decimals or 0))
            frame = frame.with_columns(scaled.round(0).cast(nw.Int64).alias(MONEY))
        bought = self._bought
        made["__last"] = bought(nw.col(DAY))
        if self.order:
            made["__order"] = bought(nw.col(self.order))
            made["__no_order"] = _flag(made["__order"].is_null())
        if self.product:
            made["__product"] = bought(nw.col(self.product))
            made["__no_product"] = _flag(made["__product"].is_null())
        if self.quantity:
            made["__items"] = bought(nw.col(self.quantity))
        weight = nw.col(MONEY) if self.amount else nw.lit(1).cast(nw.Int64)
        if self.amount:
            made["__spent"] = bought(nw.col(MONEY))
            if self.returns:
                made["__money_back"] = nw.when(nw.col("__returned") == 1).then(nw.col(MONEY)).otherwise(nw.lit(0))
        for place, share in enumerate(self.shares):
            for level_place, level in enumerate(share.levels):
                mine = nw.when(nw.col(share.column) == level).then(weight).otherwise(nw.lit(0))
                made[f"__share_{place}_{level_place}"] = bought(mine)
        return frame.with_columns(**made, **table.counters())

    def _bought(self, value: Any) -> Any:
        """A value where the line is a purchase, missing where it is a return."""
        return nw.when(nw.col(BUYS) == 1).then(value) if self.returns else value

    def _aggregates(self, table: Working) -> list[Any]:
        found = [
            nw.col("__last").max().alias("last_date"),
            nw.col("__last").min().alias("first_date"),
            nw.col(BUYS).sum().alias("lines") if self.returns else nw.len().alias("lines"),
        ]
        if self.order:
            found += [nw.col("__order").n_unique().alias("__orders"), nw.col("__no_order").max()]
        if self.product:
            found += [nw.col("__product").n_unique().alias("__products"), nw.col("__no_product").max()]
        if self.quantity:
            found.append(nw.col("__items").sum().alias("items"))
        if self.amount:
            found.append(nw.col("__spent").sum())
        if self.returns:
            found.append(nw.col("__returned").sum().alias("returns"))
            found += [nw.col("__money_back").sum()] if self.amount else []
        if self.repeats != "no":
            found.append(nw.col("__last").n_unique().alias("__days"))
        for place, share in enumerate(self.shares):
            found += [nw.col(f"__share_{place}_{level}").sum() for level in range(len(share.levels))]
        counters = table.counters()
        return found + [nw.col(name).sum() for name in counters]

    def _account(self, table: Working, made: nw.LazyFrame[Any], number: int) -> None:
        """The counts of all steps that waited, the returns among them, and customers without a purchase."""
        counters = list(table.counters())
        lone = nw.when(~nw.col(KEY).is_null() & (nw.col("lines") == 0)).then(1).otherwise(0)
        kept = nw.when(~nw.col(KEY).is_null() & (nw.col("lines") > 0)).then(1).otherwise(0)
        sums = [nw.col(name) for name in counters] + [lone.alias("__lone"), kept.alias("__kept")]
        if self.returns:
            sums.append(nw.when(~nw.col(KEY).is_null()).then(nw.col("returns")).otherwise(0).alias("__all_returns"))
        found = one_row(made.select(*sums).select(nw.all().sum()))
        if self.returns:
            found[counters[-1]] = found["__all_returns"]
        waiting = len(table.pending)
        table.settle_counts(found)
        implicit = 4 if self.returns else 3
        own = table.accounts[-implicit:] if waiting >= implicit else []
        del table.accounts[-implicit:]
        table.accounts += [account for account in own if account.dropped]
        lone_customers, customers = int(found["__lone"] or 0), int(found["__kept"] or 0)
        notes = (f"{plural(lone_customers, 'customer')} with returns only",) if lone_customers else ()
        table.account(number, f"{self.describe()} ({len(columns.names(self))} figures)", customers, notes=notes)

    def _with_unportable(self, customers: nw.LazyFrame[Any], lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        native: pl.LazyFrame = lines.to_native().filter(pl.col(KEY).is_not_null() & pl.col("__last").is_not_null())
        made: pl.LazyFrame = customers.to_native()
        if self.gaps:
            made = made.join(gaps_of(native, KEY, DAY), on=KEY, how="left")
        made = with_descriptors(made, native, KEY, self.date, ROW, self.descriptors)
        return nw.from_native(made)


def _collected(grouped: nw.LazyFrame[Any], table: Working) -> nw.LazyFrame[Any]:
    """Customers fit in memory where their purchases don't."""
    if not table.is_polars:
        return grouped
    native: pl.LazyFrame = grouped.to_native()
    return nw.from_native(native.collect(engine="streaming").lazy())


def _known(condition: Any) -> Any:
    return nw.when(condition).then(nw.lit(True)).otherwise(nw.lit(False))


def _flag(condition: Any) -> Any:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int32)


def _decimals(table: Working, amount: str) -> int:
    """Decimals that keep nine significant digits of the largest amount, where reading could not tell them."""
    column = nw.col(amount)
    size = one_row(table.frame.select(column.abs().max().alias("size")))["size"] or 0.0
    digits = len(str(int(size))) if size >= 1 else 0
    return max(0, min(DECIMALS_AT_MOST, 9 - digits))


def _levels(table: Working, column: str) -> tuple[str, ...]:
    """The values of a column, the most frequent twelve, in alphabetical order."""
    known = table.columns[column].levels
    if known and len(known) <= MOST_SHARES:
        return known
    counted = table.frame.group_by(column, drop_null_keys=True).agg(nw.len().alias("__rows"))
    first = counted.sort(["__rows", column], descending=[True, False]).head(MOST_SHARES).select(column).to_native()
    rows = first.collect(engine="streaming").rows() if isinstance(first, pl.LazyFrame) else first.fetchall()
    return tuple(sorted(str(row[0]) for row in rows))
