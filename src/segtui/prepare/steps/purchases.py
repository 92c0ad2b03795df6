"""The step that makes one row per customer from purchases: recency, frequency, monetary and all that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day  # noqa: N812
from datetime import timedelta
from typing import Any, Literal, Self

import narwhals as nw
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from segtui.api.errors import DataError
from segtui.api.expression import parse_condition
from segtui.api.params import ColumnName, Condition
from segtui.api.table import Column, Kind
from segtui.api.text import count, join_words, plural, safe
from segtui.prepare.steps import purchase_columns as columns
from segtui.prepare.steps.descriptors import Descriptor, gaps_of, with_descriptors
from segtui.prepare.steps.step import Bench, Columns, Step
from segtui.prepare.working import DROPPED, ROW, Working, counter_name, one_row, rows_of

KEY, DAY, MONEY, RETURNED = "__customer", "__day", "__money", "__returned"
REASON = "\ue000dropped "
"""What stands before the number of the reason in place of a dropped line's customer; no id starts with it."""

IMPLICIT = 4
"""Marks that this step sets itself."""

MOST_SHARES = 12
DECIMALS_AT_MOST = 9
LARGEST = 1e15
"""Amounts beyond it, in the smallest unit, can't be summed exactly, and count as missing."""


class Share(BaseModel):
    """Shares of each customer's spend by the values of a column; `levels` are found in the fit and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: ColumnName = Field(description="such as channel or category")
    levels: tuple[str, ...] = Field((), description="its values; none means those found, at most twelve")


class Purchases(Step):
    """One row per customer. Purchases count up to the end of the as-of day; lines that meet `returns` are counted as
    returns and not as purchases. Frequency counts orders where there is a column of orders, else rows."""

    step: Literal["purchases"] = "purchases"
    customer: ColumnName = Field(description="the column of customers")
    date: ColumnName = Field(description="the column of dates")
    order: ColumnName | None = Field(
        None, description="the column of orders, so that frequency counts orders and not lines"
    )
    amount: ColumnName | None = Field(None, description="the column of amounts")
    quantity: ColumnName | None = Field(None, description="the column of quantities")
    product: ColumnName | None = Field(None, description="the column of products")
    returns: Condition | None = Field(None, description="which lines are returns, such as: amount < 0")
    shares: tuple[Share, ...] = Field((), description="columns by whose values spend is shared out")
    descriptors: tuple[Descriptor, ...] = Field((), description="columns to keep by most frequent or latest value")
    gaps: bool = Field(False, description="the median and 90th percentile of the days between orders")
    repeats: Literal["no", "days", "weeks"] = Field("no", description="x, t_x and T of purchase models, in this unit")
    decimals: int | None = Field(None, ge=0, le=DECIMALS_AT_MOST, description="of the amounts; none means as found")

    @property
    def portable(self) -> bool:
        return not (self.gaps or self.descriptors)

    def describe(self) -> str:
        return f"one row per {safe(self.customer, 60)}"

    def apply(self, bench: Bench, number: int) -> Self:
        table = bench.table(self.table)
        self._require(table)
        resolved = self._resolved(table)
        resolved._mark(table, bench.last_day, bench.as_of is not None, number)
        if not resolved.portable:
            table.store()
        lines = resolved._lines(table)
        made = _collected(resolved._grouped(lines, table), table)
        resolved._account(table, made, number)
        customers = made.filter(~_is_reason(nw.col(KEY)) & (nw.col("lines") > 0))
        bench.as_of = bench.as_of or self._day_after(made.filter(~_is_reason(nw.col(KEY))), bench.today)
        customers = columns.finished(customers, resolved, bench.as_of)
        if not resolved.portable:
            customers = resolved._with_unportable(customers, lines)
        table.columns = resolved.columns_after({self.table: table.columns})
        table.frame = customers.select(nw.col(KEY).alias(self.customer), *[nw.col(c) for c in list(table.columns)[1:]])
        table.per_customer = True
        return resolved

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        return columns.described(self, tables[self.table])

    def _day_after(self, customers: nw.LazyFrame[Any], today: Day) -> Day:
        """The day after the last purchase or return, but no later than today: then no line that was counted lies after
        it, and the same day given next time counts the same lines."""
        last = one_row(customers.select(nw.col("__last_line").max()))["__last_line"]
        if last is None:
            raise DataError(
                "No purchase is left whose date lies in the past, so no as-of day can be found.",
                where=f"column {safe(self.date, 60)}",
                next_step="Give the day with --as-of YYYY-MM-DD, or check how the dates were read.",
            )
        found: Day = min(last + timedelta(days=1), today)
        return found

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

    def _mark(self, table: Working, last_day: Day, known: bool, number: int) -> None:
        day = nw.col(self.date).cast(nw.Date)
        late = nw.when(day > nw.lit(last_day)).then(nw.lit(True)).otherwise(nw.lit(False))
        table.mark(number, "drop without a customer", nw.col(self.customer).is_null(), "without a customer")
        table.mark(number, "drop without a date", nw.col(self.date).is_null(), "without a date")
        usable = self._usable_amount() if self.amount else nw.lit(True)
        table.mark(number, "drop without an amount", ~usable, "without an amount")
        if known:
            table.mark(number, f"drop after {last_day}", late, "after the as-of date")
        else:
            table.mark(number, "drop dates in the future", late, "dated in the future")

    def _lines(self, table: Working) -> nw.LazyFrame[Any]:
        """The lines with all that is aggregated, in columns of their own.

        A dropped line has its reason in place of its customer, so that the one pass over the data counts it too.
        """
        key = nw.col(self.customer)
        for place in range(1, len(table.pending) + 1):
            key = nw.when(nw.col(DROPPED) == place).then(nw.lit(f"{REASON}{place}")).otherwise(key)
        frame = table.frame.with_columns(key.alias(KEY), nw.col(self.date).cast(nw.Date).alias(DAY))
        if self.returns:
            checked = parse_condition(self.returns).check(table.kinds)
            returned = nw.when(checked.to(nw) & (nw.col(DROPPED) == 0)).then(nw.lit(1)).otherwise(nw.lit(0))
            frame = frame.with_columns(returned.cast(nw.Int32).alias(RETURNED))
        if self.amount:
            amount = nw.when(self._usable_amount()).then(nw.col(self.amount))
            scaled = amount * float(10 ** (self.decimals or 0))
            frame = frame.with_columns(scaled.round(0).cast(nw.Int64).alias(MONEY))
        made: dict[str, Any] = {"__bought": self._bought(nw.col(DAY))}
        for name, column in (("__order", self.order), ("__product", self.product)):
            if column:
                frame = frame.with_columns(nw.col(column).fill_null("").alias(name))
                frame = _hashed(frame, name) if table.is_polars else frame
                made[name] = self._bought(nw.col(name))
        if self.quantity:
            made["__items"] = self._bought(nw.col(self.quantity))
        weight = nw.col(MONEY) if self.amount else nw.lit(1).cast(nw.Int64)
        if self.amount:
            made["__spent"] = self._bought(nw.col(MONEY))
        if self.amount and self.returns:
            made["__money_back"] = nw.when(nw.col(RETURNED) == 1).then(nw.col(MONEY)).otherwise(nw.lit(0))
        for name, column, level in self._share_levels():
            mine = nw.when(nw.col(column) == level).then(weight).otherwise(nw.lit(0))
            made[name] = self._bought(mine)
        return frame.with_columns(**made, **table.counters(changes_only=True))

    def _usable_amount(self) -> Any:
        """Whether an amount is there, and small enough that sums of many stay exact."""
        size = nw.col(self.amount or "").abs()
        return nw.when(size <= LARGEST / 10 ** (self.decimals or 0)).then(nw.lit(True)).otherwise(nw.lit(False))

    def _share_levels(self) -> list[tuple[str, str, str]]:
        """For each share: the name of its sum, its column, its level."""
        return [
            (f"__share_{place}_{number}", share.column, level)
            for place, share in enumerate(self.shares)
            for number, level in enumerate(share.levels)
        ]

    def _bought(self, value: Any) -> Any:
        """A value where the line is a purchase, missing where it is a return."""
        return nw.when(nw.col(RETURNED) == 0).then(value) if self.returns else value

    def _grouped(self, lines: nw.LazyFrame[Any], table: Working) -> nw.LazyFrame[Any]:
        """Counts, sums, first and last days of each customer."""
        sums = [nw.col(name).sum() for name in self._summed(table)]
        bought = nw.col("__bought")
        days = [
            bought.min().alias("first_date"),
            bought.max().alias("last_date"),
            nw.col(DAY).max().alias("__last_line"),
        ]
        apart = [nw.col("__order").n_unique()] if self.order else []
        apart += [nw.col("__product").n_unique()] if self.product else []
        apart += [bought.n_unique().alias("__days")] if self.repeats != "no" else []
        made = lines.group_by(KEY).agg(nw.len().alias("__rows"), *days, *sums, *apart)
        lines_bought = nw.col("__rows") - nw.col(RETURNED) if self.returns else nw.col("__rows")
        made = made.with_columns(lines_bought.alias("lines"))
        return made.with_columns(nw.col("__items").alias("items")) if self.quantity else made

    def _summed(self, table: Working) -> list[str]:
        """The columns of lines that are summed."""
        sums = [RETURNED] if self.returns else []
        sums += ["__items"] if self.quantity else []
        sums += ["__spent"] if self.amount else []
        sums += ["__money_back"] if self.amount and self.returns else []
        sums += [name for name, _, _ in self._share_levels()]
        return sums + list(table.counters(changes_only=True))

    def _account(self, table: Working, made: nw.LazyFrame[Any], number: int) -> None:
        """The counts of all steps that waited, the returns, and customers without a purchase."""
        reasons = rows_of(made.filter(_is_reason(nw.col(KEY))).select(KEY, "__rows"))
        counts = {counter_name(int(str(key).removeprefix(REASON))): int(rows) for key, rows in reasons}
        real = made.filter(~_is_reason(nw.col(KEY)))
        lone = nw.when(nw.col("lines") == 0).then(1).otherwise(0)
        sums = [nw.col(name) for name in table.counters(changes_only=True)]
        sums += [lone.alias("__lone"), nw.lit(1).alias("__all")] + ([nw.col(RETURNED)] if self.returns else [])
        found = one_row(real.select(*sums).select(nw.all().sum()))
        table.settle_counts({**counts, **found})
        own = table.accounts[-IMPLICIT:]
        table.accounts[-IMPLICIT:] = [account for account in own if account.dropped]
        returned, lone_customers = int(found.get(RETURNED) or 0), int(found["__lone"] or 0)
        if returned:
            table.account(number, "count returns apart", table.rows - returned, "returns")
        notes = (f"{plural(lone_customers, 'customer')} with returns only",) if lone_customers else ()
        if int(found["__all"] or 0) == lone_customers:
            raise self._nobody(table)
        text = f"{self.describe()} ({len(columns.names(self))} figures)"
        table.account(number, text, int(found["__all"] or 0) - lone_customers, notes=notes)

    def _nobody(self, table: Working) -> DataError:
        """The error where no purchase is left; says what became of them all."""
        dropped = [f"{count(account.dropped)} {account.reason}" for account in table.accounts if account.dropped]
        return DataError(
            f"No purchase is left to make customers of: {join_words(dropped)}.",
            next_step="Give another day with --as-of, or loosen a condition of the recipe.",
        )

    def _with_unportable(self, customers: nw.LazyFrame[Any], lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        native: pl.LazyFrame = lines.to_native().filter(
            ~pl.col(KEY).str.starts_with(REASON) & pl.col("__bought").is_not_null()
        )
        made: pl.LazyFrame = customers.to_native()
        if self.gaps:
            made = made.join(gaps_of(native, KEY, DAY), on=KEY, how="left")
        made = with_descriptors(made, native, KEY, self.date, ROW, self.descriptors)
        return nw.from_native(made)


def _hashed(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Words as hashes of 64 bits, which are told apart in half the time and memory. Two of a customer's thousand orders
    are taken for one in about one of 10 ** 13 such customers."""
    native: pl.LazyFrame = frame.to_native()
    return nw.from_native(native.with_columns(pl.col(name).cast(pl.String).hash(1)))


def _collected(grouped: nw.LazyFrame[Any], table: Working) -> nw.LazyFrame[Any]:
    """Customers fit in memory where their purchases don't."""
    if not table.is_polars:
        return grouped
    native: pl.LazyFrame = grouped.to_native()
    return nw.from_native(native.collect(engine="streaming").lazy())


def _is_reason(key: Any) -> Any:
    return key.str.starts_with(REASON)


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
    first = counted.sort(["__rows", column], descending=[True, False]).head(MOST_SHARES).select(column)
    return tuple(sorted(str(row[0]) for row in rows_of(first)))
