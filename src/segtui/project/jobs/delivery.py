"""The job that delivers: reports are made, all of it passes the gate, exporters write, the manifest says what left."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from segtui.api.errors import UsageError
from segtui.api.files import Delivery
from segtui.api.method import Model
from segtui.api.report import Report
from segtui.api.text import file_name, safe
from segtui.api.writing import refuse_existing
from segtui.export import Choice, LeavingRows, Wanted, deliver, delivery_names, gate, load_or_make_key
from segtui.export.deliver import model_name
from segtui.plugins import validate_params
from segtui.project.facts import DeliveredFile, DeliveryFacts, SegmentationFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.project.jobs.leaving import leaving
from segtui.project.jobs.manifest import manifest_of
from segtui.project.jobs.reports import check_analysis, make_report
from segtui.project.jobs.segments import models_of
from segtui.project.order import DeliveryOrder, Parcel
from segtui.segment.counts_kept import holds_small_counts
from segtui.worker.folder import goes_too

PARTS = 2


def check_parcel(run: JobRun, parcel: Parcel) -> None:
    """Raise, before any work on data, for exporters and analyses that are not there or don't take their parameters, for
    names that clash, and for files that are there already."""
    for entry in parcel.export.reports_on(parcel.segmentations):
        check_analysis(run, entry.analysis, entry.params)
    names = delivery_names(parcel.title, parcel.segmentations, _wanted(run, parcel), parcel.export.models)
    if not parcel.overwrite:
        refuse_existing(parcel.folder / name for name in names)


def deliver_results(run: JobRun, order: DeliveryOrder) -> DeliveryFacts:
    """Everything that was ordered, into the folder of the parcel."""
    parcel = order.parcel
    made = {facts.id: facts for facts in order.made}
    parting = [made[name] for name in parcel.segmentations if name in made]
    if not parting:
        raise UsageError("There is no segmentation to export.", next_step="Run one first.")
    for facts in order.sources:
        desk.refuse_changed(facts.path, facts.fingerprint)
    rows = _rows(order, parting)
    passed = leaving(order.made, [*_reports(PartOfJob(run, 0, PARTS), order)], parcel.export)
    models, notes = _models(run, order, parting)
    notes = [*order.notes, *notes]
    manifest = manifest_of(order, parting, rows, passed.segmentations, notes)
    delivery = Delivery(
        parcel.title,
        tuple(passed.segmentations[facts.id] for facts in parting),
        {name: one.assignments for name, one in rows.items()},
        passed.reports,
        manifest.facts(),
        order.brief,
        date.today(),
        parcel.chosen if parcel.chosen in made else None,
    )
    delivered = deliver(
        delivery,
        _wanted(run, parcel),
        [*models, *(partial(_rejects, facts.name, facts.rejects) for facts in order.sources if facts.rejects)],
        manifest,
        parcel.folder,
        PartOfJob(run, 1, PARTS),
        overwrite=parcel.overwrite,
        sources=[facts.path for facts in order.sources],
        begun=partial(goes_too, run.folder),
    )
    first = next(iter(rows.values()))
    return DeliveryFacts(
        tuple(DeliveredFile(one.path, one.size) for one in delivered),
        first.rows,
        first.columns,
        first.ids,
        first.personal_chosen,
        first.personal_held_back,
        sum(segment.customers is None for facts in parting for segment in passed.segmentations[facts.id].segments),
        tuple(dict.fromkeys([*(note for one in rows.values() for note in one.notes), *notes])),
    )


def _wanted(run: JobRun, parcel: Parcel) -> list[Wanted]:
    registry = desk.registry(run)
    found = []
    for entry in parcel.export.wanted:
        exporter = registry.exporter(entry.exporter)
        params = validate_params(exporter, entry.params)
        found.append(Wanted(exporter, params, registry.catalogue.exporter(entry.exporter).identity))
    return found


def _rows(order: DeliveryOrder, chosen: Sequence[SegmentationFacts]) -> dict[str, LeavingRows]:
    export = order.parcel.export
    key = load_or_make_key(order.key) if order.key else None
    choice = Choice(export.ids, key, export.columns, export.personal_columns)
    customers = desk.customers(order.customers)
    return {facts.id: gate(customers, desk.labels(facts)[0], facts.segments, choice) for facts in chosen}


def _reports(run: JobRun, order: DeliveryOrder) -> Iterator[Report]:
    entries = order.parcel.export.reports_on(order.parcel.segmentations)
    made = {facts.id: facts for facts in order.made}
    for number, entry in enumerate(entries):
        looked_at = tuple(made[name] for name in entry.segmentations)
        part = PartOfJob(run, number, len(entries))
        yield make_report(part, order.customers, looked_at, order.made, entry.analysis, entry.params, entry.feature_set)


def _models(
    run: JobRun, order: DeliveryOrder, chosen: Sequence[SegmentationFacts]
) -> tuple[list[Callable[[Path], Path]], list[str]]:
    """How each model is written, and notes on what they hold: those with rows of customers stay here, and those with
    counts of small groups leave with a word on it."""
    export = order.parcel.export
    if not export.models:
        return [], []
    leaving: list[Callable[[Path], Path]] = []
    notes = []
    for facts in chosen:
        name, models = safe(facts.id, 60), models_of(run, facts)
        if not export.models_with_rows and any(model.uses.keeps_customers for model in models):
            notes.append(f"The model {name} holds rows of customers and stays here.")
            continue
        leaving.append(partial(_model, facts))
        if _tells_of_few(facts, models, export.threshold):
            few = f"fewer than {export.threshold} customers"
            notes.append(f"The model {name} holds counts of groups of {few}, which reports hide.")
    return leaving, notes


def _tells_of_few(facts: SegmentationFacts, models: Sequence[Model], threshold: int) -> bool:
    """Whether a model holds counts of small groups, or may, as its segments are small. How many is not said: it would
    tell which of the values that a report hides are small themselves."""
    wholes = frozenset({facts.account.total, facts.account.used})
    return any(0 < segment.size < threshold for segment in facts.segments) or any(
        holds_small_counts(model, wholes, threshold) for model in models
    )


def _model(facts: SegmentationFacts, folder: Path) -> Path:
    return Path(shutil.copyfile(facts.model, folder / model_name(facts.id)))


def _rejects(source: str, rejects: Path, folder: Path) -> Path:
    """The list of rows that could not be read: their numbers and why, no values."""
    return Path(shutil.copyfile(rejects, folder / f"{file_name(source)}.rejects.csv"))
