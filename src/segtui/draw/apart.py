"""What a segment is like against all customers, a line a figure, what sets it apart most first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from segtui.api.profile import Profile, ProfileRow
from segtui.api.text import NONE, number, safe
from segtui.draw.bars import bar, bar_to_left
from segtui.draw.grid import LOOKS, MARKS
from segtui.draw.line import BAR, BELOW, DIM, LABEL, RULE, Line, Piece, left, line, right
from segtui.draw.means import mean, unit_of_mean

SIDE = 7
"""Cells of a bar to either side of the average of all customers."""
FULL = 2.0
"""So many standard deviations fill a side."""
NUMBER, UNIT, NAME = 8, 6, 18
"""Cells of a mean at least, of its unit, and of what it is a mean of at least where there are bars."""
HEAD = 2
"""Lines above the first figure."""


class Figure(NamedTuple):
    """A mean or a share of a segment and of all, and how far apart they are, in standard deviations."""

    name: str
    value: str
    of_all: str
    unit: str
    difference: float
    mark: int


def figures(row: ProfileRow, profile: Profile) -> list[Figure]:
    """What is known of the segment, the largest difference first; what sets it apart before what may be chance."""
    found = [*_means(row, profile), *_shares(row, profile)]
    return sorted(found, key=lambda figure: (not figure.mark, -abs(figure.difference)))


def _means(row: ProfileRow, profile: Profile) -> Iterator[Figure]:
    for column, facts, every in zip(profile.numbers, row.numbers, profile.all.numbers, strict=True):
        if facts.mean is None or facts.difference is None:
            continue
        name, unit = safe(column.name, LABEL).replace("_", " "), unit_of_mean(column)
        yield Figure(name, mean(facts, column).text, mean(every, column).text, unit, facts.difference, facts.mark)


def _shares(row: ProfileRow, profile: Profile) -> Iterator[Figure]:
    for column, levels, every in zip(profile.categories, row.levels, profile.all.levels, strict=True):
        of_all = {facts.level: facts.share for facts in every}
        for facts in levels:
            if facts.difference is None:
                continue
            share = of_all.get(facts.level, facts.share / facts.lift if facts.lift else None)
            name = f"{safe(column.name, LABEL).replace('_', ' ')} {safe(facts.level, LABEL)}"
            every_share = NONE if share is None else number(100 * share, 0)
            yield Figure(name, number(100 * facts.share, 0), every_share, "%", facts.difference, facts.mark)


def draw_apart(letter: str, row: ProfileRow, profile: Profile, width: int, most: int) -> list[Line]:
    """At most so many lines, a head among them; none where there is no room for a figure."""
    found = figures(row, profile)[: max(most - HEAD, 0)]
    if not found:
        return []
    value = max(NUMBER, *(cell_len(text) for figure in found for text in (figure.value, figure.of_all)))
    fixed = 2 * value + UNIT + 6
    bars = 2 * SIDE + 1 if width >= NAME + fixed + 2 * SIDE + 1 else 0
    name = min(max(NAME, *(cell_len(figure.name) for figure in found)), max(width - fixed - bars, 1))
    heads = f" {left(f'what sets {letter} apart', name)} {right(letter, value)}  {right('all', value)}"
    return [line(), line(Piece(heads, DIM)), *(_line(figure, name, value, bars > 0) for figure in found)]


def _line(figure: Figure, name: int, value: int, has_bar: bool) -> Line:
    pieces = [
        Piece(f" {left(figure.name, name)} {right(figure.value, value)}"),
        Piece(MARKS[figure.mark] or " ", LOOKS[figure.mark]),
        Piece(f" {right(figure.of_all, value)} {left(figure.unit, UNIT)} ", DIM),
    ]
    if has_bar:
        share = abs(figure.difference) / FULL
        below, above = (share, 0.0) if figure.difference < 0 else (0.0, share)
        looks = (BELOW, BAR) if figure.mark else (DIM, DIM)
        pieces += [Piece(bar_to_left(below, SIDE), looks[0]), Piece("│", RULE), Piece(bar(above, SIDE), looks[1])]
    return tuple(pieces)
