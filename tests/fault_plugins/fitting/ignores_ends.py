"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import signal
import time
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "ignores_ends"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(0.01)


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
