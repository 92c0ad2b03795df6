"""The lines of the export form: what is chosen, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from segtui.api.text import count, join_words, plural, safe
from segtui.plugins import Catalogue, ExporterEntry
from segtui.project.document import ASSIGNMENTS, ExportEntry
from segtui.project.facts import CustomersFacts
from segtui.project.session import Session
from segtui.tui.screens.export_choices import FORMS, chosen_of, forms_of, has_exporter

NAME = 22
FORM, FILE, SEGMENTATION = "form:", "file:", "segmentation:"
USUAL_ORDER = ("workbook", "html", "markdown", "json")


@dataclass(frozen=True)
class Row:
    """A line: `id` says what it is, `marked` whether it is chosen where it can be; one without an id is a heading."""

    id: str
    name: str
    value: str = ""
    marked: bool | None = None
    strong: bool = False

    def text(self) -> Text:
        """The line as it is drawn."""
        if not self.id:
            return Text(self.name, style="bold")
        mark = "" if self.marked is None else "[x] " if self.marked else "[ ] "
        room = NAME - len(mark)
        line = Text(f" {mark}{safe(self.name, room):<{room}} ")
        return line.append(self.value, style="" if self.strong else "dim")


def rows_of(session: Session, catalogue: Catalogue) -> list[Row]:
    """All lines for a Session."""
    export, document = session.document.export, session.document
    return [
        Row("folder", "Folder", safe(export.folder, 120), strong=True),
        Row("name", "Project name", safe(document.name, 120), strong=True),
        Row("brief", "Brief", safe(document.brief, 120) or "what the work is for; it opens the reports"),
        Row("", "Segmentations"),
        *_segmentations(session),
        Row("", "Files"),
        *_forms(export),
        *_models(export),
        *_exporters(export, catalogue),
        Row("", "Of each customer"),
        Row("ids", "Ids", "in clear" if export.ids == "clear" else "pseudonymised", strong=True),
        *_columns(export, session.customers),
        Row("", "In reports"),
        Row("pinned", "Reports", _pinned(export, catalogue), strong=bool(export.reports)),
        Row("threshold", "Hide groups under", f"{count(export.threshold)} customers", strong=True),
        Row("rounding", "Round counts", _rounding(export.rounding), strong=export.rounding > 0),
    ]


def _segmentations(session: Session) -> Iterator[Row]:
    entries = session.document.segmentations
    known = [entry.id for entry in entries]
    chosen = chosen_of(session.document.export, known)
    for entry in entries:
        made = session.results.get(entry.id)
        if made is None:
            said = "not run yet"
        else:
            old = "   ! stale" if session.stale(entry.id).reasons else ""
            star = "   ★ chosen" if entry.id == session.document.chosen else ""
            said = f"{safe(made.title, 60)}, {plural(len(made.segments), 'segment')}{star}{old}"
        yield Row(f"{SEGMENTATION}{entry.id}", entry.id, said, entry.id in chosen)


def _forms(export: ExportEntry) -> Iterable[Row]:
    chosen, told = forms_of(export), "a row for each customer, with the segment"
    return (Row(f"{FORM}{form}", f"Customers, {title}", told, form in chosen) for form, title in FORMS.items())


def _models(export: ExportEntry) -> Iterator[Row]:
    yield Row("models", "Models", "score new customers with segtui", export.models)
    if export.models:
        said = "! leave too" if export.models_with_rows else "stay here: they hold rows of customers"
        yield Row("rows", "Models with rows", said, export.models_with_rows, strong=export.models_with_rows)


def _exporters(export: ExportEntry, catalogue: Catalogue) -> Iterator[Row]:
    """Those of the catalogue, and those that the project names but that are not there."""
    found = [entry for entry in catalogue.exporters if entry.id != ASSIGNMENTS]
    names = [_name(entry, catalogue) for entry in found]
    for entry, name in sorted(zip(found, names, strict=True), key=lambda pair: _place(pair[0])):
        yield Row(f"{FILE}{name}", safe(entry.title, 40), safe(entry.summary, 120), has_exporter(export, name))
    for missing in export.files:
        if missing.exporter not in (*names, ASSIGNMENTS):
            yield Row(f"{FILE}{missing.exporter}", missing.exporter, "! is not installed", True, strong=True)


def _place(entry: ExporterEntry) -> int:
    return USUAL_ORDER.index(entry.id) if entry.id in USUAL_ORDER else len(USUAL_ORDER)


def _name(entry: ExporterEntry, catalogue: Catalogue) -> str:
    return entry.qualified if catalogue.ambiguous(entry) else entry.id


def _columns(export: ExportEntry, customers: CustomersFacts | None) -> Iterator[Row]:
    personal = personal_columns(customers)
    chosen = [name for name in export.columns if name not in export.personal_columns]
    yield Row("columns", "Columns", _listed(chosen) or "none besides id and segment", strong=bool(chosen))
    leaving = export.personal_columns
    if personal or leaving:
        held = plural(len(personal) - len([name for name in personal if name in leaving]), "personal column")
        said = f"! {_listed(leaving)}" if leaving else f"none; {held} held back"
        yield Row("personal", "Personal columns", said, strong=bool(leaving))


def personal_columns(customers: CustomersFacts | None) -> list[str]:
    """Columns of customers that hold personal data, besides the id."""
    columns = customers.columns.values() if customers else ()
    return [column.name for column in columns if column.personal and customers and column.name != customers.id]


def _listed(names: Sequence[str]) -> str:
    return join_words(safe(name, 40) for name in names)


def _pinned(export: ExportEntry, catalogue: Catalogue) -> str:
    if not export.reports:
        return "none is pinned, so the usual ones"
    titles = {entry.id: entry.title for entry in catalogue.analyses}
    named = dict.fromkeys(titles.get(entry.analysis, entry.analysis) for entry in export.reports)
    return f"{count(len(export.reports))} pinned: {_listed(list(named))}"


def _rounding(rounding: int) -> str:
    return f"to multiples of {count(rounding)}" if rounding else "no, they are exact"
