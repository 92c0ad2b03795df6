"""A frame that is open to be shown: which of its columns, how they are written, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from segtui.api.text import count
from segtui.tui.widgets.frame_layout import PADDING, ColumnLayout
from segtui.tui.widgets.frame_lines import ColumnLook, ShownColumn
from segtui.tui.widgets.frame_pages import PAGE_COLUMNS, OpenFrame, Page, PageKey, Source


class ShownFrame:
    """The columns on show of a frame, and their layout; without a frame it has neither rows nor columns."""

    def __init__(
        self, frame: OpenFrame | None = None, columns: Sequence[ShownColumn] = (), layout: ColumnLayout | None = None
    ) -> None:
        self.rows = frame.rows if frame else 0
        self.columns = list(columns)
        self.layout = layout or ColumnLayout([])

    def name(self, column: int) -> str:
        """The name of a column."""
        return self.columns[column].look.name

    def find(self, name: str) -> int | None:
        """Where the column of that name is."""
        return next((place for place, column in enumerate(self.columns) if column.look.name == name), None)

    def mark(self, marks: Mapping[str, str]) -> ColumnLayout:
        """Other marks beside the names of columns; one that is not named has none. The layout in which both have
        room."""
        looks = [replace(column.look, mark=marks.get(column.look.name, "")) for column in self.columns]
        self.columns = [replace(column, look=look) for column, look in zip(self.columns, looks, strict=True)]
        known = self.layout.widths
        widths = [max(width, column.width(0)) for width, column in zip(known, self.columns, strict=True)]
        return self.layout if widths == known else self.layout.with_widths(widths)

    def widened(self, key: PageKey, page: Page) -> ColumnLayout:
        """The layout in which numbers and dates of a page that are longer than in the sample have the room they
        need."""
        widths = list(self.layout.widths)
        for column, needed in enumerate(page.widths, key.column_block * PAGE_COLUMNS):
            if self.columns[column].how.is_whole:
                widths[column] = max(widths[column], needed)
        return self.layout if widths == self.layout.widths else self.layout.with_widths(widths)


def open_to_show(
    source: Source, looks: Sequence[ColumnLook] | None, *, row_numbers: bool, fixed_columns: int
) -> tuple[OpenFrame, ShownFrame]:
    """Open a frame; `looks` chooses and orders its columns. Raises one of UNREADABLE, or ValueError for a column that
    it has not."""
    frame = OpenFrame(source)
    numbers = {name: number for number, name in enumerate(frame.schema)}
    if looks is None:
        looks = [ColumnLook(name, str(dtype)) for name, dtype in frame.schema.items()]
    if any(look.name not in numbers for look in looks):
        raise ValueError("a column to show is not in the frame")
    chosen = [numbers[look.name] for look in looks]
    formats = frame.formats(chosen, [look.decimals for look in looks])
    columns = [ShownColumn(look, number, how) for look, number, (how, _) in zip(looks, chosen, formats, strict=True)]
    widths = [column.width(widest) for column, (_, widest) in zip(columns, formats, strict=True)]
    margin = len(count(frame.rows)) + 2 * PADDING if row_numbers else 0
    return frame, ShownFrame(frame, columns, ColumnLayout(widths, margin, fixed_columns))
