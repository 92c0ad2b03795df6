"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import time
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "pretends"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        for _ in range(300):
            time.sleep(0.01)
            try:
                run.progress(0.5, "half done")
            except Exception:
                return "half a model"
        return "whole"


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
