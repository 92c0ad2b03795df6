"""Inline SVG charts. Colours come from the style sheet of the page; every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from segtui.api import Bars, Flow, Lines, Scatter
from segtui.api.text import count, number, safe
from segtui_files.words import as_table, is_drawable

WIDTH = 720
COLOURS = 8
_LETTER = 7.2
_MOST_DATES = 6


def _svg(height: float, title: str, parts: Iterable[Markup]) -> Markup:
    frame = Markup('<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><title>{}</title>{}</svg>')
    return frame.format(WIDTH, height, title or "Chart", title or "Chart", Markup("").join(parts))


def _text(x: float, y: float, words: str, look: str = "") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}">{}</text>').format(x, y, look, words)


def _rect(x: float, y: float, width: float, height: float, look: str, opacity: float = 1) -> Markup:
    shape = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}" fill-opacity="{:.2f}"/>')
    return shape.format(x, y, max(width, 0), max(height, 0), look, opacity)


def _fitted(words: str, width: float) -> str:
    return safe(words, max(int(width / _LETTER), 2))


def _label_width(labels: Sequence[str]) -> float:
    longest = max((len(safe(label)) for label in labels), default=0)
    return min(longest * _LETTER + 12, 240)


def bars(block: Bars) -> Markup:
    """Horizontal bars with their values, negative ones to the left of zero."""
    left, right = _label_width(block.labels), 96
    values = [value if is_drawable(value) else 0.0 for value in block.values]
    low, high = min((*values, 0.0)), max((*values, 0.0))
    scale = (WIDTH - left - right) / ((high - low) or 1)
    zero = left - low * scale
    parts = []
    words = [cells[0].shown for cells in as_table(block).cells]
    for row, (label, value) in enumerate(zip(block.labels, values, strict=True)):
        y = row * 28
        parts.append(_text(left - 10, y + 19, _fitted(label, left), "end"))
        parts.append(_rect(min(zero, zero + value * scale), y + 4, max(abs(value * scale), 1), 20, "c0"))
        shown = f"{words[row]} {safe(block.unit)}".strip()
        parts.append(_text(max(zero, zero + value * scale) + 8, y + 19, shown, "value"))
    return _svg(len(block.labels) * 28 + 4, safe(block.title), parts)


def bar(share: float) -> Markup:
    """One bar for a cell of a table, `share` of its width long; the number stands beside it."""
    shape = _rect(0, 0, 100 * min(max(share, 0), 1), 10, "c0")
    return Markup(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" class="bar" aria-hidden="true">{}</svg>'
    ).format(shape)


def flow(block: Flow) -> Markup:
    """Ribbons from sources on the left to targets on the right, as thick as they hold customers."""
    gap, height = 10, 60 + 36 * max(len(block.sources), len(block.targets))
    total = sum(map(sum, block.counts)) or 1
    scale = (height - gap * max(len(block.sources), len(block.targets))) / total
    left = _label_width(block.sources) + 60
    right = WIDTH - _label_width(block.targets) - 60
    incoming = [sum(row[column] for row in block.counts) for column in range(len(block.targets))]
    target_y = [sum(incoming[:column]) * scale + column * gap for column in range(len(incoming))]
    parts, labels = [], []
    y = 0.0
    for row, counts in enumerate(block.counts):
        size = sum(counts)
        parts.append(_rect(left - 8, y, 8, size * scale, f"c{row % COLOURS}"))
        labels.append(_text(left - 16, y + size * scale / 2 + 5, _side(block.sources[row], size), "end"))
        for column, customers in enumerate(counts):
            thick = customers * scale
            if customers:
                parts.append(_ribbon(left, y, right, target_y[column], thick, f"c{row % COLOURS}"))
            y += thick
            target_y[column] += thick
        y += gap
    for column, size in enumerate(incoming):
        top = target_y[column] - size * scale
        parts.append(_rect(right, top, 8, size * scale, "ink"))
        labels.append(_text(right + 16, top + size * scale / 2 + 5, _side(block.targets[column], size)))
    return _svg(height + 4, safe(block.title), [*parts, *labels])


def _side(label: str, size: int) -> str:
    return f"{safe(label, 24)} {count(size)}"


def _ribbon(left: float, y: float, right: float, to: float, thick: float, look: str) -> Markup:
    middle = (left + right) / 2
    path = (
        f"M{left:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to:.1f} {right:.1f} {to:.1f}"
        f"V{to + thick:.1f}C{middle:.1f} {to + thick:.1f} {middle:.1f} {y + thick:.1f} {left:.1f} {y + thick:.1f}Z"
    )
    return Markup('<path d="{}" class="ribbon {}"/>').format(path, look)


class _Plot:
    """A plane with ticks on both axes."""

    height, left, bottom = 320, 70, 46

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self.x_low, self.x_high = _span(xs)
        self.y_low, self.y_high = _span(ys, 0.06)

    def x(self, value: float) -> float:
        return self.left + (value - self.x_low) / (self.x_high - self.x_low) * (WIDTH - self.left - 16)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return self.height - self.bottom - share * (self.height - self.bottom - 12)

    def axes(self, x_title: str, y_title: str, dates: Sequence[float] = ()) -> list[Markup]:
        line = Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="grid"/>')
        parts = []
        for tick in _ticks(self.y_low, self.y_high):
            parts.append(line.format(self.left, self.y(tick), WIDTH - 16, self.y(tick)))
            parts.append(_text(self.left - 8, self.y(tick) + 4, number(tick), "end small"))
        for tick in dates or _ticks(self.x_low, self.x_high):
            words = date.fromordinal(round(tick)).isoformat() if dates else number(tick)
            parts.append(_text(self.x(tick), self.height - self.bottom + 20, words, "middle small"))
        parts.append(_text(WIDTH / 2, self.height - 6, safe(x_title, 60), "middle small"))
        parts.append(_text(0, 10, safe(y_title, 60), "small"))
        return parts


def _span(values: Sequence[float], margin: float = 0.02) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * margin or abs(high) * 0.1 or 1
    return low - room, high + room


def _ticks(low: float, high: float) -> list[float]:
    step = 10 ** math.floor(math.log10((high - low) / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= 6)
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def lines(block: Lines) -> Markup:
    """One line a series, with its band, and a legend where there are several."""
    xs = [float(x.toordinal()) if isinstance(x, date) else float(x) for x in block.x]
    shown = [values for one in block.series for values in (one.values, one.low, one.high) if values]
    every = [value for values in shown for value in values if is_drawable(value)]
    plot = _Plot(xs, every)
    dates = xs[:: math.ceil(len(xs) / _MOST_DATES)] if isinstance(next(iter(block.x), None), date) else ()
    parts = plot.axes(block.x_title, block.y_title, dates)
    for place, series in enumerate(block.series):
        look = f"c{place % COLOURS}"
        if series.low and series.high:
            band = [(x, low, high) for x, low, high in zip(xs, series.low, series.high, strict=True)]
            known = [(x, low, high) for x, low, high in band if is_drawable(low) and is_drawable(high)]
            edge = [(x, high) for x, _, high in known] + [(x, low) for x, low, _ in reversed(known)]
            points = " ".join(f"{plot.x(x):.1f},{plot.y(y):.1f}" for x, y in edge)
            parts.append(Markup('<polygon points="{}" class="band {}"/>').format(points, look))
        parts += _strokes(plot, xs, series.values, look)
    legend = _legend([one.name for one in block.series], plot.height) if len(block.series) > 1 else []
    return _svg(plot.height + 24 * bool(legend), safe(block.title), [*parts, *legend])


def _strokes(plot: _Plot, xs: Sequence[float], values: Sequence[float | None], look: str) -> list[Markup]:
    """The line, broken where a value is unknown, and a dot for each value where they are few."""
    path, pen_up = "", True
    parts = []
    for x, value in zip(xs, values, strict=True):
        if not is_drawable(value):
            pen_up = True
            continue
        path += f"{'M' if pen_up else 'L'}{plot.x(x):.1f} {plot.y(value):.1f}"
        pen_up = False
        if len(xs) <= 40:
            parts.append(_dot(plot.x(x), plot.y(value), look))
    return [Markup('<path d="{}" class="line {}"/>').format(path, look), *parts]


def _dot(x: float, y: float, look: str) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5" class="{}"/>').format(x, y, look)


def _legend(names: Sequence[str], y: float) -> list[Markup]:
    parts, x = [], float(_Plot.left)
    for place, name in enumerate(names):
        words = safe(name, 24)
        if x + len(words) * _LETTER > WIDTH - 20:
            break
        parts += [_rect(x, y, 12, 12, f"c{place % COLOURS}"), _text(x + 18, y + 11, words, "small")]
        x += 40 + len(words) * _LETTER
    return parts


def scatter(block: Scatter) -> Markup:
    """Points, coloured by group."""
    groups = block.groups or ("",) * len(block.x)
    points = [
        (x, y, group) for x, y, group in zip(block.x, block.y, groups, strict=True) if is_drawable(x) and is_drawable(y)
    ]
    plot = _Plot([x for x, _, _ in points], [y for _, y, _ in points])
    names = list(dict.fromkeys(block.groups))
    parts = plot.axes(block.x_title, block.y_title)
    for x, y, group in points:
        look = f"c{names.index(group) % COLOURS if names else 0} point"
        parts.append(_dot(plot.x(x), plot.y(y), look))
    legend = _legend(names, plot.height)
    return _svg(plot.height + 24 * bool(legend), safe(block.title), [*parts, *legend])
