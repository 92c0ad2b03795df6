"""The results of the Segment screen: a line for each run, and what is done with the one under the cursor."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from segtui.api.text import join_words, safe
from segtui.project.document import SegmentationEntry
from segtui.tui.dialogs import Ask
from segtui.tui.screens.segment_entries import in_short
from segtui.tui.screens.segment_runs import Runs
from segtui.tui.view_state import ViewState
from segtui.tui.widgets.params_fields import Offers, fields_of
from segtui.tui.widgets.results_line import ResultRow, ResultsList


class Results(Vertical):
    """The list of all runs, below a line that counts what is marked of them."""

    DEFAULT_CSS = """
    Results { height: auto; max-height: 9; border-top: hkey $foreground 20%; }
    Results > Static { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs

    def compose(self) -> ComposeResult:
        """The line and the list."""
        yield Static("", markup=False)
        yield ResultsList()

    def show(self, view: ViewState, seen: SegmentationEntry | None) -> None:
        """Show all runs as they are now; `seen` is the one that the screen shows."""
        entries = self._runs.entries()
        self.query_one(ResultsList).show([self._row(entry, view, seen) for entry in entries])
        marked = len(view.marked_of(entry.id for entry in entries))
        words = f"Results   seed {self._runs.session.document.seed}"
        words += f"   {marked} marked for Compare" if marked else ""
        self.query_one(Static).update(words if entries else "Results   none yet: r makes the first")

    def _row(self, entry: SegmentationEntry, view: ViewState, seen: SegmentationEntry | None) -> ResultRow:
        runs = self._runs
        method, attempt = runs.methods().get(entry.method), runs.attempts.get(entry.id)
        facts = runs.session.results[entry.id] if entry.id in runs.done() else None
        fields, aged = fields_of(method.params, Offers()) if method else (), runs.aged(entry.id)
        state = f"stale: {join_words(aged)}" if facts and aged else "" if facts else "not run"
        return ResultRow(
            entry.id,
            method.title if method else entry.method,
            in_short(fields, entry.params),
            facts.seed if facts else attempt.seed if attempt else runs.session.document.seed,
            len(facts.segments) if facts else None,
            facts.seconds if facts else None,
            attempt.words if attempt else state,
            bool(attempt and attempt.is_over and not attempt.was_stopped),
            entry.id in view.marked,
            entry.id == runs.session.document.chosen,
            seen is not None and entry.id == seen.id,
        )

    # The run under the cursor

    @property
    def current(self) -> SegmentationEntry | None:
        """That run."""
        return self.find(self.query_one(ResultsList).current)

    def find(self, name: str | None) -> SegmentationEntry | None:
        """A run by its id."""
        return next((entry for entry in self._runs.entries() if entry.id == name), None)

    def move_to(self, name: str) -> None:
        """Put the cursor on a run."""
        self.query_one(ResultsList).move_to(name)

    def current_done(self, doing: str) -> str | None:
        """The id of that run where it has a result; else it is said that only such can be so."""
        entry = self.current
        if entry is None or entry.id not in self._runs.done():
            self.notify(f"Only a result can be {doing}.", markup=False)
            return None
        return entry.id

    def take_out(self) -> None:
        """Take it out of the project, unless it runs or another builds on it."""
        entry = self.current
        if entry is None:
            return
        attempt, name = self._runs.attempts.get(entry.id), safe(entry.id, 40)
        on_it = [one.id for one in self._runs.session.document.segmentations if entry.id in one.after]
        if attempt is not None and not attempt.is_over:
            self.notify(f"{name} is {attempt.words}: z stops what runs.", markup=False)
        elif on_it:
            words = join_words(safe(one, 40) for one in on_it)
            self.notify(f"{words} builds on {name}: remove that first.", severity="warning", markup=False)
        else:
            self._runs.remove(entry)

    def ask_for_id(self) -> None:
        """Give it another id."""
        entry = self.current
        if entry is None or not self._runs.session.document.segmentation(entry.id):
            self.notify("There is no result to give an id.", markup=False)
            return
        hint = "The name of its column in files, up to 100 characters. enter takes it, esc goes back."
        question = Ask(f"Id of {safe(entry.id, 40)}", entry.id, hint)
        self.app.push_screen(question, lambda new: self._set_id(entry.id, (new or "").strip()))

    def _set_id(self, old: str, new: str) -> None:
        if not new or new == old:
            return
        if new in self._runs.customers.columns:
            self.notify("A column of the customers is called that.", severity="warning", markup=False)
        elif self._runs.change_id(old, new):
            self.move_to(new)
