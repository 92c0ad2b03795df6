"""One piece of work in a worker, as the program sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")

GRACE_SECONDS = 0.8
LOG_TAIL_BYTES = 20_000
TURN_SECONDS = 0.25
"""Waiting goes in short turns: once polars is imported, Ctrl-C restarts a wait without an end instead of ending it."""

ENOUGH_DONE, ENOUGH_SECONDS = 0.01, 0.5


class State(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    """Asked to stop, and not gone yet."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Nothing more will happen to it."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Progress:
    """How far a job is: `done` from 0 to 1, what it is doing, and the seconds left as far as they can be told."""

    done: float = 0.0
    doing: str = ""
    seconds_left: float | None = None


class Job(Generic[T]):
    """A submitted piece of work; made by `Worker.submit`. All its methods may be called from any thread."""

    def __init__(
        self,
        function: str,
        content: tuple[dict[str, Any], list[bytes]],
        returns: Any,
        doing: str,
        number: int,
        log: Path,
        changed: threading.Condition,
        stop: Callable[[Job[Any], float], None],
    ) -> None:
        self.function, self.doing, self.number = function, doing, number
        self.content, self.returns = content, returns
        self.log_path, self._changed, self._stop = log, changed, stop
        self._state, self._progress, self._started = State.QUEUED, Progress(), 0.0
        self._begun = self._returned = False
        self._result: T | None = None
        self._error: BaseException | None = None

    @property
    def state(self) -> State:
        """Its state now."""
        return self._state

    @property
    def progress(self) -> Progress:
        """The latest that it said of itself."""
        return self._progress

    def poll(self) -> bool:
        """Whether it is over: `wait` will not block."""
        return self._state.over

    def cancel(self, grace: float = GRACE_SECONDS) -> None:
        """Ask it to stop, and kill it and all it started after `grace` seconds. Returns at once; `wait` until it is
        gone. What is finished stays finished."""
        self._stop(self, grace)

    def wait(self, on_progress: Callable[[Progress], None] | None = None, timeout: float | None = None) -> T:
        """Its result, once it is there. `on_progress` is called in this thread with every newer progress.

        Raises its error where it failed (a SegtuiError), `Cancelled` where it was stopped, TimeoutError after `timeout`
        seconds (the job goes on).
        """
        until = None if timeout is None else time.monotonic() + timeout
        shown: Progress | None = None
        while True:
            with self._changed:
                while not self._state.over and (on_progress is None or self._progress is shown):
                    left = None if until is None else until - time.monotonic()
                    if left is not None and left <= 0:
                        raise TimeoutError(f"the job is still {self._state}")
                    self._changed.wait(TURN_SECONDS if left is None else min(left, TURN_SECONDS))
                over, newest = self._state.over, self._progress
            if on_progress and newest is not shown and newest != Progress():
                on_progress(newest)
            shown = newest
            if over:
                return self._outcome()

    def log_tail(self, most: int = LOG_TAIL_BYTES) -> str:
        """The end of what it printed, logged and warned of, made harmless to show. May hold values of client data."""
        from segtui.api.text import safe_block

        return safe_block(read_tail(self.log_path, most))

    def started(self) -> None:
        """The worker begins with it."""
        with self._changed:
            if self._state is State.QUEUED:
                self._state, self._started = State.RUNNING, time.monotonic()
                self._changed.notify_all()

    def begun(self) -> None:
        """The worker has it in hand."""
        self._begun = True

    def returned(self) -> bool:
        """Back to the queue, once, where the worker had died before it was handed over; False where it can't be."""
        with self._changed:
            if self._begun or self._returned or self._state is not State.RUNNING:
                return False
            self._returned, self._state = True, State.QUEUED
            return True

    def reported(self, done: float, doing: str) -> None:
        """The worker said how far it is."""
        with self._changed:
            spent = time.monotonic() - self._started
            known = done >= ENOUGH_DONE and spent >= ENOUGH_SECONDS
            self._progress = Progress(done, doing, spent * (1 - done) / done if known else None)
            self._changed.notify_all()

    def stopping(self) -> None:
        """It was asked to stop."""
        with self._changed:
            self._state = State.STOPPING
            self._changed.notify_all()

    def finish(self, state: State, result: Any = None, error: BaseException | None = None) -> None:
        """It is over; only the first end counts."""
        with self._changed:
            if self._state.over:
                return
            self._state, self._result, self._error = state, result, error
            self.content = ({}, [])
            self._changed.notify_all()

    def _outcome(self) -> T:
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._result  # type: ignore[return-value]


def read_tail(path: Path, most: int) -> str:
    """The last bytes of a log as text; empty where there is none."""
    try:
        with path.open("rb") as log:
            log.seek(max(path.stat().st_size - most, 0))
            return log.read(most).decode(errors="replace")
    except OSError:
        return ""
