"""`segtui segment` and `segtui run`: from files or a project to segments on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segtui.api.text import safe
from segtui.api.writing import refuse_existing
from segtui.cli import output, words
from segtui.cli.exporting import deliver
from segtui.cli.forms import export_as
from segtui.cli.results import print_results
from segtui.cli.running import needed, prepare, segment_all
from segtui.project.begin import Begun
from segtui.project.document import ExportEntry, SegmentationEntry
from segtui.project.session import Session


@dataclass(frozen=True)
class Wanted:
    """What `segtui segment` was told, as the words of the command line."""

    files: Sequence[str]
    method: str
    settings: Sequence[str]
    features: Sequence[str]
    as_of: str | None
    seed: int
    out: Path | None
    forms: Sequence[str]
    save_project: Path | None
    read: Sequence[str]
    force: bool
    as_json: bool
    plugin_folders: Sequence[Path]

    @property
    def name(self) -> str:
        """A name for the project: that of its file, else of the first source."""
        if self.save_project is None:
            return words.named_files(self.files)[0][1].stem[:200] or "untitled"
        return self.save_project.name.removesuffix(".toml").removesuffix(".segtui")[:200] or "untitled"


def segment(wanted: Wanted, begun: Begun) -> None:
    """Segment files by one method."""
    day, reading, chosen = words.day(wanted.as_of), words.reading(wanted.read), words.feature_set(wanted.features)
    params = words.settings(wanted.settings, wanted.method)
    export = export_as(wanted.forms, [], ExportEntry(folder=str(wanted.out or "deliverables")))
    with Session.new(
        seed=wanted.seed, name=wanted.name, plugin_folders=words.folders(wanted.plugin_folders), begun=begun
    ) as session:
        entry = SegmentationEntry(id=wanted.method.rpartition(":")[2], method=wanted.method, params=params)
        session.check(entry, output.progress)
        session.change(session.document.with_segmentation(entry).replacing(export=export))
        if wanted.out:
            session.check_delivery(wanted.out, overwrite=wanted.force, on_progress=output.progress)
        if wanted.save_project and not wanted.force:
            refuse_existing([wanted.save_project])
        for name, path in words.named_files(wanted.files):
            session.add_source(path, name, reading)
        customers = prepare(session, day, chosen)
        made = segment_all(session, [entry])
        if wanted.save_project:
            _save(session, wanted.save_project, wanted.force)
        files = deliver(session, wanted.out, wanted.force).files if wanted.out else ()
        print_results(made, customers, files, session, wanted.as_json)


def run(
    project: Path,
    out: Path | None,
    force: bool,
    as_json: bool,
    allow_outside: bool,
    plugin_folders: Sequence[Path],
    begun: Begun,
) -> None:
    """Run everything a project names."""
    with Session.open(
        project, allow_outside=allow_outside, plugin_folders=words.folders(plugin_folders), begun=begun
    ) as session:
        folder = out or session.folder / session.document.export.folder
        entries = needed(session, [entry.id for entry in session.document.segmentations])
        session.check_delivery(folder, overwrite=force, on_progress=output.progress)
        customers = prepare(session)
        made = segment_all(session, entries)
        files = deliver(session, folder, force).files
        print_results(made, customers, files, session, as_json)


def _save(session: Session, path: Path, force: bool) -> None:
    saved = session.save(path, overwrite=force)
    output.say(f"wrote {safe(saved)}")
    if any(Path(source.path).is_absolute() or ".." in Path(source.path).parts for source in session.document.sources):
        output.say("  it names files outside its folder, so run it with --allow-outside")
