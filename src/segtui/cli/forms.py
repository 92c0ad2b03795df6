"""What `--as` means: in which forms results are written."""

from __future__ import annotations

from collections.abc import Sequence

from segtui.cli import words
from segtui.project.document import ASSIGNMENTS, ExportEntry, FileEntry

FORMS = ("csv", "parquet", "xlsx")
"""Those of the assignments."""
MODEL = "model"
REPORT = {"report": "html"}
"""The form that most people call the report."""


def export_as(forms: Sequence[str], settings: Sequence[str], export: ExportEntry) -> ExportEntry:
    """The export in these forms instead of its own. `settings` are FORM.NAME=VALUE. Raises UsageError for a setting
    that belongs to none of the forms."""
    if not forms and not settings:
        return export
    chosen = [REPORT.get(form, form) for form in dict.fromkeys(forms)] or _own_forms(export)
    given = words.settings_by_method([_plain_name(word) for word in settings], chosen)
    own = {entry.exporter: entry.params for entry in export.files}
    simple = next((form for form in chosen if form in FORMS and not given[form]), "none")
    files = [
        FileEntry(exporter=ASSIGNMENTS, params={"form": form, **given[form]})
        if form in FORMS
        else FileEntry(exporter=form, params={**own.get(form, {}), **given[form]})
        for form in chosen
        if form not in (simple, MODEL)
    ]
    return export.model_copy(update={"assignments": simple, "models": MODEL in chosen, "files": tuple(files)})


def _own_forms(export: ExportEntry) -> list[str]:
    models = [MODEL] if export.models else []
    assignments = [] if export.assignments == "none" else [export.assignments]
    return [*assignments, *models, *(entry.exporter for entry in export.files)]


def _plain_name(word: str) -> str:
    form, dot, rest = word.partition(".")
    return f"{REPORT.get(form, form)}{dot}{rest}"
