"""Comparison: segmentations side by side on one feature set, how far they agree, and who moved between them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import ClassVar

import numpy as np

from segtui.api import (
    Additive,
    Analysis,
    Axis,
    Block,
    Figure,
    Figures,
    Flow,
    Grid,
    Needs,
    Params,
    PartOfRun,
    Report,
    Run,
    Segmentation,
    ShownSegment,
    Text,
    Tone,
    View,
)
from segtui.api.measures import adjusted_mutual_information, adjusted_rand, contingency
from segtui.api.text import safe
from segtui_evidence.measuring import Measured, measured, sampling_note
from segtui_evidence.wording import about, feature_note, features_in_words, filled_segments, label, titled

_Measure = tuple[str, str, int | None]
_ERROR: _Measure = ("standard error of the silhouette", "", 3)
_MEASURES: tuple[_Measure, ...] = (
    ("segments with customers", "", 0),
    ("customers in no segment", "", 0),
    ("customers in the largest segment", "", 0),
    ("silhouette", "", 3),
    _ERROR,
    ("variance explained", "%", 1),
    ("Calinski-Harabasz", "", None),
    ("Davies-Bouldin, lower is better", "", 3),
)
"""Name, unit and decimals of each row."""


class ComparisonParams(Params):
    """Nothing to choose."""


class Comparison(Analysis[ComparisonParams]):
    """Measures on one feature set, agreement, crosstabs, matched segments, flows."""

    id, title = "comparison", "Comparison"
    summary = "Segmentations side by side: measures on one feature set, agreement, crosstab, best matches, who moved."
    needs = Needs(features=1, rows=3)
    segmentations: ClassVar[tuple[int, int | None]] = (2, None)
    Params = ComparisonParams

    def report(self, view: View, params: ComparisonParams, run: Run) -> Report:  # noqa: ARG002
        """Measure each, then compare each pair."""
        shown = view.segmentations
        found = [
            measured(one, view.customers, PartOfRun(run, 0.9 * at / len(shown), 0.9 * (at + 1) / len(shown)))
            for at, one in enumerate(shown)
        ]
        blocks: list[Block] = [
            Text("Measured on {features}.", {"features": features_in_words(view.customers)}),
            _side_by_side(shown, found),
        ]
        for first, second in combinations(shown, 2):
            blocks += _pair(first, second)
        others = [note for one in shown if (note := feature_note(one, view.customers))]
        sampled = [
            note
            for one, measures in zip(shown, found, strict=True)
            if measures.silhouette and (note := sampling_note(one, measures.silhouette))
        ]
        advice = (
            "A segmentation that was fitted on the very features measured has an advantage here: a higher silhouette "
            "does not make it the more useful one."
        )
        return Report(titled(self.title, shown), tuple(blocks), (*others, *sampled, Text(advice)))


def _side_by_side(shown: tuple[Segmentation, ...], found: list[Measured]) -> Grid:
    """Measures as rows, segmentations as columns; an error only where something was sampled."""
    columns = [_measures(one, measures) for one, measures in zip(shown, found, strict=True)]
    counts = [_behind(one, len(_MEASURES)) for one in shown]
    rows = zip(_MEASURES, zip(*columns, strict=True), zip(*counts, strict=True), strict=True)
    kept = [row for row in rows if row[0] != _ERROR or any(value is not None for value in row[1])]
    measures, values, behind = zip(*kept, strict=True)
    names, units, decimals = zip(*measures, strict=True)
    return Grid(
        Axis(names, units=units, decimals=decimals),
        Axis(tuple(safe(one.id, 60) for one in shown)),
        values,
        counts=behind,
        title="Measures",
    )


def _measures(one: Segmentation, found: Measured) -> tuple[float | int | None, ...]:
    silhouette, likeness = found.silhouette, found.davies_bouldin
    return (
        len(filled_segments(one)),
        one.account.total - one.account.used,
        max((segment.size for segment in one.segments), default=0),
        silhouette.value if silhouette else None,
        silhouette.error if silhouette and not silhouette.is_exact else None,
        None if found.variance_explained is None else 100 * found.variance_explained,
        found.calinski_harabasz,
        None if likeness is None or not np.isfinite(likeness) else likeness,
    )


def _behind(one: Segmentation, length: int) -> tuple[int, ...]:
    """How many customers are behind each measure: for the second and third those whom it counts."""
    used, largest = one.account.used, max((segment.size for segment in one.segments), default=0)
    return (used, one.account.total - used, largest, *(used,) * (length - 3))


def _pair(first: Segmentation, second: Segmentation) -> list[Block]:
    crossed = contingency(first.labels, second.labels)
    both = int(crossed.table.sum())
    names = {"first": Figure("segmentation", first.id), "second": Figure("segmentation", second.id)}
    heading = Text("{first} against {second}", names, Tone.HEADING)
    if not both:
        return [heading, Text("No customer has a segment in both.", tone=Tone.WARNING)]
    left = [segment for segment in filled_segments(first) if segment.code in crossed.rows]
    right = [segment for segment in filled_segments(second) if segment.code in crossed.columns]
    rows = [crossed.rows.index(segment.code) for segment in left]
    columns = [crossed.columns.index(segment.code) for segment in right]
    table = crossed.table[np.ix_(rows, columns)]
    sources, targets = _axis(first, left), _axis(second, right)
    counts = tuple(tuple(row) for row in table.tolist())
    largest = tuple(tuple(int(count == max(row) and count > 0) for count in row) for row in counts)
    matched, smallest = best_matching(table), _smallest(left, right, table, len(first.labels))
    blocks: list[Block] = [
        heading,
        Figures(
            (
                Figure("adjusted Rand", adjusted_rand(first.labels, second.labels), decimals=3, customers=both),
                Figure(
                    "adjusted mutual information",
                    adjusted_mutual_information(first.labels, second.labels),
                    decimals=3,
                    customers=both,
                ),
                Figure("customers in both", both, decimals=0, customers=both),
            )
        ),
        _moved(names, table, matched, smallest),
        Grid(
            sources,
            replace(targets, decimals=(0,) * len(right)),
            counts,
            counts,
            largest,
            Additive.BOTH,
            "Customers by both; in each row the largest share is marked",
        ),
        _matches(sources, targets, table, matched, smallest),
        Flow(sources.labels, targets.labels, counts, "Who moved", sources.about, targets.about),
    ]
    if crossed.left_out:
        left_out = {"left": Figure("left out", crossed.left_out, decimals=0, customers=crossed.left_out)}
        blocks.append(Text("{left} customers have no segment in one of the two, and were left out.", left_out))
    return blocks


def _axis(segmentation: Segmentation, segments: list[ShownSegment]) -> Axis:
    labels = tuple(label(segment) for segment in segments)
    return Axis(labels, safe(segmentation.id, 60), about=tuple(about(segmentation, segment) for segment in segments))


def _smallest(left: list[ShownSegment], right: list[ShownSegment], table: np.ndarray, customers: int) -> int:
    """The fewest customers in one group of the table, in one segment of either and in none of the other, or in none."""
    alone = [segment.size - int(both) for segment, both in zip(left, table.sum(axis=1), strict=True)]
    alone += [segment.size - int(both) for segment, both in zip(right, table.sum(axis=0), strict=True)]
    in_none = customers - int(table.sum()) - sum(alone)
    counts: list[int] = [*table.ravel().tolist(), *alone, in_none]
    return min(count for count in counts if count > 0)


def best_matching(table: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of a row and a column, each used once, that hold the most customers together (the Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(table, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if table[row, column]]


def _moved(names: dict[str, Figure], table: np.ndarray, matched: list[tuple[int, int]], smallest: int) -> Text:
    """With what the table tells, how many moved would give its smallest group away: so this is about that one too."""
    both = int(table.sum())
    moved = both - sum(int(table[row, column]) for row, column in matched)
    told = min(moved, smallest) if moved else smallest
    figures = {
        **names,
        "moved": Figure("customers outside the matched segments", moved, decimals=0, customers=told),
        "share": Figure("their share", 100 * moved / both, "%", 1, told),
    }
    words = (
        "With each segment of {first} matched to one of {second}, {moved} customers ({share}) are elsewhere. An "
        "adjusted Rand of one is the same division, and of zero as much agreement as chance gives."
    )
    return Text(words, figures)


def _matches(sources: Axis, targets: Axis, table: np.ndarray, matched: list[tuple[int, int]], smallest: int) -> Grid:
    """Each match with the customers in both, and these as a share of either, which tells of the smallest group too."""
    shared = [int(table[row, column]) for row, column in matched]
    either = [
        int(table[row].sum() + table[:, column].sum()) - both
        for (row, column), both in zip(matched, shared, strict=True)
    ]
    return Grid(
        Axis(
            tuple(f"{sources.labels[row]} = {targets.labels[column]}" for row, column in matched),
            about=tuple((*sources.about[row], *targets.about[column]) for row, column in matched),
        ),
        Axis(("in both", "in either", "share"), units=("", "", "%"), decimals=(0, 0, 1)),
        tuple((both, any_, 100 * both / any_) for both, any_ in zip(shared, either, strict=True)),
        tuple((both, smallest, smallest) for both in shared),
        title="Best matches",
    )
