"""What a person marked and chose among the results. It belongs to the app alone: no project holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class ViewState:
    """Results by id: those `marked` to be compared, and the one that was `chosen`.

    An id may belong to a result that is gone, and comes back by undo: read them by `marked_of` and `chosen_of`.
    """

    marked: set[str] = field(default_factory=set)
    chosen: str | None = None

    def marked_of(self, results: Iterable[str]) -> list[str]:
        """Those of the results that are marked, in their order."""
        return [name for name in results if name in self.marked]

    def chosen_of(self, results: Iterable[str]) -> str | None:
        """The chosen result where it is one of these."""
        return next((name for name in results if name == self.chosen), None)

    def mark(self, name: str) -> None:
        """Mark a result, or take the mark away."""
        self.marked ^= {name}

    def choose(self, name: str) -> None:
        """Choose a result, or none where it was chosen already."""
        self.chosen = None if self.chosen == name else name

    def renamed(self, old: str, new: str) -> None:
        """A result has another id now."""
        if old in self.marked:
            self.marked = (self.marked - {old}) | {new}
        if self.chosen == old:
            self.chosen = new
