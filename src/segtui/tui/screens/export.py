"""Export: what leaves this machine, where to, and what will be in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.errors import SegtuiError
from segtui.plugins import Catalogue
from segtui.tui.pane import Pane, State
from segtui.tui.screens.export_choices import FORMS, turn_form, turn_segmentation
from segtui.tui.screens.export_delivering import Delivering
from segtui.tui.screens.export_edits import EDITS, change, update
from segtui.tui.screens.export_panel import Written, hidden_sizes, what_leaves, what_was_written
from segtui.tui.screens.export_rows import FILE, FORM, SEGMENTATION, Row, rows_of
from segtui.tui.screens.export_settings import Exporters
from segtui.tui.screens.export_state import known_to, leaving_from, state_words


class ExportForm(OptionList):
    """The lines of what leaves; enter edits one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Edit", tooltip="Edit the line; one that is only marked is marked")
    ]


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
    ExportPane .form { width: 1fr; }
    ExportPane .about { height: auto; padding: 0 2; color: $text-muted; }
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
        self._exporters: Exporters | None = None
        self._delivering = Delivering(self, self._written)
        self._rows: list[Row] = []
        self._hidden: tuple[object, int | None] = (None, None)
        self.written: Written | None = None

    def body(self) -> ComposeResult:
        """The form, and what it comes to."""
        with Horizontal(classes="side-by-side"):
            with Vertical(classes="form"):
                yield ExportForm()
                yield Static("", classes="about", markup=False)
            with VerticalScroll(classes="leaves"):
                yield Static("", classes="what", markup=False)
                yield Static("", classes="written", markup=False)

    def first_focus(self) -> Widget | None:
        """The form."""
        return self.query_one(ExportForm) if self._catalogue and self.state is not State.EMPTY else None

    def most_wanted(self) -> Sequence[str]:
        """The key that writes, after the one that runs again where that is due."""
        return (*super().most_wanted(), "x")

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
        self.refresh_bindings()

    def _catalogued(self, catalogue: Catalogue) -> None:
        self._catalogue, self._exporters = catalogue, Exporters(self, catalogue)
        self.show_session()
        self.segtui.focus_pane()

    def _not_catalogued(self, error: SegtuiError) -> None:
        self.say(State.FAILED, error=error)

    def _show_rows(self, catalogue: Catalogue) -> None:
        rows, form = rows_of(self.session, catalogue), self.query_one(ExportForm)
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
        error, words = self._delivering.error, state_words(self.session)
        if error is not None:
            self.say(State.FAILED, error=error)
        else:
            self.say(State.STALE if words else State.READY, words)

    def _show_what_leaves(self, catalogue: Catalogue) -> None:
        basis = (self.session.document.export, tuple(self.session.results.values()))
        if self._hidden[0] != basis:
            self._hidden = (basis, None)
            session = self.session
            self.segtui.work.look(
                "sizes",
                lambda _progress: hidden_sizes(session),
                lambda found: self._counted(basis, found),
                self._delivering.failed,
            )
        self.query_one(".what", Static).update(what_leaves(self.session, catalogue, self._hidden[1]))
        if self.written is not None:
            reported = bool(self.session.document.export.reports_on(leaving_from(self.session)))
            self.query_one(".written", Static).update(what_was_written(self.written, reported))

    def _counted(self, basis: object, found: int | None) -> None:
        if self._hidden[0] == basis and self._catalogue is not None:
            self._hidden = (basis, found)
            self.query_one(".what", Static).update(what_leaves(self.session, self._catalogue, found))

    # The form

    def _row(self) -> Row | None:
        place = self.query_one(ExportForm).highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Nothing is to be run again where all stands."""
        return action != "run" or bool(self.segtui.opened and state_words(self.session))

    def action_mark(self) -> None:
        """Choose the line, or leave it out; a line without a mark is edited."""
        row, export = self._row(), self.session.document.export
        if row is None:
            return
        name = row.id.partition(":")[2]
        if row.id.startswith(FORM):
            turned = turn_form(export, next(form for form in FORMS if form == name))
            change(self, self.session.document.replacing(export=turned))
        elif row.id.startswith(FILE) and self._exporters is not None:
            self._exporters.turn(name)
        elif row.id.startswith(SEGMENTATION):
            turned = turn_segmentation(export, name, known_to(self.session))
            if turned is export:
                self.notify("At least one segmentation leaves.", markup=False)
            update(self, segmentations=turned.segmentations)
        else:
            EDITS[row.id](self)

    def on_option_list_option_highlighted(self, _highlighted: OptionList.OptionHighlighted) -> None:
        """Say below the form what its line cuts."""
        self._tell_about()

    def on_resize(self) -> None:
        """A line may be cut now, or no longer."""
        self.call_after_refresh(self._tell_about)

    def _tell_about(self) -> None:
        row, width = self._row(), self.query_one(ExportForm).scrollable_content_region.width
        about = self.query_one(".about", Static)
        about.update(row.value if row is not None else "")
        about.display = row is not None and row.text().cell_len > width

    def on_option_list_option_selected(self, _selected: OptionList.OptionSelected) -> None:
        """Edit the line."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the line under the cursor; one that is only marked is marked."""
        row, exporters = self._row(), self._exporters
        name = row.id.removeprefix(FILE) if row is not None and row.id.startswith(FILE) else ""
        if name and exporters is not None and exporters.has_settings(name):
            exporters.edit(name)
        else:
            self.action_mark()

    # Writing

    def action_run(self) -> None:
        """Run again what leaves and no longer stands, and what it builds on."""
        self._delivering.run_first()

    def action_export(self) -> None:
        """Write the files, once everything that is to be decided is."""
        if self._catalogue is not None:
            self._delivering.begin()

    def _written(self, written: Written) -> None:
        self.written = written
        self.segtui.changed()
        self.query_one(".leaves", VerticalScroll).scroll_end(animate=False)
