"""Reports as plain text, 100 columns wide: what the terminal shows where no app runs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date

from segtui.api.report import (
    Additive,
    Bars,
    Block,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Lines,
    Outcome,
    Report,
    Scatter,
    Series,
    Text,
    Tone,
    Value,
    Verdict,
)
from segtui.api.text import NONE, count, number, percents, plural, safe
from segtui.cli.report_table import Column, aligned, table

WIDTH = 100
BAR = 36
PLOT = (64, 16)
MOST_FLOWS = 12
LABEL = 44
EIGHTHS = " ▏▎▍▌▋▊▉█"
SPARKS = "▁▂▃▄▅▆▇█"
SHADES = " ░▒▓█"
MARKS = {-1: "▼", 0: " ", 1: "▲"}
OUTCOMES = {Outcome.PASS: "✓ PASS", Outcome.WARN: "! WARN", Outcome.FAIL: "✗ FAIL"}


def report_lines(report: Report) -> list[str]:
    """The whole report, line by line."""
    title = safe(report.title, WIDTH)
    lines = [title, "═" * len(title)]
    for block in report.blocks:
        drawn = block_lines(block)
        lines += ["", *drawn] if drawn else []
    if report.notes:
        lines += ["", "Notes", *[line for note in report.notes for line in _wrapped(note.filled(shown), "· ", "  ")]]
    return [line.rstrip() for line in lines]


def block_lines(block: Block) -> list[str]:
    """One block."""
    match block:
        case Text():
            return _text(block)
        case Verdict():
            return _wrapped(block.text.filled(shown), f"{OUTCOMES[block.outcome]}  ", "        ")
        case Figures():
            return _titled(block.title, _figures(block))
        case Grid():
            return _titled(block.title, _grid(block))
        case Bars():
            return _titled(block.title, _bars(block))
        case Heatmap():
            return _titled(block.title, _heatmap(block))
        case Lines():
            return _titled(block.title or f"{block.y_title} by {block.x_title}".strip(), _lines(block))
        case Scatter():
            return _titled(block.title, _scatter(block))
        case Flow():
            return _titled(block.title, _flow(block))


def shown(figure: Figure) -> str:
    """A figure's value with its unit."""
    return _with_unit(_value(figure.value, figure.decimals), figure.unit)


def _value(value: Value, decimals: int | None) -> str:
    if isinstance(value, (str, date)):
        return safe(value, LABEL * 4)
    if value is None:
        return NONE
    return count(value) if isinstance(value, int) and decimals is None else number(value, decimals)


def _with_unit(written: str, unit: str) -> str:
    return f"{written} {safe(unit, 20)}" if unit and written != NONE else written


def _titled(title: str, lines: list[str]) -> list[str]:
    return [safe(title, WIDTH), *lines] if title else lines


def _wrapped(written: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(written, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _text(text: Text) -> list[str]:
    written = text.filled(shown)
    if text.tone is Tone.HEADING:
        lines = _wrapped(written)
        return ["", *lines, "─" * max(map(len, lines), default=0)]
    first = {Tone.WARNING: "! ", Tone.NOTE: "· "}.get(text.tone, "")
    return _wrapped(written, first, " " * len(first))


def _figures(block: Figures) -> list[str]:
    names = [safe(figure.name, LABEL) for figure in block.figures]
    values = aligned([_value(figure.value, figure.decimals) for figure in block.figures])
    units = [safe(figure.unit, 20) for figure in block.figures]
    width = max(map(len, names), default=0)
    return [
        f"  {name.ljust(width)}  {value} {unit}".rstrip()
        for name, value, unit in zip(names, values, units, strict=True)
    ]


def _grid(grid: Grid) -> list[str]:
    row_sums = grid.additive in (Additive.ROWS, Additive.BOTH)
    column_sums = grid.additive in (Additive.COLUMNS, Additive.BOTH)
    names = [_row_name(grid, place) for place in range(len(grid.rows.labels))] + ["sum"] * column_sums
    marked = grid.marks is not None and any(mark for row in grid.marks for mark in row)
    columns = []
    for place, label in enumerate(grid.columns.labels):
        values = [row[place] for row in grid.values]
        cells = _column(grid, place, values)
        if column_sums:
            cells.append(_value(_sum(values), _decimals(grid, 0, place)))
        marks = [MARKS[row[place]] for row in grid.marks or ()] if marked else []
        unit = safe(grid.columns.units[place], 20) if grid.columns.units else ""
        columns.append(Column(safe(label, LABEL), unit, cells, marks))
    if row_sums:
        sums = [_sum(row) for row in grid.values]
        cells = [_value(value, _decimals(grid, place, 0)) for place, value in enumerate(sums)]
        columns.append(Column("sum", "", cells + [_value(_sum(sums), _decimals(grid, 0, 0))] * column_sums))
    corner = " \\ ".join(safe(title, LABEL) for title in (grid.rows.title, grid.columns.title) if title)
    return table(names, columns, WIDTH, safe(corner, LABEL))


def _row_name(grid: Grid, place: int) -> str:
    unit = safe(grid.rows.units[place], 20) if grid.rows.units else ""
    name = safe(grid.rows.labels[place], LABEL)
    return f"{name}, {unit}" if unit else name


def _column(grid: Grid, place: int, values: Sequence[Value]) -> list[str]:
    """The cells of a column; percentages of a whole are rounded so that they add up."""
    numbers = [value for value in values if isinstance(value, (int, float))]
    is_whole = grid.additive in (Additive.COLUMNS, Additive.BOTH) and bool(grid.columns.units)
    if is_whole and grid.columns.units[place] == "%" and len(numbers) == len(values):
        written = _parts(numbers, _decimals(grid, 0, place))
        if written:
            return written
    return [_value(value, _decimals(grid, row, place)) for row, value in enumerate(values)]


def _parts(values: Sequence[float], decimals: int | None) -> list[str]:
    """Percentages that add up to 100, or nothing where they are no parts of a whole."""
    if min(values, default=0) < 0 or abs(math.fsum(values) - 100) > 1e-6:
        return []
    return [one.removesuffix(" %") for one in percents(values, 1 if decimals is None else decimals)]


def _decimals(grid: Grid, row: int, column: int) -> int | None:
    if grid.rows.decimals and grid.rows.decimals[row] is not None:
        return grid.rows.decimals[row]
    return grid.columns.decimals[column] if grid.columns.decimals else None


def _sum(values: Iterable[Value]) -> Value:
    known = [value for value in values if isinstance(value, (int, float))]
    if not known:
        return None
    return sum(known) if all(isinstance(value, int) for value in known) else math.fsum(known)


def _bars(block: Bars) -> list[str]:
    names = [safe(label, LABEL) for label in block.labels]
    parts = _parts(block.values, 1) if block.unit == "%" and block.additive is not Additive.NO else []
    values = aligned(parts or [number(value) for value in block.values])
    sizes = [count(size) for size in block.counts or ()]
    width, size_width = max(map(len, names), default=0), max(map(len, sizes), default=0)
    low, high = min(0.0, *block.values, 0.0), max(0.0, *block.values, 0.0)
    lines = []
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        unit = f" {safe(block.unit, 20)}" if block.unit else ""
        size = f"  {sizes[place].rjust(size_width)} customers" if sizes else ""
        bar = _bar(block.values[place], low, high).ljust(BAR)
        lines.append(f"  {name.ljust(width)}  {value}{unit}  {bar}{size}".rstrip())
    return lines


def _bar(value: float, low: float, high: float) -> str:
    """A bar from zero to the right, or shaded to the left where it is below."""
    reach = high - low
    if reach <= 0:
        return ""
    zero = round(BAR * -low / reach)
    if value < 0:
        cells = min(round(BAR * -value / reach), zero)
        return " " * (zero - cells) + "▒" * cells
    eighths = round((BAR - zero) * 8 * value / high) if high > 0 else 0
    whole, rest = divmod(eighths, 8)
    return " " * zero + "█" * whole + (EIGHTHS[rest] if rest else "")


def _heatmap(block: Heatmap) -> list[str]:
    offsets = [value - block.middle for row in block.values for value in row if value is not None]
    farthest = max((abs(offset) for offset in offsets), default=0.0)
    columns = []
    for place, label in enumerate(block.columns.labels):
        cells = [_shaded(row[place], block.middle, farthest) for row in block.values]
        columns.append(Column(safe(label, LABEL), "", cells))
    return table([safe(label, LABEL) for label in block.rows.labels], columns, WIDTH)


def _shaded(value: float | None, middle: float, farthest: float) -> str:
    """A signed number with a shade for how far it lies from the middle."""
    if value is None:
        return NONE
    offset = value - middle
    shade = SHADES[min(math.ceil(4 * abs(offset) / farthest - 0.25), 4)] if farthest > 0 else " "
    sign = "+" if offset > 0 and not middle else ""
    return f"{shade} {sign}{number(value, 2)}"


def _lines(block: Lines) -> list[str]:
    width = max((len(safe(series.name, 30)) for series in block.series), default=0)
    lines = [f"  {safe(series.name, 30).ljust(width)}  {_spark(series)}" for series in block.series]
    if block.x:
        ends = [_value(x, None) for x in (block.x[0], block.x[-1])]
        title = f"{safe(block.x_title, 30)} " if block.x_title else ""
        lines.append(f"  {' ' * width}  {title}{ends[0]} to {ends[1]}")
    return lines


def _spark(series: Series) -> str:
    known = [value for value in series.values if value is not None]
    if not known:
        return NONE
    low, high = min(known), max(known)
    step = max(1, math.ceil(len(series.values) / 60))
    reach = (high - low) or 1.0
    drawn = "".join(
        " " if value is None else SPARKS[min(int(8 * (value - low) / reach), 7)] for value in series.values[::step]
    )
    return f"{drawn}  {number(low)} to {number(high)}"


def _scatter(block: Scatter) -> list[str]:
    """A coarse plot: a group by its letter, a place with points of several as *."""
    if not block.x:
        return ["  no points"]
    columns, rows = PLOT
    groups = sorted(set(block.groups))
    letters = {group: chr(ord("a") + place) if place < 26 else "+" for place, group in enumerate(groups)}
    cells = [[" "] * columns for _ in range(rows)]
    ends = [(min(values), max(values)) for values in (block.x, block.y)]
    for place, (x, y) in enumerate(zip(block.x, block.y, strict=True)):
        across = _place(x, *ends[0], columns)
        up = rows - 1 - _place(y, *ends[1], rows)
        sign = letters[block.groups[place]] if block.groups else "•"
        cells[up][across] = sign if cells[up][across] in (" ", sign) else "*"
    names = [safe(title, 40) or name for title, name in ((block.x_title, "x"), (block.y_title, "y"))]
    lines = [f"  │{''.join(row)}" for row in cells] + [f"  └{'─' * columns}"]
    spans = [f"{name} {number(low)} to {number(high)}" for name, (low, high) in zip(names, ends, strict=True)]
    lines += _wrapped(f"{plural(len(block.x), 'point')}; across {spans[0]}; up {spans[1]}", "  ", "  ")
    if groups:
        lines += _wrapped("   ".join(f"{letters[group]} {safe(group, 40)}" for group in groups), "  ", "  ")
    return lines


def _place(value: float, low: float, high: float, cells: int) -> int:
    return min(int((value - low) / (high - low) * cells), cells - 1) if high > low else 0


def _flow(block: Flow) -> list[str]:
    """The largest flows, each with its customers."""
    flows = [
        (size, source, target)
        for source, row in zip(block.sources, block.counts, strict=True)
        for target, size in zip(block.targets, row, strict=True)
        if size
    ]
    flows.sort(key=lambda flow: -flow[0])
    first = flows[:MOST_FLOWS]
    if not first:
        return ["  nobody"]
    total = sum(size for size, _, _ in flows)
    sources, targets = ([safe(flow[side], 30) for flow in first] for side in (1, 2))
    sizes = [count(size) for size, _, _ in first]
    widths = [max(map(len, words)) for words in (sources, targets, sizes)]
    lines = []
    for place, (size, _, _) in enumerate(first):
        words = f"{sources[place].ljust(widths[0])} → {targets[place].ljust(widths[1])}"
        share = number(100 * size / total, 1).rjust(5)
        bar = _bar(size, 0.0, first[0][0])[: BAR // 2 * 2]
        room = WIDTH - len(words) - widths[2] - 14
        bar = "█" * round(len(bar) * max(min(room, BAR), 0) / BAR) if room < BAR else bar
        lines.append(f"  {words}  {sizes[place].rjust(widths[2])}  {share} %  {bar}".rstrip())
    rest = flows[MOST_FLOWS:]
    if rest:
        lines.append(f"  and {plural(len(rest), 'smaller flow')} of {plural(sum(one[0] for one in rest), 'customer')}")
    return lines
