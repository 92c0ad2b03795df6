"""Export: what leaves this machine, where to, and what will be in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.text import count, join_words, plural, safe, size
from segtui.api.writing import WritingError
from segtui.plugins import Catalogue
from segtui.project.document import Document, ExportEntry
from segtui.project.facts import DeliveryFacts
from segtui.read.guard import refuse_scheme
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.dialogs_checklist import Checklist
from segtui.tui.pane import Pane, State
from segtui.tui.screens.export_choices import (
    FORMS,
    chosen_of,
    turn_exporter,
    turn_form,
    turn_segmentation,
)
from segtui.tui.screens.export_panel import Written, hidden_sizes, what_leaves, what_was_written
from segtui.tui.screens.export_rows import FILE, FORM, SEGMENTATION, Row, personal_columns, rows_of

THRESHOLD, ROUNDING = (5, 1_000), (0, 1_000)
LONGEST_NAME, LONGEST_BRIEF = 200, 5_000


class ExportPane(Pane):
    """The form on the left is the document's export; the right says what that means, and what was written."""

    NAME, TITLE, SHORT, KEY = "export", "Export", "Exp", "6"
    HELP = (
        "Choose what leaves: segmentations, files, and what stands in them. The right side says what that comes to "
        "before anything is written. The project keeps these choices, so segtui run repeats the export. Personal "
        "columns are held back unless you let each one leave."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "export", "Export", tooltip="Write the files"),
        Binding("space", "mark", "Mark", tooltip="Choose the line, or leave it out"),
        Binding("e", "edit", "Edit", show=False, tooltip="Edit the line, as enter does"),
        Binding("r", "run", "Run again", tooltip="Run again what no longer stands"),
    ]
    DEFAULT_CSS = """
    ExportPane OptionList { width: 1fr; height: 1fr; border: none; padding: 0 1; background: $background; }
    ExportPane OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
    ExportPane OptionList:focus { border: none; }
    ExportPane OptionList > .option-list--option-disabled { color: $foreground; text-style: bold; }
    ExportPane .leaves { width: 52; padding: 0 1; border-left: vkey $foreground 20%; }
    ExportPane .leaves > Static { height: auto; }
    ExportPane .written { margin-top: 1; }
    ExportPane.-narrow .side-by-side { layout: vertical; }
    ExportPane.-narrow .leaves { width: 1fr; height: 50%; border-left: none; border-top: hkey $foreground 20%; }
    ExportPane.-failed > .body { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._catalogue: Catalogue | None = None
        self._rows: list[Row] = []
        self._settings: dict[str, dict[str, Any]] = {}
        self._hidden: tuple[object, int | None] = (None, None)
        self._failed_on: tuple[Document, SegtuiError] | None = None
        self._is_exporting = False
        self.written: Written | None = None

    def body(self) -> ComposeResult:
        """The form, and what it comes to."""
        with Horizontal(classes="side-by-side"):
            yield OptionList()
            with VerticalScroll(classes="leaves"):
                yield Static("", classes="what", markup=False)
                yield Static("", classes="written", markup=False)

    def on_resize(self) -> None:
        """What it comes to goes below the form where there is no room beside it."""
        self.set_class(self.size.width < 100, "-narrow")

    def first_focus(self) -> Widget | None:
        """The form."""
        return self.query_one(OptionList) if self._catalogue and self.state is not State.EMPTY else None

    def blocked(self) -> str:
        """Why there is nothing to export."""
        return "" if self.session.document.segmentations else "Run a segmentation first."

    # Showing

    def show_session(self) -> None:
        """Show the export of the document as it is now."""
        if self.segtui.showing is not self:
            return
        if self.blocked():
            self.say(State.EMPTY, self.blocked())
            return
        if self._catalogue is None:
            if self.state is not State.LOADING:
                self.say(State.LOADING, "Looking at what plugins can write ...")
                self.segtui.work.look("exporters", self.session.catalogue, self._catalogued, self._not_catalogued)
            return
        self._show_rows(self._catalogue)
        self._say_state()
        self._show_what_leaves(self._catalogue)

    def _catalogued(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.show_session()
        self.segtui.focus_pane()

    def _not_catalogued(self, error: SegtuiError) -> None:
        self.say(State.FAILED, error=error)

    def _show_rows(self, catalogue: Catalogue) -> None:
        rows, form = rows_of(self.session, catalogue), self.query_one(OptionList)
        if [row.id for row in rows] == [row.id for row in self._rows]:
            for place, row in enumerate(rows):
                if row != self._rows[place]:
                    form.replace_option_prompt_at_index(place, row.text())
        else:
            at = self._row()
            form.set_options([Option(row.text(), disabled=not row.id) for row in rows])
            wanted = [place for place, row in enumerate(rows) if at is not None and row.id == at.id]
            form.highlighted = wanted[0] if wanted else 0
        self._rows = rows

    def _say_state(self) -> None:
        if self._failed_on is not None and self._failed_on[0] is self.session.document:
            self.say(State.FAILED, error=self._failed_on[1])
            return
        self._failed_on = None
        old, missing = self._stale(), self._not_run()
        if not old and not missing:
            self.say(State.READY)
            return
        said = [f"{safe(name, 40)} no longer stands: {join_words(why)}." for name, why in old.items()]
        if missing:
            said.append(f"{_listed(missing)} {'has' if len(missing) == 1 else 'have'} no result yet.")
        self.say(State.STALE, f"! {' '.join(said)} r runs {'it' if len(old) + len(missing) == 1 else 'them'}.")

    def _show_what_leaves(self, catalogue: Catalogue) -> None:
        basis = (self.session.document.export, tuple(self.session.results.values()))
        if self._hidden[0] != basis:
            self._hidden = (basis, None)
            session = self.session
            self.segtui.work.look(
                "sizes",
                lambda _progress: hidden_sizes(session),
                lambda found: self._counted(basis, found),
                self._failed,
            )
        self.query_one(".what", Static).update(what_leaves(self.session, catalogue, self._hidden[1]))
        if self.written is not None:
            reported = bool(self.session.document.export.reports_on(self._chosen()))
            self.query_one(".written", Static).update(what_was_written(self.written, reported))

    def _counted(self, basis: object, found: int | None) -> None:
        if self._hidden[0] == basis and self._catalogue is not None:
            self._hidden = (basis, found)
            self.query_one(".what", Static).update(what_leaves(self.session, self._catalogue, found))

    def _chosen(self) -> tuple[str, ...]:
        return chosen_of(self.session.document.export, self._known())

    def _known(self) -> list[str]:
        return [entry.id for entry in self.session.document.segmentations]

    def _stale(self) -> dict[str, tuple[str, ...]]:
        """Results that leave though they no longer stand, with the reasons."""
        found = {name: self.session.stale(name).reasons for name in self._chosen() if name in self.session.results}
        return {name: why for name, why in found.items() if why}

    def _not_run(self) -> list[str]:
        return [name for name in self._chosen() if name not in self.session.results]

    # The form

    def _row(self) -> Row | None:
        place = self.query_one(OptionList).highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    def _change(self, export: ExportEntry) -> None:
        self._change_document(self.session.document.replacing(export=export))

    def _change_document(self, document: Document) -> None:
        self.session.change(document)
        self.segtui.changed()

    def _update(self, **fields: Any) -> None:
        self._change(self.session.document.export.model_copy(update=fields))

    def action_mark(self) -> None:
        """Choose the line, or leave it out; a line without a mark is edited."""
        row, export = self._row(), self.session.document.export
        if row is None:
            return
        name = row.id.partition(":")[2]
        if row.id.startswith(FORM):
            self._change(turn_form(export, next(form for form in FORMS if form == name)))
        elif row.id.startswith(FILE):
            if row.marked:
                self._settings[name] = self._params(name)
            self._change(turn_exporter(export, name, self._settings.get(name)))
        elif row.id.startswith(SEGMENTATION):
            turned = turn_segmentation(export, name, self._known())
            if turned is export:
                self.notify("At least one segmentation leaves.", markup=False)
            self._change(turned)
        elif row.id == "models":
            self._update(models=not export.models)
        elif row.id == "rows":
            self._turn_rows(export)
        else:
            self.action_edit()

    def on_option_list_option_selected(self, _selected: OptionList.OptionSelected) -> None:
        """Edit the line."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the line under the cursor; one that is only marked is marked."""
        row = self._row()
        edits: dict[str, Callable[[], object]] = {
            "folder": self._edit_folder,
            "name": self._edit_name,
            "brief": self._edit_brief,
            "ids": self._turn_ids,
            "columns": self._edit_columns,
            "personal": self._edit_personal,
            "pinned": lambda: self.segtui.action_show("report"),
            "threshold": self._edit_threshold,
            "rounding": self._edit_rounding,
        }
        if row is None:
            return
        if row.id in edits:
            edits[row.id]()
        elif row.id.startswith(FILE) and row.marked and self._has_settings(row.id.partition(":")[2]):
            self._edit_settings(row.id.partition(":")[2])
        else:
            self.action_mark()

    def _edit_folder(self) -> None:
        hint = "A folder beside the project, or any other. enter takes it, esc goes back"
        self.app.push_screen(Ask("Folder that the files go to", self.session.document.export.folder, hint), self._to)

    def _to(self, words: str | None) -> None:
        if not words or not words.strip():
            return
        folder, root = Path(words.strip()).expanduser(), self.session.folder.absolute()
        try:
            refuse_scheme(words.strip())
        except SegtuiError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        full = root / folder
        is_inside = full.resolve().is_relative_to(root.resolve())
        if folder.is_absolute() and is_inside:
            folder = full.resolve().relative_to(root.resolve())
        self._update(folder=folder.as_posix())
        if not is_inside:
            self.notify("It lies outside the project's folder; opening the project will ask for trust.", markup=False)

    def _edit_name(self) -> None:
        hint = "It stands on the reports and in the names of their files. enter takes it, esc goes back"
        self.app.push_screen(Ask("Name of the project", self.session.document.name, hint), self._named)

    def _named(self, name: str | None) -> None:
        if name and name.strip():
            self._change_document(self.session.document.replacing(name=name.strip()[:LONGEST_NAME]))

    def _edit_brief(self) -> None:
        from segtui.tui.dialogs_export import Write

        question = "Brief: what the work is for, in a few sentences. It opens the reports."
        self.app.push_screen(Write(question, self.session.document.brief), self._briefed)

    def _briefed(self, text: str | None) -> None:
        if text is not None:
            if len(text) > LONGEST_BRIEF:
                self.notify(f"A brief has at most {count(LONGEST_BRIEF)} characters; the end is cut.", markup=False)
            self._change_document(self.session.document.replacing(brief=text.strip()[:LONGEST_BRIEF]))

    def _turn_ids(self) -> None:
        in_clear = self.session.document.export.ids == "clear"
        self._update(ids="pseudonymised" if in_clear else "clear")

    def _turn_rows(self, export: ExportEntry) -> None:
        if export.models_with_rows:
            self._update(models_with_rows=False)
            return
        question = "A model that holds rows of customers hands them on. Let such models leave?"
        self.app.push_screen(Confirm(question, "Let them leave"), self._rows_leave)

    def _rows_leave(self, sure: bool | None) -> None:
        if sure:
            self._update(models_with_rows=True)

    def _edit_columns(self) -> None:
        customers = self.session.customers
        if customers is None:
            self.notify("There are no customers yet; r makes them.", markup=False)
            return
        options = {
            name: str(column.kind) + ("   sensitive" if column.sensitive else "")
            for name, column in customers.columns.items()
            if name != customers.id and not column.personal
        }
        question = "Columns that leave with each customer, besides id and segment"
        self.app.push_screen(Checklist(question, options, self.session.document.export.columns), self._columns)

    def _columns(self, names: tuple[str, ...] | None) -> None:
        if names is not None:
            self._update(columns=names)

    def _edit_personal(self) -> None:
        customers = self.session.customers
        if customers is None:
            self.notify("There are no customers yet; r makes them.", markup=False)
            return
        options = {name: str(customers.columns[name].personal) for name in personal_columns(customers)}
        asks = {name: f"{safe(name, 60)} is personal data ({kind}). Let it leave?" for name, kind in options.items()}
        question = "Personal columns leave only where you say so of each."
        chosen = self.session.document.export.personal_columns
        self.app.push_screen(Checklist(question, options, chosen, asks), self._personal)

    def _personal(self, names: tuple[str, ...] | None) -> None:
        if names is not None:
            columns = tuple(one for one in self.session.document.export.columns if one not in self._personal_names())
            self._update(personal_columns=names, columns=columns)

    def _personal_names(self) -> list[str]:
        return personal_columns(self.session.customers)

    def _edit_threshold(self) -> None:
        low, high = THRESHOLD
        question = f"Hide figures about groups of fewer customers than ({low} to {count(high)})"
        now = str(self.session.document.export.threshold)
        self.app.push_screen(Ask(question, now), lambda text: self._number("threshold", text, THRESHOLD))

    def _edit_rounding(self) -> None:
        question = f"Round counts in reports to multiples of (up to {count(ROUNDING[1])}; 0 leaves them exact)"
        now = str(self.session.document.export.rounding)
        self.app.push_screen(Ask(question, now), lambda text: self._number("rounding", text, ROUNDING))

    def _number(self, field: str, text: str | None, bounds: tuple[int, int]) -> None:
        if text is None:
            return
        low, high = bounds
        word = text.replace(",", "").strip()
        if word.isdecimal() and low <= int(word) <= high:
            self._update(**{field: int(word)})
        else:
            self.notify(f"It is a whole number from {low} to {count(high)}.", severity="error", markup=False)

    # Settings of an exporter

    def _params(self, name: str) -> dict[str, Any]:
        entries = self.session.document.export.files
        return next((dict(entry.params) for entry in entries if entry.exporter == name), {})

    def _has_settings(self, name: str) -> bool:
        try:
            return bool(self._catalogue and self._catalogue.exporter(name).params.get("properties"))
        except SegtuiError:
            return False

    def _edit_settings(self, name: str) -> None:
        from segtui.tui.dialogs_export import Settings
        from segtui.tui.widgets.params_fields import Offers, fields_of

        assert self._catalogue is not None
        entry = self._catalogue.exporter(name)
        customers = self.session.customers
        offers = Offers(customers.columns if customers else {}, (), tuple(self._known()))
        fields = fields_of(entry.params, offers)
        self.app.push_screen(
            Settings(entry.title, fields, self._params(name)), lambda given: self._set_params(name, given)
        )

    def _set_params(self, name: str, given: dict[str, Any] | None) -> None:
        if given is not None:
            files = tuple(
                entry.model_copy(update={"params": given}) if entry.exporter == name else entry
                for entry in self.session.document.export.files
            )
            self._update(files=files)

    # Running again

    def action_run(self) -> None:
        """Run again what leaves and no longer stands, and what it builds on."""
        names = [*self._stale(), *self._not_run()]
        if not names:
            self.notify("All that leaves stands as it is.", markup=False)
            return
        session, wanted = self.session, self._with_earlier(names)

        def call(progress: Any) -> None:
            for name in wanted:
                entry = session.document.segmentation(name)
                if entry is not None and session.stale(name).reasons:
                    session.segment(entry, progress)

        self.segtui.work.long(f"Running {_listed(names)}", call, lambda _: self.segtui.changed(), self._failed)

    def _with_earlier(self, names: list[str]) -> list[str]:
        """These and what they build on, in the order of the project."""
        wanted, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            entry = self.session.document.segmentation(name)
            if name not in wanted and entry is not None:
                wanted.add(name)
                waiting += entry.after
        return [name for name in self._known() if name in wanted]

    # Exporting

    def action_export(self) -> None:
        """Write the files, once everything that is to be decided is."""
        missing, old = self._not_run(), self._stale()
        if self._is_exporting or self._catalogue is None:
            return
        if missing:
            self.notify(f"{_listed(missing)} has no result yet. r runs it, space leaves it out.", markup=False)
        elif old:
            said = f"{_listed(list(old))} no longer {'stands' if len(old) == 1 else 'stand'} for the project."
            question = f"{said} Export it as it was made? The manifest will say so."
            self.app.push_screen(Confirm(question, "Export it"), lambda sure: self._check() if sure else None)
        else:
            self._check()

    def _check(self) -> None:
        session, folder = self.session, self._folder()
        self._is_exporting, self._failed_on = True, None

        def call(progress: Any) -> str:
            """The first file that is there already; what else is in the way is raised."""
            session.check_delivery(folder, overwrite=True, on_progress=progress)
            try:
                session.check_delivery(folder, overwrite=False, on_progress=progress)
            except WritingError as error:
                return error.where
            return ""

        self.segtui.work.long("Checking the export", call, self._checked, self._failed)

    def _folder(self) -> Path:
        return (self.session.folder / self.session.document.export.folder).absolute()

    def _checked(self, there: str) -> None:
        if not there:
            self._deliver(replacing=False)
            return
        question = f"{safe(Path(there).name, 60)} is in the folder already, and perhaps others. Replace them?"
        self.app.push_screen(Confirm(question, "Replace"), self._replace_if)

    def _replace_if(self, sure: bool | None) -> None:
        if sure:
            self._deliver(replacing=True)
        else:
            self._is_exporting = False

    def _deliver(self, *, replacing: bool) -> None:
        session, folder = self.session, self._folder()
        self.segtui.work.long(
            f"Exporting to {safe(folder.name, 60)}",
            lambda progress: session.deliver(folder, overwrite=replacing, on_progress=progress),
            lambda facts: self._delivered(folder, facts),
            self._failed,
        )

    def _delivered(self, folder: Path, facts: DeliveryFacts) -> None:
        self._is_exporting = False
        self.written = Written(time.strftime("%H:%M"), folder, facts)
        files = tuple(f"{size(file.size):>9}  {file.path.name}" for file in facts.files)
        said = f"{plural(len(facts.files), 'file')} written to {safe(folder, 200)}."
        self.segtui.tell(said, details=(*files, *(f"! {note}" for note in facts.notes)))
        self.segtui.changed()
        self.query_one(".leaves", VerticalScroll).scroll_end(animate=False)

    def _failed(self, error: SegtuiError) -> None:
        self._is_exporting = False
        if isinstance(error, Cancelled):
            self.notify("Stopped. Nothing was written.", markup=False)
        else:
            self._failed_on = (self.session.document, error)
        self.segtui.changed()


def _listed(names: list[str]) -> str:
    return join_words(safe(name, 40) for name in names)
