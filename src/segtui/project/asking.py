"""Handing jobs to workers and waiting for them; the one place where the Session meets its workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from segtui.api.errors import LimitError, SegtuiError
from segtui.project import fatal
from segtui.worker import Job, Progress, Worker, Workers
from segtui.worker.errors import WorkerDied

T = TypeVar("T")
OnProgress = Callable[[Progress], None] | None
JOBS = "segtui.project.jobs"


class Asking:
    """Asks workers for jobs. `jobs` holds the one that each worker is asked for now, by the worker's name."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.jobs: dict[str, Job[Any]] = {}

    def cancel(self, worker: str) -> bool:
        """Ask the job of a worker to stop, from any thread; False where there is none."""
        job = self.jobs.get(worker)
        if job is None:
            return False
        job.cancel()
        return True

    def ask(
        self,
        function: str,
        arguments: Mapping[str, object],
        returns: type[T],
        seed: int,
        on_progress: OnProgress,
        doing: str,
        worker: Worker | None = None,
    ) -> T:
        """The result of a job of `segtui.project.jobs`, "module:function". Raises its error, with the worker's log.

        A plugin that kills the worker while it is loaded is left out from then on, and the job done again.
        """
        worker = worker or self.workers.job
        job = worker.submit(f"{JOBS}.{function}", arguments, returns, seed, doing=doing)
        self.jobs[worker.name] = job
        try:
            return job.wait(on_progress)
        except BaseException as error:
            job.cancel()
            if isinstance(error, SegtuiError):
                error.log = job.log_tail()
            if isinstance(error, (WorkerDied, LimitError)) and fatal.note(self.workers.folder, error):
                return self.ask(function, arguments, returns, seed, on_progress, doing, worker)
            raise
        finally:
            self.jobs.pop(worker.name, None)
