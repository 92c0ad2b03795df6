"""The log: what was done since the app was started, how long it took, how it ended, and what was said of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.tui.work import Work


@dataclass(frozen=True)
class Entry:
    """One thing that happened: `ended` says how in a word, `seconds` how long it took where it took time, `details`
    what else is to be said. Texts may come from data: show them through `safe`."""

    words: str
    ended: str = ""
    when: float = field(default_factory=time.time)
    seconds: float | None = None
    error: SegtuiError | None = None
    details: tuple[str, ...] = ()


class LogBook:
    """Messages that matter, kept; and the long tasks of the app, which `work` knows."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._notes: list[Entry] = []

    def note(self, words: str, error: SegtuiError | None = None, details: tuple[str, ...] = ()) -> None:
        """Write something down."""
        self._notes.append(Entry(words, "failed" if error else "", error=error, details=details))

    def entries(self) -> list[Entry]:
        """All, the newest first. What a task failed of is told by the task, which knows how long it took."""
        tasks = [
            Entry(
                task.title,
                str(task.ended or ("waiting" if task.waiting else "running")),
                task.asked,
                task.seconds if task.ended else None,
                task.error if task.ended == "failed" else None,
            )
            for task in self.work.tasks
        ]
        told = [task.error for task in tasks if task.error is not None]
        notes = [note for note in self._notes if all(note.error is not error for error in told)]
        return sorted([*notes, *tasks], key=lambda entry: entry.when, reverse=True)
