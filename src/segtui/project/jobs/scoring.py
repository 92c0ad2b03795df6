"""The job that scores new files with a saved model: the model's own plan is replayed on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from segtui.api.errors import DataError, UsageError
from segtui.api.table import Table
from segtui.api.text import join_words, plural, safe
from segtui.api.writing import private_folder, write_through_path
from segtui.export import gate
from segtui.prepare import Prepared, prepare
from segtui.project.facts import DeliveredFile, LocatedSource, ScoreFacts
from segtui.project.jobs import desk
from segtui.project.jobs.desk import JobRun, PartOfJob
from segtui.project.jobs.segments import method_of
from segtui.project.plan import Plan, read_plan
from segtui.read.guard import checked
from segtui.segment import model_file
from segtui.segment.score import score

PARTS = 4


def score_files(
    run: JobRun,
    model: Path,
    files: tuple[LocatedSource, ...],
    as_of: date | None,
    out: Path | None,
    overwrite: bool,
) -> ScoreFacts:
    """Score the customers of `files`; write their segments to `out` (CSV, or Parquet by its suffix) where given.

    A file is the source it is named after; where there is one source and one file, they need not share a name.
    """
    run.progress(0.0, "loading the model")
    saved = model_file.load(model, method_of(run))
    plan = read_plan(saved.plan, safe(model.name))
    read = [desk.source(source, PartOfJob(run, 0, PARTS)) for source in match(files, plan)]
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
    written = _write(leaving.assignments, out, overwrite, sources) if out else None
    run.progress(1.0, "done")
    notes = (*made.notes, *scored.notes, *leaving.notes)
    return ScoreFacts(
        saved.method, scored.segments, scored.account, made.customers.as_of, facts, made.steps, notes, written
    )


def match(files: tuple[LocatedSource, ...], plan: Plan) -> tuple[LocatedSource, ...]:
    """Each planned source with its file, to be read as planned. Raises UsageError where that is not clear."""
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
    return tuple(
        replace(by_name[name], name=name, reading=reading.for_content(checked(by_name[name].path).content), sha256=None)
        for name, reading in wanted.items()
    )


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


def _write(assignments: pl.LazyFrame, out: Path, overwrite: bool, sources: list[Path]) -> DeliveredFile:
    def write(path: Path) -> None:
        if out.suffix.lower() in (".parquet", ".parq", ".pq"):
            assignments.sink_parquet(path, compression="zstd")
        else:
            assignments.sink_csv(path)

    if not out.parent.is_dir():
        private_folder(out.parent)
    write_through_path(out, write, overwrite=overwrite, sources=sources)
    return DeliveredFile(out, out.stat().st_size)
