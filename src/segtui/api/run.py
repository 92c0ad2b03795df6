"""What long work is handed: its seed, and the one place where it reports progress and can be stopped."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Run(Protocol):
    """Handed to every `fit`, `report`, `read` and `write`.

    `seed` is the project's seed, a non-negative int below 2**32: use it for every random choice, and no other source.
    """

    seed: int

    def progress(self, done: float, doing: str = "") -> None:
        """Say how far the work is: `done` from 0 to 1, `doing` a few words. Raises `Cancelled` when asked to stop.

        Call it often (several times a second); messages are thinned out on the way to the screen.
        """
        ...


class QuietRun:
    """A Run that reports to nobody: for tests, notebooks and scripts."""

    def __init__(self, seed: int = 42) -> None:
        self.seed = seed

    def progress(self, done: float, doing: str = "") -> None:
        """Does nothing."""


class PartOfRun:
    """A Run for one part of longer work: its 0 to 1 is `start` to `end` of the whole's."""

    def __init__(self, whole: Run, start: float, end: float) -> None:
        self.seed = whole.seed
        self._whole, self._start, self._end = whole, start, end

    def progress(self, done: float, doing: str = "") -> None:
        """Report `done` of this part to the whole."""
        self._whole.progress(self._start + (self._end - self._start) * min(max(done, 0.0), 1.0), doing)
