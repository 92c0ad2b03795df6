"""The columns that tables have on the way through a recipe, told from its steps alone; no data is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from segtui.api.errors import SegtuiError
from segtui.api.table import Column
from segtui.prepare.recipe import Recipe


def columns_before(
    recipe: Recipe, tables: Mapping[str, Mapping[str, Column]], number: int
) -> dict[str, dict[str, Column]]:
    """The columns of all tables before the step of that number, from 1. A step that can't work changes none."""
    known = {name: dict(columns) for name, columns in tables.items()}
    for step in islice(recipe.steps, number - 1):
        if step.active and step.table in known:
            try:
                known[step.table] = step.columns_after(known)
            except (KeyError, SegtuiError):
                continue
    return known
