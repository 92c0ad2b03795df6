"""Session: the open project, and the one mutable object of the program. Front ends change it and read it, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import NoneType, TracebackType
from typing import Any, TypeVar

from segtui.api.errors import ProjectError, UsageError
from segtui.api.report import Report
from segtui.api.text import close_matches, join_words, safe
from segtui.api.writing import refuse_existing
from segtui.export.deliver import delivery_names
from segtui.plugins import Catalogue, cached_catalogue
from segtui.prepare import FeatureSet, Recipe
from segtui.project import project_file
from segtui.project.asking import JOBS, Asking, OnProgress
from segtui.project.begin import Begun, begin
from segtui.project.document import Document, GivenName, SegmentationEntry, Source
from segtui.project.facts import (
    CustomersFacts,
    DeliveredFile,
    InspectedSource,
    LocatedSource,
    ScoreFacts,
    SegmentationFacts,
    SourceFacts,
    Stale,
)
from segtui.project.history import History
from segtui.project.source_names import source_name
from segtui.read import Reading
from segtui.read.guard import refuse_scheme
from segtui.segment.preview import Preview
from segtui.worker import RunFolder, Worker, Workers

T = TypeVar("T")
WARM = (f"{JOBS}.data", f"{JOBS}.segments", f"{JOBS}.delivery")


class Session(History):
    """The document, what was made of it, and the workers that make it.

    Methods that work on data block until a worker is done, call `on_progress` meanwhile, and raise SegtuiErrors; an app
    calls them in a thread of its own, and cancels `asking.job`.
    """

    def __init__(self, document: Document, folder: Path, workers: Workers, path: Path | None = None) -> None:
        super().__init__(document)
        self.path = path
        self.folder = folder
        self.workers = workers
        self.asking = Asking(workers)
        self.sources: tuple[SourceFacts, ...] = ()
        self.customers: CustomersFacts | None = None
        self.results: dict[str, SegmentationFacts] = {}
        self._run_folder: RunFolder | None = None
        self._saved = document if path else None
        self._customers_of: object = None
        self._made_of: dict[str, tuple[object, object]] = {}

    @classmethod
    def new(
        cls, *, seed: int = 42, name: str = "untitled", plugin_folders: Sequence[Path] = (), begun: Begun | None = None
    ) -> Session:
        """An empty project. `begun` is a worker that was started before."""
        return cls._started(Document(name=name, seed=seed), Path.cwd(), plugin_folders, begun, None)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        allow_outside: bool = False,
        plugin_folders: Sequence[Path] = (),
        begun: Begun | None = None,
    ) -> Session:
        """A project from its file. Nothing is run. Raises ProjectError."""
        document = project_file.load(path, allow_outside=allow_outside)
        return cls._started(document, path.parent, plugin_folders, begun, path)

    @classmethod
    def _started(
        cls, document: Document, folder: Path, plugin_folders: Sequence[Path], begun: Begun | None, path: Path | None
    ) -> Session:
        begun = begun or begin()
        workers = Workers(
            begun.folder.path, plugin_folders=plugin_folders, look=False, spare=False, process=begun.process
        )
        workers.start()
        workers.warm(*WARM)
        session = cls(document, folder, workers, path)
        session._run_folder = begun.folder
        return session

    def close(self) -> None:
        """Stop the workers and remove everything that is not saved."""
        self.workers.stop()
        if self._run_folder:
            self._run_folder.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The document

    @property
    def unsaved(self) -> bool:
        """Whether the document differs from the file."""
        return self.document != self._saved

    def save(self, path: Path | None = None, *, overwrite: bool = True) -> Path:
        """Write the project file; the paths in it are relative to it."""
        target = path or self.path
        if target is None:
            raise ProjectError("The project has no file yet.", next_step="Give a name for it.")
        sources = tuple(
            source.model_copy(update={"path": project_file.relative(self._locate(source.path), target)})
            for source in self.document.sources
        )
        folder = project_file.relative(self._locate(self.document.export.folder), target)
        export = self.document.export.model_copy(update={"folder": folder})
        document = self.document.replacing(sources=sources, export=export)
        project_file.save(
            document, target, overwrite=overwrite, sources=[self._locate(s.path) for s in self.document.sources]
        )
        self.document, self.path, self.folder, self._saved = document, target, target.parent, document
        return target

    def add_source(self, path: Path, name: str = "", reading: Reading | None = None) -> Source:
        """Add a file; it is read when it is needed. Raises UsageError for a name that is taken."""
        refuse_scheme(path)
        name = name or source_name(path)
        if any(source.name == name for source in self.document.sources):
            raise UsageError(
                f"Two sources are called {safe(name, 60)}.",
                next_step=f"Name one of them, as in other={safe(path.name, 60)}.",
            )
        source = Source(name=name, path=str(path), reading=reading)
        self.change(self.document.replacing(sources=(*self.document.sources, source)))
        return source

    def set_recipe(self, recipe: Recipe | None) -> None:
        """Another recipe; results become stale."""
        self.change(self.document.replacing(recipe=recipe))

    def set_feature_set(self, chosen: FeatureSet) -> None:
        """Add a feature set, or change the one of that name."""
        others = tuple(old for old in self.document.feature_sets if old.name != chosen.name)
        self.change(self.document.replacing(feature_sets=(*others, chosen)))

    def add_segmentation(self, entry: SegmentationEntry) -> None:
        """Add a segmentation, or change the one of that id."""
        self.change(self.document.with_segmentation(entry))

    # Work on data

    def catalogue(self, on_progress: OnProgress = None) -> Catalogue:
        """What plugins bring; from the cache where nothing has changed."""
        return cached_catalogue(self.workers.job.plugin_folders) or self._ask(
            "data:list_plugins", {}, Catalogue, on_progress, "looking at plugins"
        )

    def read(self, on_progress: OnProgress = None) -> tuple[SourceFacts, ...]:
        """Read the sources; how they were read goes into the document."""
        if not self.document.sources:
            raise UsageError("The project has no source.", next_step="Add a file.")
        located = tuple(self._located(source) for source in self.document.sources)
        self.sources = self._ask(
            "data:read_sources", {"sources": located}, tuple[SourceFacts, ...], on_progress, "reading"
        )
        read = tuple(
            source.model_copy(update={"sha256": facts.fingerprint.sha256, "rows": facts.rows, "reading": facts.reading})
            for source, facts in zip(self.document.sources, self.sources, strict=True)
        )
        self.document = self.document.replacing(sources=read)
        return self.sources

    def inspect(self, name: str, on_progress: OnProgress = None) -> InspectedSource:
        """One source with figures of its columns."""
        source = next(source for source in self.document.sources if source.name == name)
        return self._ask(
            "data:inspect_source",
            {"source": self._located(source), "names": None},
            InspectedSource,
            on_progress,
            "looking at the columns",
            worker=self.workers.look,
        )

    def propose(self, as_of: date | None = None, on_progress: OnProgress = None) -> Recipe:
        """A recipe to start from; the document stays as it is."""
        sources = tuple(facts.located for facts in self.sources or self.read(on_progress))
        arguments = {"sources": sources, "as_of": as_of}
        return self._ask("data:propose_recipe", arguments, Recipe, on_progress, "proposing a recipe")

    def prepare(self, as_of: date | None = None, on_progress: OnProgress = None) -> CustomersFacts:
        """Make customers by the recipe of the document, or by one that is proposed and goes into it."""
        if [facts.name for facts in self.sources] != [source.name for source in self.document.sources]:
            self.read(on_progress)
        self.customers = self._ask(
            "data:prepare_customers",
            {
                "sources": tuple(facts.located for facts in self.sources),
                "recipe": self.document.recipe,
                "as_of": as_of,
                "feature_sets": self.document.feature_sets,
                "today": date.today(),
            },
            CustomersFacts,
            on_progress,
            "making customers",
        )
        self.document = self.document.replacing(recipe=self.customers.recipe, feature_sets=self.customers.feature_sets)
        self._customers_of = self._basis()
        return self.customers

    @property
    def customers_are_stale(self) -> bool:
        """Whether sources, recipe or feature sets changed since the customers were made."""
        return self.customers is None or self._customers_of != self._basis()

    def _current_customers(self, on_progress: OnProgress) -> CustomersFacts:
        if self.customers is None or self.customers_are_stale:
            return self.prepare(on_progress=on_progress)
        return self.customers

    def check(self, entry: SegmentationEntry, on_progress: OnProgress = None) -> None:
        """Raise, before any work on data, for a method that is not there or parameters that it does not take."""
        self._ask("segments:check_entry", {"entry": entry}, NoneType, on_progress, f"checking {entry.id}")

    def unmet(self, method: str, feature_set: str | None = None) -> tuple[str, ...]:
        """Why a method can't run on the customers, a sentence each; nothing where it can."""
        customers = self.customers
        if customers is None:
            return ("There are no customers yet. Run the recipe first.",)
        name = feature_set or next(iter(customers.scalings), "")
        features = customers.scalings[name].columns if name in customers.scalings else ()
        needs = self.catalogue().method(method).needs
        return needs.unmet(customers.columns, features, (), customers.rows)

    def preview(self, entry: SegmentationEntry, on_progress: OnProgress = None) -> Preview:
        """The method on a sample of the customers."""
        customers = self._current_customers(on_progress)
        arguments = {"customers": customers, "entry": self._settled(entry), "earlier": self._earlier(entry)}
        return self._ask(
            "segments:preview_segmentation", arguments, Preview, on_progress, f"trying {entry.id}", self.workers.look
        )

    def segment(self, entry: SegmentationEntry, on_progress: OnProgress = None) -> SegmentationFacts:
        """Run a segmentation on all customers; it goes into the document."""
        customers = self._current_customers(on_progress)
        entry = self._settled(entry)
        made = self._ask(
            "segments:make_segmentation",
            {"sources": self.sources, "customers": customers, "entry": entry, "earlier": self._earlier(entry)},
            SegmentationFacts,
            on_progress,
            f"segmenting by {entry.id}",
        )
        self.results[entry.id] = made
        entry = entry.model_copy(update={"plugin": made.plugin, "revision": made.revision})
        self.change(self.document.with_segmentation(entry))
        self._made_of[entry.id] = (self._basis(), self._run_of(entry))
        return made

    def rename(
        self, identifier: str, names: Mapping[int, GivenName], on_progress: OnProgress = None
    ) -> SegmentationFacts:
        """Name segments; names left out go back to what they were called by default."""
        entry, made = self.document.segmentation(identifier), self.results.get(identifier)
        if entry is None or made is None or self.customers is None:
            raise UsageError(f"There is no result {safe(identifier, 60)} to name.", next_step="Run it first.")
        entry = entry.model_copy(update={"names": {str(code): name for code, name in names.items()}})
        arguments = {"customers": self.customers, "made": made, "entry": entry}
        made = self._ask("segments:rename_segments", arguments, SegmentationFacts, on_progress, "naming segments")
        self.results[identifier] = made
        self.change(self.document.with_segmentation(entry))
        return made

    def check_analysis(self, analysis: str, params: Mapping[str, Any], on_progress: OnProgress = None) -> None:
        """Raise, before any work on data, for an analysis that is not there or parameters that it does not take."""
        arguments = {"analysis": analysis, "params": params}
        self._ask("reports:check_analysis", arguments, NoneType, on_progress, "checking the analysis")

    def analyse(
        self, analysis: str, segmentations: Sequence[str], params: Mapping[str, Any], on_progress: OnProgress = None
    ) -> Report:
        """What an analysis finds in results, measured on the feature set of the first that has one."""
        missing = [name for name in segmentations if name not in self.results]
        if missing:
            raise UsageError(f"The segmentation {safe(missing[0], 60)} has no result.", next_step="Run it first.")
        customers = self._current_customers(on_progress)
        chosen = tuple(self.results[name] for name in segmentations)
        known = [*(facts.feature_set for facts in chosen if facts.feature_set), *customers.scalings]
        arguments = {
            "customers": customers,
            "made": chosen,
            "earlier": tuple(self.results[name] for facts in chosen for name in facts.after if name in self.results),
            "feature_set": known[0] if known else "",
            "analysis": analysis,
            "params": params,
        }
        return self._ask("reports:make_report", arguments, Report, on_progress, "analysing")

    def refuse_existing(self, folder: Path, segmentations: Sequence[str], form: str, overwrite: bool) -> None:
        """Raise WritingError, before any work, where delivering would meet files that are there."""
        if not overwrite:
            refuse_existing(folder / name for name in delivery_names(segmentations, form))

    def deliver(
        self, folder: Path | None = None, *, overwrite: bool = False, on_progress: OnProgress = None
    ) -> tuple[DeliveredFile, ...]:
        """Write results with their models and the manifest into a folder, the document's where none is given."""
        chosen = self.document.export.segmentations or tuple(self.results)
        missing = [name for name in chosen if name not in self.results]
        if missing:
            raise UsageError(f"The segmentation {safe(missing[0], 60)} has no result.", next_step="Run it first.")
        if self.customers is None:
            raise UsageError("There is nothing to export.", next_step="Run a segmentation first.")
        return self._ask(
            "delivery:deliver_results",
            {
                "project": self.document.name,
                "seed": self.document.seed,
                "sources": self.sources,
                "customers": self.customers,
                "made": tuple(self.results[name] for name in chosen),
                "form": self.document.export.assignments,
                "folder": (folder or self._locate(self.document.export.folder)).absolute(),
                "overwrite": overwrite,
            },
            tuple[DeliveredFile, ...],
            on_progress,
            "writing",
        )

    def score(
        self,
        model: Path,
        files: Iterable[LocatedSource],
        as_of: date | None = None,
        out: Path | None = None,
        *,
        overwrite: bool = False,
        on_progress: OnProgress = None,
    ) -> ScoreFacts:
        """Score new files with a saved model."""
        arguments = {
            "model": model.absolute(),
            "files": tuple(files),
            "as_of": as_of,
            "out": out.absolute() if out else None,
            "overwrite": overwrite,
        }
        return self._ask("scoring:score_files", arguments, ScoreFacts, on_progress, "scoring")

    def stale(self, identifier: str) -> Stale:
        """Why a result no longer stands for the document; no reasons where it does."""
        entry, made_of = self.document.segmentation(identifier), self._made_of.get(identifier)
        if entry is None or made_of is None:
            return Stale(("it has not been run",))
        basis, run = made_of
        reasons = ["the data or the recipe changed"] if basis != self._basis() else []
        reasons += ["its parameters, or what it builds on, changed"] if run != self._run_of(entry) else []
        return Stale(tuple(reasons))

    # Inside

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
        document = self.document
        sources = tuple((source.name, source.sha256, source.reading) for source in document.sources)
        return (sources, document.recipe, document.feature_sets, document.seed)

    def _run_of(self, entry: SegmentationEntry) -> object:
        """What a result depends on besides the data: parameters, and the names of the segments it builds on."""
        earlier = tuple(self.results[name].segments for name in entry.after if name in self.results)
        return (entry.model_copy(update={"names": {}, "plugin": "", "revision": None}), earlier)

    def _settled(self, entry: SegmentationEntry) -> SegmentationEntry:
        """The entry with a feature set that exists: the one it names, or the first."""
        customers = self.customers
        known = [chosen.name for chosen in customers.feature_sets] if customers else []
        if entry.feature_set is None:
            return entry.model_copy(update={"feature_set": known[0]}) if known else entry
        if entry.feature_set not in known:
            near = close_matches(entry.feature_set, known, most=1)
            advice = f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {join_words(known) or 'none'}."
            raise UsageError(
                f"There is no feature set {safe(entry.feature_set, 60)}.", where=entry.id, next_step=advice
            )
        return entry

    def _earlier(self, entry: SegmentationEntry) -> tuple[SegmentationFacts, ...]:
        missing = [name for name in entry.after if name not in self.results]
        if missing:
            raise UsageError(
                f"It builds on {safe(missing[0], 60)}, which has no result.",
                where=entry.id,
                next_step="Run that first.",
            )
        return tuple(self.results[name] for name in entry.after)
