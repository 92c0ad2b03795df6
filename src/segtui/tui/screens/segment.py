"""Segment: a method, its parameters, a preview that follows them, and the results of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from segtui.api.errors import SegtuiError
from segtui.api.text import safe
from segtui.plugins import Catalogue
from segtui.project.document import SegmentationEntry
from segtui.tui.pane import Pane, State
from segtui.tui.screens.segment_entries import AFTER, FEATURE_SET
from segtui.tui.screens.segment_form import MethodForm, MethodLine
from segtui.tui.screens.segment_results import Results
from segtui.tui.screens.segment_runs import Runs
from segtui.tui.screens.segment_seed import ask_for_seed
from segtui.tui.screens.segment_shown import Shown
from segtui.tui.screens.segment_view import SegmentView
from segtui.tui.widgets.method_list import MethodList
from segtui.tui.widgets.results_line import ResultsList
from segtui.tui.widgets.segment_names import SegmentNames
from segtui.tui.widgets.segment_table import SegmentTable

NARROW, LOW = 100, 30
"""Columns and lines of which fewer leave no room for three parts, and for what a method does."""
OF_RESULTS = ("name", "describe", "mark", "choose", "duplicate", "id", "remove")
FOLLOWS = 0.3
"""Seconds between looks at whether runs that wait have begun."""


class SegmentPane(Pane):
    """Methods on the left, the form of the current one, what it finds on the right, and results below.

    The form decides what is seen: the result of just these parameters where there is one, else a preview.
    """

    NAME, TITLE, SHORT, KEY = "segment", "Segment", "Seg", "3"
    HELP = (
        "Choose a method and set its parameters; the preview on the right follows, on a sample, and says so. "
        "r runs it on all customers. Every run stays in the list below: enter shows one and puts its parameters into "
        "the form, r runs one that is not run, stale or failed, space marks it for Compare, c makes it the chosen one. "
        "Other parameters make another result; the same parameters run a stale result again. Segments are named in the "
        "table."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "run", "Run", tooltip="Run on all customers"),
        Binding("m", "method", "Method", tooltip="Choose another method"),
        Binding("e", "form", "Parameters", show=False, tooltip="Go to the parameters"),
        Binding("p", "preview", "Preview", tooltip="Preview on a sample"),
        Binding("n", "name", "Name", tooltip="Name the segment under the cursor"),
        Binding("space", "mark", "Mark", tooltip="Mark the result for Compare"),
        Binding("c", "choose", "Choose", tooltip="Make the result the chosen one"),
        Binding("N", "describe", "Describe", tooltip="Describe the segment under the cursor"),
        Binding("D", "duplicate", "Duplicate", tooltip="Take the result's parameters for another run"),
        Binding("i", "id", "Id", tooltip="Give the result another id"),
        Binding("x", "remove", "Remove", tooltip="Take the result out of the project"),
        Binding("S", "seed", "Seed", tooltip="Change the seed of the project"),
    ]
    DEFAULT_CSS = """
    SegmentPane .parts { height: 1fr; }
    SegmentPane MethodList { width: 20; border-right: vkey $foreground 20%; }
    SegmentPane MethodForm { width: 1fr; min-width: 36; border-right: vkey $foreground 20%; padding: 0 1; }
    SegmentPane SegmentView { width: 2fr; }
    SegmentPane.-narrow MethodList { display: none; border-right: none; width: 36; }
    SegmentPane.-narrow MethodForm { border-right: none; width: 36; padding: 0 1 0 0; }
    SegmentPane.-narrow MethodLine { margin-bottom: 0; }
    SegmentPane.-narrow ParamsForm .note { margin-top: 0; }
    SegmentPane.-narrow Results { max-height: 5; border-top: none; }
    SegmentPane.-narrow.-choosing MethodList { display: block; }
    SegmentPane.-narrow.-choosing MethodForm { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.runs = Runs(self)
        self._methods, self._view = MethodList(), SegmentView()
        self._form, self._results = MethodForm(self.runs), Results(self.runs)
        self._shown = Shown(self, self.runs, self._form, self._view)
        self._followed: tuple[str, ...] = ()
        self._asked_for_catalogue = False

    def body(self) -> ComposeResult:
        """Methods, form and view side by side, results below."""
        with Horizontal(classes="parts"):
            yield self._methods
            yield self._form
            yield self._view
        yield self._results

    def on_mount(self) -> None:
        """Follow runs that wait until they run."""
        self.set_interval(FOLLOWS, self._follow)

    def _follow(self) -> None:
        words = tuple(attempt.words for attempt in self.runs.attempts.values())
        if words != self._followed:
            self._followed = words
            self._show_results()
            if self._is_shown:
                self._form.show_about()
                self._shown.show()

    def on_resize(self) -> None:
        """The methods become a drawer where there is no room for three parts."""
        narrow = self.size.width < NARROW
        self.set_class(narrow, "-narrow")
        self._form.lay_out(narrow=narrow, brief=narrow and self.size.height < LOW)
        if self.is_mounted and self.runs.catalogue is not None and self._is_shown:
            self._form.show_about()

    @property
    def _is_shown(self) -> bool:
        return self.state in (State.READY, State.STALE)

    def first_focus(self) -> Widget | None:
        """The methods, or the form where they are in their drawer."""
        if not self._is_shown:
            return None
        return self._form.params if self.has_class("-narrow") else self._methods

    def most_wanted(self) -> Sequence[str]:
        """The keys of results and of segments where they have the cursor, else the one that runs."""
        if self.query_one(ResultsList).has_focus:
            return ("enter", "space", "c")
        names = self.query_one(SegmentNames)
        return ("n", "N") if names.can_name and names.query_one(SegmentTable).has_focus else ("r",)

    def blocked(self) -> str:
        """Why there is nothing to segment."""
        if not self.session.document.sources:
            return "There is no data yet. Add a file on screen 1."
        return "" if self.session.customers else "There are no customers yet. Screen 2 makes them."

    def warns(self) -> bool:
        """Whether a run failed."""
        return any(attempt.is_over and not attempt.was_stopped for attempt in self.runs.attempts.values())

    # The methods that are installed

    def _look_at_plugins(self) -> None:
        if self.segtui.showing is not self or self._asked_for_catalogue:
            return
        self._asked_for_catalogue = True
        self.say(State.LOADING, "Looking at the methods that are installed ...")
        self.segtui.work.look("methods", self.session.catalogue, self._looked_at_plugins, self._no_plugins)

    def _looked_at_plugins(self, catalogue: Catalogue) -> None:
        self.runs.catalogue = catalogue
        self._form.begin()
        self.show_session()
        self.segtui.focus_pane()

    def _no_plugins(self, error: SegtuiError) -> None:
        self._asked_for_catalogue = False
        self.say(State.FAILED, error=error)

    # What is shown

    def show_session(self) -> None:
        """Show methods, form and results as they are now."""
        why = self.blocked()
        if why:
            self.say(State.EMPTY, why)
            return
        self.runs.name_again()
        if self.runs.catalogue is None:
            self._look_at_plugins()
            return
        if self.session.customers_are_stale:
            self.say(
                State.STALE,
                "The data, the recipe or the seed changed since these customers were made. "
                "r makes them anew and runs, p makes them anew and previews.",
            )
        else:
            self.say(State.READY)
        self._show_methods()
        self._show_form()

    def _show_methods(self) -> None:
        if self.runs.catalogue is not None:
            self._methods.show(self.runs.catalogue, self._form.unmet(), self._form.method)

    def _show_form(self, *, settle: bool = False) -> None:
        """The form, and all that follows it."""
        self._form.show()
        self._show_results()
        self._shown.show(settle=settle)

    def _show_results(self) -> None:
        self._results.show(self.segtui.view, self._form.same())
        self.refresh_bindings()

    @on(MethodForm.Changed)
    def _changed_form(self, changed: MethodForm.Changed) -> None:
        if changed.name in (FEATURE_SET, AFTER):
            self._show_methods()
        self._show_form(settle=True)

    @on(MethodList.Chosen)
    def _chose_method(self, chosen: MethodList.Chosen) -> None:
        if chosen.name != self._form.method:
            self._form.choose(chosen.name)
            self._show_form(settle=True)
        if chosen.sure:
            self.action_form()

    @on(ResultsList.Wanted)
    def _wanted(self, wanted: ResultsList.Wanted) -> None:
        found = self._results.find(wanted.id)
        if found is not None:
            self._take(found)

    def _take(self, entry: SegmentationEntry, *, anew: bool = False) -> bool:
        """Put the parameters of a run into the form, and so show it; or for another run with them. False where its
        method is not there."""
        if entry.method not in self.runs.methods():
            self.notify(f"The method {safe(entry.method, 60)} is not installed.", markup=False)
            return False
        self._form.take(entry, anew=anew)
        self._show_methods()
        self._show_form()
        if anew:
            self._form.params.focus()
        return True

    # Actions of the form

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is done with a result needs one; a result that stands needs no preview."""
        if action in OF_RESULTS:
            return self._is_shown and bool(self.runs.entries())
        if action == "preview":
            return self._is_shown and (self.session.customers_are_stale or not self._shown.is_result)
        return action != "method" or not self._methods.has_focus

    @on(MethodLine.Clicked)
    def action_method(self) -> None:
        """Go to the methods."""
        self.add_class("-choosing")
        self._methods.focus()

    @on(MethodList.Left)
    def action_form(self) -> None:
        """Go to the parameters."""
        self.remove_class("-choosing")
        self._form.params.focus()

    def action_run(self) -> None:
        """Run the method of the form on all customers, or the run under the cursor of the results, which the form then
        shows, where it does not stand."""
        at = self._results.current if self.query_one(ResultsList).has_focus else None
        wanted = None if at is None or self.runs.stands(at.id) else at
        if wanted is not None and not self._take(wanted):
            return
        problem = " ".join(self._form.reasons) or self._shown.refused() or self._form.params.problem
        if problem:
            self.notify(problem, severity="warning", markup=False)
            return
        entry = wanted or self._form.entry()
        attempt, name = self.runs.attempts.get(entry.id), safe(entry.id, 40)
        if attempt is not None and not attempt.is_over:
            self.notify(f"{name} is {attempt.words} already.", markup=False)
        elif self.runs.stands(entry.id):
            self.notify(f"{name} is that, and up to date. D makes another.", markup=False)
        else:
            self.runs.start(entry)
            self._form.started(entry.id)
            self._show_form()
            self._results.move_to(entry.id)

    def action_preview(self) -> None:
        """Preview anew; makes the customers first where they are stale."""
        if self._form.method and self.session.customers_are_stale:
            self.runs.make_customers()
        elif self._form.method:
            self._shown.preview_anew()

    def action_seed(self) -> None:
        """Change the seed of the project."""
        ask_for_seed(self, len(self.runs.done()))

    # Actions of the results

    def action_mark(self) -> None:
        """Mark the result for Compare."""
        name = self._results.current_done("marked")
        if name is not None:
            self.segtui.view.mark(name)
            self.segtui.changed()

    def action_choose(self) -> None:
        """Make the result the chosen one."""
        name = self._results.current_done("chosen")
        if name is not None:
            self.session.change(self.session.document.choosing(name))
            self.segtui.changed()

    def action_duplicate(self) -> None:
        """Put the parameters of the result into the form, for another run."""
        entry = self._results.current
        if entry is None:
            self.notify("There is no result to duplicate.", markup=False)
        else:
            self._take(entry, anew=True)

    def action_remove(self) -> None:
        """Take the result out of the project."""
        self._results.take_out()

    def action_id(self) -> None:
        """Give the result another id."""
        self._results.ask_for_id()

    # Actions of its segments

    def action_name(self) -> None:
        """Name the segment under the cursor."""
        self._edit_segment("name")

    def action_describe(self) -> None:
        """Describe the segment under the cursor."""
        self._edit_segment("description")

    def _edit_segment(self, what: str) -> None:
        names, same = self.query_one(SegmentNames), self._form.same()
        if same is None or same.id not in self.runs.done() or not names.can_name:
            self.notify("A preview can't be named: r runs it first.", markup=False)
        elif self.runs.aged(same.id):
            self.notify("It is stale: r runs it again, then its segments can be named.", markup=False)
        else:
            names.edit(what)

    @on(SegmentNames.Named)
    def _named(self, named: SegmentNames.Named) -> None:
        same = self._form.same()
        if same is not None:
            self.runs.name_segment(same, named.code, named.given)
