"""Compare: results side by side, how far they agree, and who moved between them; one of them is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.errors import SegtuiError
from segtui.api.report import Report
from segtui.api.text import plural, safe
from segtui.project.facts import SegmentationFacts
from segtui.tui.dialogs import Choose
from segtui.tui.pane import State
from segtui.tui.screens.compare_view import Part, part_of, result_words
from segtui.tui.screens.reading_pane import ReadingPane, listed
from segtui.tui.screens.report_making import Order, measured_set, results_of, why_stale
from segtui.tui.widgets.report_view import ReportView

COMPARISON = "comparison"
LEAST = 2


class ResultList(OptionList):
    """The results; enter reads what is said of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Read", tooltip="Read the comparison")]


class ComparePane(ReadingPane):
    """The results on the left, the comparison of those that are marked on the right."""

    NAME, TITLE, SHORT, KEY = "compare", "Compare", "Cmp", "4"
    WHAT = "comparison"
    HELP = (
        "Results side by side: measures on one feature set, how far they agree, customers by both, and who moved. "
        "space marks the results to compare; where none is marked, all are compared. c chooses the one to go on with; "
        "the choice is yours, since a method that was fitted on the features measured looks better there. Stale "
        "results are left out: r runs them again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Results", tooltip="Back to the results"),
        Binding("space", "mark", "Mark", tooltip="Mark the result, or take the mark away"),
        Binding("c", "choose", "Choose", tooltip="Choose the result to go on with"),
        Binding("s", "feature_set", "Feature set", tooltip="Choose the feature set that the measures are taken on"),
        Binding("p", "pin", "Pin", tooltip="Pin the comparison, for the export"),
        Binding("f", "part('flow')", "Flow", tooltip="Show the flow alone, or everything again"),
        Binding("m", "part('moved')", "Who moved", tooltip="Show who moved alone, or everything again"),
        Binding("r", "refresh", "Run again", tooltip="Run stale results again, and compare anew"),
    ]
    DEFAULT_CSS = """
    ComparePane .side { width: 38; }
    ComparePane .side OptionList { max-height: 1fr; }
    ComparePane .said { padding: 1 1 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.part = Part.ALL
        self._listed: tuple[str, ...] = ()
        self._feature_set = ""

    def side(self) -> ComposeResult:
        """The results, and what they are measured on."""
        yield ResultList()
        yield Static("", classes="said", markup=False)

    def blocked(self) -> str:
        """A comparison needs two results."""
        return "" if len(results_of(self.session)) >= LEAST else "Run two segmentations first."

    @property
    def wanted(self) -> list[str]:
        """What is marked, or all where nothing is."""
        every = [made.id for made in results_of(self.session)]
        return self.segtui.view.marked_of(every) or every

    @property
    def order(self) -> Order | None:
        """The comparison to show; None where fewer than two of what is wanted still stand."""
        current = [name for name in self.wanted if not why_stale(self.session, name)]
        chosen = self._feature_set if self._feature_set in self._feature_sets else None
        return Order.of(COMPARISON, current, {}, chosen) if len(current) >= LEAST else None

    @property
    def _feature_sets(self) -> dict[str, str]:
        """The feature sets of the customers, in words."""
        scalings = self.session.customers.scalings if self.session.customers else {}
        return {name: f"{safe(name, 40)} ({plural(len(one.columns), 'feature')})" for name, one in scalings.items()}

    def show_session(self) -> None:
        """Show the results and their comparison; make it where it is not there yet."""
        why = self.blocked()
        if why:
            self.say(State.EMPTY, f"{why}\n\nScreen 3 runs them; two settings of one method do as well.")
            return
        self._show_results()
        if self.segtui.showing is not self:
            return
        order, stale = self.order, self._stale_words()
        if order is None:
            self._show_nothing(stale)
            return
        found = self.making.found(order)
        if isinstance(found, Report):
            self.say(State.STALE if stale else State.READY, stale)
            self.draw(part_of(found, self.part), (found, self.part))
        elif isinstance(found, SegtuiError):
            self.say(State.FAILED, error=found)
            self.draw(found)
        else:
            words = f"Comparing {listed(order.segmentations)} ..."
            self.say(State.LOADING, words)
            self.draw(words)
            self.making.make(order, words.removesuffix(" ..."))

    def _show_nothing(self, stale: str) -> None:
        self.say(State.STALE if stale else State.READY, stale)
        again = "Press r to run what is stale again, or " if stale else "Press space to "
        self.draw(f"A comparison needs two results. {again}mark another one in the list.")

    def _stale_words(self) -> str:
        left_out = [name for name in self.wanted if why_stale(self.session, name)]
        if not left_out:
            return ""
        reasons = dict.fromkeys(why_stale(self.session, name) for name in left_out)
        verb = "is" if len(left_out) == 1 else "are"
        return f"{listed(left_out)} {verb} stale ({'; '.join(reasons)}) and left out. r runs {_it(left_out)} again."

    # The results

    def _show_results(self) -> None:
        results = results_of(self.session)
        wanted, ids = self.wanted, tuple(made.id for made in results)
        options = self.query_one(OptionList)
        prompts = [
            result_words(
                made,
                marked=made.id in wanted,
                chosen=made.id == self.session.document.chosen,
                stale=bool(why_stale(self.session, made.id)),
            )
            for made in results
        ]
        if ids == self._listed:
            for place, words in enumerate(prompts):
                options.replace_option_prompt_at_index(place, words)
        else:
            at = self._highlighted
            self._listed = ids
            options.clear_options()
            options.add_options(Option(words) for words in prompts)
            options.highlighted = ids.index(at) if at in ids else 0
        self.query_one(".said", Static).update(self._said(results))

    def _said(self, results: tuple[SegmentationFacts, ...]) -> str:
        marked = self.segtui.view.marked_of(made.id for made in results)
        words = "" if marked else "None is marked, so all are compared. "
        order = self.order
        sets, name = self._feature_sets, self._measured(order) if order else ""
        if name in sets:
            words += f"Measured on the feature set {sets[name]}."
            words += " s chooses another." if len(sets) > 1 else ""
        return words

    def _measured(self, order: Order) -> str:
        return order.feature_set or measured_set(self.session, order.segmentations)

    @property
    def _highlighted(self) -> str:
        at = self.query_one(OptionList).highlighted
        return self._listed[at] if at is not None and at < len(self._listed) else ""

    @on(OptionList.OptionSelected)
    def _read(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        self.query_one(ReportView).focus()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Nothing can be marked or read while there is nothing to compare, nor in a list that is away; back goes who
        reads."""
        if action == "back":
            return self.has_class("-reading")
        if action in ("mark", "choose") and self.has_class("-reading") and self.has_class("-narrow"):
            return False
        if action == "refresh":
            return self.may_be_made_again
        return self.state is not State.EMPTY and (action != "part" or self.order is not None)

    def action_mark(self) -> None:
        """Mark the result under the cursor, or take the mark away."""
        if self._highlighted:
            self.segtui.view.mark(self._highlighted)
            self.segtui.changed()

    def action_choose(self) -> None:
        """Choose the result under the cursor, or none."""
        if self._highlighted:
            self.session.change(self.session.document.choosing(self._highlighted))
            self.segtui.changed()

    def action_feature_set(self) -> None:
        """Choose the feature set that the measures are taken on."""
        order, sets = self.order, self._feature_sets
        if len(sets) < LEAST or order is None:
            self.notify("There is one feature set. Screen 2 makes others: n, among the features.", markup=False)
            return
        question = "Which feature set are the measures taken on?"
        self.app.push_screen(Choose(question, sets, self._measured(order)), self._measure_on)

    def _measure_on(self, name: str | None) -> None:
        if name is not None:
            self._feature_set = name
            self.show_session()

    def action_part(self, part: str) -> None:
        """Show a part of the comparison, or all of it where that part was shown."""
        self.part = Part.ALL if self.part is Part(part) else Part(part)
        self.show_session()

    def action_refresh(self) -> None:
        """Run what is stale again, and compare anew."""
        self.make_again(self.wanted)


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
