"""Child processes that do all work on data and hold all plugins; limits, progress, cancel, death.

Importing this is cheap on purpose: a command starts its worker first, and imports the rest while the worker does too;
the app draws its frame before either.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segtui.worker.folder import RunFolder
    from segtui.worker.job import Job, Progress, State
    from segtui.worker.process import Process
    from segtui.worker.signals import Terminated, ending_on_signals
    from segtui.worker.worker import Worker
    from segtui.worker.workers import Workers

__all__ = ["Job", "Process", "Progress", "RunFolder", "State", "Terminated", "Worker", "Workers", "ending_on_signals"]

_HOMES = {
    "folder": ("RunFolder",),
    "job": ("Job", "Progress", "State"),
    "process": ("Process",),
    "signals": ("Terminated", "ending_on_signals"),
    "worker": ("Worker",),
    "workers": ("Workers",),
}


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
