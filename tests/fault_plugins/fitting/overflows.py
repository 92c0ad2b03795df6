"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import sys
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "overflows"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        sys.setrecursionlimit(10**9)
        nested: list[Any] = []
        for _ in range(10**6):
            nested = [nested]
        return repr(nested)


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
