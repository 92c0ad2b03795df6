"""A recipe to start from, made from what is known of the tables; each step can be seen, changed and switched off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from segtui.api.errors import DataError
from segtui.api.expression import quote_column
from segtui.api.table import Grain, Kind, Role, Table
from segtui.api.text import join_words, safe
from segtui.prepare.recipe import AnyStep, Recipe
from segtui.prepare.steps.columns import Derive
from segtui.prepare.steps.descriptors import Descriptor
from segtui.prepare.steps.join import LEAST_MATCH, Join
from segtui.prepare.steps.purchases import MOST_SHARES, Purchases, Share
from segtui.prepare.steps.rows import Deduplicate, Drop

CANCELLED = "C"


def propose(tables: Mapping[str, Table], as_of: date | None = None) -> Recipe:
    """Steps that make one row per customer: from purchases where there are any, with other tables joined by the key
    they share. Raises DataError where nothing can be proposed."""
    purchases = [table for table in tables.values() if _holds_purchases(table)]
    if len(purchases) > 1:
        names = join_words(safe(table.name, 60) for table in purchases)
        raise DataError(
            f"Several tables look like purchases: {names}.",
            next_step="Write the recipe into a project file, so that it is clear which one counts.",
        )
    base = purchases[0] if purchases else _widest(tables)
    steps: list[AnyStep] = list(_purchase_steps(base)) if purchases else list(_customer_steps(base))
    key = base.having(Role.CUSTOMER)
    for other in tables.values():
        if other is not base and key:
            steps += _join_steps(base, key, other)
    return Recipe(as_of=as_of, customers=base.name, steps=tuple(steps))


def _holds_purchases(table: Table) -> bool:
    return (
        bool(table.having(Role.CUSTOMER) and table.having(Role.DATE) and table.grain is not Grain.CUSTOMER)
        and table.having(Role.RECENCY) is None
    )


def _widest(tables: Mapping[str, Table]) -> Table:
    """The table with a row per customer, or the only one there is."""
    of_customers = [table for table in tables.values() if table.grain is Grain.CUSTOMER]
    return max(of_customers or tables.values(), key=lambda table: len(table.columns))


def _purchase_steps(table: Table) -> list[AnyStep]:
    customer, day = table.having(Role.CUSTOMER), table.having(Role.DATE)
    assert customer and day
    order, quantity, price = (table.having(role) for role in (Role.ORDER, Role.QUANTITY, Role.PRICE))
    amount = table.having(Role.AMOUNT)
    missing = f"{quote_column(customer)} is missing"
    steps: list[AnyStep] = [Drop(table=table.name, where=missing, reason="without a customer")]
    if amount is None and quantity and price:
        amount = "amount" if "amount" not in table.columns else "amount (derived)"
        free = f"{quote_column(price)} <= 0"
        steps += [
            Drop(table=table.name, where=free, reason="without a price"),
            Derive(
                table=table.name,
                column=amount,
                formula=f"{quote_column(quantity)} * {quote_column(price)}",
                role=Role.AMOUNT,
            ),
        ]
    shared = [name for name in (table.having(Role.CHANNEL), table.having(Role.GROUP)) if name]
    country = table.having(Role.COUNTRY)
    steps.append(
        Purchases(
            table=table.name,
            customer=customer,
            date=day,
            order=order,
            amount=amount,
            quantity=quantity,
            product=table.having(Role.PRODUCT),
            returns=_returns(table, amount, quantity, order),
            shares=tuple(Share(column=name) for name in shared if 1 < len(table.columns[name].levels) <= MOST_SHARES),
            descriptors=(Descriptor(column=country),) if country else (),
        )
    )
    return steps


def _returns(table: Table, amount: str | None, quantity: str | None, order: str | None) -> str | None:
    """Lines that take back: a quantity or amount of zero or less, an order that is marked as cancelled."""
    signs = [f"{quote_column(name)} <= 0" for name in (quantity, amount) if name and name in table.columns]
    if order and quantity and _has_cancellations(table, order):
        signs.insert(0, f"{quote_column(order)} starts with '{CANCELLED}'")
    return " or ".join(signs) or None


def _has_cancellations(table: Table, order: str) -> bool:
    """Whether some orders start with C where most are plain numbers."""
    text = pl.col(order).cast(pl.String)
    found = table.frame.select(
        text.str.starts_with(CANCELLED).sum().alias("cancelled"),
        text.str.slice(0, 1).is_in(list("0123456789")).sum().alias("plain"),
    ).collect(engine="streaming")
    return 0 < int(found["cancelled"][0]) < int(found["plain"][0])


def _customer_steps(table: Table) -> list[AnyStep]:
    """For a table that has a row per customer already: drop rows without an id, and repeated ids."""
    customer = table.having(Role.CUSTOMER)
    if customer is None:
        return []
    missing, repeated = _bad_keys(table, customer)
    where = f"{quote_column(customer)} is missing"
    steps: list[AnyStep] = [Drop(table=table.name, where=where, reason="without a customer")] if missing else []
    if repeated:
        steps.append(Deduplicate(table=table.name, on=(customer,), keep="most complete"))
    return steps


def _bad_keys(table: Table, key: str) -> tuple[int, int]:
    column = pl.col(key)
    found = table.frame.select(
        column.null_count().alias("missing"), (column.count() - column.drop_nulls().n_unique()).alias("repeated")
    ).collect(engine="streaming")
    return int(found["missing"][0]), int(found["repeated"][0])


def _join_steps(base: Table, key: str, other: Table) -> list[AnyStep]:
    """Join another table where enough customers are found in it by one of its identifiers."""
    candidates = [name for name, column in other.columns.items() if column.kind is Kind.IDENTIFIER]
    mine = base.frame.select(pl.col(key).cast(pl.String).alias("key")).drop_nulls().unique()
    best, share = None, 0.0
    for name in candidates:
        theirs = other.frame.select(pl.col(name).cast(pl.String).alias("key")).drop_nulls().unique()
        found = mine.join(theirs.with_columns(there=1), on="key", how="left").select(pl.col("there").sum() / pl.len())
        overlap = float(found.collect(engine="streaming").item() or 0.0)
        if overlap > share:
            best, share = name, overlap
    if best is None or share < LEAST_MATCH or other.grain in (Grain.ORDER, Grain.LINE):
        return []
    steps: list[AnyStep] = []
    if _bad_keys(other, best)[1]:
        steps.append(Deduplicate(table=other.name, on=(best,), keep="most complete"))
    return [*steps, Join(table=base.name, other=other.name, on=(key,), other_on=(best,))]
