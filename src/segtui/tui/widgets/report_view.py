"""A whole report that scrolls, and what stands in its place while there is none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from time import monotonic

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from segtui.api.report import Report
from segtui.api.text import safe_block
from segtui.draw.line import DIM, LEAST_WIDTH, STRONG, Line, Piece, line, wrapped
from segtui.draw.report import Part, parts_of
from segtui.draw.text import MEASURE
from segtui.tui.widgets.block_view import painted, selected

MARGIN = 2
SLICE = 0.03
"""Blocks are laid out for so many seconds, then what is there is painted, and so on."""


class ReportView(ScrollView, can_focus=True):
    """Shows a report, or says that there is none, that one is made, or why it could not be."""

    DEFAULT_CSS = """
    ReportView { scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
    """

    def __init__(
        self, empty: str = "There is no report yet.", *, name: str | None = None, id: str | None = None
    ) -> None:
        super().__init__(name=name, id=id)
        self.report: Report | None = None
        self._empty = empty
        self._parts: list[Part] = []
        self._lines: list[Line] = []
        self._starts: list[int] = []
        self._waiting: Iterator[Part] = iter(())
        self._width = 0
        self.show_empty()

    def show_empty(self, words: str = "") -> None:
        """There is no report: say what to do."""
        self._show(None, [_said(words or self._empty, DIM)])

    def show_loading(self, words: str) -> None:
        """A report is being made: say what and how long."""
        self._show(None, [_said(words, DIM)])

    def show_failed(self, what: str, where: str = "", next_step: str = "") -> None:
        """It could not be made: what happened, where, and what to do."""
        rest = [_said(words, "") for words in (where, next_step) if words]
        self._show(None, [_said(f"✗ {what}", STRONG), *rest])

    def set_report(self, report: Report) -> None:
        """Show a report from its beginning."""
        self._show(report, list(parts_of(report)))

    @property
    def lines(self) -> Sequence[Line]:
        """The lines that are laid out so far."""
        return self._lines

    def on_resize(self) -> None:
        """Lay out anew for another width; the block at the top stays there."""
        width = self.scrollable_content_region.width - 2 * MARGIN
        if width != self._width:
            top = bisect_right(self._starts, self.scroll_offset.y) - 1
            self._width = width
            self._lay_out(max(top, 0))

    def _show(self, report: Report | None, parts: list[Part]) -> None:
        self.report, self._parts = report, parts
        if self._width:
            self._lay_out(0)

    def _lay_out(self, top: int) -> None:
        self._lines, self._starts = [], []
        self._waiting = iter(self._parts)
        self._go_on(self._waiting, top)

    def _go_on(self, waiting: Iterator[Part], top: int) -> None:
        """Lay out some more; once the part at `top` is there, it is put at the top."""
        if waiting is not self._waiting:
            return
        end = monotonic() + SLICE
        before = len(self._starts)
        width = max(self._width, LEAST_WIDTH)
        for part in waiting:
            self._starts.append(len(self._lines))
            self._lines += [*[()] * part.free, *part.drawn(width)]
            if monotonic() > end:
                self.call_after_refresh(self._go_on, waiting, top)
                break
        self.virtual_size = Size(self._width + 2 * MARGIN, len(self._lines) + 1)
        if before <= top < len(self._starts):
            self.scroll_to(y=self._starts[top], animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line, with what is selected in it."""
        place = y + self.scroll_offset.y
        shown = self._lines[place] if place < len(self._lines) else ()
        return painted(self, (Piece(" " * MARGIN), *shown), place, self.scrollable_content_region.width)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """The text that is selected, as it is drawn."""
        return selected(selection, [(Piece(" " * MARGIN), *one) for one in self._lines])


def _said(words: str, look: str) -> Part:
    """A message as lines."""

    def drawn(width: int) -> list[Line]:
        paragraphs = [wrapped(line(Piece(one, look)), min(width, MEASURE)) for one in safe_block(words).split("\n")]
        return [one for paragraph in paragraphs for one in paragraph]

    return Part(1, drawn)
