"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import threading
import time
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "leaves_a_thread"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        return None


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
