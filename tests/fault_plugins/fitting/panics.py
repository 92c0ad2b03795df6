"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

from typing import Any

import polars as pl
from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "panics"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        return pl.repeat(1, 2**62, eager=True)


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
