"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "raises"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        raise ValueError("CANARY-VALUE")


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
