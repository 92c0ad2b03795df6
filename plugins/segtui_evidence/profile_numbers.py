"""What the numbers of each segment are like: means, indexes, differences and quartiles, in the client's units."""

from __future__ import annotations

from dataclasses import replace

from segtui.api import Axis, Column, Figure, Grid, Heatmap, Kind
from segtui.api.profile import Profile, ProfileRow
from segtui.api.report import About
from segtui.api.text import safe

Rows = tuple[tuple[str, ProfileRow, About], ...]
"""Segments with their labels and whom they are about, in the shown order."""


def mean_figure(name: str, row: ProfileRow, place: int, found: Profile, whom: About) -> Figure:
    column = found.numbers[place]
    value = _scaled(row.numbers[place].mean, column)
    return Figure(name, value, _unit(column), None, _behind(row, place, column), (*whom, *_counted(column)))


def _counted(column: Column) -> About:
    """Those whom the mean of a column counts: of a flag it is the share of yes."""
    return ((safe(column.name, 200), "yes"),) if column.kind is Kind.FLAG else ()


def _behind(row: ProfileRow, place: int, column: Column) -> int:
    """How many customers are behind a mean: of a flag those with yes, and no more than those with no where some have
    neither, since one could not work those out."""
    facts = row.numbers[place]
    if column.kind is not Kind.FLAG:
        return facts.known
    yes = round(facts.known * (facts.mean or 0.0))
    no = facts.known - yes
    return min(yes, no) if yes and no and facts.known < row.size else yes


def _unit(column: Column) -> str:
    return "%" if _is_share(column) else column.unit or ""


def _is_share(column: Column) -> bool:
    return column.kind is Kind.FLAG or column.unit == "share"


def _scaled(value: float | None, column: Column) -> float | None:
    return None if value is None else 100 * value if _is_share(column) else value


def _axes(rows: Rows, found: Profile, places: list[int], units: bool) -> tuple[Axis, Axis]:
    columns = [found.numbers[place] for place in places]
    shown = tuple(_unit(column) for column in columns) if units else ()
    names, _, whom = zip(*rows, strict=True)
    counted = tuple(_counted(column) for column in columns)
    return Axis(names, about=whom), Axis(tuple(safe(column.name, 60) for column in columns), "", shown, (), counted)


def _counts(rows: Rows, found: Profile, places: list[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(_behind(row, place, found.numbers[place]) for place in places) for _, row, _ in rows)


def means(rows: Rows, found: Profile, places: list[int]) -> Grid:
    everyone: Rows = (*rows, ("all", found.all, ()))
    lines, columns = _axes(everyone, found, places, units=True)
    return Grid(
        lines,
        columns,
        tuple(
            tuple(_scaled(row.numbers[place].mean, found.numbers[place]) for place in places) for _, row, _ in everyone
        ),
        _counts(everyone, found, places),
        tuple(tuple(row.numbers[place].mark for place in places) for _, row, _ in everyone),
        title="Means",
    )


def index(rows: Rows, found: Profile, places: list[int]) -> Grid:
    lines, columns = _axes(rows, found, places, units=False)
    columns = replace(columns, decimals=(0,) * len(places))
    values = tuple(tuple(row.numbers[place].index for place in places) for _, row, _ in rows)
    return Grid(lines, columns, values, _counts(rows, found, places), title="Index (the mean of all is 100)")


def differences(rows: Rows, found: Profile, places: list[int]) -> Heatmap:
    lines, columns = _axes(rows, found, places, units=False)
    values = tuple(tuple(row.numbers[place].difference for place in places) for _, row, _ in rows)
    return Heatmap(
        lines, columns, values, _counts(rows, found, places), title="Difference from all, in standard deviations of all"
    )


def quartiles(rows: Rows, found: Profile, place: int) -> Grid:
    column = found.numbers[place]
    everyone: Rows = (*rows, ("all", found.all, ()))
    facts = [row.numbers[place] for _, row, _ in everyone]
    names = ("lower quartile", "median", "upper quartile")
    return Grid(
        Axis(tuple(name for name, _, _ in everyone), about=tuple(whom for _, _, whom in everyone)),
        Axis(names, units=(_unit(column),) * len(names)),
        tuple(tuple(_scaled(value, column) for value in (one.lower, one.median, one.upper)) for one in facts),
        tuple((one.known,) * len(names) for one in facts),
        title=f"Quartiles of {safe(column.name, 60)}",
    )
