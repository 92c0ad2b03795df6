"""Any block as lines."""

from __future__ import annotations

from segtui.api.report import Bars, Block, Figures, Flow, Grid, Heatmap, Lines, Scatter, Text, Verdict
from segtui.api.text import safe
from segtui.draw.bars import draw_bars
from segtui.draw.figures import draw_figures
from segtui.draw.flow import draw_flow
from segtui.draw.grid import draw_grid
from segtui.draw.heatmap import draw_heatmap
from segtui.draw.line import LEAST_WIDTH, TITLE, Line, Piece, line, wrapped
from segtui.draw.lines import draw_lines
from segtui.draw.scatter import draw_scatter
from segtui.draw.text import draw_text
from segtui.draw.verdict import draw_verdict


def draw_block(block: Block, width: int) -> list[Line]:
    """The lines of a block, no wider than `width` or 36 cells; all texts in them are safe."""
    width = max(width, LEAST_WIDTH)
    match block:
        case Text():
            return draw_text(block, width)
        case Verdict():
            return draw_verdict(block, width)
        case Figures():
            lines = draw_figures(block, width)
        case Grid():
            lines = draw_grid(block, width)
        case Bars():
            return draw_bars(block, width)
        case Heatmap():
            lines = draw_heatmap(block, width)
        case Lines():
            lines = draw_lines(block, width)
        case Scatter():
            lines = draw_scatter(block, width)
        case Flow():
            lines = draw_flow(block, width)
    return [*wrapped(line(Piece(safe(block.title), TITLE)), width), *lines] if block.title else lines
