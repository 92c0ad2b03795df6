"""What is done with runs: they are started, listed, marked, chosen, called, removed, and their segments named."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.widgets import Static

from segtui.api.errors import SegtuiError
from segtui.api.text import count, join_words, plural, safe
from segtui.plugins import Catalogue, MethodEntry
from segtui.project.document import MOST_SEED, GivenName, SegmentationEntry
from segtui.project.facts import CustomersFacts
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.pane import Pane
from segtui.tui.screens.segment_entries import Attempt, in_short
from segtui.tui.widgets.method_list import method_name
from segtui.tui.widgets.params_fields import Offers, fields_of
from segtui.tui.widgets.results_line import ResultRow, ResultsList
from segtui.tui.widgets.segment_names import SegmentNames

FOLLOWS = 0.3
"""Seconds between looks at whether runs that wait have begun."""


class RunsPane(Pane):
    """A screen with a list of runs: those of the project, and those that were asked for and came to nothing.

    A subclass says which of them is seen, and shows one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.attempts: dict[str, Attempt] = {}
        self.catalogue: Catalogue | None = None
        self._followed: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Follow runs that wait until they run."""
        self.set_interval(FOLLOWS, self._follow)

    def _follow(self) -> None:
        words = tuple(attempt.words for attempt in self.attempts.values())
        if words != self._followed:
            self._followed = words
            self.show_results()
            self.show_seen()

    def same(self) -> SegmentationEntry | None:
        """The run that is seen."""
        raise NotImplementedError

    def take(self, entry: SegmentationEntry, *, anew: bool = False) -> None:
        """Show a run, or its parameters for another one."""
        raise NotImplementedError

    def show_seen(self) -> None:
        """Show what is seen as it stands now."""
        raise NotImplementedError

    def show_run(self, name: str) -> None:
        """Show a run that was started with what is seen."""
        raise NotImplementedError

    # What there is

    @property
    def customers(self) -> CustomersFacts:
        """The customers; the screen is entered only where there are some."""
        assert self.session.customers is not None
        return self.session.customers

    def methods(self) -> dict[str, MethodEntry]:
        catalogue = self.catalogue or Catalogue()
        return {method_name(catalogue, method): method for method in catalogue.methods}

    def done(self) -> list[str]:
        """The ids of the results there are."""
        return [entry.id for entry in self.session.document.segmentations if entry.id in self.session.results]

    def entries(self) -> list[SegmentationEntry]:
        """All runs: those of the project, and those that came to nothing."""
        known = self.session.document.segmentations
        ids = {entry.id for entry in known}
        return [*known, *(one.entry for name, one in self.attempts.items() if name not in ids)]

    def taken(self) -> set[str]:
        columns = set(self.customers.columns)
        return {entry.id for entry in self.entries()} | columns

    def is_stale(self, name: str) -> bool:
        return bool(self.session.stale(name).reasons)

    # Results

    def show_results(self) -> None:
        same, view = self.same(), self.segtui.view
        rows = [self._row(entry, same) for entry in self.entries()]
        self.query_one(ResultsList).show(rows)
        marked = len(view.marked_of(row.id for row in rows))
        words = f"Results   seed {self.session.document.seed}"
        words += f"   {marked} marked for Compare" if marked else ""
        self.query_one(".results > Static", Static).update(words if rows else "Results   none yet: r makes the first")

    def _row(self, entry: SegmentationEntry, same: SegmentationEntry | None) -> ResultRow:
        method, attempt = self.methods().get(entry.method), self.attempts.get(entry.id)
        done = entry.id in self.done()
        facts = self.session.results[entry.id] if done else None
        fields = fields_of(method.params, Offers()) if method else ()
        stale = self.session.stale(entry.id).reasons
        state = f"stale: {join_words(stale)}" if facts and stale else "" if facts else "not run"
        return ResultRow(
            entry.id,
            method.title if method else entry.method,
            in_short(fields, entry.params),
            facts.seed if facts else attempt.seed if attempt else self.session.document.seed,
            len(facts.segments) if facts else None,
            facts.seconds if facts else None,
            attempt.words if attempt else state,
            bool(attempt and attempt.is_over and not attempt.was_stopped),
            entry.id in self.segtui.view.marked,
            entry.id == self.segtui.view.chosen,
            same is not None and same.id == entry.id,
        )

    def _current(self) -> SegmentationEntry | None:
        """The run under the cursor of the list."""
        name = self.query_one(ResultsList).current
        return next((entry for entry in self.entries() if entry.id == name), None)

    @on(ResultsList.Wanted)
    def _wanted(self, wanted: ResultsList.Wanted) -> None:
        found = next((entry for entry in self.entries() if entry.id == wanted.id), None)
        if found is not None:
            self.take(found)

    # Actions

    def start(self, entry: SegmentationEntry) -> None:
        attempt = self.attempts[entry.id] = Attempt(entry, self.session.document.seed)
        title = f"{self.methods()[entry.method].title} on {plural(self.customers.rows, 'customer')}"
        attempt.task = self.segtui.work.long(
            title,
            lambda progress: self.session.segment(entry, progress),
            lambda _made: self._ran(attempt),
            lambda error: self._not_run(attempt, error),
            kind="segment",
        )
        self.show_results()
        self.query_one(ResultsList).move_to(entry.id)
        self.show_run(entry.id)

    def _ran(self, attempt: Attempt) -> None:
        if self.attempts.get(attempt.entry.id) is attempt:
            del self.attempts[attempt.entry.id]
        self.segtui.changed()

    def _not_run(self, attempt: Attempt, error: SegtuiError) -> None:
        attempt.error = error
        if not attempt.was_stopped:
            self.notify(f"{safe(attempt.entry.id, 40)} failed: {safe(error.what, 200)}", severity="error", markup=False)
        self.segtui.changed()

    def action_mark(self) -> None:
        """Mark the result for Compare."""
        entry = self._current()
        if entry is None or entry.id not in self.done():
            self.notify("Only a result can be marked.", markup=False)
            return
        self.segtui.view.mark(entry.id)
        self.segtui.changed()

    def action_choose(self) -> None:
        """Make the result the chosen one."""
        entry = self._current()
        if entry is None or entry.id not in self.done():
            self.notify("Only a result can be chosen.", markup=False)
            return
        self.segtui.view.choose(entry.id)
        self.segtui.changed()

    def action_duplicate(self) -> None:
        """Put the parameters of the result into the form, for another run."""
        entry = self._current()
        if entry is None:
            self.notify("There is no result to duplicate.", markup=False)
            return
        self.take(entry, anew=True)

    def action_remove(self) -> None:
        """Take the result out of the project."""
        entry = self._current()
        if entry is None:
            return
        attempt, name = self.attempts.get(entry.id), safe(entry.id, 40)
        on_it = [one.id for one in self.session.document.segmentations if entry.id in one.after]
        if attempt is not None and not attempt.is_over:
            self.notify(f"{name} is {attempt.words}: z stops what runs.", markup=False)
        elif on_it:
            words = join_words(safe(one, 40) for one in on_it)
            self.notify(f"{words} builds on {name}: remove that first.", severity="warning", markup=False)
        else:
            self.attempts.pop(entry.id, None)
            if self.session.document.segmentation(entry.id):
                self.session.change(self.session.document.without_segmentation(entry.id))
                self.notify(f"{name} was removed. u brings it back.", markup=False)
            self.segtui.changed()

    def action_id(self) -> None:
        """Give the result another id."""
        entry = self._current()
        if entry is None or not self.session.document.segmentation(entry.id):
            self.notify("There is no result to give an id.", markup=False)
            return
        hint = "The name of its column in files, up to 100 characters. enter takes it, esc goes back."
        self.app.push_screen(
            Ask(f"Id of {safe(entry.id, 40)}", entry.id, hint), lambda new: self._set_id(entry.id, new)
        )

    def _set_id(self, old: str, new: str | None) -> None:
        new = (new or "").strip()
        if not new or new == old:
            return
        if new in self.customers.columns:
            self.notify("A column of the customers is called that.", severity="warning", markup=False)
            return
        try:
            self.session.change_id(old, new)
        except SegtuiError as error:
            self.notify(f"{error.what} {error.next_step}", severity="warning", markup=False)
            return
        self.segtui.view.renamed(old, new)
        self.segtui.changed()
        self.query_one(ResultsList).move_to(new)

    def action_seed(self) -> None:
        """Change the seed of the project."""
        seed = self.session.document.seed
        hint = f"A whole number from 0 to {count(MOST_SEED)}. All results become stale. enter takes it, esc goes back."
        self.app.push_screen(Ask("Seed of the project", str(seed), hint), self._seed_told)

    def _seed_told(self, text: str | None) -> None:
        if text is None or text.strip() == str(self.session.document.seed):
            return
        if not text.strip().isdecimal() or int(text) > MOST_SEED:
            self.notify(f"A seed is a whole number from 0 to {count(MOST_SEED)}.", severity="warning", markup=False)
            return
        seed = int(text)
        if not self.done():
            self._set_seed(seed)
            return
        stale = plural(len(self.done()), "result")
        question = f"Change the seed to {seed}? {stale} become stale until run again; u takes it back."
        self.app.push_screen(Confirm(question, "Change"), lambda sure: self._set_seed(seed) if sure else None)

    def _set_seed(self, seed: int) -> None:
        self.session.change(self.session.document.replacing(seed=seed))
        self.segtui.changed()

    # Names

    def action_name(self) -> None:
        """Name the segment under the cursor."""
        self._edit_segment("name")

    def action_describe(self) -> None:
        """Describe the segment under the cursor."""
        self._edit_segment("description")

    def _edit_segment(self, what: str) -> None:
        names, same = self.query_one(SegmentNames), self.same()
        if same is None or same.id not in self.done() or not names.can_name:
            self.notify("A preview has no names: r runs it first.", markup=False)
        elif self.is_stale(same.id):
            self.notify("It is stale: r runs it again, then its segments can be named.", markup=False)
        else:
            names.edit(what)

    @on(SegmentNames.Named)
    def _named(self, named: SegmentNames.Named) -> None:
        same = self.same()
        if same is not None:
            self.segtui.work.long(
                f"Naming segments of {safe(same.id, 40)}",
                lambda progress: self._rename(same.id, named.code, named.given, progress),
                lambda _made: self.segtui.changed(),
                lambda error: self.notify(str(error), severity="error", markup=False),
                kind="names",
            )

    def _rename(self, name: str, code: int, given: GivenName, progress: Any) -> object:
        entry = self.session.document.segmentation(name)
        names = {**(entry.given if entry else {}), code: given}
        return self.session.rename(name, {key: one for key, one in names.items() if one != GivenName()}, progress)
