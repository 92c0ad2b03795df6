"""Rows with a cursor, each drawn in the width there is: the base of the lists that a person works in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from segtui.tui.widgets.frame_cells import fit

QUIET = "dim"
WRONG = "bold"
"""Weights and no colours: a row under the cursor has colours of its own, which differ with the theme."""
ALARM = "$text-error"

Row = Callable[[int], Content]
"""Draws a row, of one or several lines, in so many cells."""


class RowList(OptionList):
    """Rows; the cursor stays on its row when they change. Enter posts `OptionSelected`, moving `OptionHighlighted`."""

    DEFAULT_CSS = """
    RowList { height: 1fr; border: none; padding: 0 0 0 1; background: $background; scrollbar-size-vertical: 1;
              scrollbar-gutter: stable; }
    RowList:focus { border: none; background-tint: $foreground 0%; }
    RowList > .option-list--option { padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Edit")]

    class Resized(Message):
        """The rows have another width; what stands above them has to follow."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._rows: tuple[Row, ...] = ()
        self._drawn: list[Content] = []

    @property
    def row_width(self) -> int:
        """How many cells a row has."""
        return max(self.scrollable_content_region.width, 1)

    @property
    def at(self) -> int:
        """The row the cursor is on, from 0."""
        return self.highlighted or 0

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self._rows = tuple(rows)
        self._draw()

    def on_resize(self) -> None:
        """Draw the rows in the new width."""
        self._draw()
        self.post_message(self.Resized())

    def _draw(self) -> None:
        width = self.row_width
        drawn = [row(width) for row in self._rows]
        if drawn == self._drawn:
            return
        at, before = self.at, self._drawn
        self._drawn = drawn
        if len(drawn) == len(before):
            for index, content in enumerate(drawn):
                if content != before[index]:
                    self.replace_option_prompt_at_index(index, content)
            return
        self.set_options(Option(content) for content in drawn)
        if drawn:
            self.highlighted = min(at, len(drawn) - 1)


def lines_of(text: str, width: int, style: str = "", indent: int = 0) -> Iterator[Content]:
    """A text in lines of at most `width` cells, each indented."""
    room = max(width - indent, 1)
    for line in wrap(text, room) or [""]:
        yield Content.styled(" " * indent + fit(line, room).rstrip(), style)


def columns_of(cells: Sequence[tuple[str, int]], style: str = "") -> Content:
    """Right-aligned cells of given widths, two cells apart."""
    return Content.styled("".join("  " + fit(text, width, True) for text, width in cells), style)
