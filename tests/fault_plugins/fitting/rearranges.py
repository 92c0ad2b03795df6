"""A method that does wrong: see its fit."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

import builtins
import decimal
import locale
import logging
import os
import random
import signal
import sys
import warnings
from typing import Any

import numpy as np
from _faulty import FaultyMethod

from segtui.api import hookimpl


class Faulty(FaultyMethod):
    id = "rearranges"

    def fit(self, customers: Any, params: Any, run: Any) -> Any:
        os.chdir("/")
        os.environ["REARRANGED"] = "yes"
        os.environ["TZ"] = "Pacific/Kiritimati"
        os.environ.pop("HOME", None)
        os.umask(0)
        locale.setlocale(locale.LC_ALL, "C")
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        random.seed(0)
        np.random.seed(0)
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        decimal.getcontext().prec = 3
        warnings.simplefilter("error")
        logging.disable(logging.CRITICAL)
        logging.root.addHandler(logging.NullHandler())
        sys.setrecursionlimit(50_000)
        sys.path.insert(0, "/rearranged")
        sys.stdout.close()
        sys.stderr = sys.stdin = None  # type: ignore[assignment]
        sys.excepthook = lambda *_: builtins.print("hooked")
        return None


@hookimpl
def segtui_methods() -> list[Any]:
    return [Faulty()]
