"""Bars in eighths of a cell, with the value to the right."""

from __future__ import annotations

from rich.cells import cell_len

from segtui.api.report import Additive, Bars
from segtui.api.text import count, number, safe
from segtui.draw.line import (
    BAR,
    BELOW,
    DIM,
    RULE,
    TITLE,
    Line,
    Piece,
    label,
    letter_of,
    line,
    padded,
    right,
    segment,
    width_of,
)
from segtui.draw.table import left_out
from segtui.draw.values import UNIT, aligned, bounded, parts_of_whole

EIGHTHS = " ▏▎▍▌▋▊▉█"
LEAST_BAR, MOST_BAR = 4, 60
MOST_BARS = 500
CUSTOMERS, COUNT = "customers", "count"
WIDE = 48


def bar(share: float, cells: int) -> str:
    """A bar to the right, `share` of `cells` long, filled up with spaces; what is not nothing is seen."""
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    whole, rest = divmod(max(eighths, 1 if share > 0 else 0), 8)
    return ("█" * whole + (EIGHTHS[rest] if rest else "")).ljust(cells)


def bar_to_left(share: float, cells: int) -> str:
    """The same to the left, in halves of a cell."""
    halves = round(min(max(share, 0.0), 1.0) * cells * 2)
    whole, rest = divmod(max(halves, 1 if share > 0 else 0), 2)
    return ("▐" * rest + "█" * whole).rjust(cells)


def draw_bars(block: Bars, width: int) -> list[Line]:
    """One line a bar: label, bar, value and customers."""
    shown = min(len(block.labels), MOST_BARS)
    about = block.about or ((),) * len(block.labels)
    names = [label(text, whom) for text, whom in zip(block.labels[:shown], about, strict=False)]
    whole = block.unit == "%" and block.additive is not Additive.NO
    decimals = 0 if all(float(value).is_integer() for value in block.values) else 1
    texts = (parts_of_whole(block.values, decimals) if whole else []) or [number(value) for value in block.values]
    values, unit = aligned(texts[:shown]), safe(block.unit, UNIT if width >= WIDE else UNIT // 2)
    sizes = [count(size) for size in (block.counts or ())[:shown]]
    value_width = max([cell_len(unit), *map(cell_len, values)])
    customers = CUSTOMERS if width >= WIDE else COUNT
    size_width = max([len(customers), *map(len, sizes)]) if sizes else -2
    free = width - value_width - size_width - 6
    name_width = min(max(map(width_of, names), default=0), max(14, width * 3 // 10), max(free - LEAST_BAR, 1))
    room = min(max(free - name_width, LEAST_BAR), MOST_BAR)
    low, high = bounded(min((*block.values, 0.0))), bounded(max((*block.values, 0.0)))
    before = min(max(round(room * -low / (high - low)), 1), room - 2) if low < 0 else 0
    after = room - before - bool(before)
    head = [Piece(right(unit, value_width), DIM)] + [Piece(f"  {right(customers, size_width)}", DIM)] * bool(sizes)
    lines = _headed(safe(block.title, width), head, name_width + 2 + room + 2)
    for place, name in enumerate(names):
        value = block.values[place]
        found = letter_of(name[0].text) if len(name) > 1 else None
        pieces = [*padded(name, name_width), Piece("  ")]
        if before:
            pieces += [Piece(bar_to_left(value / low if value < 0 else 0.0, before), BELOW), Piece("│", RULE)]
        pieces.append(Piece(bar(value / high if value > 0 else 0.0, after), segment(found[1]) if found else BAR))
        pieces.append(Piece(f"  {values[place].rjust(value_width)}"))
        if sizes:
            pieces.append(Piece(f"  {sizes[place].rjust(size_width)}", DIM))
        lines.append(tuple(pieces))
    return [*lines, *left_out(len(block.labels) - shown, "bar")]


def _headed(title: str, head: list[Piece], reach: int) -> list[Line]:
    """The title with the heads of the columns at its right, or above them where it is too long."""
    if not any(piece.text.strip() for piece in head):
        return [line(Piece(title, TITLE))] if title else []
    if cell_len(title) < reach:
        return [(*padded(line(Piece(title, TITLE)), reach), *head)]
    return [line(Piece(title, TITLE)), (Piece(" " * reach), *head)]
