"""What the categories of each segment are like: the commonest levels, with whom each number tells of."""

from __future__ import annotations

from segtui.api import Axis, Grid
from segtui.api.profile import LevelFacts, Profile, ProfileRow
from segtui.api.text import safe
from segtui_evidence.profile_numbers import Rows


def levels(rows: Rows, found: Profile, place: int, most: int, told: int) -> Grid:
    column = found.categories[place].name
    listed = [(name, row, facts, whom) for name, row, whom in rows for facts in row.levels[place][:most]]
    return Grid(
        Axis(
            tuple(f"{name} · {safe(facts.level, 60)}" for name, _, facts, _ in listed),
            about=tuple((*whom, (safe(column, 200), safe(facts.level, 200))) for _, _, facts, whom in listed),
        ),
        Axis(("customers", "share", "index"), units=("", "%", ""), decimals=(0, 1, 0)),
        tuple((facts.customers, 100 * facts.share, 100 * facts.lift) for _, _, facts, _ in listed),
        tuple(
            (facts.customers, _told_by_share(row, facts, row.levels[place][:most]), told) for _, row, facts, _ in listed
        ),
        tuple((0, facts.mark, facts.mark) for _, _, facts, _ in listed),
        title=f"Commonest levels of {safe(column, 60)}",
    )


def _told_by_share(row: ProfileRow, facts: LevelFacts, shown: tuple[LevelFacts, ...]) -> int:
    """How many customers are behind the share of a level. It tells how many have a level at all: where some have none,
    one could work out the smallest level by it, or all those that are not shown."""
    known = round(facts.customers / facts.share)
    if known == row.size:
        return facts.customers
    others = known - sum(one.customers for one in shown)
    return min(one for one in (*(one.customers for one in shown), others) if one > 0)


def told_by_index(rows: Rows, found: Profile, place: int, most: int) -> int:
    """How many customers are behind the indexes of a category. With the shares they tell how many of all have each
    level, and by that the smallest number in the table, or of those that it does not show."""
    counts: list[int] = []
    totals: dict[str, int] = {}
    everyone = next((round(one.customers / one.share) for one in found.all.levels[place]), 0)
    for _, row, _ in rows:
        shown = row.levels[place][:most]
        counts += [one.customers for one in shown] + [row.size - sum(one.customers for one in shown)]
        totals |= {one.level: round(everyone * one.share / one.lift) for one in shown}
    for level, total in totals.items():
        shown_of = (one.customers for _, row, _ in rows for one in row.levels[place][:most] if one.level == level)
        counts.append(total - sum(shown_of))
    others = everyone - sum(totals.values())
    return min((count for count in (*counts, *totals.values(), others) if count > 0), default=0)
