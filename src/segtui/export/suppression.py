"""The privacy gate for reports: small cells are hidden, and so is whatever would let one solve for them.

What leaves together is settled together, since what one table hides another could tell. Every hidden cell looks the
same, whether it is small or hides a small one: to tell them apart would say more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from segtui.api.errors import UsageError
from segtui.api.files import LeavingSegment
from segtui.api.report import HIDDEN, Figure, Report, Text, Tone
from segtui.api.segmentation import ShownSegment
from segtui.api.text import plural
from segtui.export.block_gate import BlockGate, told_by
from segtui.export.groups import Groups, settled
from segtui.export.rounding import to_multiple, to_step

__all__ = ["HIDDEN", "THRESHOLD", "LeavingSizes", "Sized", "Suppressed", "suppressed", "suppressed_delivery"]

THRESHOLD = 10
LEAST_THRESHOLD = 5
MOST_ROUNDING = 1_000


@dataclass(frozen=True)
class Sized:
    """A segmentation before the gate: its id, its segments with their sizes, and how many customers are in none."""

    id: str
    segments: tuple[ShownSegment, ...]
    unassigned: int = 0

    @property
    def customers(self) -> int:
        return sum(segment.size for segment in self.segments) + self.unassigned


@dataclass(frozen=True)
class LeavingSizes:
    """The sizes of a segmentation as they may leave: `unassigned` is None where hidden, `customers` are all of them."""

    segments: tuple[LeavingSegment, ...]
    unassigned: int | None
    customers: int


@dataclass(frozen=True)
class Suppressed:
    """All that leaves together: `sizes` by the id of the segmentation, `reports` in their order, and `notes` that say
    what of the sizes was hidden, and how they were rounded."""

    sizes: Mapping[str, LeavingSizes]
    reports: tuple[Report, ...]
    notes: tuple[Text, ...] = ()


def suppressed(report: Report, threshold: int = THRESHOLD, rounding: int = 0) -> Report:
    """One report as it may leave alone: what `suppressed_delivery` makes of it without segmentations."""
    return suppressed_delivery((), (report,), threshold, rounding).reports[0]


def suppressed_delivery(
    segmentations: Sequence[Sized], reports: Sequence[Report], threshold: int = THRESHOLD, rounding: int = 0
) -> Suppressed:
    """Everything of one delivery as it may leave; called once, on reports as their analyses made them.

    Groups with 1 to `threshold` - 1 customers are hidden, with complements where counts add up to something told: the
    sizes of segments to all customers, crossed groups to these sizes. A group that is hidden anywhere is hidden
    everywhere, with all that is about it or a part of it. In grids, heatmaps and figures the value is `HIDDEN`, in
    lines None; bars and points are left out. A flow with hidden cells becomes a grid. Blocks without counts, and points
    that are customers, are replaced by a note. Counts and `about` stay here, all of them: they would say of a hidden
    cell what the cell does not. A last note of each report says what was hidden.

    Where `rounding` is above 0, counts that leave are its nearest multiples, each on its own, so that they need not add
    up; shares of customers move in steps of a per cent or more, of at least `rounding` customers; what is a count of
    part of a group in another dress keeps two significant digits, all else four. A note says so.

    Protected are counts: of each hidden group several sizes fit what leaves about groups and about pairs of crossed
    groups. Not covered: what follows only where three divisions of the customers are held against each other at once,
    how many have no value in a column, and measures of a table as a whole such as an adjusted Rand index.

    Raises UsageError where `threshold` is below 5, or `rounding` below 0 or above 1,000.
    """
    if threshold < LEAST_THRESHOLD:
        raise UsageError(
            f"Cells of fewer than {LEAST_THRESHOLD} customers never leave.",
            next_step=f"Choose a threshold of {THRESHOLD}, or of {LEAST_THRESHOLD} at least.",
        )
    if not 0 <= rounding <= MOST_ROUNDING:
        raise UsageError(
            f"Counts can't be rounded to multiples of {rounding}.",
            next_step=f"Choose 5 or 10, 0 for exact counts, and {MOST_ROUNDING:,} at most.",
        )
    sizes = {
        one.id: {**{str(part.code): part.size for part in one.segments}, "": one.unassigned} for one in segmentations
    }
    groups = settled(sizes, [told for report in reports for told in told_by(report)], threshold)
    leaving = {one.id: _sizes(one, groups, rounding) for one in segmentations}
    hidden = sum(
        [part.customers for part in one.segments].count(None) + (one.unassigned is None) for one in leaving.values()
    )
    return Suppressed(
        leaving,
        tuple(_report(report, groups, rounding) for report in reports),
        _notes(hidden, threshold, rounding),
    )


def _sizes(one: Sized, groups: Groups, rounding: int) -> LeavingSizes:
    def shown(code: str, size: int) -> int | None:
        return None if groups.is_hidden(one.id, code) else to_multiple(size, rounding)

    def share(size: int) -> float:
        percentage = 100 * size / max(one.customers, 1)
        return to_step(percentage, one.customers, rounding) / 100 if rounding else percentage / 100

    segments = []
    for part in one.segments:
        size = shown(str(part.code), part.size)
        own = None if size is None else share(part.size)
        segments.append(LeavingSegment(part.code, part.letter, part.name, size, own, part.rule, part.description))
    return LeavingSizes(tuple(segments), shown("", one.unassigned), to_multiple(one.customers, rounding))


def _report(report: Report, groups: Groups, rounding: int) -> Report:
    gate = BlockGate(groups, rounding)
    blocks = tuple(part for block in report.blocks for part in gate.block(block))
    notes = tuple(gate.text(note) for note in report.notes)
    return replace(report, blocks=blocks, notes=(*notes, *_notes(gate.cells, groups.threshold, rounding)))


def _notes(hidden: int, threshold: int, rounding: int) -> tuple[Text, ...]:
    notes = []
    if hidden:
        figures = {
            "threshold": Figure("threshold", threshold, decimals=0),
            "cells": Figure("hidden values", plural(hidden, "value")),
        }
        words = "Hidden: {cells}, about fewer than {threshold} customers or such that they would reveal one that is."
        notes.append(Text(words, figures, Tone.NOTE))
    if rounding:
        words = (
            "Rounded: each count of customers to a multiple of {rounding}, on its own, so that counts need not add up; "
            "shares to whole per cent or coarser."
        )
        notes.append(Text(words, {"rounding": Figure("rounding", rounding, decimals=0)}, Tone.NOTE))
    return tuple(notes)
