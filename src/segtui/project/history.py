"""The document with its past: every change can be undone and redone."""

from __future__ import annotations

from collections.abc import Callable

from segtui.project.document import Document


class History:
    """A document that changes. `document` is how it is now; replacing it without `change` can't be undone."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.changes = 0
        """How often a person changed it, undoing included."""
        self._done: list[Document] = []
        self._undone: list[Document] = []

    def change(self, document: Document) -> None:
        """Replace the document, so that it can be undone."""
        if document != self.document:
            self._done.append(self.document)
            self._undone.clear()
            self._turn_to(document)

    def undo(self) -> bool:
        """Go back one change; False where there is none."""
        if not self._done:
            return False
        self._undone.append(self.document)
        self._turn_to(self._done.pop())
        return True

    def redo(self) -> bool:
        """Go forward one change; False where there is none."""
        if not self._undone:
            return False
        self._done.append(self.document)
        self._turn_to(self._undone.pop())
        return True

    def relocate(self, change: Callable[[str], str]) -> None:
        """Change every path, also of the documents that undo and redo go to."""
        self.document = self.document.with_paths(change)
        self._done = [document.with_paths(change) for document in self._done]
        self._undone = [document.with_paths(change) for document in self._undone]

    def _turn_to(self, document: Document) -> None:
        self.document = document
        self.changes += 1
