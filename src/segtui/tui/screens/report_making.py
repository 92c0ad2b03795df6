"""Reports that screens ask for: each is made once, and none is shown for other results than it was made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.report import Report
from segtui.api.text import safe
from segtui.project.document import ReportEntry
from segtui.project.facts import SegmentationFacts
from segtui.project.session import Session
from segtui.tui.pane import Pane
from segtui.tui.work import Work

MOST_KEPT = 40
Basis = tuple[object, ...]
"""What a report depends on besides its order: the customers, and each result with the names of its segments."""


@dataclass(frozen=True)
class Order:
    """A report to be made: an analysis by its id, the segmentations it looks at, its parameters as JSON, and the
    feature set it measures on, where one was chosen."""

    analysis: str
    segmentations: tuple[str, ...]
    params: str = "{}"
    feature_set: str | None = None

    @classmethod
    def of(
        cls,
        analysis: str,
        segmentations: Sequence[str],
        params: Mapping[str, Any],
        feature_set: str | None = None,
    ) -> Order:
        """An order that can be looked up."""
        settings = json.dumps(dict(params), sort_keys=True, default=str)
        return cls(analysis, tuple(segmentations), settings, feature_set)

    @classmethod
    def of_pinned(cls, entry: ReportEntry, known: Sequence[str]) -> Order:
        """The order for a pinned report; one that names no segmentations looks at all that are known."""
        return cls.of(entry.analysis, entry.segmentations or known, entry.params, entry.feature_set)

    @property
    def pinned(self) -> ReportEntry:
        """The same, for an export."""
        return ReportEntry(
            analysis=self.analysis,
            segmentations=self.segmentations,
            feature_set=self.feature_set,
            params=self.settings,
        )

    @property
    def settings(self) -> dict[str, Any]:
        """The parameters."""
        found: dict[str, Any] = json.loads(self.params)
        return found


@dataclass
class Making:
    """Makes reports by the Session. `told` is called in the screen's thread whenever one is there, or failed."""

    session: Session
    work: Work
    told: Callable[[], None]
    _made: dict[tuple[Order, Basis], Report | SegtuiError] = field(default_factory=dict)
    _running: tuple[Order, Basis] | None = None

    def found(self, order: Order) -> Report | SegtuiError | None:
        """The report, or why it could not be made; None where neither is known of the results as they are now."""
        return self._made.get((order, basis(self.session, order.segmentations)))

    def is_running(self, order: Order) -> bool:
        """Whether just this one is being made."""
        return self._running == (order, basis(self.session, order.segmentations))

    def make(self, order: Order, title: str) -> None:
        """Make it, once what is being made now is done: then `told` says that one may ask again."""
        if self._running is not None:
            return
        key = self._running = (order, basis(self.session, order.segmentations))

        def made(report: tuple[Report, Basis]) -> None:
            self._keep((order, report[1]), report[0])

        def failed(error: SegtuiError) -> None:
            self._keep(key, error)

        self.work.long(title, lambda progress: self._make(order, progress), made, failed, kind="report")

    def forget(self, order: Order) -> None:
        """Make it anew when it is asked for again."""
        self._made.pop((order, basis(self.session, order.segmentations)), None)

    def _make(self, order: Order, progress: Any) -> tuple[Report, Basis]:
        """With the basis it was made of; where that changed meanwhile, one that nothing is kept under for long."""
        before = basis(self.session, order.segmentations)
        report = self.session.analyse(
            order.analysis, order.segmentations, order.settings, progress, feature_set=order.feature_set
        )
        after = basis(self.session, order.segmentations)
        return report, before if before == after else ("changed meanwhile",)

    def _keep(self, key: tuple[Order, Basis], found: Report | SegtuiError) -> None:
        self._running = None
        self._made.pop(key, None)
        self._made[key] = found
        while len(self._made) > MOST_KEPT:
            del self._made[next(iter(self._made))]
        self.told()


def basis(session: Session, segmentations: Sequence[str]) -> Basis:
    """What reports on these segmentations depend on, as it is now."""
    customers = session.customers
    made = ((name, session.results.get(name)) for name in segmentations)
    results = tuple((name, one and (one.fingerprint, one.segments)) for name, one in made)
    return (customers.fingerprint if customers else "", session.customers_are_stale, results)


def results_of(session: Session) -> tuple[SegmentationFacts, ...]:
    """The results of the project, in its order."""
    every = (session.results.get(entry.id) for entry in session.document.segmentations)
    return tuple(one for one in every if one is not None)


def why_stale(session: Session, name: str) -> str:
    """Why a result is stale, in words; empty where it is not."""
    return " and ".join(session.stale(name).reasons)


def run_again(pane: Pane, names: Sequence[str]) -> bool:
    """Run those of these segmentations that are stale again, one after the other; False where none is. What
    several fail of is told once."""
    session, work = pane.session, pane.segtui.work
    stale = [entry for name in names if why_stale(session, name) and (entry := session.document.segmentation(name))]

    told = set[str]()

    def failed(error: SegtuiError) -> None:
        if not isinstance(error, Cancelled) and str(error) not in told:
            told.add(str(error))
            pane.notify(str(error), severity="error", markup=False)

    for entry in stale:
        work.long(
            f"Running {safe(entry.id, 40)}",
            lambda progress, entry=entry: session.segment(entry, progress),  # type: ignore[misc]
            lambda _made: pane.segtui.changed(),
            failed,
            kind="segment",
        )
    return bool(stale)


def measured_set(session: Session, segmentations: Sequence[str]) -> str:
    """The feature set that analyses measure on: that of the first with one, else the first of the project."""
    made = (session.results[name].feature_set for name in segmentations if name in session.results)
    scalings = session.customers.scalings if session.customers else {}
    return next((name for name in (*made, *scalings) if name), "")
