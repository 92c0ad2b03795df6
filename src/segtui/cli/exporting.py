"""`segtui export`, and the delivering that other commands share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.text import count, join_words, plural, safe, size
from segtui.cli import output, words
from segtui.cli.forms import export_as
from segtui.cli.running import needed, prepare, segment_all, short_path
from segtui.project.begin import Begun
from segtui.project.document import ASSIGNMENTS, ExportEntry
from segtui.project.facts import DeliveryFacts
from segtui.project.session import Session

IDS = ("clear", "pseudonymised")


@dataclass(frozen=True)
class Exported:
    """What `segtui export` was told, as the words of the command line; None where the project decides."""

    project: Path
    forms: Sequence[str]
    segmentations: Sequence[str]
    ids: str | None
    key: Path | None
    columns: Sequence[str]
    personal: Sequence[str]
    threshold: int | None
    rounding: int | None
    settings: Sequence[str]
    out: Path | None
    force: bool
    as_json: bool
    allow_outside: bool
    plugin_folders: Sequence[Path]


def export(wanted: Exported, begun: Begun) -> None:
    """Run what a delivery needs, and deliver."""
    if wanted.ids not in (None, *IDS):
        raise UsageError(
            f"{safe(wanted.ids, 20)} is no way to write ids.", where="--ids", next_step=f"Say {join_words(IDS, 'or')}."
        )
    with Session.open(
        wanted.project,
        allow_outside=wanted.allow_outside,
        plugin_folders=words.folders(wanted.plugin_folders),
        begun=begun,
    ) as session:
        session.change(session.document.replacing(export=_export(wanted, session.document.export)))
        chosen = session.document.export.segmentations or [entry.id for entry in session.document.segmentations]
        reports = session.document.export.reports_on(chosen)
        entries = needed(session, [*chosen, *(name for entry in reports for name in entry.segmentations)])
        folder = wanted.out or session.folder / session.document.export.folder
        session.check_delivery(folder, overwrite=wanted.force, on_progress=output.progress)
        prepare(session)
        segment_all(session, entries)
        delivered = deliver(session, folder, wanted.force)
        output.clear_progress()
        if wanted.as_json:
            output.data_json(delivery_data(delivered))
            return
        for file in delivered.files:
            output.data(safe(short_path(file.path)))


def _export(wanted: Exported, own: ExportEntry) -> ExportEntry:
    if wanted.key and (wanted.ids or own.ids) == "clear":
        raise UsageError("A key is for pseudonyms, and ids leave in clear.", next_step="Add --ids pseudonymised.")
    given = {
        "segmentations": tuple(wanted.segmentations) or None,
        "ids": wanted.ids,
        "key": str(wanted.key.absolute()) if wanted.key else None,
        "columns": tuple(wanted.columns) or None,
        "personal_columns": tuple(wanted.personal) or None,
        "threshold": wanted.threshold,
        "rounding": wanted.rounding,
    }
    changed = own.model_copy(update={name: value for name, value in given.items() if value is not None})
    return export_as(wanted.forms, wanted.settings, changed)


def deliver(session: Session, folder: Path, force: bool) -> DeliveryFacts:
    """Write, and say what left."""
    delivered = session.deliver(folder, overwrite=force, on_progress=output.progress)
    export = session.document.export
    for file in delivered.files:
        output.say(f"wrote {safe(short_path(file.path))}  {size(file.size)}")
    if any(entry.exporter == ASSIGNMENTS for entry in export.wanted):
        columns = ", ".join(safe(name, 40) for name in delivered.columns)
        output.say(f"  each row holds {columns}; ids {delivered.ids}")
    if delivered.hidden and export.reports_on(list(session.results)):
        output.say(
            f"  hidden in reports: the sizes of {plural(delivered.hidden, 'segment')}, of fewer than "
            f"{count(export.threshold)} customers or such that they would reveal one that is"
        )
    for note in delivered.notes:
        output.say(f"  ! {note}")
    return delivered


def delivery_data(delivered: DeliveryFacts) -> dict[str, Any]:
    """What left, as plain data."""
    files = [{"path": str(short_path(file.path)), "bytes": file.size} for file in delivered.files]
    return {**asdict(delivered), "files": files}
