"""The workers of the app: one for long work, one for looking, and a warm spare for whichever dies."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from pathlib import Path

from segtui.worker.process import Process
from segtui.worker.signals import stopping_at_exit
from segtui.worker.worker import STOP_SECONDS, Worker


class Workers:
    """`job` for long work, `look` for previews and column profiles (None without). Stop them when the program ends."""

    def __init__(
        self,
        folder: Path,
        *,
        plugin_folders: Sequence[Path] = (),
        memory_limit: int | None = None,
        threads: int | None = None,
        look: bool = True,
        spare: bool = True,
        process: Process | None = None,
    ) -> None:
        self.folder = folder
        self._threads, self._warm = threads, list[str]()
        self._lock, self._stopped = threading.Lock(), False
        self._spare: Process | None = None
        take = self._take_spare if spare else None

        def worker(name: str, early: Process | None) -> Worker:
            return Worker(
                folder,
                plugin_folders=plugin_folders,
                memory_limit=memory_limit,
                name=name,
                threads=threads,
                process=early,
                take_spare=take,
            )

        self.job = worker("job", process or self._spawn())
        self.look = worker("look", self._spawn()) if look else None
        if spare:
            self._spare = self._spawn()
        self._at_exit = stopping_at_exit(self)

    def start(self) -> None:
        """Start what has not started yet."""
        for worker in self._every():
            worker.start()

    def warm(self, *modules: str) -> None:
        """Import modules in every process while it is idle."""
        with self._lock:
            self._warm += [module for module in modules if module not in self._warm]
            if self._spare:
                self._warm_up(self._spare)
        for worker in self._every():
            worker.warm(*modules)

    def stop(self) -> None:
        """Cancel everything and end every process."""
        with self._lock:
            self._stopped = True
            spare, self._spare = self._spare, None
        if spare:
            spare.kill()
        for worker in self._every():
            worker.stop()
        if spare:
            spare.wait(STOP_SECONDS)
        atexit.unregister(self._at_exit)

    def __enter__(self) -> Workers:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _every(self) -> list[Worker]:
        return [self.job, *([self.look] if self.look else [])]

    def _spawn(self) -> Process:
        process = Process.spawn(self.folder, name="worker", threads=self._threads)
        self._warm_up(process)
        return process

    def _warm_up(self, process: Process) -> None:
        new = [module for module in self._warm if module not in process.warm]
        process.warm = (*process.warm, *new)
        if new:
            process.send({"do": "warm", "modules": new})

    def _take_spare(self) -> Process | None:
        with self._lock:
            if self._stopped:
                return None
            taken, self._spare = self._spare, self._spawn()
            return taken
