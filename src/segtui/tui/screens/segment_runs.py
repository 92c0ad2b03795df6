"""Runs of methods: those of the project, and those that were asked for; how they are started, renamed and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.text import plural, safe
from segtui.plugins import Catalogue, MethodEntry
from segtui.project.document import GivenName, SegmentationEntry
from segtui.project.facts import CustomersFacts
from segtui.project.session import Session
from segtui.tui.pane import Pane
from segtui.tui.screens.segment_entries import Attempt
from segtui.tui.widgets.method_list import method_name
from segtui.tui.work import Task


class Runs:
    """All runs, by their ids. `attempts` are those that wait, run, or came to nothing; `catalogue` has the methods.

    What is done with them changes the project, and the app is told.
    """

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self.catalogue: Catalogue | None = None
        self.attempts: dict[str, Attempt] = {}
        self._naming: Task | None = None

    # What there is

    @property
    def session(self) -> Session:
        """The open project."""
        return self._pane.session

    @property
    def customers(self) -> CustomersFacts:
        """The customers; the screen is entered only where there are some."""
        assert self.session.customers is not None
        return self.session.customers

    def methods(self) -> dict[str, MethodEntry]:
        """The methods that are installed, by name."""
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
        """The ids that no other run can have."""
        return {entry.id for entry in self.entries()} | set(self.customers.columns)

    def aged(self, name: str) -> tuple[str, ...]:
        """Why a run no longer stands, or has no result; nothing where it stands."""
        return self.session.stale(name).reasons

    def stands(self, name: str) -> bool:
        """Whether a run has a result that stands, and was not asked for again."""
        return name not in self.attempts and not self.aged(name)

    # What is done

    def start(self, entry: SegmentationEntry) -> None:
        """Run on all customers, after what was asked before."""
        attempt = self.attempts[entry.id] = Attempt(entry, self.session.document.seed)
        attempt.task = self._pane.segtui.work.long(
            f"{self.methods()[entry.method].title} on {plural(self.customers.rows, 'customer')}",
            lambda progress: self.session.segment(entry, progress),
            lambda _made: self._ran(attempt),
            lambda error: self._not_run(attempt, error),
            kind="segment",
        )

    def _ran(self, attempt: Attempt) -> None:
        if self.attempts.get(attempt.entry.id) is attempt:
            del self.attempts[attempt.entry.id]
        self._pane.segtui.changed()

    def _not_run(self, attempt: Attempt, error: SegtuiError) -> None:
        attempt.error = error
        self._failed(f"{safe(attempt.entry.id, 40)} failed.", error)
        self._pane.segtui.changed()

    def make_customers(self) -> None:
        """Make the customers anew."""
        self._do(
            "Making customers",
            lambda progress: self.session.prepare(on_progress=progress),
            "The customers could not be made.",
            "customers",
        )

    def name_segment(self, entry: SegmentationEntry, code: int, given: GivenName) -> None:
        """Name a segment of a result, or describe it; an empty name goes back to the default."""

        def rename(progress: Any) -> object:
            now = self.session.document.segmentation(entry.id)
            names = {**(now.given if now else {}), code: given}
            return self.session.rename(
                entry.id, {key: one for key, one in names.items() if one != GivenName()}, progress
            )

        name = safe(entry.id, 40)
        self._do(f"Naming segments of {name}", rename, f"The names of {name} are as they were.", "names")

    def name_again(self) -> None:
        """Give results the names that an undo or redo brought back."""
        if self.session.misnamed and (self._naming is None or self._naming.ended):
            failure = "Segments are not called as the project says."
            self._naming = self._do("Naming segments", self.session.name_again, failure, "names")

    def _do(self, title: str, call: Callable[[Any], object], failure: str, kind: str) -> Task:
        return self._pane.segtui.work.long(
            title,
            call,
            lambda _made: self._pane.segtui.changed(),
            lambda error: self._failed(failure, error),
            kind=kind,
        )

    def _failed(self, words: str, error: SegtuiError) -> None:
        if not isinstance(error, Cancelled):
            self._pane.segtui.tell(words, error)

    def change_id(self, old: str, new: str) -> bool:
        """Give a result another id; whether it has it now."""
        try:
            self.session.change_id(old, new)
        except SegtuiError as error:
            self._pane.segtui.tell(f"{safe(old, 40)} keeps its id.", error)
            return False
        self._pane.segtui.view.renamed(old, new)
        self._pane.segtui.changed()
        return True

    def remove(self, entry: SegmentationEntry) -> None:
        """Take a run out of the project."""
        self.attempts.pop(entry.id, None)
        if self.session.document.segmentation(entry.id):
            self.session.change(self.session.document.without_segmentation(entry.id))
            self._pane.notify(f"{safe(entry.id, 40)} was removed. u brings it back.", markup=False)
        self._pane.segtui.changed()
