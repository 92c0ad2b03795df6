"""What the table of segments shows: its rows, and the columns of figures of a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from segtui.api.profile import Profile, ProfileRow
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Column as ProfiledColumn
from segtui.api.text import NONE, count, percents, safe
from segtui.draw.line import LABEL, STRONG, Line, Piece, letter_of, line, segment
from segtui.draw.means import mean, unit_of_mean
from segtui.draw.table import Cell, Column, Laid, laid_out

WIDEST, HEADER, LONGEST_WORD = 20, 9, 14
NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Between words that are told apart by their first letters alone; a longer name is broken there."""


class SegmentRow(NamedTuple):
    """One row: a segment, the unassigned or, last, all; `share` of all customers, `part` of the largest segment."""

    code: int | None
    name: Line
    look: str
    size: int
    share: str
    part: float
    facts: ProfileRow | None


def segment_rows(segments: Sequence[ShownSegment], profile: Profile) -> list[SegmentRow]:
    """The segments in their order, then who is in none, then all; the shares add up to 100."""
    by_code = {row.code: row for row in profile.segments}
    nowhere = profile.unassigned
    sizes = [*(one.size for one in segments), nowhere.size if nowhere else 0]
    shares, largest = percents(sizes, 1), max(sizes, default=0) or 1
    rows = []
    shares = [share.removesuffix(" %") for share in shares]
    for one, share in zip(segments, shares, strict=False):
        look = _look(one)
        name = line(Piece(safe(one.letter, 4), f"{STRONG} {look}"), f" {safe(one.name, LABEL)}")
        rows.append(SegmentRow(one.code, name, look, one.size, share, one.size / largest, by_code.get(one.code)))
    if nowhere:
        rows.append(
            SegmentRow(None, line("  in no segment"), "", nowhere.size, shares[-1], nowhere.size / largest, nowhere)
        )
    whole = "100.0" if any(sizes) else NONE
    return [*rows, SegmentRow(None, line("  all"), "", profile.all.size, whole, 0.0, profile.all)]


def _look(one: ShownSegment) -> str:
    found = letter_of(one.letter)
    return segment(found[1]) if found else ""


def size_column(rows: Sequence[SegmentRow]) -> Laid:
    """The customers of each row."""
    return laid_out(Column("customers", "", [Cell(count(row.size)) for row in rows]), WIDEST)


def share_column(rows: Sequence[SegmentRow]) -> Laid:
    """The share of each row of all customers."""
    return laid_out(Column("share", "%", [Cell(row.share) for row in rows]), WIDEST)


def figure_columns(rows: Sequence[SegmentRow], profile: Profile, first: Sequence[str], most: int) -> list[Laid]:
    """A column of means for each number, those named `first` before the others, at most so many."""
    order = {name: place for place, name in enumerate(first)}
    places = sorted(
        range(len(profile.numbers)), key=lambda place: order.get(profile.numbers[place].name, len(order) + place)
    )
    return [_column(rows, profile.numbers[place], place) for place in places[:most]]


def _column(rows: Sequence[SegmentRow], column: ProfiledColumn, place: int) -> Laid:
    cells = [mean(row.facts.numbers[place], column) if row.facts else Cell(NONE) for row in rows]
    name = safe(column.name, LABEL).replace("_", " ")
    name = name if len(name) <= HEADER else NEW_WORD.sub(" ", name)
    header = max(HEADER, min(LONGEST_WORD, max(map(len, name.split()), default=0)))
    return laid_out(Column(name, unit_of_mean(column), cells, header=header), WIDEST)
