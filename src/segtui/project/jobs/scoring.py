"""The job that scores new files with a saved model: the model's own plan is replayed on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from segtui.api.calling import called
from segtui.api.errors import ContractError, DataError, UsageError
from segtui.api.files import Delivery
from segtui.api.table import Table
from segtui.api.text import join_words, plural, safe
from segtui.api.writing import private_folder, write_through_path
from segtui.export import gate
from segtui.plugins import validate_params
from segtui.prepare import Prepared, prepare
from segtui.project.facts import DeliveredFile, LocatedSource, ScoreFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.project.jobs.segments import method_of
from segtui.project.plan import Plan, read_plan
from segtui.read import Reading
from segtui.segment import model_file
from segtui.segment.score import score
from segtui.worker.folder import goes_too

PARTS = 4
ASSIGNMENTS = "assignments"
FORMS = {".csv": "csv", ".txt": "csv", "": "csv", ".parquet": "parquet", ".parq": "parquet", ".pq": "parquet"}
FORMS |= {".xlsx": "xlsx"}


def score_files(
    run: JobRun,
    model: Path,
    files: tuple[LocatedSource, ...],
    as_of: date | None,
    out: Path | None,
    overwrite: bool,
    raw: bool,
) -> ScoreFacts:
    """Score the customers of `files`; write their segments to `out` where given, in the form that its suffix says, as
    the exporter of assignments does (`raw`: text that looks like a formula stays as it is).

    A file is the source it is named after; where there is one source and one file, they need not share a name. A file
    is read as that source was, but for what its own reading says.
    """
    form = _form(out) if out else ""
    run.progress(0.0, "loading the model")
    saved = model_file.load(model, method_of(run))
    plan = read_plan(saved.plan, safe(model.name))
    read = [
        desk.source(replace(source, reading=_reading(source, planned, run)), PartOfJob(run, 0, PARTS))
        for source, planned in match(files, plan)
    ]
    tables = {facts.name: result.table for result, facts in read}
    made = _prepared(run, plan, tables, as_of, saved.as_of)
    run.progress(2 / PARTS, "assigning customers")
    scored = score(saved, made.customers)
    leaving = gate(made.customers, scored.labels, scored.segments)
    facts = tuple(facts for _, facts in read)
    for one in facts:
        desk.refuse_changed(one.path, one.fingerprint)
    run.progress(3 / PARTS, "writing")
    sources = [model, *(one.path for one in facts)]
    written = None
    if out:
        params = {"form": form, "raw": raw}
        written = _write(PartOfJob(run, 3, PARTS), leaving.assignments, params, out, overwrite, sources)
    run.progress(1.0, "done")
    notes = (*made.notes, *scored.notes, *leaving.notes)
    return ScoreFacts(
        saved.method,
        scored.segments,
        scored.account,
        made.customers.as_of,
        facts,
        made.steps,
        notes,
        written,
        made.customers_account,
    )


def match(files: tuple[LocatedSource, ...], plan: Plan) -> tuple[tuple[LocatedSource, Reading], ...]:
    """Each planned source with its file, and how it was read. Raises UsageError where that is not clear."""
    wanted = {source.name: source.reading for source in plan.sources}
    by_name: Mapping[str, LocatedSource] = {file.name: file for file in files}
    if len(files) == len(wanted) == 1:
        by_name = {next(iter(wanted)): files[0]}
    missing = [name for name in wanted if name not in by_name]
    unknown = [name for name in by_name if name not in wanted]
    if missing or unknown or len(files) != len(wanted):
        names = join_words(safe(name, 60) for name in wanted)
        raise UsageError(
            f"The model was made from {plural(len(wanted), 'source')}: {names}.",
            next_step=f"Give a file for each, as NAME=FILE, such as {safe(next(iter(wanted)), 60)}=next_year.csv.",
        )
    return tuple((replace(by_name[name], name=name, sha256=None), reading) for name, reading in wanted.items())


def _reading(source: LocatedSource, planned: Reading, run: JobRun) -> Reading:
    """As planned, but for what is said of the new file; what was found out in one of another format is found again."""
    said = source.reading or Reading()
    return desk.reading_for(source.path, planned.corrected_by(said), run).corrected_by(said)


def _prepared(
    run: JobRun, plan: Plan, tables: Mapping[str, Table], given: date | None, fitted: date | None
) -> Prepared:
    """The customers, on the day given, or on that of the fit where the new data ends before it.

    Raises DataError where the day must be asked.
    """
    recipe = plan.recipe.model_copy(update={"as_of": given})
    made = prepare(tables, recipe, run.folder, PartOfJob(run, 1, PARTS))
    found = made.customers.as_of
    if given is not None or found is None or fitted is None or found == fitted:
        return made
    if found < fitted:
        return prepare(tables, recipe.model_copy(update={"as_of": fitted}), run.folder, PartOfJob(run, 1, PARTS))
    raise DataError(
        f"The new purchases go on after the day of the fit, {fitted}.",
        next_step=f"Say from which day to look at them, such as --as-of {found}, the day after the last.",
    )


def _form(out: Path) -> str:
    """The form that the suffix says. Raises UsageError."""
    form = FORMS.get(out.suffix.lower())
    if form is None:
        raise UsageError(
            f"Labels can't be written as {safe(out.suffix, 20)}.",
            where=f"--out {safe(out.name)}",
            next_step="Let the name end in .csv, .parquet or .xlsx.",
        )
    return form


def _write(
    run: JobRun,
    assignments: pl.LazyFrame,
    params: Mapping[str, object],
    out: Path,
    overwrite: bool,
    sources: list[Path],
) -> DeliveredFile:
    registry = desk.registry(run)
    exporter, plugin = registry.exporter(ASSIGNMENTS), registry.catalogue.exporter(ASSIGNMENTS).identity
    settings = validate_params(exporter, params)

    def write(path: Path) -> None:
        goes_too(run.folder, path.parent)
        with called(plugin, "write its files"):
            written = exporter.write(Delivery("", (), {"scored": assignments}, ()), path.parent, settings, run)
        if len(written) != 1 or written[0].parent != path.parent:
            raise ContractError("An exporter of assignments writes one file for each segmentation.", where=plugin)
        written[0].replace(path)

    if not out.parent.is_dir():
        private_folder(out.parent)
    write_through_path(out, write, overwrite=overwrite, sources=sources)
    return DeliveredFile(out, out.stat().st_size)
