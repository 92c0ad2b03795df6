"""Segment: a method, its parameters, a preview that follows them, and the results of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from segtui.api.errors import Cancelled, DataError, SegtuiError, UsageError
from segtui.api.text import join_words, safe
from segtui.plugins import Catalogue, MethodEntry
from segtui.project.document import SegmentationEntry
from segtui.segment.preview import Preview
from segtui.tui.pane import State, error_words
from segtui.tui.screens.segment_entries import (
    AFTER,
    FEATURE_SET,
    LONGEST_ID,
    earlier_columns,
    fits,
    free_id,
    reads_earlier,
    settled,
    unmet,
)
from segtui.tui.screens.segment_previews import Previews
from segtui.tui.screens.segment_runs import RunsPane
from segtui.tui.screens.segment_view import SegmentView
from segtui.tui.widgets.method_list import MethodList, method_name
from segtui.tui.widgets.params_fields import Field, Offers, Takes, fields_of
from segtui.tui.widgets.params_form import ParamsForm
from segtui.tui.widgets.results_line import ResultsList

SETTLED = 0.4
"""Seconds after the last change of a parameter until a preview starts."""
AT_ONCE = 0.05


class MethodLine(Static):
    """What the current method is; a click opens the list of methods."""

    class Clicked(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Clicked())


class SegmentPane(RunsPane):
    """Methods on the left, the form of the current one, what it finds on the right, and results below.

    The form decides what is seen: the result of just these parameters where there is one, else a preview.
    """

    NAME, TITLE, SHORT, KEY = "segment", "Segment", "Seg", "3"
    HELP = (
        "Choose a method and set its parameters; the preview on the right follows, on a sample, and says so. "
        "r runs it on all customers. Every run stays in the list below: enter shows one and puts its parameters into "
        "the form, space marks it for Compare, c makes it the chosen one. Other parameters make another result; the "
        "same parameters run a stale result again. Segments are named in the table."
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
    SegmentPane .choice { width: 1fr; min-width: 36; border-right: vkey $foreground 20%; padding: 0 1; }
    SegmentPane .choice > .about { height: auto; margin-bottom: 1; }
    SegmentPane SegmentView { width: 2fr; }
    SegmentPane .results { height: auto; max-height: 9; border-top: hkey $foreground 20%; }
    SegmentPane .results > Static { height: 1; padding: 0 1; color: $text-muted; }
    SegmentPane.-narrow MethodList { display: none; border-right: none; width: 36; }
    SegmentPane.-narrow .choice { border-right: none; width: 36; padding: 0 1 0 0; }
    SegmentPane.-narrow .choice > .about { margin-bottom: 0; }
    SegmentPane.-narrow ParamsForm .note { margin-top: 0; }
    SegmentPane.-narrow .results { max-height: 5; border-top: none; }
    SegmentPane.-narrow.-choosing MethodList { display: block; }
    SegmentPane.-narrow.-choosing .choice { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked_for_catalogue = False
        self._method = ""
        self._drafts: dict[str, dict[str, Any]] = {}
        self._makes_new = False
        self._wanted_id = ""
        self._previews = Previews(self, self._previewed)
        self._seen: object = None
        self._seen_method = ""

    def body(self) -> ComposeResult:
        """Methods, form and view side by side, results below."""
        with Horizontal(classes="parts"):
            yield MethodList()
            with Vertical(classes="choice"):
                yield MethodLine("", classes="about", markup=False)
                yield ParamsForm()
            yield SegmentView()
        with Vertical(classes="results"):
            yield Static("", markup=False)
            yield ResultsList()

    def on_resize(self) -> None:
        """The methods become a drawer where there is no room for three parts."""
        self.set_class(self.size.width < 100, "-narrow")
        if self.is_mounted and self.catalogue is not None and self.state in (State.READY, State.STALE):
            self._show_about()

    def first_focus(self) -> Widget | None:
        """The methods, or the form where they are in their drawer."""
        if self.state not in (State.READY, State.STALE):
            return None
        return self.query_one(ParamsForm) if self.has_class("-narrow") else self.query_one(MethodList)

    def blocked(self) -> str:
        """Why there is nothing to segment."""
        if not self.session.document.sources:
            return "There is no data yet. Add a file on screen 1."
        return "" if self.session.customers else "There are no customers yet. Screen 2 makes them."

    def warns(self) -> bool:
        """Whether a run failed."""
        return any(attempt.is_over and not attempt.was_stopped for attempt in self.attempts.values())

    def show_session(self) -> None:
        """Show methods, form and results as they are now."""
        why = self.blocked()
        if why:
            self.say(State.EMPTY, why)
            return
        if self.catalogue is None:
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
        self._show_all()

    def _look_at_plugins(self) -> None:
        if self.segtui.showing is not self or self._asked_for_catalogue:
            return
        self._asked_for_catalogue = True
        self.say(State.LOADING, "Looking at the methods that are installed ...")
        self.segtui.work.look("methods", self.session.catalogue, self._looked_at_plugins, self._no_plugins)

    def _looked_at_plugins(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        entries = self.session.document.segmentations
        known = {method_name(catalogue, method) for method in catalogue.methods}
        first = next((entry for entry in entries if entry.method in known), None)
        if first is not None:
            self._method = first.method
            self._drafts[self._method] = self._values_of(first)
        else:
            can = [name for name in known if not self._unmet()[name]]
            ordered = [method_name(catalogue, method) for method in catalogue.methods]
            self._method = next((name for name in ordered if name in can), ordered[0] if ordered else "")
        self.show_session()
        self.segtui.focus_pane()

    def _no_plugins(self, error: SegtuiError) -> None:
        self._asked_for_catalogue = False
        self.say(State.FAILED, error=error)

    def _unmet(self) -> dict[str, tuple[str, ...]]:
        """Why methods can't run, by name."""
        results = self.done()
        return {
            name: unmet(method, self.customers, self._feature_set(name), results if reads_earlier(method) else ())
            for name, method in self.methods().items()
        }

    def _feature_set(self, method: str) -> str | None:
        named: str | None = self._drafts.get(method, {}).get(FEATURE_SET)
        return named if named in self.customers.scalings else None

    def _show_all(self) -> None:
        if self.catalogue is None:
            return
        self.query_one(MethodList).show(self.catalogue, self._unmet(), self._method)
        self._show_form()
        self._show_about()
        self.show_results()
        self._show_view()

    # The form

    def _fields(self, method: MethodEntry, after: Sequence[str]) -> tuple[Field, ...]:
        """The parameters of a method, before them the feature set, and after them what it builds on."""
        customers, results = self.customers, self.done()
        columns = {**customers.columns, **earlier_columns(after)}
        params = fields_of(method.params, Offers(columns, (), tuple(after)))
        first, last = [], []
        if method.needs.features and customers.feature_sets:
            sets = {
                chosen.name: f"{safe(chosen.name, 40)} ({len(chosen.columns)})" for chosen in customers.feature_sets
            }
            words = "What describes customers to the method; sets are made on screen 2"
            first = [Field(FEATURE_SET, "Feature set", Takes.ONE, words, next(iter(sets)), choices=sets)]
        if results and reads_earlier(method):
            named = {name: safe(name, 40) for name in results}
            words = "Earlier results that it may read, each as a column"
            last.append(Field(AFTER, "Builds on", Takes.SEVERAL, words, [], choices=named))
        return (*first, *params, *last)

    def _show_form(self) -> None:
        method = self.methods().get(self._method)
        if method is None:
            return
        values = self._drafts.setdefault(self._method, {})
        after = [name for name in values.get(AFTER, []) if name in self.done()]
        fields = self._fields(method, after)
        form = self.query_one(ParamsForm)
        kept = {**values, AFTER: after}
        if values.get(FEATURE_SET) not in (None, *self.customers.scalings):
            kept.pop(FEATURE_SET)
        if fields != form.fields or settled(fields, self._known(fields, kept)) != form.values:
            form.set_fields(fields, settled(fields, self._known(fields, kept)))

    def _known(self, fields: Sequence[Field], values: dict[str, Any]) -> dict[str, Any]:
        names = {one.name for one in fields}
        return {name: value for name, value in values.items() if name in names}

    def _values_of(self, entry: SegmentationEntry) -> dict[str, Any]:
        values = {**entry.params, AFTER: list(entry.after)}
        return {**values, FEATURE_SET: entry.feature_set} if entry.feature_set else values

    def entry(self) -> SegmentationEntry:
        """What the form says, as an entry of the project: that of the same run where there is one, else a new one."""
        drawn = self._drawn()
        return drawn.model_copy(update={"id": free_id(drawn.id, self.taken())}) if self.same() is None else drawn

    def _drawn(self) -> SegmentationEntry:
        """The entry of the form, called as the same run is called, or as the method."""
        form = self.query_one(ParamsForm)
        given = form.given
        after = given.pop(AFTER, [])
        chosen = form.values.get(FEATURE_SET)
        given.pop(FEATURE_SET, None)
        plain = SegmentationEntry(
            id=self._method.rpartition(":")[2][:LONGEST_ID],
            method=self._method,
            params=given,
            after=tuple(after),
            feature_set=chosen,
        )
        same = self.same()
        return plain.model_copy(update={"id": same.id, "names": same.names}) if same else plain

    def same(self) -> SegmentationEntry | None:
        """The run, done or not, that has just the values of the form."""
        if self._makes_new:
            return None
        form = self.query_one(ParamsForm)
        found = [entry for entry in self.entries() if entry.method == self._method and self._is_as_in(form, entry)]
        return next((entry for entry in found if entry.id == self._wanted_id), found[0] if found else None)

    def _is_as_in(self, form: ParamsForm, entry: SegmentationEntry) -> bool:
        values = settled(form.fields, self._known(form.fields, self._values_of(entry)))
        return values == form.values

    @on(ParamsForm.Changed)
    def _changed_form(self, changed: ParamsForm.Changed) -> None:
        self._drafts[self._method] = dict(changed.form.values)
        self._makes_new = False
        if changed.name == AFTER:
            self._show_form()
        if changed.name in (FEATURE_SET, AFTER) and self.catalogue is not None:
            self.query_one(MethodList).show(self.catalogue, self._unmet(), self._method)
        self._show_about()
        self.show_results()
        self._show_view(settle=True)

    @on(MethodList.Chosen)
    def _chose_method(self, chosen: MethodList.Chosen) -> None:
        if chosen.name != self._method:
            self._method, self._makes_new = chosen.name, False
            self._show_form()
            self._show_about()
            self.show_results()
            self._show_view(settle=True)
        if chosen.sure:
            self.remove_class("-choosing")
            self.query_one(ParamsForm).focus()

    def _show_about(self) -> None:
        method = self.methods().get(self._method)
        if method is None:
            self.query_one(".about", Static).update("No method is installed.")
            return
        narrow = self.has_class("-narrow")
        words = Text("Method  ", style="dim") if narrow else Text()
        words.append(safe(method.title, 60), style="bold")
        words.append("  m ▾" if narrow else "", style="dim")
        if not narrow or self.size.height >= 30:
            words.append(f"\n{safe(method.summary, 300)}")
        self.query_one(".about", Static).update(words)
        self.query_one(ParamsForm).note(self._fits(method))

    def _fits(self, method: MethodEntry) -> Text:
        reasons = self._unmet()[self._method]
        if reasons:
            return Text("It can't run here. ", style="bold").append(" ".join(reasons), style="not bold")
        same, runs_on = self.same(), fits(method, self.customers, self._feature_set(self._method))
        if same is None:
            return Text(f"r makes {safe(self.entry().id, 40)} {runs_on}.")
        if same.id in self.done() and not self.is_stale(same.id):
            return Text(f"This is {safe(same.id, 40)}, made {runs_on}.")
        return Text(f"r runs {safe(same.id, 40)} again {runs_on}.")

    # The view

    def _columns(self) -> tuple[str, ...]:
        """The columns to show first: the features."""
        scalings = self.customers.scalings
        scaling = scalings.get(self._feature_set(self._method) or next(iter(scalings), ""))
        return tuple(scaling.columns) if scaling else ()

    def _show_view(self, *, settle: bool = False) -> None:
        """Show the result of just these parameters, or preview them."""
        view, same = self.query_one(SegmentView), self.same()
        facts = self.session.results.get(same.id) if same else None
        told = self._told(same)
        if same is not None and facts is not None and same.id in self.done():
            self._previews.wait()
            self._seen_method = self._method
            seen = (facts, same, told)
            if seen != self._seen:
                self._seen = seen
                view.show_result(facts, same, self._columns(), told)
            return
        self._seen = None
        self._preview(told, settle=settle)

    def _told(self, same: SegmentationEntry | None) -> Text:
        """What is to be said of a run besides its figures: that it failed, or is stale."""
        attempt = self.attempts.get(same.id) if same else None
        if attempt is not None and attempt.error is not None and same is not None:
            if attempt.was_stopped:
                return Text("The run was stopped. r runs it again.")
            return Text("The run failed.\n", style="bold").append_text(_said(attempt.error)).append("\n")
        if attempt is not None:
            running = attempt.words == "running"
            return Text("It runs on all customers now; z stops it." if running else "It waits for its turn to run.")
        if same is not None and same.id in self.done():
            reasons = self.session.stale(same.id).reasons
            return Text(f"Stale: {join_words(reasons)}. r runs it again.") if reasons else Text()
        return Text("It has not been run. r runs it.") if same is not None else Text()

    def _preview(self, told: Text, *, settle: bool) -> None:
        view, form = self.query_one(SegmentView), self.query_one(ParamsForm)
        self._previews.wait()
        reasons = self._unmet().get(self._method, ("No method is installed.",))
        if reasons or form.problem:
            view.show_words("No preview", told.append(form.problem if not reasons else " ".join(reasons)))
        elif self.session.customers_are_stale:
            view.show_words("No preview", told.append("The customers are to be made anew first: p does it."))
        elif known := self._previews.known(self._key()):
            self._show_preview(known, told)
        elif self.segtui.showing is self:
            view.show_waiting(told, keeping=self._seen_method == self._method)
            self._seen_method = self._method
            self._previews.ask(self._key(), self._drawn(), SETTLED if settle else AT_ONCE)

    def _key(self) -> str:
        """What a preview depends on."""
        entry = self._drawn().model_copy(update={"id": "", "names": {}})
        made = tuple(self.session.results[name].fingerprint for name in entry.after if name in self.session.results)
        return f"{self.customers.fingerprint} {self.session.document.seed} {made} {entry.model_dump_json()}"

    def _previewed(self, key: str) -> None:
        if key == self._key():
            self._show_view()

    def _show_preview(self, preview: Preview | SegtuiError, told: Text) -> None:
        view, form = self.query_one(SegmentView), self.query_one(ParamsForm)
        if isinstance(preview, Preview):
            view.show_preview(preview, self._columns(), told)
            return
        if isinstance(preview, Cancelled):
            late = "It took longer than a preview may. r runs it on all customers, p tries again."
            view.show_words("No preview", told.append(late))
            return
        name = next((one.name for one in form.fields if preview.what.startswith(one.name)), "")
        if isinstance(preview, UsageError) and name:
            form.say(name, safe(preview.what, 300))
        words = _said(preview)
        said_already = words.plain.partition("\n")[0] in told.plain
        view.show_words("No preview", told if said_already else told.append_text(words))

    def take(self, entry: SegmentationEntry, *, anew: bool = False) -> None:
        """Put the parameters of a run into the form, and so show it; or for another run with them."""
        if entry.method not in self.methods():
            self.notify(f"The method {safe(entry.method, 60)} is not installed.", markup=False)
            return
        self._method, self._makes_new, self._wanted_id = entry.method, anew, entry.id
        self._drafts[self._method] = self._values_of(entry)
        self._show_all()
        if anew:
            self.query_one(ParamsForm).focus()

    def show_run(self, name: str) -> None:
        """Show the run of what the form says, as it stands now."""
        self._makes_new, self._wanted_id = False, name
        self._show_about()
        self._show_view()

    def show_seen(self) -> None:
        """Show the result or preview anew."""
        if self.state in (State.READY, State.STALE):
            self._show_about()
            self._show_view()

    # Actions of the form

    @on(MethodLine.Clicked)
    def action_method(self) -> None:
        """Go to the methods."""
        self.add_class("-choosing")
        self.query_one(MethodList).focus()

    def action_form(self) -> None:
        """Go to the parameters."""
        self.remove_class("-choosing")
        self.query_one(ParamsForm).focus()

    def action_run(self) -> None:
        """Run the method of the form on all customers."""
        reasons = self._unmet().get(self._method, ("No method is installed.",))
        refused = self._previews.known(self._key()) if not reasons else None
        problem = " ".join(reasons) or self.query_one(ParamsForm).problem
        if isinstance(refused, UsageError):
            problem = _said(refused).plain
        if problem:
            self.notify(problem, severity="warning", markup=False)
            return
        entry = self.entry()
        attempt = self.attempts.get(entry.id)
        if attempt is not None and not attempt.is_over:
            self.notify(f"{safe(entry.id, 40)} is {attempt.words} already.", markup=False)
        elif attempt is None and entry.id in self.done() and not self.is_stale(entry.id):
            self.notify(f"{safe(entry.id, 40)} is that, and up to date. D makes another.", markup=False)
        else:
            self.start(entry)

    def action_preview(self) -> None:
        """Preview anew; makes the customers first where they are stale."""
        if not self._method:
            return
        if self.session.customers_are_stale:
            self.segtui.work.long(
                "Making customers",
                lambda progress: self.session.prepare(on_progress=progress),
                lambda _made: self.segtui.changed(),
                lambda error: self.notify(str(error), severity="error", markup=False),
                kind="customers",
            )
            return
        self._previews.forget(self._key())
        self._show_view()


def _said(error: SegtuiError) -> Text:
    """An error in words; what a person can put right without its title."""
    if isinstance(error, (UsageError, DataError)):
        return Text(f"{safe(error.what, 500)} {safe(error.next_step, 500)}", style="not bold")
    return error_words(error)
