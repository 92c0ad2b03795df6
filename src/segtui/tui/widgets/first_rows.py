"""The first rows of a file as they stand in it, in the look of the table that takes their place.

It needs neither polars nor the border, so that it is there at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.app import RenderResult
from textual.reactive import reactive
from textual.widget import Widget

from segtui.tui.peeked import FirstRows, PeekedColumn

WIDEST_NAME, WIDEST_DETAIL, WIDEST_TEXT, NARROWEST = 20, 11, 32, 3
NO_VALUE = "–"


class FirstRowsTable(Widget):
    """As many whole columns and rows as there is room for; nothing to move through."""

    DEFAULT_CSS = """
    FirstRowsTable { height: 1fr; background: $background; color: $foreground; }
    """
    first_rows: reactive[FirstRows | None] = reactive(None)

    def __init__(self, first_rows: FirstRows | None = None) -> None:
        super().__init__()
        self.set_reactive(FirstRowsTable.first_rows, first_rows)

    def render(self) -> RenderResult:
        """Names, details, a rule, and the rows."""
        if self.first_rows is None:
            return ""
        shown = list(self._columns(self.first_rows))
        line = Text(no_wrap=True, end="")
        line.append("".join(_cell(column.name, width, column) for column, width in shown), style="bold")
        line.append("\n").append("".join(_cell(column.detail, width, column) for column, width in shown), style="dim")
        line.append("\n").append("─" * self.size.width, style="dim")
        for row in range(min(self.first_rows.rows, self.size.height)):
            line.append("\n")
            for column, width in shown:
                text = column.texts[row]
                line.append(
                    _cell(NO_VALUE if text is None else text, width, column), style="dim" if text is None else ""
                )
        return line

    def _columns(self, found: FirstRows) -> Iterator[tuple[PeekedColumn, int]]:
        left = self.size.width
        for column in found.columns:
            width = _width(column)
            left -= width + 2
            if left < 0:
                return
            yield column, width


def _width(column: PeekedColumn) -> int:
    name, detail = min(cell_len(column.name), WIDEST_NAME), min(cell_len(column.detail), WIDEST_DETAIL)
    return max(name, detail, column.widest if column.is_whole else min(column.widest, WIDEST_TEXT), NARROWEST)


def _cell(text: str, width: int, column: PeekedColumn) -> str:
    space = width - cell_len(text)
    if space < 0:
        return f" {set_cell_size(text, width - 1)}… "
    return f" {' ' * space}{text} " if column.is_right_aligned else f" {text}{' ' * space} "
