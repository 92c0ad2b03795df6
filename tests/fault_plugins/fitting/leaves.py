"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import os
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "leaves"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        os._exit(0)


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
