"""What a job in a worker is handed."""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from segtui.api.errors import Cancelled
from segtui.api.text import safe
from segtui.worker.folder import job_folder, private

if TYPE_CHECKING:
    from segtui.worker.child import Outlet


class WorkerRun:
    """The Run of a job in a worker. `run_folder` is the folder of the whole run of the program; `plugin_folders` is
    where further plugins are looked for."""

    def __init__(
        self, number: int, seed: int, run_folder: Path, plugin_folders: tuple[Path, ...], outlet: Outlet
    ) -> None:
        self.seed, self.run_folder, self.plugin_folders = seed, run_folder, plugin_folders
        self.stopped = False
        self._number, self._outlet, self._done = number, outlet, 0.0

    @cached_property
    def folder(self) -> Path:
        """The folder of this job, where frames go. The program removes it unless the job is done."""
        return private(job_folder(self.run_folder, self._number))

    def progress(self, done: float, doing: str = "") -> None:
        """Tell the program; raise `Cancelled` where it asked to stop."""
        if self._number in self._outlet.cancelled:
            self.stopped = True
            raise Cancelled()
        if math.isfinite(done):
            self._done = min(max(float(done), 0.0), 1.0)
        self._outlet.progress(
            {"say": "progress", "number": self._number, "done": self._done, "doing": safe(doing, 200) if doing else ""}
        )
