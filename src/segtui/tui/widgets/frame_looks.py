"""How a table over a frame looks: its parts that themes and stylesheets can reach, and the styles they give."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

from segtui.tui.widgets.frame_lines import LineStyles

PARTS = {
    "quiet": "Missing values, row numbers, cells that are not read yet.",
    "name": "Names of columns.",
    "current-name": "The name of the column with the cursor.",
    "detail": "The second line of the header.",
    "mark": "The mark beside a name.",
    "rule": "The line below the header and beside fixed columns.",
    "row": "The row with the cursor.",
    "cursor": "The cell (or row) under the cursor.",
}
"""The parts, each reached as `frame-table--` and its name."""

CSS = """
FrameTable {
    background: $surface;
    color: $foreground;
    height: 1fr;
    scrollbar-size: 1 1;
    & > .frame-table--quiet { color: $text-muted; }
    & > .frame-table--name { text-style: bold; }
    & > .frame-table--current-name { color: $text-primary; text-style: bold underline; }
    & > .frame-table--detail { color: $text-muted; }
    & > .frame-table--mark { color: $text-warning; text-style: bold; }
    & > .frame-table--rule { color: $foreground 30%; }
    & > .frame-table--row { background: $foreground 6%; }
    & > .frame-table--cursor {
        background: $block-cursor-blurred-background;
        color: $block-cursor-blurred-foreground;
        text-style: $block-cursor-blurred-text-style;
    }
    &:focus > .frame-table--cursor {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    &:ansi > .frame-table--quiet { text-style: dim; }
    &:ansi > .frame-table--detail { text-style: dim; }
    &:ansi > .frame-table--rule { color: ansi_default; text-style: dim; }
    &:ansi > .frame-table--row { background: ansi_default; }
    &:ansi > .frame-table--cursor { background: ansi_default; color: ansi_default; text-style: underline; }
    &:ansi:focus > .frame-table--cursor { text-style: reverse; }
    &:nocolor > .frame-table--cursor { background: $surface; color: $foreground; text-style: underline; }
    &:nocolor:focus > .frame-table--cursor { text-style: reverse; }
}
"""


def part_class(name: str) -> str:
    """The class of a part."""
    return f"frame-table--{name}"


def line_styles(table: Widget) -> LineStyles:
    """The styles that lines are drawn with."""
    named = {name.replace("-", "_"): table.get_component_rich_style(part_class(name)) for name in PARTS}
    quiet_row = named["row"] + Style(color=named["quiet"].color, dim=named["quiet"].dim)
    return LineStyles(body=table.rich_style, quiet_row=quiet_row, **named)
