"""Report: any analysis with its parameters; what is pinned goes into the export."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.errors import SegtuiError
from segtui.api.report import Report
from segtui.api.text import safe
from segtui.plugins import AnalysisEntry, Catalogue
from segtui.project.document import ReportEntry
from segtui.tui.pane import State
from segtui.tui.screens.reading_pane import ReadingPane, listed
from segtui.tui.screens.report_dialogs import ChooseResults, SetParams
from segtui.tui.screens.report_lists import NOT_RUN, analysis_words, lacking, looked_at, pinned_words, why_pinned_is_off
from segtui.tui.screens.report_making import Order, results_of
from segtui.tui.widgets.params_fields import Offers, fields_of
from segtui.tui.widgets.report_view import ReportView


class ReadList(OptionList):
    """A list whose lines are read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Read", tooltip="Make the report and read it")]


class ReportPane(ReadingPane):
    """Analyses and pinned reports on the left, the report on the right."""

    NAME, TITLE, SHORT, KEY = "report", "Report", "Rep", "5"
    HELP = (
        "An analysis looks at results and says what it found. enter makes the report of the analysis under the cursor, "
        "on the results that are marked, else on the chosen one, else on all; s chooses others. ○ can't run, and the "
        "screen says why. p pins what is shown: pinned reports go into the export in their order. Where none is "
        "pinned, an export holds the profile of each result, their quality, and their comparison."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Analyses", tooltip="Back to the analyses"),
        Binding("p", "pin", "Pin", tooltip="Pin the report that is shown, for the export"),
        Binding("e", "params", "Parameters", tooltip="Set the parameters of the analysis"),
        Binding("s", "segmentations", "Results", tooltip="Choose the results it looks at"),
        Binding("r", "refresh", "Make again", tooltip="Run stale results again, and make the report again"),
        Binding("x", "unpin", "Unpin", tooltip="Unpin the report under the cursor"),
        Binding("K", "move(-1)", "Up", tooltip="Move the pinned report up"),
        Binding("J", "move(1)", "Down", tooltip="Move the pinned report down"),
    ]
    DEFAULT_CSS = """
    ReportPane .side OptionList { max-height: 50%; }
    ReportPane .side .head { height: 1; padding: 0 1; text-style: bold; }
    ReportPane .said { padding: 0 1 1 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.catalogue: Catalogue | None = None
        self.asked: dict[str, dict[str, Any]] = {}
        """Parameters by analysis, where people set some."""
        self.chosen: dict[str, tuple[str, ...]] = {}
        """Results by analysis, where people chose them."""
        self.wanted: Order | None = None
        """The report to show, once someone asked for one."""
        self._asked_for_catalogue = False

    def side(self) -> ComposeResult:
        """The analyses, and what is pinned."""
        yield Static("Analyses", classes="head", markup=False)
        yield ReadList(id="analyses")
        yield Static("", classes="said about", markup=False)
        yield Static("Pinned for export", classes="head", markup=False)
        yield ReadList(id="pinned")
        yield Static("", classes="said none-pinned", markup=False)

    @property
    def order(self) -> Order | None:
        """The report that someone asked for."""
        return self.wanted

    def on_resize(self) -> None:
        """Say it anew for the room there is."""
        if self.is_mounted and self.catalogue is not None:
            self.call_after_refresh(self._say_about)

    def first_focus(self) -> Widget | None:
        """What has the cursor already, else the analyses, once they are known."""
        return super().first_focus() if self.catalogue is not None else None

    def blocked(self) -> str:
        """An analysis needs a result."""
        return "" if results_of(self.session) else "Run a segmentation first."

    def warns(self) -> bool:
        """Whether a pinned report is stale, or can't be made."""
        catalogue = self.catalogue
        if catalogue is None:
            return False
        return any(why_pinned_is_off(one, catalogue, self.session) not in ("", NOT_RUN) for one in self._pinned)

    # What is shown

    def show_session(self) -> None:
        """Show the lists, and the report that is wanted; make that where it is not there yet."""
        why = self.blocked()
        if why:
            self.say(State.EMPTY, f"{why}\n\nScreen 3 runs them.")
            return
        if self.catalogue is None:
            self.say(State.LOADING, "Looking at the analyses ...")
            self.draw("Looking at the analyses ...")
            self._look_at_plugins()
            return
        self._show_lists(self.catalogue)
        if self.segtui.showing is not self:
            return
        if self.wanted is None:
            self._want(self._entry)
        self._show_report()

    def _look_at_plugins(self) -> None:
        if not self._asked_for_catalogue:
            self._asked_for_catalogue = True
            self.segtui.work.look("analyses", self.session.catalogue, self._looked, self._not_looked)

    def _looked(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.segtui.changed()

    def _not_looked(self, error: SegtuiError) -> None:
        self._asked_for_catalogue = False
        self.say(State.FAILED, error=error)
        self.draw(error)

    def _show_report(self) -> None:
        order, catalogue = self.wanted, self.catalogue
        if order is None or catalogue is None:
            return
        entry = next((one for one in catalogue.analyses if order.analysis in (one.id, one.qualified)), None)
        if entry is None:
            self.say(State.READY)
            self.draw(f"No plugin brings the analysis {safe(order.analysis, 60)}.")
            return
        reasons = lacking(entry, self.session, order.segmentations)
        found = self.making.found(order)
        if reasons:
            self.say(State.STALE, f"{safe(entry.title, 60)}: {reasons[0]}")
            self.draw("\n".join(["This report is not shown, since what it says may no longer hold.", *reasons[1:]]))
        elif isinstance(found, Report):
            self.say(State.READY)
            self.draw(found)
        elif isinstance(found, SegtuiError):
            self.say(State.FAILED, error=found)
            self.draw(found)
        else:
            words = f"{safe(entry.title, 40)} of {listed(order.segmentations)}"
            self.say(State.LOADING, words)
            self.draw(f"Making: {words} ...")
            self.making.make(order, words)

    # The lists

    @property
    def _entry(self) -> AnalysisEntry | None:
        """The analysis under the cursor."""
        analyses = self.catalogue.analyses if self.catalogue else ()
        at = self.query_one("#analyses", OptionList).highlighted
        return analyses[at] if at is not None and at < len(analyses) else None

    def _show_lists(self, catalogue: Catalogue) -> None:
        words = [
            analysis_words(one, catalogue, can_run=not lacking(one, self.session, self._looked_at(one)))
            for one in catalogue.analyses
        ]
        _fill(self.query_one("#analyses", OptionList), words)
        pinned = self._pinned
        listed = [pinned_words(place, one, catalogue, self.session) for place, one in enumerate(pinned, 1)]
        _fill(self.query_one("#pinned", OptionList), listed)
        self.query_one("#pinned", OptionList).display = bool(pinned)
        none_pinned = "None yet: an export holds profiles, quality and comparison of all. p pins what is shown."
        self.query_one(".none-pinned", Static).update("" if pinned else none_pinned)
        self._say_about()

    def _say_about(self) -> None:
        entry = self._entry
        if entry is None:
            self.query_one(".about", Static).update("No plugin brings an analysis.")
            return
        segmentations, settings = self._looked_at(entry), self.asked.get(entry.qualified, {})
        words = [f"Looks at {listed(segmentations) or 'no result'}."]
        if not self.has_class("-narrow"):
            words = [safe(entry.summary, 200), *words]
        if settings:
            words.append(f"With {', '.join(f'{name} {safe(value, 40)}' for name, value in settings.items())}.")
        words += lacking(entry, self.session, segmentations)[:1]
        self.query_one(".about", Static).update("\n".join(words))

    def _looked_at(self, entry: AnalysisEntry) -> tuple[str, ...]:
        every = [made.id for made in results_of(self.session)]
        own = tuple(name for name in self.chosen.get(entry.qualified, ()) if name in every)
        chosen = self.session.document.chosen
        marked = self.segtui.view.marked_of(every)
        return own or looked_at(entry, self.session, marked, chosen if chosen in every else None)

    def _want(self, entry: AnalysisEntry | None) -> None:
        if entry is not None and self.catalogue is not None:
            name = entry.qualified if self.catalogue.ambiguous(entry) else entry.id
            self.wanted = Order.of(name, self._looked_at(entry), self.asked.get(entry.qualified, {}))

    @on(OptionList.OptionHighlighted, "#analyses")
    def _moved(self, moved: OptionList.OptionHighlighted) -> None:
        moved.stop()
        self._say_about()
        self.refresh_bindings()

    @on(OptionList.OptionSelected, "#analyses")
    def _asked(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        before = self.wanted
        self._make()
        self._read_on(again=self.wanted == before)

    @on(OptionList.OptionSelected, "#pinned")
    def _look_at_pinned(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        known = [one.id for one in results_of(self.session)]
        self.wanted = Order.of_pinned(self._pinned[selected.option_index], known)
        self._show_report()
        self._read_on()

    def _read_on(self, *, again: bool = False) -> None:
        """Go into the report where that is there `again`, and where the lists leave it too little room."""
        if again or self.has_class("-narrow"):
            self.query_one(ReportView).focus()

    def _make(self) -> None:
        """Make the report of the analysis under the cursor."""
        self._want(self._entry)
        self._show_lists(self.catalogue or Catalogue())
        self._show_report()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Nothing can be done without a result; the keys of pinned reports work on their list."""
        if action in ("unpin", "move"):
            return self.query_one("#pinned", OptionList).has_focus
        if action == "back":
            return self.has_class("-reading") or self.query_one("#pinned", OptionList).has_focus
        if action == "refresh":
            return self.may_be_made_again
        if action == "params" and self._entry is not None and not self._entry.params.get("properties"):
            return False
        return self.state is not State.EMPTY

    def action_refresh(self) -> None:
        """Run stale results again, and make the report again."""
        self.make_again(self.wanted.segmentations if self.wanted else ())

    def action_params(self) -> None:
        """Set the parameters of the analysis under the cursor, and make its report."""
        entry, customers = self._entry, self.session.customers
        if entry is None or customers is None:
            return
        offers = Offers(customers.columns, (), tuple(one.id for one in results_of(self.session)))
        fields = fields_of(entry.params, offers)
        if not fields:
            self.notify(f"{safe(entry.title, 60)} has nothing to set.", markup=False)
            return

        def keep(values: dict[str, Any] | None) -> None:
            if values is not None:
                self.asked[entry.qualified] = values
                self._make()

        title = f"Parameters of {safe(entry.title, 60)}"
        self.app.push_screen(SetParams(title, fields, self.asked.get(entry.qualified, {})), keep)

    def action_segmentations(self) -> None:
        """Choose what the analysis under the cursor looks at, and make its report."""
        entry = self._entry
        if entry is None:
            return

        def keep(names: tuple[str, ...] | None) -> None:
            if names is not None:
                self.chosen[entry.qualified] = names
                self._make()

        every = [one.id for one in results_of(self.session)]
        self.app.push_screen(ChooseResults(every, self._looked_at(entry)), keep)

    @property
    def _pinned(self) -> tuple[ReportEntry, ...]:
        return self.session.document.export.reports

    def _pin(self, reports: tuple[ReportEntry, ...]) -> None:
        document = self.session.document
        export = document.export.model_copy(update={"reports": reports})
        self.session.change(document.replacing(export=export))
        self.segtui.changed()

    def action_unpin(self) -> None:
        """Unpin the report under the cursor; undo brings it back."""
        at = self.query_one("#pinned", OptionList).highlighted
        if at is not None:
            self._pin(tuple(one for place, one in enumerate(self._pinned) if place != at))
            if not self._pinned:
                self.action_back()

    def action_move(self, by: int) -> None:
        """Move the pinned report under the cursor."""
        options, pinned = self.query_one("#pinned", OptionList), list(self._pinned)
        at = options.highlighted
        if at is not None and 0 <= at + by < len(pinned):
            pinned[at], pinned[at + by] = pinned[at + by], pinned[at]
            self._pin(tuple(pinned))
            options.highlighted = at + by


def _fill(options: OptionList, prompts: list[Any]) -> None:
    """Show these prompts; the cursor stays at its place."""
    if len(prompts) == options.option_count:
        for place, words in enumerate(prompts):
            options.replace_option_prompt_at_index(place, words)
        return
    at = options.highlighted
    options.clear_options()
    options.add_options(Option(words) for words in prompts)
    options.highlighted = min(at or 0, len(prompts) - 1) if prompts else None
