"""`segtui analyse` and `segtui compare`: what an analysis finds, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.report import Block, Report
from segtui.api.text import close_matches, join_words, safe
from segtui.cli import output, segmenting, words
from segtui.cli.report_text import report_lines
from segtui.project.begin import Begun
from segtui.project.document import ExportEntry, SegmentationEntry
from segtui.project.session import Session

COMPARISON = "comparison"


def analyse(
    project: Path,
    analysis: str,
    segmentations: Sequence[str],
    settings: Sequence[str],
    as_json: bool,
    allow_outside: bool,
    plugin_folders: Sequence[Path],
    begun: Begun,
) -> None:
    """Run what the analysis looks at, and print what it finds."""
    params = words.settings(settings, analysis)
    with Session.open(
        project, allow_outside=allow_outside, plugin_folders=words.folders(plugin_folders), begun=begun
    ) as session:
        known = [entry.id for entry in session.document.segmentations]
        chosen = list(dict.fromkeys(segmentations)) or known
        for name in chosen:
            _refuse_unknown(name, known, project)
        session.check_analysis(analysis, params, output.progress)
        entries = _with_earlier(chosen, session.document.segmentations)
        for entry in entries:
            session.check(entry, output.progress)
        segmenting.read_sources(session)
        segmenting.say_customers(session.prepare(on_progress=output.progress))
        for entry in entries:
            segmenting.say_segmentation(session.segment(entry, output.progress))
        report = session.analyse(analysis, chosen, params, output.progress)
        _print(report, as_json)


def _refuse_unknown(name: str, known: Sequence[str], project: Path) -> None:
    if name in known:
        return
    near = close_matches(name, known, most=1)
    there = join_words(safe(one, 60) for one in known) or "none"
    raise UsageError(
        f"The project has no segmentation {safe(name, 60)}.",
        where=safe(project.name),
        next_step=f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {there}.",
    )


def _with_earlier(chosen: Sequence[str], entries: Sequence[SegmentationEntry]) -> list[SegmentationEntry]:
    """The entries to run, in the order of the project, with those that they build on."""
    wanted: set[str] = set()
    waiting = list(chosen)
    by_id = {entry.id: entry for entry in entries}
    while waiting:
        name = waiting.pop()
        if name not in wanted and name in by_id:
            wanted.add(name)
            waiting += by_id[name].after
    return [entry for entry in entries if entry.id in wanted]


@dataclass(frozen=True)
class Compared:
    """What `segtui compare` was told, as the words of the command line."""

    files: Sequence[str]
    methods: Sequence[str]
    settings: Sequence[str]
    features: Sequence[str]
    as_of: str | None
    seed: int
    out: Path | None
    form: str
    read: Sequence[str]
    force: bool
    as_json: bool
    plugin_folders: Sequence[Path]


def compare(wanted: Compared, begun: Begun) -> None:
    """Segment files by each method, and compare the results."""
    if wanted.form not in ("csv", "parquet"):
        form = safe(wanted.form, 20)
        raise UsageError(f"{form} is no format of assignments.", where="--format", next_step="Say csv or parquet.")
    entries = _entries(wanted)
    day, reading, chosen = words.day(wanted.as_of), words.reading(wanted.read), words.feature_set(wanted.features)
    name = words.named_files(wanted.files)[0][1].stem[:200] or "untitled"
    with Session.new(
        seed=wanted.seed, name=name, plugin_folders=words.folders(wanted.plugin_folders), begun=begun
    ) as session:
        for entry in entries:
            session.check(entry, output.progress)
        session.check_analysis(COMPARISON, {}, output.progress)
        if wanted.out:
            session.refuse_existing(wanted.out, [entry.id for entry in entries], wanted.form, wanted.force)
        for given, path in words.named_files(wanted.files):
            session.add_source(path, given, reading)
        if chosen:
            session.set_feature_set(chosen)
        folder = str(wanted.out or "deliverables")
        session.change(session.document.replacing(export=ExportEntry(folder=folder, assignments=wanted.form)))
        segmenting.read_sources(session)
        customers = session.prepare(day, output.progress)
        segmenting.say_customers(customers)
        made = []
        for entry in entries:
            made.append(session.segment(entry, output.progress))
            segmenting.say_segmentation(made[-1])
        report = session.analyse(COMPARISON, [one.id for one in made], {}, output.progress)
        files = segmenting.deliver(session, wanted.out, wanted.force)
        if wanted.as_json:
            data = segmenting.as_data(made, customers, files, session)
            output.clear_progress()
            output.data_json({**data, "report": report_data(report)})
            return
        segmenting.print_results(made, customers, files, session, as_json=False)
        output.data("")
        _print(report, as_json=False)


def _entries(wanted: Compared) -> list[SegmentationEntry]:
    methods = wanted.methods
    names = [method.rpartition(":")[2] for method in methods]
    if len(methods) < 2 or len(set(names)) < len(names):
        raise UsageError(
            "A comparison needs two or more different methods.",
            where="--method",
            next_step="Give each with an option of its own, such as --method rfm --method kmeans.",
        )
    params = words.settings_by_method(wanted.settings, methods)
    return [
        SegmentationEntry(id=name, method=method, params=params[method])
        for name, method in zip(names, methods, strict=True)
    ]


def _print(report: Report, as_json: bool) -> None:
    output.clear_progress()
    if as_json:
        output.data_json(report_data(report))
        return
    for line in report_lines(report):
        output.data(line)


def report_data(report: Report) -> Mapping[str, Any]:
    """A report as plain data, each block with its kind."""
    return {
        "title": report.title,
        "blocks": [_block_data(block) for block in report.blocks],
        "notes": [_block_data(note) for note in report.notes],
    }


def _block_data(block: Block) -> Mapping[str, Any]:
    return {"block": type(block).__name__.lower(), **asdict(block)}
