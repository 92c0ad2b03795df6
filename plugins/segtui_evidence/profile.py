"""Profile: what each segment is like against all customers, in the client's units."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from segtui.api import (
    Additive,
    Analysis,
    Axis,
    Bars,
    Block,
    Column,
    Customers,
    Figure,
    Grid,
    Heatmap,
    Kind,
    Params,
    Report,
    Run,
    Segmentation,
    Text,
    View,
)
from segtui.api.profile import EFFECT, LEAST_CUSTOMERS, STANDARD_ERRORS, LevelFacts, Profile, ProfileRow, profile
from segtui.api.report import About
from segtui.api.text import safe
from segtui_evidence.wording import about, filled_segments, heading, label, titled

MOST_TRAITS = 4
WAYS = {1: "above", -1: "below"}
Rows = tuple[tuple[str, ProfileRow, About], ...]
"""Segments with their labels and whom they are about, in the shown order."""


class ProfiledParams(Params):
    """How much is shown."""

    columns: int = Field(12, ge=1, le=100, description="Number columns shown, features first, then those with a role")
    categories: int = Field(5, ge=0, le=50, description="Categories shown")
    levels: int = Field(3, ge=1, le=5, description="Commonest levels of a category shown for each segment")


class Profiled(Analysis[ProfiledParams]):
    """Sizes, shares of customers and of value, and what sets each segment apart."""

    id, title = "profile", "Profile"
    summary = "What segments are like: sizes, shares of value, features in units and as an index, what sets them apart."
    segmentations: ClassVar[tuple[int, int | None]] = (1, None)
    Params = ProfiledParams

    def report(self, view: View, params: ProfiledParams, run: Run) -> Report:
        """Profile each segmentation."""
        blocks: list[Block] = []
        profiled: list[tuple[Rows, Profile]] = []
        for number, one in enumerate(view.segmentations):
            run.progress(number / len(view.segmentations), "profiling")
            profiled.append(_profiled(one, view.customers))
        for one, (rows, found) in zip(view.segmentations, profiled, strict=True):
            if len(view.segmentations) > 1:
                blocks.append(heading(one))
            blocks += _blocks(rows, found, about(one, None), view.customers, params)
            for place in range(min(len(found.categories), params.categories)):
                told = min(_told_by_index(*each, place, params.levels) for each in profiled)
                blocks.append(_levels(rows, found, place, params.levels, told))
        figures = {
            "effect": Figure("difference in standard deviations", EFFECT),
            "errors": Figure("standard errors", STANDARD_ERRORS, decimals=0),
            "least": Figure("known values", LEAST_CUSTOMERS, decimals=0),
        }
        marks = (
            "Marks set a segment apart: its mean is {effect} standard deviations from that of all, or its median "
            "beyond a quartile of all; the difference is at least {errors} standard errors; {least} values are known."
        )
        notes = (Text(marks, figures), Text("An index is against the mean of all."))
        return Report(titled(self.title, view.segmentations), tuple(blocks), notes)


def _profiled(segmentation: Segmentation, customers: Customers) -> tuple[Rows, Profile]:
    segments = filled_segments(segmentation)
    codes = [segment.code for segment in segments]
    found = profile(customers.frame, customers.columns, segmentation.labels, codes)
    rows = tuple(
        (label(segment), row, about(segmentation, segment))
        for segment, row in zip(segments, found.segments, strict=True)
    )
    return rows, found


def _blocks(rows: Rows, found: Profile, nowhere: About, customers: Customers, params: ProfiledParams) -> list[Block]:
    places = _chosen(found, customers)[: params.columns]
    blocks: list[Block] = [_opening(rows, found), _sizes(rows, found, nowhere), _shares(rows)]
    blocks += [block for one in rows if (block := _traits(one, found, places))]
    if places:
        blocks += [_means(rows, found, places), _index(rows, found, places), _differences(rows, found, places)]
        blocks += [_quartiles(rows, found, place) for place in places if found.numbers[place].kind is Kind.NUMBER]
    return blocks


def _chosen(found: Profile, customers: Customers) -> list[int]:
    """Features first, then columns with a role, then the rest."""

    def rank(place: int) -> int:
        column = found.numbers[place]
        return 0 if column.name in customers.features else 1 if column.role else 2

    return sorted(range(len(found.numbers)), key=rank)


def _opening(rows: Rows, found: Profile) -> Text:
    largest, row, whom = max(rows, key=lambda one: one[1].size)
    figures = {
        "segments": Figure("segments", len(rows), decimals=0),
        "customers": Figure("customers", found.all.size, decimals=0, customers=found.all.size),
        "largest": Figure("the largest segment", largest),
        "share": Figure("its share", 100 * row.share, "%", 1, row.size, whom),
    }
    return Text("{customers} customers in {segments} segments; the largest is {largest} with {share}.", figures)


def _sizes(rows: Rows, found: Profile, nowhere: About) -> Grid:
    listed = [*rows, *([("in no segment", found.unassigned, nowhere)] if found.unassigned else [])]
    columns: tuple[str, ...] = ("customers", "share")
    units: tuple[str, ...] = ("", "%")
    decimals: tuple[int | None, ...] = (0, 1)
    if found.value is not None:
        unit = next((column.unit for column in found.numbers if column.name == found.value), "") or ""
        columns, units = (*columns, safe(found.value, 60), "share of value"), (*units, unit, "%")
        decimals = (*decimals, 0, 1)
    values = []
    for _, row, _ in listed:
        size: tuple[float | int | None, ...] = (row.size, 100 * row.share)
        share = None if row.value_share is None else 100 * row.value_share
        values.append((*size, row.value, share) if found.value is not None else size)
    return Grid(
        Axis(tuple(name for name, _, _ in listed), about=tuple(whom for _, _, whom in listed)),
        Axis(columns, units=units, decimals=decimals),
        tuple(values),
        counts=tuple((row.size,) * len(columns) for _, row, _ in listed),
        additive=Additive.COLUMNS,
        title="Sizes",
    )


def _shares(rows: Rows) -> Bars:
    names, found, whom = zip(*rows, strict=True)
    shares, sizes = tuple(100 * row.share for row in found), tuple(row.size for row in found)
    return Bars(names, shares, sizes, "%", Additive.COLUMNS, "Share of customers", whom)


def _traits(one: tuple[str, ProfileRow, About], found: Profile, places: list[int]) -> Text | None:
    """The strongest marks of a segment in a sentence, None where it has none."""
    name, row, whom = one
    marked = [place for place in places if row.numbers[place].mark]
    marked.sort(key=lambda place: -abs(row.numbers[place].difference or 0.0))
    parts: list[str] = []
    figures = {"segment": Figure("segment", name)}
    for place in marked[:MOST_TRAITS]:
        column, facts = found.numbers[place], row.numbers[place]
        key = "abcdefgh"[len(parts)]
        figures[f"name_{key}"] = Figure("column", safe(column.name, 60))
        figures[f"own_{key}"] = _figure("mean", row, place, found, whom)
        figures[f"all_{key}"] = _figure("mean of all", found.all, place, found, ())
        parts.append(f"{{name_{key}}} {WAYS[facts.mark]} the rest ({{own_{key}}}, all {{all_{key}}})")
    return Text(f"{{segment}}: {', '.join(parts)}.", figures) if parts else None


def _figure(name: str, row: ProfileRow, place: int, found: Profile, whom: About) -> Figure:
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


def _means(rows: Rows, found: Profile, places: list[int]) -> Grid:
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


def _index(rows: Rows, found: Profile, places: list[int]) -> Grid:
    lines, columns = _axes(rows, found, places, units=False)
    columns = replace(columns, decimals=(0,) * len(places))
    values = tuple(tuple(row.numbers[place].index for place in places) for _, row, _ in rows)
    return Grid(lines, columns, values, _counts(rows, found, places), title="Index (the mean of all is 100)")


def _differences(rows: Rows, found: Profile, places: list[int]) -> Heatmap:
    lines, columns = _axes(rows, found, places, units=False)
    values = tuple(tuple(row.numbers[place].difference for place in places) for _, row, _ in rows)
    return Heatmap(
        lines, columns, values, _counts(rows, found, places), title="Difference from all, in standard deviations of all"
    )


def _quartiles(rows: Rows, found: Profile, place: int) -> Grid:
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


def _levels(rows: Rows, found: Profile, place: int, most: int, told: int) -> Grid:
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


def _told_by_index(rows: Rows, found: Profile, place: int, most: int) -> int:
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
