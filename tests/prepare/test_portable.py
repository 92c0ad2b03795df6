"""Portable steps give the same customers on DuckDB as on polars."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from recipe_tables import PURCHASE_ROLES, purchases, table

from segtui.api import Role, Table
from segtui.prepare import Recipe
from segtui.prepare.steps.step import Bench
from segtui.prepare.working import Working

CRM = table("crm", {"key": ["007", "12", "12", "5"], "tier": ["gold", "none", None, "gold"]}, {"key": Role.CUSTOMER})
STEPS = [
    {"step": "drop", "table": "orders", "where": "customer is missing", "reason": "without a customer"},
    {"step": "map", "table": "orders", "column": "channel", "values": {"store": "shop"}},
    {"step": "fill", "table": "orders", "column": "channel", "value": "unknown"},
    {"step": "derive", "table": "orders", "column": "net", "formula": "amount * 2 - 1"},
    {"step": "keep", "table": "orders", "where": "net < 1000 and channel in ('online', 'shop')"},
    {
        "step": "purchases",
        "table": "orders",
        "customer": "customer",
        "date": "day",
        "order": "order",
        "amount": "net",
        "returns": "amount < 0",
        "repeats": "weeks",
        "shares": [{"column": "channel", "levels": ["online", "shop"]}],
    },
    {"step": "deduplicate", "table": "crm", "on": ["key"], "keep": "most complete"},
    {"step": "join", "table": "orders", "other": "crm", "on": ["customer"], "other_on": ["key"], "least_match": 0.1},
]


def working(source: Table, folder: Path, engine: str, connection: duckdb.DuckDBPyConnection) -> Working:
    found = Working.of(source, folder)
    if engine == "duckdb":
        frame = found.native.collect()
        path = folder / f"{source.name}.parquet"
        frame.write_parquet(path)
        found.frame = nw.from_native(connection.read_parquet(str(path)))
    return found


def result(folder: Path, engine: str) -> tuple[list[tuple[Any, ...]], list[Any]]:
    connection = duckdb.connect()
    tables = {each.name: working(each, folder, engine, connection) for each in (purchases(), CRM)}
    recipe = Recipe.model_validate({"as_of": date(2024, 3, 1), "steps": STEPS})
    assert all(step.portable for step in recipe.steps)
    for number, step in enumerate(recipe.steps, 1):
        step.apply(Bench(tables, recipe.as_of, date(2024, 6, 1)), number)
    final = tables["orders"]
    final.settle()
    native = final.frame.select(sorted(final.columns)).sort("customer").to_native()
    rows = native.collect().rows() if isinstance(native, pl.LazyFrame) else native.fetchall()
    accounts = [account for each in tables.values() for account in each.accounts]
    return [tuple(_plain(value) for value in row) for row in rows], accounts


def _plain(value: Any) -> Any:
    return round(value, 9) if isinstance(value, float) else value


def test_one_recipe_gives_the_same_on_polars_and_duckdb(tmp_path: Path) -> None:
    (tmp_path / "polars").mkdir()
    (tmp_path / "duckdb").mkdir()
    polars_rows, polars_accounts = result(tmp_path / "polars", "polars")
    duckdb_rows, duckdb_accounts = result(tmp_path / "duckdb", "duckdb")
    assert polars_rows == duckdb_rows
    assert polars_accounts == duckdb_accounts
    assert len(polars_rows) == 3


@pytest.mark.parametrize(
    ("step", "portable"),
    [
        ({"step": "purchases", "table": "t", "customer": "c", "date": "d"}, True),
        ({"step": "purchases", "table": "t", "customer": "c", "date": "d", "gaps": True}, False),
        ({"step": "purchases", "table": "t", "customer": "c", "date": "d", "descriptors": [{"column": "x"}]}, False),
        ({"step": "fill", "table": "t", "column": "x", "by": "median"}, False),
        ({"step": "fill", "table": "t", "column": "x", "value": 1}, True),
        ({"step": "kind", "table": "t", "column": "x", "kind": "date"}, False),
        ({"step": "deduplicate", "table": "t"}, True),
    ],
)
def test_a_step_says_whether_it_is_portable(step: dict[str, Any], portable: bool) -> None:
    assert Recipe.model_validate({"steps": [step]}).steps[0].portable is portable


def test_roles_of_purchases_are_those_of_the_table() -> None:
    assert purchases().having(Role.AMOUNT) == "amount"
    assert set(PURCHASE_ROLES) == {"customer", "order", "day", "amount"}
