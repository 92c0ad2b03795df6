"""Jobs on data: read sources, look at their columns, and make customers."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from segtui import plugins
from segtui.api.codec import fingerprint
from segtui.api.customers import Customers
from segtui.api.table import Column, Table
from segtui.api.writing import private_file
from segtui.prepare import FeatureSet, Recipe, fit_scaling, prepare, propose, propose_features
from segtui.project.facts import CustomersFacts, InspectedSource, LocatedSource, SourceFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.read import ColumnFacts, Fingerprint, column_facts


def list_plugins(run: JobRun) -> plugins.Catalogue:
    """Load all plugins and say what they bring; remembered for the next start."""
    catalogue = desk.registry(run).catalogue
    plugins.save_catalogue(catalogue, run.plugin_folders)
    return catalogue


def read_sources(run: JobRun, sources: tuple[LocatedSource, ...]) -> tuple[SourceFacts, ...]:
    """Read each source."""
    return tuple(desk.source(source, PartOfJob(run, number, len(sources)))[1] for number, source in enumerate(sources))


def inspect_source(run: JobRun, source: LocatedSource) -> InspectedSource:
    """Read a source and look at its columns."""
    result, facts = desk.source(source, PartOfJob(run, 0, 2))
    return InspectedSource(facts, column_facts(result.table, None, PartOfJob(run, 1, 2)))


def inspect_columns(
    run: JobRun, plan: bytes, read_from: tuple[Path, Fingerprint] | None, columns: dict[str, Column], rows: int
) -> dict[str, ColumnFacts]:
    """Figures of some columns of a table that is reached by its plan; a file that it was read from is not read again,
    and refused where it has changed."""
    if read_from is not None:
        desk.refuse_changed(*read_from)
    frame = pl.LazyFrame.deserialize(io.BytesIO(plan))
    return dict(column_facts(Table("columns", frame, columns, rows), None, run))


def propose_recipe(run: JobRun, sources: tuple[LocatedSource, ...], as_of: date | None) -> Recipe:
    """A recipe to start from."""
    tables = {source.name: desk.source(source, run)[0].table for source in sources}
    return propose(tables, as_of)


def prepare_customers(
    run: JobRun,
    sources: tuple[LocatedSource, ...],
    recipe: Recipe | None,
    as_of: date | None,
    feature_sets: tuple[FeatureSet, ...],
    today: date,
) -> CustomersFacts:
    """Run the recipe (or one that is proposed), fit the feature sets (or one that is proposed), keep the customers."""
    parts = len(sources) + 2
    read = [desk.source(source, PartOfJob(run, number, parts)) for number, source in enumerate(sources)]
    tables = {facts.name: result.table for result, facts in read}
    recipe = recipe or propose(tables, as_of)
    if as_of is not None:
        recipe = recipe.model_copy(update={"as_of": as_of})
    made = prepare(tables, recipe, run.folder, PartOfJob(run, len(sources), parts), today)
    for _, facts in read:
        desk.refuse_changed(facts.path, facts.fingerprint)
    found = made.customers
    run.progress((parts - 1) / parts, "scaling the features")
    sets = feature_sets or _proposed(found)
    scalings = {chosen.name: fit_scaling(found.frame, found.columns, chosen) for chosen in sets}
    key = fingerprint(
        ([facts.fingerprint.sha256 for _, facts in read], [facts.reading for _, facts in read], made.recipe)
    )
    path = run.folder / f"customers-{key[:16]}-{os.urandom(4).hex()}.arrow"
    with private_file(path) as file:
        found.frame.write_ipc(file, compression="uncompressed")
    customers = CustomersFacts(
        path,
        len(found),
        found.id,
        dict(found.columns),
        found.as_of,
        made.recipe,
        sets,
        scalings,
        made.steps,
        made.account,
        made.notes,
        key,
        made.customers_account,
    )
    desk.put_customers(found, customers)
    run.progress(1.0, "customers ready")
    return customers


def _proposed(found: Customers) -> tuple[FeatureSet, ...]:
    proposed = propose_features(found.frame, found.columns)
    return (proposed,) if proposed.columns else ()


def scale_customers(run: JobRun, customers: CustomersFacts, feature_sets: tuple[FeatureSet, ...]) -> CustomersFacts:
    """The same customers with other feature sets (or one that is proposed)."""
    run.progress(0.0, "scaling the features")
    found = desk.customers(customers)
    sets = feature_sets or _proposed(found)
    scalings = {chosen.name: fit_scaling(found.frame, found.columns, chosen) for chosen in sets}
    return replace(customers, feature_sets=sets, scalings=scalings)
