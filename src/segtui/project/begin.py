"""Starting the worker before anything else: it gets ready while the program imports the rest of itself.

Imports as little as it can.
"""

from __future__ import annotations

import atexit
from typing import NamedTuple

from segtui.worker import Process, RunFolder

SECONDS_TO_END = 5.0


class Begun(NamedTuple):
    """A run folder and a process that is getting ready in it."""

    folder: RunFolder
    process: Process


def begin() -> Begun:
    """Make the run folder and start a process."""
    folder = RunFolder.create()
    process = Process.spawn(folder.path)
    atexit.register(_end, process)
    return Begun(folder, process)


def _end(process: Process) -> None:
    """End it before the folder goes: a process that still starts would make its part of the folder anew."""
    process.kill()
    process.wait(SECONDS_TO_END)
