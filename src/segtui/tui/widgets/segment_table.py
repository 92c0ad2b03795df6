"""The table of segments: rows with a cursor, names that stay while columns scroll, and all customers at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from segtui.api.profile import Profile
from segtui.api.segmentation import ShownSegment
from segtui.api.text import plural
from segtui.draw.bars import bar
from segtui.draw.line import DIM, RULE, STRONG, Line, Piece, line, padded, right, width_of
from segtui.draw.table import Laid
from segtui.tui.widgets.block_view import strip_of
from segtui.tui.widgets.segment_rows import SegmentRow, figure_columns, segment_rows, share_column, size_column

MOST_COLUMNS = 50
WIDE = 96
"""From so many cells on the number of customers has a column that stays; before, it is the last that scrolls."""
_CURSOR = "▸"


class _RowMessage(Message):
    """Something happened to the row of the segment `code`."""

    def __init__(self, table: SegmentTable, code: int) -> None:
        super().__init__()
        self.table, self.code = table, code

    @property
    def control(self) -> SegmentTable:
        """The table."""
        return self.table


class SegmentTable(ScrollView, can_focus=True):
    """Segments and their figures. The cursor stands on a segment; up and down move it, left and right the columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"segment-table--cursor"}
    DEFAULT_CSS = """
    SegmentTable { height: auto; max-height: 100%; scrollbar-size-vertical: 1; overflow-x: hidden; }
    SegmentTable > .segment-table--cursor {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
    }
    SegmentTable:focus > .segment-table--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
        Binding("left", "columns(-1)", "Columns to the left", show=False),
        Binding("right", "columns(1)", "Columns to the right", show=False),
    ]

    cursor = reactive(0)
    """The place of the row that has the cursor."""
    first_column = reactive(0)
    """The first column of figures that is shown."""

    class RowHighlighted(_RowMessage):
        """The cursor came to a segment."""

    class RowChosen(_RowMessage):
        """A segment was chosen, by enter or two clicks."""

    def __init__(
        self, empty: str = "There are no segments yet.", *, name: str | None = None, id: str | None = None
    ) -> None:
        super().__init__(name=name, id=id)
        self._empty = empty
        self._segments: tuple[ShownSegment, ...] = ()
        self._rows: list[SegmentRow] = []
        self._columns: list[Laid] = []
        self._sizes = self._shares = size_column(())
        self._left_out = 0

    def set_segments(self, segments: Sequence[ShownSegment], profile: Profile, columns: Sequence[str] = ()) -> None:
        """Show these in their order; `columns` are names of numbers to show first. The cursor stays on its segment."""
        before = self.code
        self._segments = tuple(segments)
        self._rows = segment_rows(segments, profile)
        self._columns = figure_columns(self._rows, profile, columns, MOST_COLUMNS)
        self._sizes, self._shares = size_column(self._rows), share_column(self._rows)
        self._left_out = len(profile.numbers) - len(self._columns)
        codes = [one.code for one in segments]
        self.set_reactive(SegmentTable.cursor, codes.index(before) if before in codes else 0)
        self.set_reactive(SegmentTable.first_column, 0)
        self._measure()
        self.refresh(layout=True)
        self._tell()

    @property
    def code(self) -> int | None:
        """The segment under the cursor, None where there are none."""
        return self._segments[self.cursor].code if self._segments else None

    @property
    def name_place(self) -> tuple[int, int]:
        """Where the name of the segment under the cursor is drawn, after its letter: column and line."""
        letter = self._segments[self.cursor].letter if self._segments else ""
        return 2 + len(letter), self._head + self.cursor - self.scroll_offset.y

    # Layout: head, rows, foot; head and foot stay where the rows scroll

    @property
    def _width(self) -> int:
        return max(self.scrollable_content_region.width, 1)

    @property
    def _head(self) -> int:
        """So many lines the names and units of columns take, and the rule below."""
        return max([len(one.header) for one in self._columns], default=1) + 2

    def _more(self, width: int) -> str:
        """What there is besides the columns that are shown; nothing where they are all."""
        if not self._rows:
            return ""
        first, shown, total = self.first_column, len(self._shown(width, self.first_column)), len(self._scrolling(width))
        back, on = "← " if first else "", " →" if first + shown < total else ""
        which = f"columns {first + 1} to {first + shown}" if shown > 1 else f"column {first + 1}"
        words = [f"{back}{which} of {total}{on}"] if shown < total else []
        words += [f"{plural(self._left_out, 'more number')} in the profile, not shown here"] if self._left_out else []
        return ", ".join(words)

    def _foot(self, width: int) -> int:
        """So many lines the rule, the row of all and the words on columns take."""
        return 2 + bool(self._more(width))

    def _height(self, width: int) -> int:
        return self._head + len(self._rows) - 1 + self._foot(width) if self._rows else 1

    @property
    def _seen(self) -> int:
        """So many rows are seen at a time."""
        return self.size.height - self._head - self._foot(self._width)

    def _measure(self) -> None:
        self.virtual_size = Size(self._width, self._height(self._width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the table has."""
        return self._height(width)

    def on_resize(self) -> None:
        """Lay out anew."""
        self.first_column = self._clamped(self.first_column)
        self._measure()

    def render_line(self, y: int) -> Strip:
        """One line of the table."""
        width = self._width
        if not self._rows:
            return strip_of(self, line(Piece(self._empty, DIM)) if y == 0 else (), width)
        head, foot, height = self._head, self._foot(width), self._height(width)
        if y < head:
            return strip_of(self, self._header(y, width), width)
        below = y - (min(self.size.height, height) - foot) if height > self.size.height else y - (height - foot)
        if below >= 0:
            return strip_of(self, self._footer(below, width), width)
        place = y - head + self.scroll_offset.y
        if place >= len(self._rows) - 1:
            return Strip.blank(width, self.rich_style)
        drawn = self._row(place, width)
        if place != self.cursor or not self._segments:
            return strip_of(self, line(" ", *drawn), width)
        style: Style = self.get_component_rich_style("segment-table--cursor")
        return strip_of(self, line(Piece(_CURSOR, STRONG), *drawn), width, style)

    @property
    def cuts_name(self) -> bool:
        """Whether the name of the segment under the cursor is not shown whole."""
        return bool(self._segments) and self._name_width(self._width) < width_of(self._rows[self.cursor].name)

    @property
    def _longest_name(self) -> int:
        return max(width_of(row.name) for row in self._rows)

    def _name_width(self, width: int) -> int:
        """As much as the longest name takes where two columns of figures fit beside it; a quarter at least."""
        gap, first = _gap(width), self._scrolling(width)[:2]
        beside = sum(column.width + gap for column in (*self._staying(width), *first)) + 2 + _bar_width(width)
        return min(self._longest_name, max(10, width * 3 // 10 if width >= WIDE else width // 4, width - beside))

    def _staying(self, width: int) -> list[Laid]:
        """The columns that stay."""
        return [self._sizes, self._shares] if width >= WIDE else [self._shares]

    def _scrolling(self, width: int) -> list[Laid]:
        """The columns that scroll; the numbers of customers are the last of them where the table is narrow."""
        return self._columns if width >= WIDE else [*self._columns, self._sizes]

    def _shown(self, width: int, first: int) -> list[Laid]:
        """The columns that scroll and fit, from the one at `first` on."""
        gap = _gap(width)
        room = width - self._name_width(width) - 2 - _bar_width(width)
        room -= sum(column.width + gap for column in self._staying(width))
        shown: list[Laid] = []
        for column in self._scrolling(width)[first:]:
            room -= column.width + gap
            if room < 0 and shown:
                break
            shown.append(column)
        return shown

    def _line(self, name: Line, middle: Piece, width: int, cells: Callable[[Laid], Piece]) -> Line:
        """The parts of a line in their places."""
        gap = Piece(" " * _gap(width))
        pieces = list(padded(name, self._name_width(width)))
        for column in self._staying(width):
            pieces += [gap, cells(column)]
        pieces += [Piece(" "), middle]
        for column in self._shown(width, self.first_column):
            pieces += [gap, cells(column)]
        return tuple(pieces)

    def _header(self, y: int, width: int) -> Line:
        height = self._head - 2
        if y == height + 1:
            return line(Piece("─" * width, RULE))
        is_unit = y == height

        def cell(column: Laid) -> Piece:
            lines = [*[""] * (height - len(column.header)), *column.header]
            return Piece(right(column.unit if is_unit else lines[y], column.width), DIM if is_unit else "")

        return (Piece(" "), *self._line((), Piece(" " * _bar_width(width)), width, cell))

    def _row(self, place: int, width: int) -> Line:
        row = self._rows[place]
        drawn = Piece(bar(row.part, _bar_width(width)), row.look)
        return self._line(row.name, drawn, width, lambda column: column.cells[place][0])

    def _footer(self, y: int, width: int) -> Line:
        if y == 0:
            return line(Piece("─" * width, RULE))
        if y == 1:
            return line(" ", *self._row(len(self._rows) - 1, width))
        return line(Piece(f" {self._more(width)}", DIM))

    # Moving

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor = min(max(self.cursor + rows, 0), max(len(self._segments) - 1, 0))

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are seen."""
        self.action_move(pages * max(self._seen, 1))

    def action_columns(self, columns: int) -> None:
        """Show the next columns, or those before."""
        self.first_column = self._clamped(self.first_column + columns)

    def action_choose(self) -> None:
        """Choose the segment under the cursor."""
        if self.code is not None:
            self.post_message(self.RowChosen(self, self.code))

    def _clamped(self, first: int) -> int:
        """A first column with which the last one is just seen, or one before."""
        if not self._rows or first <= 0:
            return 0
        total = len(self._scrolling(self._width))
        while first > 0 and first - 1 + len(self._shown(self._width, first - 1)) >= total:
            first -= 1
        return min(first, total - 1)

    def watch_cursor(self) -> None:
        """Keep the cursor in sight and say where it is."""
        seen, top = self._seen, self.scroll_offset.y
        if seen > 0 and not top <= self.cursor < top + seen:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - seen + 1, animate=False)
        self.refresh()
        self._tell()

    def watch_first_column(self) -> None:
        """Paint the other columns."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, two choose."""
        place = event.y - self._head + self.scroll_offset.y
        if event.y >= self._head and 0 <= place < len(self._segments):
            self.cursor = place
            if event.chain == 2:
                self.action_choose()

    def _tell(self) -> None:
        if self.code is not None:
            self.post_message(self.RowHighlighted(self, self.code))


def _bar_width(width: int) -> int:
    return 6 if width >= WIDE else 3


def _gap(width: int) -> int:
    return 2 if width >= WIDE else 1
