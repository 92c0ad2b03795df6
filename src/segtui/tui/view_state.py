"""What a person marked among the results. It belongs to the app alone: no project holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class ViewState:
    """Results by id: those `marked` to be compared.

    An id may belong to a result that is gone, and comes back by undo: read them by `marked_of`.
    """

    marked: set[str] = field(default_factory=set)

    def marked_of(self, results: Iterable[str]) -> list[str]:
        """Those of the results that are marked, in their order."""
        return [name for name in results if name in self.marked]

    def mark(self, name: str) -> None:
        """Mark a result, or take the mark away."""
        self.marked ^= {name}

    def renamed(self, old: str, new: str) -> None:
        """A result has another id now."""
        if old in self.marked:
            self.marked = (self.marked - {old}) | {new}
