"""Points on a plane, by group."""

from __future__ import annotations

from collections import Counter

from segtui.api.report import Scatter
from segtui.api.text import plural
from segtui.draw.line import BAR, DIM, Line, Piece, line, wrapped
from segtui.draw.plot import Plane, Scale, framed, keys, legend, reach_of, upright
from segtui.draw.ticks import number_ticks, step_between

MOST = 96


def draw_scatter(block: Scatter, width: int) -> list[Line]:
    """The plane; of groups that meet in a cell it shows the one with most points there."""
    if not block.x:
        return [line(Piece("no points", DIM))]
    width = min(width, MOST)
    up = upright(block.y, width)
    columns = max(width - up.margin - 2, 8)
    x_low, x_high = reach_of(block.x, 0.03)
    plane = Plane(columns, up.rows)
    x, y = Scale(x_low, x_high, columns * 2), up.scale
    names = list(dict.fromkeys(block.groups))
    marks = dict(zip(names, keys(names), strict=True))
    hidden = _put(plane, block, x, y, marks)
    across = number_ticks(x_low, x_high, step_between(x_low, x_high, max(columns // 9, 2)))
    lines = framed(plane, x, across, up, (block.x_title, block.y_title))
    said = plural(len(block.x), "point")
    if block.counts:
        said += f" for {plural(sum(block.counts), 'customer')}"
    if hidden:
        said += f", {hidden:,} of them under points of a group with more in the same place"
    key = legend(names, list(marks.values()), width) if names else []
    return [*key, *lines, *wrapped(line(Piece(said, DIM)), width)]


def _put(plane: Plane, block: Scatter, x: Scale, y: Scale, marks: dict[str, Piece]) -> int:
    """Draw the points; how many are not seen because another group has more in their cell."""
    cells: dict[tuple[int, int], Counter[str]] = {}
    for place, (across, up) in enumerate(zip(block.x, block.y, strict=True)):
        left, top = x.at(across), plane.rows * 4 - 1 - y.at(up)
        if block.groups:
            cells.setdefault((left // 2, top // 4), Counter())[block.groups[place]] += 1
        else:
            plane.dot(left, top, BAR)
    for (column, row), groups in cells.items():
        mark = marks[groups.most_common(1)[0][0]]
        plane.put(column, row, mark.text, mark.look)
    return sum(groups.total() - groups.most_common(1)[0][1] for groups in cells.values())
