"""Child processes that do all work on data and hold all plugins; limits, progress, cancel, death.

Importing this is cheap on purpose: a command starts its worker first, and imports the rest while the worker does too.
"""

from __future__ import annotations

from segtui.worker.folder import RunFolder
from segtui.worker.job import Job, Progress, State
from segtui.worker.process import Process
from segtui.worker.signals import Terminated, ending_on_signals
from segtui.worker.worker import Worker
from segtui.worker.workers import Workers

__all__ = ["Job", "Process", "Progress", "RunFolder", "State", "Terminated", "Worker", "Workers", "ending_on_signals"]
