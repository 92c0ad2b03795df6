"""`segtui analyse` and `segtui compare`: what an analysis finds, as text or as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.report import Block, Report
from segtui.api.text import safe
from segtui.cli import output, results, words
from segtui.cli.exporting import deliver
from segtui.cli.forms import FORMS, MODEL, REPORT, export_as
from segtui.cli.running import MEASURED, needed, prepare, segment_all
from segtui.draw.line import plain
from segtui.draw.report import draw_report
from segtui.project.begin import Begun
from segtui.project.document import ExportEntry, ReportEntry, SegmentationEntry
from segtui.project.session import Session

COMPARISON = "comparison"
TEXT = "text"
USUAL = ("csv", "model", "report")
"""What a comparison writes unless told."""
PRINTED = ("html", "markdown", "json")
"""Forms that are text, and can go to stdout."""


@dataclass(frozen=True)
class Analysed:
    """What `segtui analyse` was told, as the words of the command line."""

    project: Path
    analysis: str
    segmentations: Sequence[str]
    settings: Sequence[str]
    feature_set: str | None
    form: str
    out: Path | None
    force: bool
    as_json: bool
    allow_outside: bool
    plugin_folders: Sequence[Path]


def analyse(wanted: Analysed, begun: Begun) -> None:
    """Run what the analysis looks at, and print or write what it finds."""
    params = words.settings(wanted.settings, wanted.analysis)
    _check_form(wanted)
    with Session.open(
        wanted.project,
        allow_outside=wanted.allow_outside,
        plugin_folders=words.folders(wanted.plugin_folders),
        begun=begun,
    ) as session:
        chosen = list(dict.fromkeys(wanted.segmentations)) or [entry.id for entry in session.document.segmentations]
        session.check_analysis(wanted.analysis, params, output.progress)
        if wanted.feature_set:
            session.check_feature_set(wanted.feature_set, MEASURED)
        entries = needed(session, chosen)
        in_form = wanted.form != TEXT
        folder = wanted.out or session.workers.folder / "report"
        if in_form:
            pinned = ReportEntry(
                analysis=wanted.analysis, segmentations=tuple(chosen), feature_set=wanted.feature_set, params=params
            )
            export = session.document.export.model_copy(update={"reports": (pinned,), "segmentations": tuple(chosen)})
            session.change(session.document.replacing(export=export_as([wanted.form], [], export)))
            session.check_delivery(folder, overwrite=wanted.force, on_progress=output.progress)
            _check_printed(wanted)
        prepare(session, measured=wanted.feature_set)
        segment_all(session, entries)
        if wanted.as_json:
            passed = session.report_to_leave(wanted.analysis, chosen, params, output.progress, wanted.feature_set)
            output.clear_progress()
            output.data_json(report_data(passed.reports[0]))
        elif not in_form:
            _print(session.analyse(wanted.analysis, chosen, params, output.progress, wanted.feature_set))
        elif wanted.out:
            deliver(session, folder, wanted.force)
        else:
            files = session.deliver(folder, on_progress=output.progress).files
            output.clear_progress()
            output.data_file(files[0].path)


def _check_form(wanted: Analysed) -> None:
    if wanted.as_json and wanted.form != TEXT:
        raise UsageError("One report is printed in one form.", where="--json", next_step="Leave out one of the two.")
    if wanted.out and wanted.form == TEXT:
        raise UsageError("Text is printed, not written.", where="--out", next_step="Say --format html, for example.")
    if wanted.form in (*FORMS, MODEL):
        raise UsageError(
            f"{wanted.form} holds no report.", where="--format", next_step="Say html, markdown, json or workbook."
        )


def _check_printed(wanted: Analysed) -> None:
    """For a form that there is."""
    if not wanted.out and REPORT.get(wanted.form, wanted.form) not in PRINTED:
        raise UsageError(
            f"{safe(wanted.form, 40)} can't be printed.", where="--format", next_step="Say a folder with --out."
        )


@dataclass(frozen=True)
class Compared:
    """What `segtui compare` was told, as the words of the command line."""

    files: Sequence[str]
    methods: Sequence[str]
    settings: Sequence[str]
    features: Sequence[str]
    feature_set: str | None
    as_of: str | None
    seed: int
    out: Path | None
    forms: Sequence[str]
    read: Sequence[str]
    force: bool
    as_json: bool
    plugin_folders: Sequence[Path]


def compare(wanted: Compared, begun: Begun) -> None:
    """Segment files by each method, and compare the results."""
    entries = _entries(wanted)
    day, reading, chosen = words.day(wanted.as_of), words.reading(wanted.read), words.feature_set(wanted.features)
    name = words.named_files(wanted.files)[0][1].stem[:200] or "untitled"
    export = export_as(wanted.forms or USUAL, [], ExportEntry(folder=str(wanted.out or "deliverables")))
    with Session.new(
        seed=wanted.seed, name=name, plugin_folders=words.folders(wanted.plugin_folders), begun=begun
    ) as session:
        for entry in entries:
            session.check(entry, output.progress)
            session.add_segmentation(entry)
        session.check_analysis(COMPARISON, {}, output.progress)
        session.change(session.document.replacing(export=_measured_on(wanted.feature_set, export, entries)))
        if wanted.out:
            session.check_delivery(wanted.out, overwrite=wanted.force, on_progress=output.progress)
        for given, path in words.named_files(wanted.files):
            session.add_source(path, given, reading)
        customers = prepare(session, day, chosen, wanted.feature_set)
        made = segment_all(session, entries)
        ids = [one.id for one in made]
        files = deliver(session, wanted.out, wanted.force).files if wanted.out else ()
        if wanted.as_json:
            passed = session.report_to_leave(COMPARISON, ids, {}, output.progress, wanted.feature_set)
            data = results.as_data(made, customers, files, session)
            for one in data["segmentations"]:
                shown = passed.segmentations[one["id"]]
                one.update(segments=[asdict(segment) for segment in shown.segments], unassigned=shown.unassigned)
                del one["account"]
            output.clear_progress()
            output.data_json({**data, "report": report_data(passed.reports[0])})
            return
        report = session.analyse(COMPARISON, ids, {}, output.progress, wanted.feature_set)
        results.print_results(made, customers, files, session, as_json=False)
        output.data("")
        _print(report)


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


def _measured_on(name: str | None, export: ExportEntry, entries: Sequence[SegmentationEntry]) -> ExportEntry:
    """The export with its usual reports, measured on this feature set where one is named."""
    if name is None:
        return export
    usual = export.reports_on([entry.id for entry in entries])
    measured = tuple(report.model_copy(update={"feature_set": name}) for report in usual)
    return export.model_copy(update={"reports": measured})


def _print(report: Report) -> None:
    output.clear_progress()
    for line in draw_report(report, output.columns()):
        output.data(plain(line).rstrip())


def report_data(report: Report) -> Mapping[str, Any]:
    """A report as plain data, each block with its kind."""
    return {
        "title": report.title,
        "blocks": [_block_data(block) for block in report.blocks],
        "notes": [_block_data(note) for note in report.notes],
    }


def _block_data(block: Block) -> Mapping[str, Any]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}
