"""Segmentations and reports as they may leave: sizes and cells pass the gate together."""

from __future__ import annotations

from collections.abc import Sequence

from segtui.api.files import LeavingSegmentation
from segtui.api.report import Report
from segtui.export.suppression import LeavingSizes, Sized, suppressed_delivery
from segtui.project.document import ExportEntry
from segtui.project.facts import LeavingFacts, SegmentationFacts


def leaving(made: Sequence[SegmentationFacts], reports: Sequence[Report], export: ExportEntry) -> LeavingFacts:
    """What may leave of these segmentations and of these reports on them, with what the export hides and rounds."""
    sized = [Sized(facts.id, facts.segments, facts.account.total - facts.account.used) for facts in made]
    passed = suppressed_delivery(sized, reports, export.threshold, export.rounding)
    return LeavingFacts({facts.id: _segmentation(facts, passed.sizes[facts.id]) for facts in made}, passed.reports)


def _segmentation(facts: SegmentationFacts, sizes: LeavingSizes) -> LeavingSegmentation:
    return LeavingSegmentation(
        facts.id,
        facts.method,
        facts.title,
        facts.params,
        facts.feature_set,
        facts.seed,
        sizes.customers,
        sizes.segments,
        sizes.unassigned,
        facts.notes,
    )
