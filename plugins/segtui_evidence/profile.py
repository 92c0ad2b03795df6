"""Profile: what each segment is like against all customers, in the client's units."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from segtui.api import (
    Additive,
    Analysis,
    Axis,
    Bars,
    Block,
    Customers,
    Figure,
    Grid,
    Kind,
    Params,
    Report,
    Run,
    Segmentation,
    Text,
    View,
)
from segtui.api.profile import EFFECT, LEAST_CUSTOMERS, STANDARD_ERRORS, Profile, ProfileRow, profile
from segtui.api.report import About
from segtui.api.text import safe
from segtui_evidence.profile_levels import levels, told_by_index
from segtui_evidence.profile_numbers import Rows, differences, index, mean_figure, means, quartiles
from segtui_evidence.wording import about, filled_segments, heading, label, titled

MOST_TRAITS = 4
WAYS = {1: "high", -1: "low"}


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
                told = min(told_by_index(*each, place, params.levels) for each in profiled)
                blocks.append(levels(rows, found, place, params.levels, told))
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
    listed: Rows = (*rows, ("in no segment", found.unassigned, nowhere)) if found.unassigned else rows
    blocks: list[Block] = [_opening(rows, found), _sizes(listed, found), _shares(listed)]
    blocks += [block for one in rows if (block := _traits(one, found, places))]
    if places:
        blocks += [means(rows, found, places), index(rows, found, places), differences(rows, found, places)]
        blocks += [quartiles(rows, found, place) for place in places if found.numbers[place].kind is Kind.NUMBER]
    return blocks


def _chosen(found: Profile, customers: Customers) -> list[int]:
    """Features first, then columns with a role, then the rest."""

    def rank(place: int) -> int:
        column = found.numbers[place]
        return 0 if column.name in customers.features else 1 if column.role else 2

    return sorted(range(len(found.numbers)), key=rank)


def _opening(rows: Rows, found: Profile) -> Text:
    """In customers, which no table rounds."""
    largest, row, whom = max(rows, key=lambda one: one[1].size)
    figures = {
        "segments": Figure("segments", len(rows), decimals=0),
        "customers": Figure("customers", found.all.size, decimals=0, customers=found.all.size),
        "largest": Figure("the largest segment", largest),
        "size": Figure("its customers", row.size, decimals=0, customers=row.size, about=whom),
    }
    return Text("{customers} customers in {segments} segments; the largest is {largest} with {size}.", figures)


def _sizes(listed: Rows, found: Profile) -> Grid:
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


def _shares(listed: Rows) -> Bars:
    names, found, whom = zip(*listed, strict=True)
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
        figures[f"own_{key}"] = mean_figure("mean", row, place, found, whom)
        figures[f"all_{key}"] = mean_figure("mean of all", found.all, place, found, ())
        parts.append(f"{{name_{key}}} {WAYS[facts.mark]} ({{own_{key}}}, all {{all_{key}}})")
    return Text(f"{{segment}}: {', '.join(parts)}.", figures) if parts else None
