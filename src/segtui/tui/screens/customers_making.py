"""Making customers for screen 2: when the recipe is run, and what is said while it is, or after it failed."""

from __future__ import annotations

from typing import Any

from textual.widgets import Static

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.text import join_words, safe
from segtui.prepare import Recipe
from segtui.project.document import Document
from segtui.project.facts import CustomersFacts
from segtui.tui.pane import Pane, State
from segtui.tui.screens import customers_steps as steps
from segtui.tui.widgets.recipe_list import step_of

QUICK = 2.0
PAUSE = 0.7
OF_A_SET = "Take it out of the set with space, or take the change back with u."
PROPOSED = "Proposed from what the columns hold. Change any step; a adds your own."
NOTHING_TO_DO = "Each row is a customer already, so no step is needed. a adds one; tab goes to the features."


class MakingCustomers(Pane):
    """A screen that has its customers made: at once where there are none, again by itself where that is quick, else
    when it is asked to. `draw` shows what there is."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: object = None
        self._making = False
        self._seconds = 0.0
        self._error: SegtuiError | None = None
        self._proposed: Document | None = None
        self._found: list[tuple[Any, Any]] = []

    def draw(self) -> None:
        """Show the recipe and the customers as they are."""

    @property
    def document(self) -> Document:
        """The project."""
        return self.session.document

    @property
    def recipe(self) -> Recipe:
        """The recipe, empty while there is none."""
        return self.document.recipe or Recipe()

    def blocked(self) -> str:
        """Customers need a file."""
        return "" if self.document.sources else "Add a file first, on screen 1."

    def warns(self) -> bool:
        """Whether the recipe failed."""
        return self._error is not None

    def show_session(self) -> None:
        """Make customers where that is due; show what there is."""
        document = self.document
        if not document.sources:
            self.say(State.EMPTY, "No data yet.\n\nPress 1 and add a file.")
            return
        known = tuple((facts.name, facts.reading) for facts in self.session.sources)
        if known != tuple((source.name, source.reading) for source in document.sources):
            if self.session.customers is None:
                failed = "The files could not be read. Screen 1 says why."
                waits = "The files have not been read yet. Screen 1 says how far that is."
                self.say(State.EMPTY, failed if self.segtui.unread else waits)
            return
        self._propose_anew_where_untouched()
        if self.session.customers_are_stale and not self._making and self._asked != self._basis():
            self._make_soon()
        self._say_state()
        self.draw()

    def _basis(self) -> object:
        document = self.document
        sources = tuple((source.name, source.reading) for source in document.sources)
        return (sources, document.recipe, document.feature_sets)

    def _propose_anew_where_untouched(self) -> None:
        """A recipe that was proposed, and not touched since, follows what is corrected in the files."""
        was, now = self._proposed, self.document
        if was is None or self._making:
            return
        if (was.recipe, was.feature_sets) != (now.recipe, now.feature_sets):
            self._proposed = None
        elif [(s.name, s.reading) for s in was.sources] != [(s.name, s.reading) for s in now.sources]:
            self.session.document = now.replacing(recipe=None, feature_sets=())

    def _say_state(self) -> None:
        customers, error = self.session.customers, self._error
        if self._making and customers is None and not self.has_class("-form"):
            proposing = "" if self.document.recipe else "Proposing a recipe, and making customers by it"
            self.say(State.LOADING, f"{proposing or 'Making customers'} ...")
        elif error is not None and self.document.recipe is None:
            advice = f"{error.next_step} Or write the recipe here: a adds its first step.".strip()
            told = SegtuiError(error.what, where=error.where, next_step=advice)
            told.title = error.title
            self.say(State.FAILED, error=told)
        elif error is not None:
            at = step_of(error)
            place = f"{safe(error.where, 80)}: " if error.where else ""
            advice = OF_A_SET if error.where.startswith("feature set ") else safe(error.next_step, 200)
            reason = f"{place[:1].upper()}{place[1:]}{safe(error.what, 200)} {advice}"
            what = f"The recipe stopped at step {at}." if at else reason
            below = " Below is what came of the recipe before." if customers is not None else ""
            self.say(State.STALE, f"{what}{below}" + ("" if at else " r tries again."))
        elif self._making:
            self.say(State.STALE, "Making the customers anew ... What stands here is from before.")
        elif self.session.customers_are_stale:
            self.say(State.STALE, f"{self._why_stale()} r makes the customers anew.")
        else:
            self.say(State.READY)
            proposed = PROPOSED if self.recipe.steps else NOTHING_TO_DO
            self.query_one(".stale-line", Static).update(proposed if self._proposed is not None else "")

    def _why_stale(self) -> str:
        customers = self.session.customers
        if customers is None:
            return "There are no customers yet."
        if customers.recipe != self.document.recipe:
            return "The recipe changed."
        return "The features changed." if customers.feature_sets != self.document.feature_sets else "The data changed."

    # Making customers

    def _make_soon(self) -> None:
        """At once where there are none, after a pause where it is quick; else it waits for the key."""
        if self.session.customers is None and self._error is None:
            self._make()
        elif self._seconds < QUICK:
            wanted = self._asked = self._basis()
            self._error = None
            self.set_timer(PAUSE, lambda: self._make() if wanted == self._basis() and not self._making else None)
        else:
            self._error = None

    def _make(self) -> None:
        self._asked, self._making, self._error = self._basis(), True, None
        asked = self.document.recipe
        names = join_words(safe(source.name, 40) for source in self.document.sources)
        task = self.segtui.work.long(
            f"Making customers of {names}",
            lambda progress: self.session.prepare(on_progress=progress),
            lambda customers: self._made(customers, asked, task.seconds),
            self._failed,
            kind="customers",
        )
        self._say_state()

    def _made(self, customers: CustomersFacts, asked: Recipe | None, seconds: float) -> None:
        self._making, self._seconds = False, seconds
        run = customers.recipe.steps
        if asked is None:
            self._found = [(step, steps.loosened(step)) for step in run]
        elif [step.step for step in asked.steps] == [step.step for step in run]:
            wanted = [steps.as_asked(step, self._found) for step in asked.steps]
            self._found = list(zip(run, wanted, strict=True))
        if asked is None and not self.session.customers_are_stale:
            self._proposed = self.document
        self.segtui.changed()

    def _failed(self, error: SegtuiError) -> None:
        self._making = False
        if not isinstance(error, Cancelled):
            self._error = error
        self.segtui.changed()

    def action_make(self) -> None:
        """Make the customers anew, now."""
        if self.document.sources and not self._making:
            self._make()

    def _change(self, document: Document) -> None:
        self._error = None
        self.session.change(document)
        self.segtui.changed()

    def _change_recipe(self, recipe: Recipe) -> None:
        first = steps.same_steps(self.recipe, recipe)
        self._change(self.document.replacing(recipe=steps.found_again(recipe, first, self._found)))
