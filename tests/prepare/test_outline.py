"""The columns that are told from the steps alone are those that running them makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from recipe_tables import made, purchases, table

from segtui.api import Column, Kind, Role
from segtui.prepare import Recipe
from segtui.prepare.outline import columns_before

STEPS = [
    {"step": "drop", "table": "orders", "where": "customer is missing"},
    {"step": "map", "table": "orders", "column": "channel", "values": {"online": "web"}, "into": "way"},
    {"step": "derive", "table": "orders", "column": "double", "formula": "amount * 2", "unit": "EUR"},
    {
        "step": "purchases",
        "table": "orders",
        "customer": "customer",
        "date": "day",
        "order": "order",
        "amount": "double",
        "decimals": 2,
    },
    {"step": "kind", "table": "people", "column": "age", "kind": "category", "levels": ["30", "51"]},
    {"step": "join", "table": "orders", "other": "people", "on": ["customer"], "least_match": 0.1},
    {"step": "fill", "table": "orders", "column": "monetary", "value": 0},
]


@pytest.mark.parametrize("number", range(len(STEPS) + 1))
def test_columns_are_told_as_they_come_out(tmp_path: Path, number: int) -> None:
    people = table(
        "people", {"customer": ["007", "12"], "age": ["30", "51"], "lines": [1, 2]}, {"customer": Role.CUSTOMER}
    )
    tables = [purchases(), people]
    steps = STEPS[:number]
    columns = {each.name: each.columns for each in tables}
    told = columns_before(Recipe.model_validate({"steps": steps}), columns, number + 1)["orders"]
    if number < 4:
        steps = [*steps, {"step": "drop", "table": "orders", "where": "customer is missing"}]
        steps.append({"step": "deduplicate", "table": "orders", "on": ["customer"]})
    found = made(tmp_path, *tables, as_of="2024-03-01", customers="orders", steps=steps).customers
    assert told == dict(found.columns)


def test_steps_that_are_off_or_can_not_work_change_nothing() -> None:
    recipe = Recipe.model_validate(
        {
            "steps": [
                {"step": "derive", "table": "orders", "column": "new", "formula": "nowhere + 1"},
                {"step": "join", "table": "orders", "other": "nowhere", "on": ["customer"]},
                {"step": "derive", "table": "orders", "column": "off", "formula": "1 + 1", "active": False},
                {"step": "keep", "table": "gone", "where": "true"},
            ]
        }
    )
    orders = {"customer": Column("customer", Kind.IDENTIFIER)}
    assert columns_before(recipe, {"orders": orders}, 5) == {"orders": orders}
