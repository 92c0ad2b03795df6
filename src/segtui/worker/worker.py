"""A Worker: a queue of jobs before one process at a time, which is replaced when it dies."""

from __future__ import annotations

import atexit
import itertools
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from segtui.worker.folder import job_folder, remove_job
from segtui.worker.job import LOG_TAIL_BYTES, Job, State, read_tail
from segtui.worker.limits import default_memory_limit
from segtui.worker.pipe import Header
from segtui.worker.process import Process
from segtui.worker.signals import stopping_at_exit

T = TypeVar("T")

FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
KEPT_LOGS = 50
STOP_SECONDS = 5.0

_numbers = itertools.count(1)


class Worker:
    """Does jobs one at a time, in their order, in a process of its own.

    `folder` is the run folder. `plugin_folders` are handed to the jobs. `memory_limit` in bytes; None for most of the
    machine. `threads` bounds the threads of polars, numpy and scikit-learn. `process` is one that was spawned earlier;
    `take_spare` gives a warm process for one that died, where there is one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        plugin_folders: Sequence[Path] = (),
        memory_limit: int | None = None,
        name: str = "job",
        threads: int | None = None,
        process: Process | None = None,
        take_spare: Callable[[], Process | None] | None = None,
    ) -> None:
        self.folder, self.name = folder, name
        self.plugin_folders = tuple(Path(plugin_folder) for plugin_folder in plugin_folders)
        self.memory_limit = memory_limit or default_memory_limit()
        self._threads, self._take_spare, self._early = threads, take_spare, process
        self._changed = threading.Condition(threading.RLock())
        self._process: Process | None = None
        self._ready = False
        self._waiting: deque[Job[Any]] = deque()
        self._current: Job[Any] | None = None
        self._outcome: tuple[State, Any, BaseException | None] | None = None
        """Of a job that left something behind: told once that is gone with the process."""
        self._logs: deque[Path] = deque()
        self._warm: list[str] = []
        self._stopped = False
        self.pid: int | None = None
        """The process that works, None until it is ready."""
        self._at_exit = stopping_at_exit(self)

    def start(self) -> None:
        """Start the process where there is none; returns at once."""
        with self._changed:
            if self._process or self._stopped:
                return
            process, self._early = self._early, None
            if process is None and self._take_spare:
                process = self._take_spare()
            process = process or Process.spawn(self.folder, name=self.name, threads=self._threads)
            self._process, self._ready, self.pid = process, False, None
            self._send_warm(process)
        process.attach(partial(self._heard, process), partial(self._ended, process))

    def warm(self, *modules: str) -> None:
        """Import modules while idle, in this process and those that replace it."""
        with self._changed:
            self._warm += [module for module in modules if module not in self._warm]
            if self._process:
                self._send_warm(self._process)

    def submit(
        self, function: str, arguments: Mapping[str, object], returns: type[T], seed: int = 42, *, doing: str = ""
    ) -> Job[T]:
        """Queue `function` ("module:function"), called there as `function(run, **arguments)`.

        Arguments and result are plain data, checked by the type hints of the function and by `returns`; `doing` says
        for messages what the work is ("fitting kmeans"). Raises CodecError where an argument is no plain data.
        """
        from segtui.api.codec import encode

        if not FUNCTION.fullmatch(function):
            raise ValueError(f"{function!r} is not module:function")
        number = next(_numbers)
        log = self.folder / "logs" / f"{self.name}-{number}.log"
        header: Header = {
            "do": "job",
            "number": number,
            "function": function,
            "seed": seed,
            "log": str(log),
            "names": list(arguments),
            "plugin_folders": [str(folder) for folder in self.plugin_folders],
            "memory_limit": self.memory_limit,
        }
        parts = [encode(value) for value in arguments.values()]
        doing = doing or function.rpartition(":")[2].replace("_", " ")
        job: Job[T] = Job(function, (header, parts), returns, doing, number, log, self._changed, self._stop_job)
        with self._changed:
            if self._stopped:
                raise RuntimeError("the worker was stopped")
            self._waiting.append(job)
            self._remember_log(log)
        self._go_on()
        return job

    def stop(self) -> None:
        """Cancel everything and end the process; returns when it is gone."""
        with self._changed:
            self._stopped = True
            jobs = [*self._waiting, *([self._current] if self._current else [])]
            self._waiting.clear()
            self._current = None
            processes = [process for process in (self._process, self._early) if process]
            self._process = self._early = None
        for process in processes:
            process.kill()
        for process in processes:
            process.wait(STOP_SECONDS)
        for job in jobs:
            self._cancelled(job)
        atexit.unregister(self._at_exit)

    def __enter__(self) -> Worker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _next(self) -> None:
        with self._changed:
            process = self._process
            if not (process and self._ready and self._waiting) or self._current:
                return
            job = self._current = self._waiting.popleft()
            job.started()
            header, parts = job.content
        process.send(header, parts)

    def _stop_job(self, job: Job[Any], grace: float) -> None:
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                self._cancelled(job)
            if job is not self._current or job.state is not State.RUNNING or not self._process:
                return
            job.stopping()
            process = self._process
        process.send({"do": "cancel", "number": job.number})

        def end() -> None:
            with self._changed:
                if job is not self._current:
                    return
            process.kill()

        killing = threading.Timer(grace, end)
        killing.daemon = True
        killing.start()

    def _heard(self, process: Process, header: Header, parts: list[bytes]) -> None:
        """In the process's own thread."""
        with self._changed:
            if process is not self._process:
                return
            job = self._current
        if header["say"] == "ready":
            with self._changed:
                self._ready, self.pid = True, header["pid"]
            self._next()
        elif job is None or header["number"] != job.number:
            return
        elif header["say"] == "begun":
            job.begun()
        elif header["say"] == "progress":
            job.reported(header["done"], header["doing"])
        else:
            from segtui.worker.answers import answer

            outcome = answer(job, header, parts)
            with self._changed:
                self._current = None if header["clean"] else job
                self._outcome = None if header["clean"] else outcome
            if header["clean"]:
                self._finish(job, *outcome)
                self._go_on()
            else:
                process.kill()

    def _ended(self, process: Process, code: int) -> None:
        """In the process's own thread, after all it had started is gone."""
        from segtui.worker.deaths import death, not_started

        with self._changed:
            if process is not self._process:
                return
            ready, self._process, self._ready, self.pid = self._ready, None, False, None
            job, self._current = self._current, None
            outcome, self._outcome = self._outcome, None
            if job is None and not ready and self._waiting:
                job = self._waiting.popleft()
            elif job and job.returned():
                self._waiting.appendleft(job)
                job = None
        if job and outcome:
            self._finish(job, *outcome)
        elif job and job.state is State.STOPPING:
            self._cancelled(job)
        elif job and not ready:
            self._finish(job, State.FAILED, error=not_started(code))
        elif job:
            doing = job.progress.doing or job.doing
            log = read_tail(job.log_path, LOG_TAIL_BYTES)
            self._finish(job, State.FAILED, error=death(code, log, doing, self.memory_limit))
        self._go_on()

    def _go_on(self) -> None:
        with self._changed:
            wanted = self._waiting or self._take_spare
        try:
            if wanted:
                self.start()
        except OSError:
            self._give_up()
        self._next()

    def _give_up(self) -> None:
        from segtui.worker.deaths import no_process

        with self._changed:
            jobs = list(self._waiting)
            self._waiting.clear()
        for job in jobs:
            self._finish(job, State.FAILED, error=no_process())

    def _cancelled(self, job: Job[Any]) -> None:
        from segtui.api.errors import Cancelled

        self._finish(job, State.CANCELLED, error=Cancelled())

    def _finish(self, job: Job[Any], state: State, result: Any = None, error: BaseException | None = None) -> None:
        """The end of a job. What it wrote stays only where it is done: nobody else knows of it."""
        if state is not State.DONE:
            remove_job(job_folder(self.folder, job.number))
        job.finish(state, result, error)

    def _send_warm(self, process: Process) -> None:
        new = [module for module in self._warm if module not in process.warm]
        process.warm = (*process.warm, *new)
        if new:
            process.send({"do": "warm", "modules": new})

    def _remember_log(self, log: Path) -> None:
        self._logs.append(log)
        while len(self._logs) > KEPT_LOGS:
            self._logs.popleft().unlink(missing_ok=True)
