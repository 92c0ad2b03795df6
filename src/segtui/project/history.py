"""The document with its past: every change can be undone and redone."""

from __future__ import annotations

from segtui.project.document import Document


class History:
    """A document that changes. `document` is how it is now; replacing it without `change` can't be undone."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._done: list[Document] = []
        self._undone: list[Document] = []

    def change(self, document: Document) -> None:
        """Replace the document, so that it can be undone."""
        if document != self.document:
            self._done.append(self.document)
            self._undone.clear()
            self.document = document

    def undo(self) -> bool:
        """Go back one change; False where there is none."""
        if not self._done:
            return False
        self._undone.append(self.document)
        self.document = self._done.pop()
        return True

    def redo(self) -> bool:
        """Go forward one change; False where there is none."""
        if not self._undone:
            return False
        self._done.append(self.document)
        self.document = self._undone.pop()
        return True
