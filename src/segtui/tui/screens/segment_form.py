"""The form of the Segment screen: the current method and its parameters, and the run that they stand for."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from segtui.api.text import safe
from segtui.plugins import MethodEntry
from segtui.prepare import FeatureSet
from segtui.project.document import SegmentationEntry
from segtui.tui.screens.segment_entries import (
    AFTER,
    FEATURE_SET,
    LONGEST_ID,
    fits,
    form_fields,
    form_values,
    free_id,
    reads_earlier,
    settled,
    unmet,
)
from segtui.tui.screens.segment_runs import Runs
from segtui.tui.widgets.params_form import ParamsForm


class MethodLine(Static):
    """What the current method is."""

    class Clicked(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Clicked())


class MethodForm(Vertical):
    """The current method, its parameters, and what they stand for: a run that there is already, or a new one.

    What was set for another method is there again when that method is.
    """

    DEFAULT_CSS = """
    MethodForm > MethodLine { height: auto; margin-bottom: 1; }
    """

    class Changed(Message):
        """A field has another value."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs
        self._drafts: dict[str, dict[str, Any]] = {}
        self._makes_new = False
        self._wanted_id = ""
        self._narrow = self._brief = self._refused = False
        self.method = ""

    def compose(self) -> ComposeResult:
        """The method, and the form."""
        yield MethodLine("", markup=False)
        yield ParamsForm()

    @property
    def params(self) -> ParamsForm:
        """The form of the parameters."""
        return self.query_one(ParamsForm)

    # The method

    def begin(self) -> None:
        """Start with the first run of the project, else with the first method that can run."""
        methods = self._runs.methods()
        first = next((entry for entry in self._runs.entries() if entry.method in methods), None)
        if first is not None:
            self.take(first)
            return
        reasons = self.unmet()
        self.method = next((name for name in methods if not reasons[name]), next(iter(methods), ""))

    def choose(self, method: str) -> None:
        """Another method, with what was set for it before."""
        self.method, self._makes_new = method, False

    def take(self, entry: SegmentationEntry, *, anew: bool = False) -> None:
        """The method and the parameters of a run; `anew` where they are to make another one."""
        self.method, self._makes_new, self._wanted_id = entry.method, anew, entry.id
        self._drafts[self.method] = form_values(entry)

    def started(self, name: str) -> None:
        """What it says was run under this id."""
        self._makes_new, self._wanted_id = False, name

    def unmet(self) -> dict[str, tuple[str, ...]]:
        """Why methods can't run, by name."""
        return {name: self._unmet(name, method) for name, method in self._runs.methods().items()}

    def _unmet(self, name: str, method: MethodEntry) -> tuple[str, ...]:
        earlier = self._runs.done() if reads_earlier(method) else ()
        return unmet(method, self._runs.customers, self._feature_set(name), earlier)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the current method can't run; nothing where it can."""
        method = self._runs.methods().get(self.method)
        return self._unmet(self.method, method) if method else ("No method is installed.",)

    def _feature_set(self, method: str) -> str | None:
        named: str | None = self._drafts.get(method, {}).get(FEATURE_SET)
        return named if named in self._runs.customers.scalings else None

    @property
    def measured_on(self) -> FeatureSet | None:
        """The set that describes customers to the method, as they were made with it."""
        sets = self._runs.customers.feature_sets
        named = self._feature_set(self.method)
        return next((one for one in sets if named in (None, one.name)), None)

    def features(self) -> tuple[str, ...]:
        """The columns that the method works on."""
        scalings = self._runs.customers.scalings
        scaling = scalings.get(self._feature_set(self.method) or next(iter(scalings), ""))
        return tuple(scaling.columns) if scaling else ()

    # What is shown

    def lay_out(self, *, narrow: bool, brief: bool) -> None:
        """Name the key of the methods where they are in a drawer, and leave out what a method does where it is short of
        lines."""
        self._narrow, self._brief = narrow, brief

    def show(self) -> None:
        """Show method and parameters as they are now."""
        self._show_params()
        self.show_about()

    def _show_params(self) -> None:
        method = self._runs.methods().get(self.method)
        if method is None:
            return
        values = self._drafts.setdefault(self.method, {})
        after = [name for name in values.get(AFTER, []) if name in self._runs.done()]
        fields = form_fields(method, self._runs.customers, self._runs.done(), after)
        kept = {**values, AFTER: after}
        if values.get(FEATURE_SET) not in (None, *self._runs.customers.scalings):
            kept.pop(FEATURE_SET)
        shown = settled(fields, kept)
        if fields != self.params.fields or shown != self.params.values:
            self.params.set_fields(fields, shown)

    def show_about(self) -> None:
        """Say what the method is, and what running it would make."""
        method, line = self._runs.methods().get(self.method), self.query_one(MethodLine)
        if method is None:
            line.update("No method is installed.")
            return
        words = Text("Method  ", style="dim") if self._narrow else Text()
        words.append(safe(method.title, 60), style="bold")
        words.append("  m ▾" if self._narrow else "", style="dim")
        if not self._brief:
            words.append(f"\n{safe(method.summary, 300)}")
        line.update(words)
        self.params.note(self._fits(method))

    def refuse(self, refused: bool) -> None:
        """Whether a preview found that nothing can be run with these values."""
        if refused != self._refused:
            self._refused = refused
            self.show_about()

    def _fits(self, method: MethodEntry) -> Text:
        reasons = self.reasons
        if reasons:
            return Text("It can't run here. ", style="bold").append(" ".join(reasons), style="not bold")
        if self._refused or self.params.problem:
            return Text("It can't run with these values.")
        same, runs_on = self.same(), fits(method, self._runs.customers, self._feature_set(self.method))
        if same is None:
            return Text(f"r makes {safe(self.entry().id, 40)} {runs_on}.")
        if same.id in self._runs.done() and not self._runs.aged(same.id):
            return Text(f"This is {safe(same.id, 40)}, made {runs_on}.")
        again = " again" if same.id in self._runs.done() or same.id in self._runs.attempts else ""
        return Text(f"r runs {safe(same.id, 40)}{again} {runs_on}.")

    @on(ParamsForm.Changed)
    def _changed(self, changed: ParamsForm.Changed) -> None:
        changed.stop()
        self._drafts[self.method] = dict(changed.form.values)
        self._makes_new = False
        if changed.name == AFTER:
            self._show_params()
        self.post_message(self.Changed(changed.name))

    # The run that it stands for

    def same(self) -> SegmentationEntry | None:
        """The run, done or not, that has just these values."""
        if self._makes_new:
            return None
        params = self.params
        found = [
            entry
            for entry in self._runs.entries()
            if entry.method == self.method and settled(params.fields, form_values(entry)) == params.values
        ]
        return next((entry for entry in found if entry.id == self._wanted_id), found[0] if found else None)

    def drawn(self) -> SegmentationEntry:
        """What it says, called as the same run is called, or as the method."""
        given = self.params.given
        after = given.pop(AFTER, [])
        given.pop(FEATURE_SET, None)
        same = self.same()
        return SegmentationEntry(
            id=same.id if same else self.method.rpartition(":")[2][:LONGEST_ID],
            method=self.method,
            params=given,
            after=tuple(after),
            feature_set=self.params.values.get(FEATURE_SET),
            names=same.names if same else {},
        )

    def entry(self) -> SegmentationEntry:
        """The run that it stands for: the same where there is one, else a new one with an id of its own."""
        drawn = self.drawn()
        if self.same() is not None:
            return drawn
        return drawn.model_copy(update={"id": free_id(drawn.id, self._runs.taken())})
