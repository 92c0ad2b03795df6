"""The first half of a Session: sources are read, and customers are made of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

from segtui.api.errors import UsageError
from segtui.plugins import Catalogue, cached_catalogue
from segtui.prepare import Recipe
from segtui.project.asking import Asking, OnProgress
from segtui.project.document import Document, Source
from segtui.project.facts import CustomersFacts, InspectedSource, LocatedSource, SourceFacts
from segtui.project.history import History
from segtui.read import ColumnFacts
from segtui.read.guard import refuse_scheme
from segtui.worker import Worker, Workers

T = TypeVar("T")


class Preparing(History):
    """A document, the sources and customers that were made of it, and the workers that make them.

    A person may go on changing the document while a worker is busy: what comes back belongs to the document that was
    asked with, and a change made meanwhile stays. Paths of the document are relative to `folder`.
    """

    def __init__(self, document: Document, folder: Path, workers: Workers) -> None:
        super().__init__(document)
        self.folder = folder
        self.workers = workers
        self.asking = Asking(workers)
        self.sources: tuple[SourceFacts, ...] = ()
        self.customers: CustomersFacts | None = None
        self._customers_of: object = None
        self._rows_of: object = None

    def catalogue(self, on_progress: OnProgress = None) -> Catalogue:
        """What plugins bring; from the cache where nothing has changed."""
        return cached_catalogue(self.workers.job.plugin_folders) or self._ask(
            "data:list_plugins", {}, Catalogue, on_progress, "looking at plugins"
        )

    def read(self, on_progress: OnProgress = None) -> tuple[SourceFacts, ...]:
        """Read the sources; how they were read goes into the document."""
        if not self.document.sources:
            raise UsageError("The project has no source.", next_step="Add a file.")
        asked = self.document.sources
        located = tuple(self._located(source) for source in asked)
        self.sources = self._ask(
            "data:read_sources", {"sources": located}, tuple[SourceFacts, ...], on_progress, "reading"
        )
        now = list(self.document.sources)
        for source, facts in zip(asked, self.sources, strict=True):
            if source in now:
                known = {"sha256": facts.fingerprint.sha256, "rows": facts.rows, "reading": facts.reading}
                now[now.index(source)] = source.model_copy(update=known)
        self.document = self.document.replacing(sources=tuple(now))
        return self.sources

    def inspect(self, name: str, on_progress: OnProgress = None) -> InspectedSource:
        """One source with figures of all its columns."""
        source = next(source for source in self.document.sources if source.name == name)
        return self._ask(
            "data:inspect_source",
            {"source": self._located(source)},
            InspectedSource,
            on_progress,
            "looking at the columns",
            worker=self.workers.look,
        )

    def inspect_columns(
        self, of: SourceFacts | CustomersFacts, names: Iterable[str], on_progress: OnProgress = None
    ) -> dict[str, ColumnFacts]:
        """Figures of some columns of a source that was read, or of customers that were made."""
        plan, read_from = (
            (self.table(of).serialize(), None)
            if isinstance(of, CustomersFacts)
            else (of.plan, (of.path, of.fingerprint))
        )
        arguments = {
            "plan": plan,
            "read_from": read_from,
            "columns": {name: of.columns[name] for name in names},
            "rows": of.rows,
        }
        return self._ask(
            "data:inspect_columns",
            arguments,
            dict[str, ColumnFacts],
            on_progress,
            "looking at the columns",
            worker=self.workers.look,
        )

    def table(self, of: SourceFacts | CustomersFacts) -> pl.LazyFrame:
        """A source that was read, or customers that were made, to look at some rows of."""
        if isinstance(of, CustomersFacts):
            return pl.scan_ipc(of.frame, glob=False)
        return pl.LazyFrame.deserialize(io.BytesIO(of.plan))

    def propose(self, as_of: date | None = None, on_progress: OnProgress = None) -> Recipe:
        """A recipe to start from; the document stays as it is."""
        sources = tuple(facts.located for facts in self.sources or self.read(on_progress))
        arguments = {"sources": sources, "as_of": as_of}
        return self._ask("data:propose_recipe", arguments, Recipe, on_progress, "proposing a recipe")

    def prepare(self, as_of: date | None = None, on_progress: OnProgress = None) -> CustomersFacts:
        """Make customers by the recipe of the document, or by one that is proposed and goes into it.

        Where only feature sets changed since they were made, these are scaled anew and the recipe is not run.
        """
        if [facts.name for facts in self.sources] != [source.name for source in self.document.sources]:
            self.read(on_progress)
        asked = self.document
        arguments: dict[str, object] = {"feature_sets": asked.feature_sets}
        if as_of is None and self._only_sets_changed(asked):
            function = "data:scale_customers"
            arguments |= {"customers": self.customers}
        else:
            function = "data:prepare_customers"
            sources = tuple(facts.located for facts in self.sources)
            arguments |= {"sources": sources, "recipe": asked.recipe, "as_of": as_of, "today": date.today()}
        customers = self._ask(function, arguments, CustomersFacts, on_progress, "making customers")
        made = {"recipe": customers.recipe, "feature_sets": customers.feature_sets}
        self.customers = customers
        self._customers_of = _basis(asked.replacing(**made))
        self._rows_of = rows_basis(asked.replacing(**made))
        if _basis(self.document) == _basis(asked):
            self.document = self.document.replacing(**made)
        return customers

    @property
    def customers_are_stale(self) -> bool:
        """Whether sources, recipe or feature sets changed since the customers were made."""
        return self.customers is None or self._customers_of != self._basis()

    def _only_sets_changed(self, document: Document) -> bool:
        return self.customers_are_stale and self._rows_of == rows_basis(document)

    def _current_customers(self, on_progress: OnProgress) -> CustomersFacts:
        if self.customers is None or self.customers_are_stale:
            return self.prepare(on_progress=on_progress)
        return self.customers

    def _ask(
        self,
        function: str,
        arguments: Mapping[str, object],
        returns: type[T],
        on_progress: OnProgress,
        doing: str,
        worker: Worker | None = None,
    ) -> T:
        return self.asking.ask(function, arguments, returns, self.document.seed, on_progress, doing, worker)

    def _locate(self, path: str) -> Path:
        return self.folder / path

    def _located(self, source: Source) -> LocatedSource:
        refuse_scheme(source.path)
        return LocatedSource(source.name, self._locate(source.path).absolute(), source.reading, source.sha256)

    def _basis(self) -> object:
        return _basis(self.document)


def _basis(document: Document) -> object:
    """What customers depend on."""
    sources = tuple((source.name, source.sha256, source.reading) for source in document.sources)
    return (sources, document.recipe, document.feature_sets, document.seed)


def rows_basis(document: Document) -> object:
    """What the customers depend on but for their features."""
    return _basis(document.replacing(feature_sets=()))
