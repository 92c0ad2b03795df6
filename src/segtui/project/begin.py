"""Starting the worker before anything else: it gets ready while the program imports the rest of itself.

Imports as little as it can.
"""

from __future__ import annotations

from typing import NamedTuple

from segtui.worker import Process, RunFolder


class Begun(NamedTuple):
    """A run folder and a process that is getting ready in it."""

    folder: RunFolder
    process: Process


def begin() -> Begun:
    """Make the run folder and start a process."""
    folder = RunFolder.create()
    return Begun(folder, Process.spawn(folder.path))
