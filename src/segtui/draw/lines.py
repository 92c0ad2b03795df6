"""Series over numbers or dates, as lines of dots with marks."""

from __future__ import annotations

from datetime import date

from segtui.api.report import Lines, Series
from segtui.draw.line import DIM, Line, Piece, line, wrapped
from segtui.draw.plot import Plane, Scale, framed, keys, legend, ordinal, reach_of, upright
from segtui.draw.ticks import Ticks, date_ticks, number_ticks, step_between

EVERY = 12
"""Where points are many, a mark stands on the line every so many cells."""
MOST = 96
DOTTED = 4
"""Of the lines around a band one dot in so many is drawn."""


def draw_lines(block: Lines, width: int) -> list[Line]:
    """The plot, and what its marks stand for."""
    xs = [ordinal(x) for x in block.x]
    known = [
        value
        for one in block.series
        for values in (one.values, one.low or (), one.high or ())
        for value in values
        if value is not None
    ]
    if not xs or not known:
        return [line(Piece("no points", DIM))]
    width = min(width, MOST)
    up = upright(known, width)
    columns = max(width - up.margin - 2, 8)
    x_low, x_high = reach_of(xs)
    plane = Plane(columns, up.rows)
    x, y = Scale(x_low, x_high, columns * 2), up.scale
    names = [series.name for series in block.series]
    marks = keys(names)
    for series, mark in zip(block.series, marks, strict=True):
        _strokes(plane, series, xs, x, y, mark.look)
    for place, (series, mark) in enumerate(zip(block.series, marks, strict=True)):
        _marks(plane, series, xs, x, y, mark, place * EVERY // len(names))
    drawn = framed(plane, x, _across(block, x_low, x_high, columns), up, (block.x_title, block.y_title))
    shows = len(names) > 1 or names[0] not in ("", block.y_title, block.title)
    key = legend(names, marks, width) if shows else []
    if any(series.low for series in block.series):
        key += wrapped(line(Piece("dotted: the band around it", DIM)), width)
    return [*key, *drawn]


def _across(block: Lines, low: float, high: float, columns: int) -> Ticks:
    if isinstance(block.x[0], date):
        days = date.fromordinal(round(low)), date.fromordinal(round(high))
        return Ticks(date_ticks(*days, max(columns // 12, 2)))
    step = step_between(low, high, max(columns // 8, 2))
    whole = all(ordinal(x).is_integer() for x in block.x)
    return number_ticks(low, high, max(step, 1.0) if whole else step)


def _strokes(plane: Plane, series: Series, xs: list[float], x: Scale, y: Scale, look: str) -> None:
    """The line, and its band between dotted lines; all broken where a value is unknown."""
    for values, every in ((series.low, DOTTED), (series.high, DOTTED), (series.values, 1)):
        before: tuple[int, int] | None = None
        for place, value in zip(xs, values or (None,) * len(xs), strict=True):
            here = None if value is None else (x.at(place), plane.rows * 4 - 1 - y.at(value))
            if here:
                plane.stroke(before or here, here, look, every)
            before = here


def _marks(plane: Plane, series: Series, xs: list[float], x: Scale, y: Scale, mark: Piece, shift: int) -> None:
    """A mark on each point where they are few, else on some."""
    few = len(xs) * 3 <= plane.columns
    wanted = shift
    for place, value in zip(xs, series.values, strict=True):
        if value is None:
            continue
        column, row = x.at(place) // 2, plane.rows - 1 - y.at(value) // 4
        if (few or column >= wanted) and not plane.has_mark(column, row):
            plane.put(column, row, mark.text, mark.look)
            wanted = column + EVERY
