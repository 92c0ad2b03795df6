"""Who goes from where to where: for each source the targets, with bars that fill it."""

from __future__ import annotations

from collections.abc import Sequence

from segtui.api.report import About, Flow
from segtui.api.text import count, percents, plural
from segtui.draw.bars import LEAST_BAR, bar
from segtui.draw.line import (
    BAR,
    DIM,
    RULE,
    STRONG,
    Line,
    Piece,
    label,
    letter_of,
    line,
    padded,
    segment,
    width_of,
)

MOST_TARGETS = 8
MOST_SOURCES = 60
MOST_BAR = 40
_ARROW = "  → "


def draw_flow(block: Flow, width: int) -> list[Line]:
    """Sources with their customers, the largest targets of each, and last all customers by target."""
    sums = [sum(row) for row in block.counts]
    if not sum(sums):
        return [line(Piece("nobody", DIM))]
    sources = _labels(block.sources, block.sources_about)[:MOST_SOURCES]
    targets = _labels(block.targets, block.targets_about)
    size_width = len(count(sum(sums)))
    free = width - len(_ARROW) - size_width - 13
    name_width = min(max(map(width_of, targets)), max(10, width * 2 // 5), max(free - LEAST_BAR, 1))
    room = min(max(free - name_width, LEAST_BAR), MOST_BAR)
    reach = len(_ARROW) + name_width + 2 + room + 2 + size_width

    def group(name: Line, sizes: Sequence[int]) -> list[Line]:
        whole = sum(sizes)
        head = (*padded(name, reach - size_width), Piece(count(whole).rjust(size_width), STRONG))
        return [head, *_targets(sizes, whole, targets, name_width, room, size_width)]

    lines = [one for name, sizes in zip(sources, block.counts, strict=False) for one in group(name, sizes)]
    lines += _more_sources(len(block.sources) - len(sources), sum(sums[MOST_SOURCES:]))
    lines.append(line(Piece("─" * (reach + 9), RULE)))
    everyone = [sum(column) for column in zip(*block.counts, strict=True)]
    return [*lines, *group(line(Piece("all", STRONG)), everyone)]


def _labels(names: Sequence[str], about: Sequence[About]) -> list[Line]:
    whom = about or ((),) * len(names)
    return [label(name, one) for name, one in zip(names, whom, strict=True)]


def _targets(
    sizes: Sequence[int], whole: int, targets: Sequence[Line], name_width: int, room: int, size_width: int
) -> list[Line]:
    shares = [one.removesuffix(" %") for one in percents(sizes, 1)]
    order = sorted((place for place, size in enumerate(sizes) if size), key=lambda place: (-sizes[place], place))
    lines: list[Line] = []
    for place in order[:MOST_TARGETS]:
        name = targets[place]
        found = letter_of(name[0].text) if len(name) > 1 else None
        lines.append(
            (
                Piece(_ARROW, DIM),
                *padded(name, name_width),
                Piece("  "),
                Piece(bar(sizes[place] / whole, room), segment(found[1]) if found else BAR),
                Piece(f"  {count(sizes[place]).rjust(size_width)}"),
                Piece(f"  {shares[place].rjust(5)} %", DIM),
            )
        )
    rest = order[MOST_TARGETS:]
    if rest:
        words = f"    and {plural(len(rest), 'smaller flow')} of {plural(sum(sizes[one] for one in rest), 'customer')}"
        lines.append(line(Piece(words, DIM)))
    return lines


def _more_sources(sources: int, customers: int) -> list[Line]:
    if not sources:
        return []
    return [line(Piece(f"and {plural(sources, 'source')} of {plural(customers, 'customer')}, not shown here", DIM))]
