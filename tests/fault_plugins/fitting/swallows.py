"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import contextlib
import time
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "swallows"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        while True:
            time.sleep(0.01)
            with contextlib.suppress(Exception):
                run.progress(0.5, "not listening")


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
