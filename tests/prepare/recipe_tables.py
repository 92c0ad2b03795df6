"""Small tables for the tests of recipes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from segtui.api import Column, Grain, Kind, QuietRun, Role, Table
from segtui.prepare import Prepared, Recipe, prepare

DTYPES = {pl.Int64: Kind.NUMBER, pl.Float64: Kind.NUMBER, pl.Boolean: Kind.FLAG, pl.Date: Kind.DATE}


def table(name: str, data: dict[str, Any], roles: dict[str, Role] | None = None, **columns: Column) -> Table:
    """A table; kinds follow the dtypes, text is a category, columns with the role customer or order are identifiers."""
    frame = pl.DataFrame(data)
    known = {}
    for column, dtype in frame.schema.items():
        role = (roles or {}).get(column)
        kind = Kind.IDENTIFIER if role in (Role.CUSTOMER, Role.ORDER) else DTYPES.get(type(dtype), Kind.CATEGORY)
        kind = DTYPES.get(dtype.base_type(), kind) if kind is Kind.CATEGORY else kind  # type: ignore[call-overload]
        known[column] = columns.get(column, Column(column, kind, role, decimals=2 if dtype == pl.Float64 else None))
    return Table(name, frame.lazy(), known, frame.height, Grain.OTHER)


PURCHASE_ROLES = {"customer": Role.CUSTOMER, "order": Role.ORDER, "day": Role.DATE, "amount": Role.AMOUNT}


def purchases(**more: Any) -> Table:
    """Ten lines of four customers, one line without a customer, one return, one after the as-of day 2024-03-01."""
    data = {
        "customer": ["007", "007", "007", "12", "12", "5", "5", None, "9", "007"],
        "order": ["a", "a", "b", "c", "d", "e", "f", "g", "h", "i"],
        "day": [
            date(2024, 1, 1),
            date(2024, 1, 1),
            date(2024, 1, 11),
            date(2024, 2, 1),
            date(2024, 2, 2),
            date(2024, 2, 10),
            date(2024, 2, 20),
            date(2024, 2, 1),
            date(2024, 2, 1),
            date(2024, 3, 5),
        ],
        "amount": [10.1, 0.2, 5.0, 7.5, 2.5, 8.0, -8.0, 3.0, -1.0, 99.0],
        "channel": ["online", "store", "online", "store", "store", "online", "online", "store", "store", "store"],
        **more,
    }
    return table("orders", data, PURCHASE_ROLES)


def made(folder: Path, *tables: Table, **recipe: Any) -> Prepared:
    """The customers a recipe makes, written as in a project file."""
    return prepare({each.name: each for each in tables}, Recipe.model_validate(recipe), folder, QuietRun())


def rows(prepared: Prepared, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of the customers, as rows."""
    return prepared.customers.frame.select(columns).rows()
