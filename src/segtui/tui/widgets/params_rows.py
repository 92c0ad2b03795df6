"""The rows of a form as they are drawn: one has the cursor, and one may give way to an editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from segtui.tui.widgets.params_editors import Editor, editor_of
from segtui.tui.widgets.params_fields import Field
from segtui.tui.widgets.params_sheet import Path, Row

Words = Callable[[Row, int], Text]
"""Gives a row in words, for a width."""


class FieldRow(Widget):
    """One row: its label, then its value."""

    DEFAULT_CSS = "FieldRow { height: 1; width: 1fr; }"

    class Clicked(Message):
        """It was clicked."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, row: Row, words: Words) -> None:
        super().__init__()
        self.row, self._words = row, words

    def render(self) -> RenderResult:
        """Label and value; a default is dim."""
        return self._words(self.row, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Say so."""
        event.stop()
        self.post_message(self.Clicked(self.row))


class FormRows(VerticalScroll, can_focus=False):
    """All rows. `editor` is there while one of them is edited."""

    DEFAULT_CSS = """
    FormRows { height: auto; scrollbar-size-vertical: 1; }
    FormRows .editing { height: auto; }
    FormRows .editing > Static { width: auto; }
    FormRows .editing.-below { layout: vertical; }
    FormRows .editing.-below > ListEditor { padding-left: 3; }
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self.editor: Editor | None = None

    @property
    def at(self) -> Row | None:
        """The row with the cursor."""
        return self._rows[self._cursor] if self._rows else None

    def lay_out(self, rows: Sequence[Row], path: Path) -> None:
        """Show these rows, with the cursor where this is."""
        self.editor, self._rows = None, rows
        self._cursor = next((place for place, row in enumerate(rows) if row.path == path), 0)
        self.remove_children()
        self.mount(*(FieldRow(row, self._words) for row in rows))

    def paint(self) -> None:
        """Draw all anew, and bring the cursor into view."""
        for place, drawn in enumerate(self.query(FieldRow)):
            drawn.set_class(place == self._cursor, "-cursor")
            drawn.refresh()
            if place == self._cursor and self.editor is None:
                self.scroll_to_widget(drawn, animate=False)

    def move(self, by: int) -> None:
        """Move the cursor."""
        self._cursor = min(max(self._cursor + by, 0), max(len(self._rows) - 1, 0))

    def move_to(self, row: Row) -> None:
        """Put the cursor on a row, if it is still there."""
        if row in self._rows:
            self._cursor = self._rows.index(row)

    def edit(self, one: Field, value: Any, label: str) -> None:
        """Put an editor in the place of the row with the cursor; names with their kinds get its whole width."""
        drawn = self.query(FieldRow)[self._cursor]
        self.editor = editor_of(one, value)
        drawn.display = False
        below = " -below" if one.kinds else ""
        self.mount(Horizontal(Static(label, markup=False), self.editor, classes=f"editing{below}"), after=drawn)

    def stop_editing(self) -> None:
        """Take the editor away again."""
        self.editor = None
        self.query(".editing").remove()
        for drawn in self.query(FieldRow):
            drawn.display = True
