"""A list of one-line rows with a cursor, of any length: a row is drawn when it is seen, and not before.

    people = LineList()
    people.set_rows(len(names), lambda row, width: Content(names[row]))

    @on(LineList.Selected)
    def open_person(self, selected: LineList.Selected) -> None:
        self.show_person(names[selected.row])

A row is drawn as Content, which parses no markup; what does not fit in its line is cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

DrawRow = Callable[[int, int], Content]
"""Draws a row, given its number from 0 and the cells it has."""


class LineList(ScrollView, can_focus=True):
    """One-line rows; up and down go round at the ends, a click moves the cursor, enter or two clicks select."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor", "line-list--hover"}
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        color: $foreground;
        background: $surface;
        overflow-x: hidden;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .line-list--hover { background: $block-hover-background; }
        & > .line-list--cursor {
            color: $foreground;
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .line-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("enter", "select", "Select", show=False),
    ]

    at: reactive[int] = reactive(0, repaint=False)
    """The row the cursor is on, from 0."""
    _hovered: reactive[int | None] = reactive(None, repaint=False)

    class _ListMessage(Message):
        def __init__(self, line_list: LineList) -> None:
            super().__init__()
            self.line_list, self.row = line_list, line_list.at

        @property
        def control(self) -> LineList:
            return self.line_list

    class Highlighted(_ListMessage):
        """The cursor came to `row`."""

    class Selected(_ListMessage):
        """Enter was pressed on `row`, or it was clicked twice."""

    class ViewMoved(_ListMessage):
        """Other rows are `in_view`."""

    class Resized(_ListMessage):
        """Rows have another width; what stands above them has to follow."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.rows = 0
        """How many there are."""
        self._draw_row: DrawRow = lambda _row, _width: Content()
        self._seen = range(0)

    def set_rows(self, rows: int, draw: DrawRow) -> None:
        """Show other rows; the cursor stays where it is, as far as there are rows."""
        self.rows, self._draw_row = rows, draw
        self.virtual_size = Size(0, rows)
        self.at = self.at
        if self.scroll_offset.y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        self.refresh()
        self._view_moved()

    @property
    def row_width(self) -> int:
        """How many cells a row has."""
        return max(self.scrollable_content_region.width, 1)

    @property
    def in_view(self) -> range:
        """The rows that are seen."""
        top = min(self.scroll_offset.y, self.rows)
        return range(top, min(top + self.scrollable_content_region.height, self.rows))

    def validate_at(self, at: int) -> int:
        return min(max(at, 0), max(self.rows - 1, 0))

    def watch_at(self, before: int, at: int) -> None:
        self._refresh_rows(before, at)
        self._scroll_to_cursor()
        if self.rows:
            self.post_message(self.Highlighted(self))

    def watch__hovered(self, before: int | None, row: int | None) -> None:
        self._refresh_rows(before, row)

    def _refresh_rows(self, *rows: int | None) -> None:
        for row in rows:
            if row is not None:
                self.refresh_line(row)

    def _scroll_to_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if height:
            top = min(max(self.scroll_offset.y, self.at - height + 1), self.at)
            self.scroll_to(y=top, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._view_moved()

    def _view_moved(self) -> None:
        if self._seen != self.in_view:
            self._seen = self.in_view
            self.post_message(self.ViewMoved(self))

    def on_resize(self) -> None:
        if self.at in self._seen:
            self._scroll_to_cursor()
        self._view_moved()
        self.post_message(self.Resized(self))

    def on_show(self) -> None:
        self._scroll_to_cursor()
        self._view_moved()

    def action_cursor(self, by: int) -> None:
        self.at = (self.at + by) % max(self.rows, 1)

    def action_page(self, by: int) -> None:
        self.at += by * max(self.scrollable_content_region.height, 1)

    def action_first(self) -> None:
        self.at = 0

    def action_last(self) -> None:
        self.at = self.rows

    def action_select(self) -> None:
        """Select the row under the cursor."""
        if self.rows:
            self.post_message(self.Selected(self))

    def _row_under(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        row = self.rows if offset is None else self.scroll_offset.y + offset.y
        return row if row < self.rows else None

    def on_click(self, event: events.Click) -> None:
        row = self._row_under(event)
        if row is not None:
            self.at = row
            if event.chain == 2:
                self.action_select()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hovered = self._row_under(event)

    def on_leave(self) -> None:
        self._hovered = None

    def render_line(self, y: int) -> Strip:
        row, width = self.scroll_offset.y + y, self.row_width
        if row >= self.rows:
            return Strip.blank(width, self.get_visual_style().rich_style)
        part = ("line-list--cursor",) if row == self.at else ("line-list--hover",) if row == self._hovered else ()
        style = self.get_visual_style(*part)
        return Visual.to_strips(self, self._draw_row(row, width), width, 1, style, pad=True)[0]
