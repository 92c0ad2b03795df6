"""ReadingPane: what Compare and Report have in common: lists at the side, and the report that is read beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import OptionList

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.report import Report
from segtui.api.text import join_words, safe
from segtui.tui.pane import Pane, State
from segtui.tui.screens.report_making import Making, Order, run_again
from segtui.tui.screens.report_pinning import pin
from segtui.tui.widgets.report_view import ReportView


class ReadingPane(Pane):
    """A subclass composes `side`, says which `order` is shown, and draws what became of it."""

    WHAT: ClassVar[str] = "report"
    """What is read, in a word."""
    DEFAULT_CSS = """
    ReadingPane .side { width: 34; border-right: vkey $foreground 20%; }
    ReadingPane .side OptionList { height: auto; border: none; padding: 0; background: $background; }
    ReadingPane .said { height: auto; color: $text-muted; }
    ReadingPane.-loading > .body, ReadingPane.-failed > .body { display: block; }
    ReadingPane.-loading > .notice, ReadingPane.-failed > .notice { display: none; }
    ReadingPane.-narrow .side { width: 30; }
    ReadingPane.-narrow.-reading .side { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._making: Making | None = None
        self._drawn: object = None

    def body(self) -> ComposeResult:
        """Lists, and the report."""
        with Horizontal():
            with Vertical(classes="side"):
                yield from self.side()
            yield ReportView()

    def side(self) -> ComposeResult:
        """The lists, the one to start from first."""
        return ()

    @property
    def order(self) -> Order | None:
        """The report to show; None where there is none to be made."""
        return None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say which part is read; some keys work on their list alone."""
        self.set_class(isinstance(event.widget, ReportView), "-reading")
        self.refresh_bindings()

    def first_focus(self) -> Widget | None:
        """What has the cursor already, else the first list."""
        if self.state is State.EMPTY:
            return None
        held = self.app.focused
        return held if held is not None and self in held.ancestors else self.query(OptionList).first()

    @property
    def making(self) -> Making:
        """Makes the reports."""
        if self._making is None:
            self._making = Making(self.session, self.segtui.work, self.show_session)
        return self._making

    @property
    def may_be_made_again(self) -> bool:
        """Whether another report would come of making it again."""
        return self.state in (State.STALE, State.FAILED)

    def draw(self, what: Report | SegtuiError | str, told_by: object = None) -> None:
        """Show a report, an error, or words; nothing where it is shown already, as `told_by` tells, or itself."""
        told_by = what if told_by is None else told_by
        if told_by is self._drawn or (not isinstance(told_by, Report) and told_by == self._drawn):
            return
        self._drawn = told_by
        self.refresh_bindings()
        view = self.query_one(ReportView)
        if isinstance(what, Report):
            view.set_report(what)
        elif isinstance(what, Cancelled):
            view.show_failed(f"The {self.WHAT} was stopped.", next_step="r makes it.")
        elif isinstance(what, SegtuiError):
            advice = " ".join(filter(None, (safe(what.next_step, 300), "r tries again.")))
            view.show_failed(safe(what.what, 300), safe(what.where, 200), advice)
        else:
            view.show_loading(what)

    def make_again(self, segmentations: Sequence[str]) -> None:
        """Run those of them that are stale again, else make the report anew."""
        order = self.order
        if run_again(self, segmentations) or order is None or self.making.is_running(order):
            return
        self.making.forget(order)
        self.show_session()

    def action_pin(self) -> None:
        """Pin what is shown, for the export."""
        order = self.order
        if order is None or not isinstance(self.making.found(order), Report):
            self.notify(f"There is no {self.WHAT} to pin yet.", markup=False)
        else:
            pin(self, order.pinned)

    def action_back(self) -> None:
        """Back to the first list."""
        self.query(OptionList).first().focus()


def listed(names: Sequence[str]) -> str:
    """Names of results in a sentence."""
    return join_words(safe(name, 40) for name in names)
