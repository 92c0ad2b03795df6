"""The panel beside a table: what is known of one column.

It takes plain values and asks for nothing: a screen calls `show` with the column and its facts, `show_loading` while
they are being counted, `show_failed` where they could not be, and `show_nothing` where there is no column. Values of a
personal column are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from segtui.api.table import Column, Finding
from segtui.read.facts import ColumnFacts
from segtui.tui.widgets.column_lines import ColumnView


class ColumnPanel(VerticalScroll):
    """What is known of one column; it scrolls where it is longer than its place."""

    DEFAULT_CSS = """
    ColumnPanel {
        background: $surface;
        color: $foreground;
        padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    """

    def compose(self) -> ComposeResult:
        self._lines = _Lines()
        yield self._lines

    def show(self, column: Column, facts: ColumnFacts, findings: Iterable[Finding] = (), next_step: str = "") -> None:
        """A column with its facts, its findings, and what can be done about them."""
        self._show(ColumnView(column, facts, tuple(findings), next_step))

    def show_loading(self, column: Column, findings: Iterable[Finding] = ()) -> None:
        """A column whose facts are being counted."""
        self._show(ColumnView(column, None, tuple(findings), message="Counting its values …"))

    def show_failed(self, column: Column, message: str, next_step: str = "") -> None:
        """A column whose facts could not be counted, why, and what to do."""
        self._show(ColumnView(column, next_step=next_step, message=message, is_failed=True))

    def show_nothing(self, message: str = "Choose a column to see what is in it.") -> None:
        """No column, and what to do about it."""
        self._show(ColumnView(message=message))

    def _show(self, view: ColumnView) -> None:
        self._lines.view = view
        self._lines.refresh(layout=True)
        self.scroll_home(animate=False)


class _Lines(Widget):
    """The lines of a view in the width there is."""

    DEFAULT_CSS = "_Lines { width: 1fr; height: auto; }"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.view = ColumnView()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(self.view.lines(width))

    def render(self) -> Content:
        return Content("\n").join(self.view.lines(self.size.width))
