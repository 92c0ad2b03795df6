"""Jobs on segmentations: preview, fit, name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from segtui.api.codec import fingerprint
from segtui.api.customers import Customers
from segtui.api.errors import PluginError
from segtui.api.method import Method, Model
from segtui.api.profile import profile
from segtui.api.segmentation import Segmentation
from segtui.api.table import Role
from segtui.api.text import file_name, safe
from segtui.api.writing import private_file
from segtui.plugins import validate_params
from segtui.project.document import SegmentationEntry
from segtui.project.facts import CustomersFacts, SegmentationFacts, SourceFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.project.plan import plan_of
from segtui.segment import fit, model_file, naming
from segtui.segment import preview as previewing
from segtui.segment.earlier import with_segmentation
from segtui.segment.naming import GivenName

MOST_NOTES = 3


def check_entry(run: JobRun, entry: SegmentationEntry) -> None:
    """Raise for a method that is not there, or is another than the project names, or does not take the parameters."""
    method = desk.registry(run).method(entry.method)
    _refuse_other_plugin(entry, desk.identity(run, entry.method), method)
    validate_params(method, entry.params)


def preview_segmentation(
    run: JobRun, customers: CustomersFacts, entry: SegmentationEntry, earlier: tuple[SegmentationFacts, ...]
) -> previewing.Preview:
    """The method on a sample."""
    method = desk.registry(run).method(entry.method)
    found = _with_earlier(desk.customers(customers, entry.feature_set or ""), earlier)
    params = validate_params(method, entry.params)
    return previewing.preview(method, found, params, run, plugin=desk.identity(run, entry.method), given=_given(entry))


def make_segmentation(
    run: JobRun,
    sources: tuple[SourceFacts, ...],
    customers: CustomersFacts,
    entry: SegmentationEntry,
    earlier: tuple[SegmentationFacts, ...],
) -> SegmentationFacts:
    """Fit on all customers, check, name, profile, and keep the model."""
    method = desk.registry(run).method(entry.method)
    plugin = desk.identity(run, entry.method)
    _refuse_other_plugin(entry, plugin, method)
    params = validate_params(method, entry.params)
    found = _with_earlier(desk.customers(customers, entry.feature_set or ""), earlier)
    fitted = fit.fit(method, found, params, PartOfJob(run, 0, 1), plugin=plugin)
    codes = [segment.code for segment in fitted.model.segments]
    run.progress(0.95, "profiling the segments")
    profiled = profile(found.frame, found.columns, fitted.labels, codes, value=found.having(Role.MONETARY))
    segments = naming.shown(fitted.model, fitted.labels, found, _given(entry), profiled)
    written = params.model_dump(mode="json")
    feature_set = (entry.feature_set or "") if fitted.model.uses.scaling else ""
    columns = model_file.needed_columns(fitted.model, found)
    used = {*fitted.model.uses.segmentations, *fitted.model.uses.columns}
    builds_on = {facts.id: model_file.load(facts.model, method_of(run)) for facts in earlier if facts.id in used}
    saved = model_file.SavedModel(
        method=method.id,
        plugin=plugin,
        revision=method.revision,
        params=written,
        seed=run.seed,
        feature_set=feature_set,
        model=fitted.model,
        segments=segments,
        columns=columns,
        as_of=customers.as_of,
        created_from={facts.name: facts.fingerprint.sha256 for facts in sources},
        plan=plan_of(sources, customers.recipe, _columns_read(columns, builds_on)).model_dump(
            mode="json", exclude_none=True
        ),
        builds_on=builds_on,
    )
    model = _place(run.folder, entry.id, "segmodel")
    model_file.save(model, saved, overwrite=True)
    labels = _place(run.folder, entry.id, "arrow")
    with private_file(labels) as file:
        fitted.labels.alias("segment").to_frame().write_ipc(file, compression="uncompressed")
    key = fingerprint((customers.fingerprint, method.id, plugin, method.revision, written, feature_set, run.seed))
    return SegmentationFacts(
        entry.id,
        method.id,
        method.title,
        plugin,
        method.revision,
        written,
        feature_set,
        run.seed,
        segments,
        naming.account(fitted.labels),
        profiled,
        _imputed_notes(found, fitted.model) + fitted.notes,
        fitted.seconds,
        key,
        labels,
        model,
        tuple(facts.id for facts in earlier),
    )


def rename_segments(
    run: JobRun, customers: CustomersFacts, made: SegmentationFacts, entry: SegmentationEntry
) -> SegmentationFacts:
    """The same segmentation with the names that people give now."""
    saved = model_file.load(made.model, method_of(run))
    labels, _ = desk.labels(made)
    found = desk.customers(customers, made.feature_set)
    segments = naming.shown(saved.model, labels, found, _given(entry), made.profile)
    model = _place(run.folder, made.id, "segmodel")
    model_file.save(model, replace(saved, segments=segments), overwrite=True)
    return replace(made, segments=segments, model=model)


def segmentation_of(run: JobRun, facts: SegmentationFacts) -> Segmentation:
    """A segmentation that was made, with its model and labels."""
    labels, segments = desk.labels(facts)
    saved = model_file.load(facts.model, method_of(run))
    return Segmentation(
        facts.id,
        facts.method,
        facts.params,
        facts.feature_set,
        facts.seed,
        facts.revision,
        saved.model,
        labels,
        segments,
        facts.fingerprint,
        facts.account,
        facts.notes,
    )


def _columns_read(columns: Iterable[str], builds_on: Mapping[str, model_file.SavedModel]) -> set[str]:
    """The columns that a model and all it builds on read."""
    found, waiting = set(columns), [*builds_on.values()]
    while waiting:
        saved = waiting.pop()
        found |= set(saved.columns)
        waiting += saved.builds_on.values()
    return found


def models_of(run: JobRun, facts: SegmentationFacts) -> list[Model]:
    """The model of a segmentation, and those it builds on."""
    waiting, models = [model_file.load(facts.model, method_of(run))], []
    while waiting:
        saved = waiting.pop()
        models.append(saved.model)
        waiting += saved.builds_on.values()
    return models


def _with_earlier(customers: Customers, earlier: tuple[SegmentationFacts, ...]) -> Customers:
    for facts in earlier:
        customers = with_segmentation(customers, facts.id, *desk.labels(facts))
    return customers


def method_of(run: JobRun) -> model_file.MethodOf:
    """How a model file finds the method it was made with: by its plugin, else by its id alone."""

    def found(method: str, plugin: str) -> Method[Any, Any]:
        distribution = plugin.partition(":")[0]
        catalogue = desk.registry(run)
        try:
            return catalogue.method(f"{distribution}:{method}")
        except PluginError:
            return catalogue.method(method)

    return found


def _given(entry: SegmentationEntry) -> dict[int, GivenName]:
    """The names that people gave to its segments."""
    return {code: GivenName(name.name, name.description) for code, name in entry.given.items()}


def _refuse_other_plugin(entry: SegmentationEntry, plugin: str, method: Method[Any, Any]) -> None:
    """A project names the plugin its labels came from: another one of the same id is not taken for it unasked."""
    if entry.plugin and entry.plugin.rpartition(":")[0] != plugin.rpartition(":")[0]:
        raise PluginError(
            f"The project was made with {entry.plugin}, and here {method.id} comes from {plugin}.",
            where=entry.id,
            next_step="Install that plugin, or take the line `plugin` out of the segmentation to use this one.",
        )


def _imputed_notes(customers: Customers, model: Model) -> tuple[str, ...]:
    scaling = model.uses.scaling
    counts: Mapping[str, int] = scaling.imputed(customers.frame) if scaling and scaling.features else {}
    if len(counts) > MOST_NOTES:
        most = max(counts.values())
        return (f"{len(counts)} features: up to {most:,} customers without a usable value were given the middle one.",)
    return tuple(
        f"{safe(name, 60)}: {count:,} customers without a usable value were given the middle one."
        for name, count in counts.items()
    )


def _place(folder: Path, name: str, suffix: str) -> Path:
    return folder / f"{file_name(name)[:60]}-{os.urandom(4).hex()}.{suffix}"
