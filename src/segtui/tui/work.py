"""Work that would make the screen wait: calls of the Session in threads of their own, one at a time and in their order.

Long work has one thread, looking (pages, previews) another, so that a preview never waits for a run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.worker import Progress

Call = Callable[[Callable[["Progress"], None]], Any]
"""A call of the Session, given what it reports its progress to."""
Done = Callable[[Any], Any]
"""What is done with a result, in the screen's own thread; may be a coroutine function."""
Failed = Callable[["SegtuiError"], Any]


class Ended(StrEnum):
    """How a task ended."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass
class Task:
    """One piece of work: `title` in words; `waiting` until its turn comes; `progress` the latest that it said;
    `stopping` once it was asked to stop."""

    title: str
    kind: str
    asked: float = field(default_factory=time.time)
    waiting: bool = True
    stopping: bool = False
    progress: Progress | None = None
    began: float = 0.0
    seconds: float = 0.0
    ended: Ended | None = None
    told: bool = False
    error: SegtuiError | None = None


class Work:
    """Runs tasks. `post` hands a function to the screen's own thread; `cancel` stops the job of a worker by its name.

    Of the tasks that look, only the newest of a kind matters: an older one is dropped where it waits, and its result
    where it runs.
    """

    def __init__(self, post: Callable[[Callable[[], Any]], None], cancel: Callable[[str], bool]) -> None:
        self._post, self._cancel = post, cancel
        self._long = ThreadPoolExecutor(1, "long")
        self._look = ThreadPoolExecutor(1, "look")
        self._newest: dict[str, Task] = {}
        self.tasks: list[Task] = []
        self.on_change: Callable[[], None] = lambda: None
        self._closed = False

    @property
    def running(self) -> Task | None:
        """The long task that runs now."""
        return next((task for task in self.tasks if not task.waiting and not task.ended), None)

    @property
    def busy(self) -> bool:
        """Whether anything is waiting, running, or done and not told yet."""
        return any(not task.told for task in (*self.tasks, *self._newest.values()))

    @property
    def queued(self) -> list[Task]:
        """Long tasks that wait."""
        return [task for task in self.tasks if task.waiting and not task.ended]

    def long(
        self,
        title: str,
        call: Call,
        done: Done,
        failed: Failed,
        kind: str = "",
    ) -> Task:
        """Do long work after what was asked before. `done` or `failed` is called in the screen's thread."""
        task = Task(title, kind or title)
        self.tasks.append(task)
        self._long.submit(self._run, task, call, done, failed, looks=False)
        self.on_change()
        return task

    def look(self, kind: str, call: Call, done: Done, failed: Failed) -> Task:
        """Look at something; an older look of that kind no longer matters."""
        task = Task(kind, kind)
        older = self._newest.get(kind)
        self._newest[kind] = task
        if older and not older.waiting and not older.ended:
            self._cancel("look")
        self._look.submit(self._run, task, call, done, failed, looks=True)
        return task

    def stop(self) -> bool:
        """Stop the long task that runs; False where there is none."""
        task = self.running
        if task is None:
            return False
        task.stopping = True
        self._cancel("job")
        self.on_change()
        return True

    def close(self) -> None:
        """Stop everything; nothing is told any more."""
        self._closed = True
        for executor, name in ((self._long, "job"), (self._look, "look")):
            executor.shutdown(wait=False, cancel_futures=True)
            self._cancel(name)

    def replaced(self) -> Work:
        """Stop everything, and go on with another that still knows what was done."""
        self.close()
        for task in self.tasks:
            if not task.ended:
                task.waiting, task.ended, task.told = False, Ended.STOPPED, True
        work = Work(self._post, self._cancel)
        work.tasks, work.on_change = self.tasks, self.on_change
        return work

    def _run(
        self,
        task: Task,
        call: Call,
        done: Done,
        failed: Failed,
        *,
        looks: bool,
    ) -> None:
        from segtui.api.errors import Cancelled

        if self._closed or (looks and self._newest.get(task.kind) is not task):
            return
        task.waiting, task.began = False, time.monotonic()
        self._post(self.on_change)

        def progressed(progress: Progress) -> None:
            task.progress = progress
            if task.stopping:  # it was between two jobs when it was asked
                self._cancel("job")

        result, error = None, None
        try:
            result = call(progressed)
        except BaseException as raised:
            error = _told(raised)
        task.seconds = time.monotonic() - task.began
        stopped = isinstance(error, Cancelled)
        task.ended = Ended.STOPPED if stopped else Ended.FAILED if error else Ended.DONE
        task.error = error

        def tell() -> Any:
            task.told = True
            if self._closed:
                return None
            self.on_change()
            if looks and self._newest.get(task.kind) is not task:
                return None
            return done(result) if error is None else failed(error)

        if not self._closed:
            self._post(tell)


def _told(error: BaseException) -> SegtuiError:
    """Any error as one that can be shown; what is no SegtuiError is a fault of the program, told without values."""
    from segtui.api.errors import SegtuiError

    if isinstance(error, SegtuiError):
        return error
    fault = SegtuiError(
        f"A fault of segtui itself ({type(error).__name__}).", next_step="Please report it; it holds no data."
    )
    fault.__cause__ = error
    return fault
