"""The widget of a block."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from segtui.api.report import Block
from segtui.draw.block import draw_block
from segtui.draw.line import Line, plain
from segtui.tui.palette import palette_of


def strip_of(widget: Widget, drawn: Line, width: int, ground: Style | None = None) -> Strip:
    """A line in the styles of a widget, or on a `ground` of its own, cut or filled up. Nothing in it is parsed."""
    ground, palette = ground or widget.rich_style, palette_of(widget.app)
    segments = [Segment(piece.text, ground + palette.style(piece.look, ground.bgcolor)) for piece in drawn]
    return Strip(segments).adjust_cell_length(width, ground)


def painted(widget: Widget, drawn: Line, y: int, width: int) -> Strip:
    """Line `y` of a widget, with what is selected in it."""
    strip = strip_of(widget, drawn, width)
    span = widget.text_selection.get_span(y) if widget.text_selection else None
    if span:
        start, end = span[0], width if span[1] < 0 else min(span[1], width)
        chosen = widget.screen.get_component_rich_style("screen--selection")
        inside = [Segment(text, (style or Style.null()) + chosen) for text, style, _ in strip.crop(start, end)]
        strip = Strip.join([strip.crop(0, start), Strip(inside), strip.crop(end, width)])
    return strip.apply_offsets(0, y)


def selected(selection: Selection, lines: Iterable[Line]) -> tuple[str, str]:
    """What is selected of some lines, and how it ends."""
    return selection.extract("\n".join(plain(one).rstrip() for one in lines)), "\n"


class BlockView(Widget):
    """One block of a report, laid out anew for each width."""

    DEFAULT_CSS = """
    BlockView { width: 1fr; height: auto; }
    """

    def __init__(self, block: Block, *, name: str | None = None, id: str | None = None) -> None:
        super().__init__(name=name, id=id)
        self.block = block
        self._drawn: tuple[int, list[Line]] = (-1, [])

    def lines(self, width: int) -> list[Line]:
        """The block at a width."""
        if self._drawn[0] != width:
            self._drawn = (width, draw_block(self.block, width))
        return self._drawn[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the block has at this width."""
        return len(self.lines(width))

    def render_line(self, y: int) -> Strip:
        """One line, with what is selected in it."""
        width = self.content_size.width
        lines = self.lines(width)
        return painted(self, lines[y] if y < len(lines) else (), y, width)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """The text that is selected, as it is drawn."""
        return selected(selection, self.lines(self.content_size.width))
