"""The job that lets an analysis look at results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from segtui.analyse.analyse import analyse
from segtui.api.analysis import Refit, View
from segtui.api.customers import Customers
from segtui.api.method import Model
from segtui.api.report import Report
from segtui.api.run import Run
from segtui.api.segmentation import Segmentation
from segtui.plugins import validate_params
from segtui.project.document import ExportEntry, refuse_unknown_set
from segtui.project.facts import CustomersFacts, LeavingFacts, SegmentationFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.project.jobs.leaving import leaving
from segtui.project.jobs.segments import method_of, segmentation_of
from segtui.segment import fit
from segtui.segment.earlier import with_segmentation


def check_analysis(run: JobRun, analysis: str, params: Mapping[str, Any]) -> None:
    """Raise, before any work on data, for an analysis that is not there or does not take the parameters."""
    validate_params(desk.registry(run).analysis(analysis), params)


def report_to_leave(
    run: JobRun,
    customers: CustomersFacts,
    made: tuple[SegmentationFacts, ...],
    earlier: tuple[SegmentationFacts, ...],
    analysis: str,
    params: Mapping[str, Any],
    export: ExportEntry,
    feature_set: str | None = None,
) -> LeavingFacts:
    """A report and the segmentations it looks at, as they may leave by an export."""
    return leaving(made, [make_report(run, customers, made, earlier, analysis, params, feature_set)], export)


def make_report(
    run: JobRun,
    customers: CustomersFacts,
    made: tuple[SegmentationFacts, ...],
    earlier: tuple[SegmentationFacts, ...],
    analysis: str,
    params: Mapping[str, Any],
    feature_set: str | None = None,
) -> Report:
    """Look at `made`, on a feature set: where none is given that of the first that has one, else the project's first;
    `earlier` are the results that these build on."""
    registry = desk.registry(run)
    found = registry.analysis(analysis)
    if feature_set:
        refuse_unknown_set(feature_set, customers.scalings)
    known = [*(facts.feature_set for facts in made if facts.feature_set), *customers.scalings]
    view = View(
        desk.customers(customers, feature_set or (known[0] if known else "")),
        tuple(segmentation_of(run, facts) for facts in made),
        _refit(run, customers, made, earlier),
    )
    plugin = registry.catalogue.analysis(analysis).identity
    return analyse(found, view, validate_params(found, params), PartOfJob(run, 0, 1), plugin=plugin)


def _refit(
    job: JobRun,
    customers: CustomersFacts,
    made: tuple[SegmentationFacts, ...],
    earlier: tuple[SegmentationFacts, ...],
) -> Refit:
    """Fits the method of a segmentation again, on some of the customers, with another seed."""
    facts_of = {facts.id: facts for facts in made}
    earlier_of = {facts.id: facts for facts in (*earlier, *made)}

    def refit(segmentation: Segmentation, rows: np.ndarray, seed: int, run: Run) -> Model:
        facts = facts_of[segmentation.id]
        method = method_of(job)(facts.method, facts.plugin)
        found = desk.customers(customers, facts.feature_set)
        for name in facts.after:
            found = with_segmentation(found, name, *desk.labels(earlier_of[name]))
        params = validate_params(method, segmentation.params)
        chosen = _each_its_own(found.rows(rows))
        return fit.fit(method, chosen, params, _Seeded(run, seed), plugin=facts.plugin).model

    return refit


def _each_its_own(customers: Customers) -> Customers:
    """Customers whose ids are numbers of their rows, as a customer who was drawn twice counts as two."""
    ids = pl.Series(customers.id, range(len(customers)), dtype=pl.Int64)
    dtype = customers.frame.schema[customers.id]
    return replace(customers, frame=customers.frame.with_columns(ids.cast(dtype)))


class _Seeded:
    """A Run with a seed of its own."""

    def __init__(self, whole: Run, seed: int) -> None:
        self.seed = seed
        self._whole = whole

    def progress(self, done: float, doing: str = "") -> None:
        self._whole.progress(done, doing)
