"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "shouts"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        print("SHOUT print \x1b[2J\x1b]0;title\x07")
        print("SHOUT stderr", file=sys.stderr)
        warnings.warn("SHOUT warning", stacklevel=1)
        logging.getLogger("plugin").warning("SHOUT logging")
        os.write(1, b"SHOUT write 1\n")
        os.write(2, b"SHOUT write 2\n")
        for done in range(20):
            sys.stderr.write(f"\rSHOUT bar {done}/20")
        os.system("echo SHOUT shell")
        return None


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
