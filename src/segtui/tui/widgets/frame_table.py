"""A table over a polars frame of any size: every row and column is reached, only what is seen is read and drawn.

It takes a DataFrame, an Arrow IPC file (opened as a scan, never read whole) or a LazyFrame, and is used as

    table = FrameTable()
    table.set_frame(Path("orders.arrow"), [ColumnLook("amount", detail="number·amount", decimals=2)])

    @on(FrameTable.CursorMoved)
    def follow(self, event: FrameTable.CursorMoved) -> None:
        self.panel.show(event.column)

Rows are read by pages of a few hundred rows and the columns in view, in a thread; a cell whose page is not there yet is
a quiet dot, and a page that has been scrolled past is dropped. Whatever is in the data, a cell is one line of harmless
text: nothing is parsed as markup, and nothing longer than a cell is looked at. Numbers and dates are shown in full or
not at all, so that a cut number is never taken for another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar, Literal

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from segtui.api.text import count
from segtui.tui.widgets.frame_layout import ColumnLayout
from segtui.tui.widgets.frame_lines import HEADER_LINES, ColumnLook, LineDrawing
from segtui.tui.widgets.frame_looks import CSS, PARTS, line_styles, part_class
from segtui.tui.widgets.frame_pages import UNREADABLE, Page, PageCache, PageKey, PageReader, Source
from segtui.tui.widgets.frame_shown import ShownFrame, open_to_show

__all__ = ["ColumnLook", "FrameTable"]


class FrameTable(ScrollView, can_focus=True):
    """A table over a frame of any size."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {part_class(name) for name in PARTS}
    DEFAULT_CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_rows(-1)", "Row up", show=False),
        Binding("down", "move_rows(1)", "Row down", show=False),
        Binding("left", "move_columns(-1)", "Column left", show=False),
        Binding("right", "move_columns(1)", "Column right", show=False),
        Binding("pageup", "move_pages(-1)", "Page up", show=False),
        Binding("pagedown", "move_pages(1)", "Page down", show=False),
        Binding("home", "move_to_edge('first_column')", "First column", show=False),
        Binding("end", "move_to_edge('last_column')", "Last column", show=False),
        Binding("g,ctrl+home", "move_to_edge('first_row')", "First row", show=False),
        Binding("G,ctrl+end", "move_to_edge('last_row')", "Last row", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    cursor: reactive[Literal["cell", "row", "none"]] = reactive("cell")
    """What the cursor highlights; with "none" the keys scroll."""

    class _TableMessage(Message):
        def __init__(self, table: FrameTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> FrameTable:
            return self.table

    class _CellMessage(_TableMessage):
        def __init__(self, table: FrameTable, row: int, column: str) -> None:
            super().__init__(table)
            self.row, self.column = row, column

    class CursorMoved(_CellMessage):
        """The cursor is on another row or column, or on the first of a frame that has just been opened."""

    class Selected(_CellMessage):
        """Enter was pressed, or a cell clicked twice."""

    class Ready(_TableMessage):
        """The frame is open: the first rows are about to show."""

    class ViewMoved(_TableMessage):
        """Other rows are in view: `row_range` has changed."""

    class Unreadable(_TableMessage):
        """The frame, or a page of it, can't be read: the file is gone, damaged or was replaced."""

    def __init__(
        self,
        *,
        cursor: Literal["cell", "row", "none"] = "cell",
        fixed_columns: int = 1,
        row_numbers: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.set_reactive(FrameTable.cursor, cursor)
        self._fixed_columns = fixed_columns
        self._row_numbers = row_numbers
        self._shown = ShownFrame()
        self._reader: PageReader | None = None
        self._message = ""
        self._row = 0
        self._column = 0
        self._next_column: str | None = None
        self._next_marks: Mapping[str, str] | None = None
        self._seen = range(0)
        self._drawing: LineDrawing | None = None

    def set_frame(self, source: Source | None, columns: Sequence[ColumnLook] | None = None) -> None:
        """Show another frame from its first row on; `columns` chooses and orders its columns. None shows nothing.

        The frame is opened in a thread; `Ready` or `Unreadable` follows. A column the frame has not raises ValueError
        there.
        """
        self._show_nothing("" if source is None else "Reading …")
        if source is not None:
            # A coroutine that is replaced before it starts would warn, and what holds the frame would be described with
            # its values, which panics on dates that Python has not: so a function that names neither.
            async def opening() -> None:
                await self._open(source, columns)

            self.run_worker(opening, group="frame", exclusive=True)  # type: ignore[arg-type]

    def _show_nothing(self, message: str) -> None:
        self.workers.cancel_node(self)
        self._shown, self._reader = ShownFrame(), None
        self._row = self._column = 0
        self._next_column = self._next_marks = None
        self._message = message
        self.virtual_size = Size(0, 0)
        self.scroll_to(0, 0, animate=False, force=True)
        self.refresh()

    async def _open(self, source: Source, looks: Sequence[ColumnLook] | None) -> None:
        opening = partial(open_to_show, row_numbers=self._row_numbers, fixed_columns=self._fixed_columns)
        try:
            frame, shown = await asyncio.to_thread(opening, source, looks)
        except UNREADABLE:
            self._message = "This table can't be read."
            self.refresh()
            self.post_message(self.Unreadable(self))
            return
        numbers, formats = [column.number for column in shown.columns], [column.how for column in shown.columns]
        self._shown, self._reader = shown, PageReader(frame, numbers, formats, self._page_arrived)
        self._message = "No columns." if not shown.columns else "" if shown.rows else "No rows."
        if self._next_marks is not None:
            shown.layout = shown.mark(self._next_marks)
        self._resize_table()
        if self._next_column is not None:
            self._column = shown.find(self._next_column) or 0
        self._read_what_is_seen()
        self.post_message(self.Ready(self))
        if shown.columns:
            self._scroll_to_cursor()
            self.post_message(self.CursorMoved(self, self._row, shown.name(self._column)))
        self.call_after_refresh(self._view_moved)

    def mark_columns(self, marks: Mapping[str, str]) -> None:
        """Other marks beside the names of columns, such as "!", at once or when the frame is open. A column that is not
        named has none."""
        if self._reader is None:
            self._next_marks = marks
            return
        layout = self._shown.mark(marks)
        if layout is not self._shown.layout:
            self._replace_layout(layout)
        self.refresh()

    @property
    def rows(self) -> int:
        """How many rows the frame has; 0 while it is being opened."""
        return self._shown.rows

    @property
    def cursor_row(self) -> int:
        """The row the cursor is on, from 0."""
        return self._row

    @property
    def cursor_column(self) -> str | None:
        """The name of the column the cursor is on, or None where there is none."""
        return self._shown.name(self._column) if self._shown.columns else None

    @property
    def row_range(self) -> str:
        """Which rows are in view: "rows 1–28 of 204,118"."""
        if self._reader is None:
            return ""
        if not self.rows:
            return "no rows"
        seen = self._rows_in_view()
        return f"rows {count(seen.start + 1)}–{count(seen.stop)} of {count(self.rows)}"

    def move_to_column(self, name: str) -> None:
        """Put the cursor on a column, at once or when the frame is open; one that is not there changes nothing."""
        if self._reader is None:
            self._next_column = name
            return
        column = self._shown.find(name)
        if column is not None:
            self.move_cursor(column=column)

    def move_cursor(self, row: int | None = None, column: int | None = None) -> None:
        """Put the cursor on a row and column, the nearest there is, and bring it into view."""
        if not self._shown.columns:
            return
        before = (self._row, self._column)
        self._row = min(max(self._row if row is None else row, 0), max(self.rows - 1, 0))
        self._column = min(max(self._column if column is None else column, 0), len(self._shown.columns) - 1)
        self._scroll_to_cursor()
        if (self._row, self._column) != before:
            self._refresh_cursor(*before)
            self.post_message(self.CursorMoved(self, self._row, self._shown.name(self._column)))

    def _refresh_cursor(self, row_before: int, column_before: int) -> None:
        """Draw the lines anew that the cursor left and came to, no more: it moves fast on a slow line too."""
        self.refresh_line(row_before + HEADER_LINES)
        self.refresh_line(self._row + HEADER_LINES)
        if self._column != column_before:
            self.refresh(Region(0, 0, self.scrollable_size.width, HEADER_LINES))

    def _scroll_to_cursor(self) -> None:
        page, top = self._page_rows, self.scroll_offset.y
        y = min(max(top, self._row - page + 1), self._row)
        x = self._shown.layout.scroll_to(self._column, self.scroll_offset.x, self.scrollable_size.width)
        self.scroll_to(x, y, animate=False, force=True)

    @property
    def _page_rows(self) -> int:
        return max(self.scrollable_size.height - HEADER_LINES, 1)

    def _rows_in_view(self) -> range:
        top = self.scroll_offset.y
        return range(min(top, self.rows), min(top + self._page_rows, self.rows))

    def action_move_rows(self, rows: int) -> None:
        if self.cursor == "none":
            self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        else:
            self.move_cursor(row=self._row + rows)

    def action_move_columns(self, columns: int) -> None:
        if self.cursor == "cell":
            self.move_cursor(column=self._column + columns)
        else:
            self._scroll_columns(columns)

    def _scroll_columns(self, columns: int) -> None:
        view = self.scrollable_size.width
        first = self._shown.layout.first(self.scroll_offset.x, view)
        self.scroll_to(x=self._shown.layout.scroll_of(first + columns, view), animate=False, force=True)

    def action_move_pages(self, pages: int) -> None:
        rows = pages * self._page_rows
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        self.action_move_rows(rows if self.cursor != "none" else 0)

    def action_move_to_edge(self, edge: Literal["first_column", "last_column", "first_row", "last_row"]) -> None:
        if edge in ("first_row", "last_row"):
            self.action_move_rows(-self.rows if edge == "first_row" else self.rows)
        else:
            self.action_move_columns(-len(self._shown.columns) if edge == "first_column" else len(self._shown.columns))

    def action_choose(self) -> None:
        if self._shown.columns and self.rows and self.cursor != "none":
            self.post_message(self.Selected(self, self._row, self._shown.name(self._column)))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self.cursor == "none":
            return
        column = self._shown.layout.column_at(offset.x, self.scroll_offset.x, self.scrollable_size.width)
        row = self.scroll_offset.y + offset.y - HEADER_LINES
        if row >= self.rows:
            return
        is_row = offset.y >= HEADER_LINES
        self.move_cursor(row if is_row else None, column)
        if is_row and event.chain == 2:
            self.action_choose()

    @on(events.MouseScrollRight)
    @on(events.MouseScrollLeft)
    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def scroll_whole_columns(self, event: events.MouseEvent) -> None:
        """Turning the wheel sideways, or with shift or control, moves by a column."""
        is_sideways = isinstance(event, events.MouseScrollRight | events.MouseScrollLeft)
        if is_sideways or event.shift or event.ctrl:
            event.stop().prevent_default()
            self._scroll_columns(1 if isinstance(event, events.MouseScrollRight | events.MouseScrollDown) else -1)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._view_moved()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_x(old_value, new_value)
        self._read_what_is_seen()

    def on_resize(self) -> None:
        if self._shown.columns and self.cursor != "none" and self._row in self._seen:
            self._scroll_to_cursor()
        self._view_moved()

    def _view_moved(self) -> None:
        self._seen = self._rows_in_view()
        self._read_what_is_seen()
        self.post_message(self.ViewMoved(self))

    def _resize_table(self) -> None:
        self.virtual_size = Size(self._shown.layout.width, self.rows + HEADER_LINES)
        self.refresh()

    def _read_what_is_seen(self) -> None:
        if self._reader is None or not self.scrollable_size:
            return
        seen = self._shown.layout.visible(self.scroll_offset.x, self.scrollable_size.width)
        if self._reader.want(self._rows_in_view(), [placed.column for placed in seen]):
            self.run_worker(self._reader.read(), group="pages")

    def _page_arrived(self, key: PageKey, page: Page | None) -> None:
        if page is None:
            self.post_message(self.Unreadable(self))
        else:
            layout = self._shown.widened(key, page)
            if layout is not self._shown.layout:
                self._replace_layout(layout)
        self.refresh()

    def _replace_layout(self, layout: ColumnLayout) -> None:
        """Take another layout and leave the columns in view where they are."""
        x, view, before = self.scroll_offset.x, self.scrollable_size.width, self._shown.layout
        was_seen = any(placed.column == self._column for placed in before.visible(x, view))
        self._shown.layout = layout
        self._resize_table()
        if not x:
            return
        x = layout.scroll_of(before.first(x, view), view)
        if was_seen:
            x = layout.scroll_to(self._column, x, view)
        self.scroll_to(x=x, animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._drawing = LineDrawing(
            self._shown.columns,
            self._shown.layout,
            self._reader.pages if self._reader else PageCache(),
            line_styles(self),
            self.scroll_offset.x,
            self.scrollable_size.width,
            self.cursor,
            self._row,
            self._column,
        )
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        drawing = self._drawing
        if drawing is None or not drawing.width:
            return Strip.blank(self.scrollable_size.width, self.rich_style)
        header = HEADER_LINES if self._shown.columns else 0
        row = self.scroll_offset.y + y - header
        if y < header:
            return drawing.header(y)
        if header and row < self.rows:
            return drawing.row(row)
        return drawing.message(self._message if y == header else "")
