"""What is chosen to leave, as changes of the document's export. No screen is needed to make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from segtui.project.document import ASSIGNMENTS, ExportEntry, FileEntry

Form = Literal["csv", "parquet", "xlsx"]
FORMS: dict[Form, str] = {"csv": "CSV", "parquet": "Parquet", "xlsx": "XLSX"}


def forms_of(export: ExportEntry) -> tuple[Form, ...]:
    """The forms in which assignments are written."""
    every = [entry.params.get("form", "csv") for entry in export.wanted if entry.exporter == ASSIGNMENTS]
    return tuple(form for form in FORMS if form in every)


def turn_form(export: ExportEntry, form: Form) -> ExportEntry:
    """Write assignments in a form too, or no longer; files that others asked for in other ways stay."""
    chosen = [one for one in FORMS if (one in forms_of(export)) != (one == form)]
    own = {entry.params.get("form", "csv"): entry for entry in export.files if entry.exporter == ASSIGNMENTS}
    more = tuple(own.get(one) or FileEntry(exporter=ASSIGNMENTS, params={"form": one}) for one in chosen[1:])
    others = tuple(entry for entry in export.files if entry.exporter != ASSIGNMENTS)
    return export.model_copy(update={"assignments": chosen[0] if chosen else "none", "files": (*more, *others)})


def holds_reports(export: ExportEntry) -> bool:
    """Whether one of its files holds reports."""
    return any(entry.exporter != ASSIGNMENTS for entry in export.files)


def has_exporter(export: ExportEntry, name: str) -> bool:
    """Whether an exporter writes its files."""
    return any(entry.exporter == name for entry in export.files)


def turn_exporter(export: ExportEntry, name: str, params: dict[str, Any] | None = None) -> ExportEntry:
    """Let an exporter write its files, with these parameters, or no longer."""
    files = tuple(entry for entry in export.files if entry.exporter != name)
    if len(files) == len(export.files):
        files = (*files, FileEntry(exporter=name, params=params or {}))
    return export.model_copy(update={"files": files})


def chosen_of(export: ExportEntry, known: Sequence[str]) -> tuple[str, ...]:
    """The segmentations that leave."""
    return export.segmentations or tuple(known)


def turn_segmentation(export: ExportEntry, name: str, known: Sequence[str]) -> ExportEntry:
    """Let a segmentation leave, or no longer; the last one stays, since none would mean all."""
    chosen = tuple(one for one in known if (one in chosen_of(export, known)) != (one == name))
    if not chosen:
        return export
    return export.model_copy(update={"segmentations": () if chosen == tuple(known) else chosen})
