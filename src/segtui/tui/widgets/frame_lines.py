"""The lines of a frame's table as strips: header, rows, and the texts that stand where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from segtui.api.text import NONE, count, safe
from segtui.tui.widgets.frame_cells import CellFormat, fit, width_of
from segtui.tui.widgets.frame_layout import PADDING, ColumnLayout, Placed
from segtui.tui.widgets.frame_pages import PAGE_COLUMNS, PAGE_ROWS, PageCache, PageKey

HEADER_LINES = 3
"""Name, detail and a rule."""
_RULE = HEADER_LINES - 1

WAITING = "·"
UNREADABLE = "?"
CUT = "…"

_WIDEST_TEXT = 32
_WIDEST_NAME = 20
_WIDEST_DETAIL = 11
_NARROWEST = 3


@dataclass(frozen=True)
class ColumnLook:
    """How one column is shown: a second line of its header, a mark beside its name, the decimals where known."""

    name: str
    detail: str = ""
    mark: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class ShownColumn:
    """A column on show: its look, its number in the frame, and how its cells are written."""

    look: ColumnLook
    number: int
    how: CellFormat

    def width(self, widest: int) -> int:
        """How wide the column is, where its widest text is known: a name and a text have limits, a number has none."""
        mark = width_of(safe(self.look.mark)) + 1 if self.look.mark else 0
        name = min(width_of(_short(self.look.name)) + mark, _WIDEST_NAME)
        detail = min(width_of(_short(self.look.detail)), _WIDEST_DETAIL)
        content = widest if self.how.is_whole else min(widest, _WIDEST_TEXT)
        return max(name, detail, content, _NARROWEST)


class LineStyles(NamedTuple):
    """What lines are drawn with."""

    body: Style
    quiet: Style
    name: Style
    current_name: Style
    detail: Style
    mark: Style
    rule: Style
    row: Style
    quiet_row: Style
    cursor: Style


class Line:
    """A line in the making: neighbours of one style become one segment."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []
        self._texts: list[str] = []
        self._style: Style | None = None

    def add(self, text: str, style: Style) -> None:
        if style is not self._style:
            self._close()
            self._style = style
        self._texts.append(text)

    def _close(self) -> None:
        if self._texts:
            self._segments.append(Segment("".join(self._texts), self._style))
            self._texts = []

    def strip(self, width: int, rest: Style) -> Strip:
        """The line in exactly that width."""
        self._close()
        return Strip(self._segments).adjust_cell_length(width, rest)


@dataclass(frozen=True)
class LineDrawing:
    """All that the lines of one view are drawn from."""

    columns: Sequence[ShownColumn]
    layout: ColumnLayout
    pages: PageCache
    styles: LineStyles
    scroll_x: int
    width: int
    cursor: Literal["cell", "row", "none"]
    cursor_row: int
    cursor_column: int

    @cached_property
    def _placed(self) -> list[Placed]:
        return self.layout.visible(self.scroll_x, self.width)

    def header(self, y: int) -> Strip:
        """A line of the header: names, details or the rule."""
        line, styles = Line(), self.styles
        line.add((" " if y < _RULE else "─") * self.layout.margin, styles.body if y < _RULE else styles.rule)
        for placed in self._placed:
            if y == _RULE:
                line.add("─" * (placed.width - 1) + ("┼" if self._ends_fixed_part(placed) else "─"), styles.rule)
                continue
            self._header_cell(line, y, placed)
            line.add(*(("│", styles.rule) if self._ends_fixed_part(placed) else (" ", styles.body)))
        if y == _RULE:
            line.add("─" * self.width, styles.rule)
        return line.strip(self.width, styles.body)

    def _header_cell(self, line: Line, y: int, placed: Placed) -> None:
        column, styles = self.columns[placed.column], self.styles
        room = max(placed.width - 2 * PADDING, 0)
        mark = f" {safe(column.look.mark, 2)}" if y == 0 and column.look.mark else ""
        text = _short(column.look.name if y == 0 else column.look.detail)
        text = fit(text, max(min(room - width_of(mark), width_of(text)), 0))
        mark = fit(mark, min(room - width_of(text), width_of(mark)))
        blank = " " * (room - width_of(text) - width_of(mark))
        is_right = column.how.is_right_aligned
        is_current = self.cursor == "cell" and placed.column == self.cursor_column
        line.add(" " * min(PADDING, placed.width - 1), styles.body)
        line.add(blank if is_right else "", styles.body)
        line.add(text, styles.detail if y else styles.current_name if is_current else styles.name)
        line.add(mark, styles.mark)
        line.add("" if is_right else blank, styles.body)

    def _ends_fixed_part(self, placed: Placed) -> bool:
        return bool(self.scroll_x) and placed.column == self.layout.fixed(self.width) - 1

    def row(self, row: int) -> Strip:
        """A row of the frame."""
        line, styles = Line(), self.styles
        is_current = row == self.cursor_row and self.cursor != "none"
        body, quiet = (styles.row, styles.quiet_row) if is_current else (styles.body, styles.quiet)
        if is_current and self.cursor == "row":
            body = quiet = styles.cursor
        if self.layout.margin:
            line.add(f" {fit(count(row + 1), self.layout.margin - 2 * PADDING, True)} ", quiet)
        row_block, row_in_page = divmod(row, PAGE_ROWS)
        for placed in self._placed:
            how = self.columns[placed.column].how
            room = max(placed.width - 2 * PADDING, 0)
            is_cut = how.is_whole and room < self.layout.widths[placed.column]
            text = CUT if is_cut else self._text(row_block, row_in_page, placed.column)
            style = quiet if text is None or text in (CUT, WAITING, UNREADABLE) else body
            around = body
            if is_current and self.cursor == "cell" and placed.column == self.cursor_column:
                style = around = styles.cursor
            line.add(" " * min(PADDING, placed.width - 1), around)
            line.add(fit(NONE if text is None else text, room, how.is_right_aligned, how.is_whole), style)
            if self._ends_fixed_part(placed):
                line.add("│", styles.rule + Style(bgcolor=body.bgcolor))
            else:
                line.add(" ", around)
        return line.strip(self.width, body)

    def _text(self, row_block: int, row_in_page: int, column: int) -> str | None:
        """The text of a cell, None where there is no value."""
        block, column_in_page = divmod(column, PAGE_COLUMNS)
        key = PageKey(row_block, block)
        page = self.pages.get(key)
        if page is None:
            return UNREADABLE if key in self.pages else WAITING
        return page.texts[column_in_page][row_in_page]

    def message(self, text: str) -> Strip:
        """A line that stands where there are no rows."""
        line = Line()
        line.add(fit(f" {text}", self.width), self.styles.quiet)
        return line.strip(self.width, self.styles.body)


def _short(text: str) -> str:
    return safe(text, 4 * _WIDEST_NAME)
