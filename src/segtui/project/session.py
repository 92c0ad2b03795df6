"""Session: the open project, and the one mutable object of the program. Front ends change it and read it, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import NoneType, TracebackType
from typing import Any, TypeVar

from segtui.api.errors import ProjectError, UsageError
from segtui.api.report import Report
from segtui.api.text import join_words, safe
from segtui.prepare import FeatureSet, Recipe
from segtui.project import project_file
from segtui.project.asking import JOBS, OnProgress
from segtui.project.begin import Begun, begin
from segtui.project.document import (
    Document,
    ExportEntry,
    GivenName,
    SegmentationEntry,
    Source,
    refuse_unknown_set,
)
from segtui.project.facts import (
    DeliveryFacts,
    LeavingFacts,
    LocatedSource,
    ScoreFacts,
    SegmentationFacts,
    Stale,
)
from segtui.project.order import DeliveryOrder, key_file, parcel_of
from segtui.project.preparing import Preparing, rows_basis
from segtui.project.results import Results
from segtui.project.source_names import source_name
from segtui.read import Reading
from segtui.read.guard import refuse_scheme
from segtui.segment.preview import Preview
from segtui.worker import RunFolder, Workers

T = TypeVar("T")
USUAL_FOLDER = ExportEntry().folder
WARM = (f"{JOBS}.data", f"{JOBS}.segments", f"{JOBS}.reports", f"{JOBS}.delivery")


class Session(Preparing):
    """The document, all that was made of it, and the workers that make it.

    Methods that work on data block until a worker is done, call `on_progress` meanwhile, and raise SegtuiErrors; an app
    calls them in a thread of its own, and cancels them by `asking.cancel`.
    """

    def __init__(self, document: Document, folder: Path, workers: Workers, path: Path | None = None) -> None:
        super().__init__(document, folder, workers)
        self.path = path
        self.results = Results()
        self._run_folder: RunFolder | None = None
        self._saved = document if path else None

    @classmethod
    def new(
        cls,
        *,
        seed: int = 42,
        name: str = "untitled",
        plugin_folders: Sequence[Path] = (),
        begun: Begun | None = None,
        looking: bool = False,
    ) -> Session:
        """An empty project. `begun` is a worker that was started before; `looking` adds one for previews, and a spare
        one."""
        return cls._started(Document(name=name, seed=seed), Path.cwd(), plugin_folders, begun, None, looking)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        allow_outside: bool = False,
        plugin_folders: Sequence[Path] = (),
        begun: Begun | None = None,
        looking: bool = False,
    ) -> Session:
        """A project from its file, otherwise as `new`. Nothing is run. Raises ProjectError."""
        document = project_file.load(path, allow_outside=allow_outside)
        return cls._started(document, path.parent, plugin_folders, begun, path, looking)

    @classmethod
    def _started(
        cls,
        document: Document,
        folder: Path,
        plugin_folders: Sequence[Path],
        begun: Begun | None,
        path: Path | None,
        looking: bool,
    ) -> Session:
        begun = begun or begin()
        workers = Workers(
            begun.folder.path, plugin_folders=plugin_folders, look=looking, spare=looking, process=begun.process
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
        here, is_new = self.folder, self.path is None

        def moved(name: str) -> str:
            """A path that nobody chose lies beside the project, wherever that is."""
            stays = is_new and name == USUAL_FOLDER
            return name if stays else project_file.relative(here / name, target)

        document = self.document.with_paths(moved)
        project_file.save(
            document, target, overwrite=overwrite, sources=[self._locate(s.path) for s in self.document.sources]
        )
        self.relocate(moved)
        self.path, self.folder, self._saved = target, target.parent, self.document
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

    def change_id(self, identifier: str, new: str) -> None:
        """Give a segmentation another id; its result stays. Raises UsageError where the id is taken, is too long, or
        another segmentation builds on the old one."""
        if self.document.segmentation(new):
            raise UsageError(f"There is a segmentation {safe(new, 60)} already.", next_step="Choose another id.")
        if not 0 < len(new) <= 100:
            raise UsageError("An id has 1 to 100 characters.", next_step="Choose another id.")
        builds_on = [entry.id for entry in self.document.segmentations if identifier in entry.after]
        if builds_on:
            raise UsageError(
                f"{safe(builds_on[0], 60)} builds on {safe(identifier, 60)}.", next_step="Its id has to stay."
            )
        self.results.change_id(identifier, new)
        self.change(self.document.with_id(identifier, new))

    # Work on data

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
        arguments = {
            "customers": customers,
            "entry": self._settled(entry),
            "earlier": self.results.earlier(entry, self._rows_of),
        }
        return self._ask(
            "segments:preview_segmentation", arguments, Preview, on_progress, f"trying {entry.id}", self.workers.look
        )

    def segment(self, entry: SegmentationEntry, on_progress: OnProgress = None) -> SegmentationFacts:
        """Run a segmentation on all customers; it goes into the document."""
        customers = self._current_customers(on_progress)
        self.name_again(on_progress)
        entry = self._settled(entry)
        made = self._ask(
            "segments:make_segmentation",
            {
                "sources": self.sources,
                "customers": customers,
                "entry": entry,
                "earlier": self.results.earlier(entry, self._rows_of),
            },
            SegmentationFacts,
            on_progress,
            f"segmenting by {entry.id}",
        )
        self.results.keep(entry, made, self._rows_of, customers.feature_sets)
        entry = entry.model_copy(update={"plugin": made.plugin, "revision": made.revision})
        self.change(self.document.with_segmentation(entry))
        return made

    def rename(
        self, identifier: str, names: Mapping[int, GivenName], on_progress: OnProgress = None
    ) -> SegmentationFacts:
        """Name segments; names left out go back to what they were called by default."""
        entry = self.document.segmentation(identifier)
        if entry is None or identifier not in self.results:
            raise UsageError(f"There is no result {safe(identifier, 60)} to name.", next_step="Run it first.")
        entry = entry.model_copy(update={"names": {str(code): name for code, name in names.items()}})
        made = self._named(entry, on_progress)
        self.change(self.document.with_segmentation(entry))
        return made

    @property
    def misnamed(self) -> tuple[SegmentationEntry, ...]:
        """The segmentations whose result stands, but with other names than theirs: an undo or redo changed these."""
        return tuple(
            entry
            for entry in self.document.segmentations
            if not self.results.has_names_of(entry) and not self.stale(entry.id).reasons
        )

    def name_again(self, on_progress: OnProgress = None) -> None:
        """Give results the names that the document has now, where these are others."""
        while misnamed := self.misnamed:
            self._named(misnamed[0], on_progress)

    def check_analysis(self, analysis: str, params: Mapping[str, Any], on_progress: OnProgress = None) -> None:
        """Raise, before any work on data, for an analysis that is not there or parameters that it does not take."""
        arguments = {"analysis": analysis, "params": params}
        self._ask("reports:check_analysis", arguments, NoneType, on_progress, "checking the analysis")

    def analyse(
        self,
        analysis: str,
        segmentations: Sequence[str],
        params: Mapping[str, Any],
        on_progress: OnProgress = None,
        feature_set: str | None = None,
    ) -> Report:
        """What an analysis finds in results, measured on a feature set, that of the first with one unless given."""
        arguments = {**self._looked_at(analysis, segmentations, params, on_progress), "feature_set": feature_set}
        return self._ask("reports:make_report", arguments, Report, on_progress, "analysing")

    def report_to_leave(
        self,
        analysis: str,
        segmentations: Sequence[str],
        params: Mapping[str, Any],
        on_progress: OnProgress = None,
        feature_set: str | None = None,
    ) -> LeavingFacts:
        """The same without what the privacy gate hides, with the sizes of the segmentations as they may leave."""
        arguments = {
            **self._looked_at(analysis, segmentations, params, on_progress),
            "export": self.document.export,
            "feature_set": feature_set,
        }
        return self._ask("reports:report_to_leave", arguments, LeavingFacts, on_progress, "analysing")

    def check_feature_set(self, name: str, where: str = "") -> None:
        """Raise for a feature set that is not there. Where the document names none, one is proposed when customers are
        made: before that nothing is known to be wrong."""
        known = [chosen.name for chosen in self.document.feature_sets]
        if known:
            refuse_unknown_set(name, known, where)

    def check_delivery(self, folder: Path, *, overwrite: bool, on_progress: OnProgress = None) -> None:
        """Raise, before any work on data, where the document's export can't be done: exporters, analyses or feature
        sets that are not there, files that are."""
        for entry in self.document.export.reports:
            if entry.feature_set:
                self.check_feature_set(entry.feature_set, "[[export.reports]]")
        known = (entry.id for entry in self.document.segmentations)
        arguments = {"parcel": parcel_of(self.document, known, folder, overwrite=overwrite)}
        self._key(folder)
        self._ask("delivery:check_parcel", arguments, NoneType, on_progress, "checking the export")

    def deliver(
        self, folder: Path | None = None, *, overwrite: bool = False, on_progress: OnProgress = None
    ) -> DeliveryFacts:
        """Write what the document's export says into a folder, the document's where none is given."""
        known = (entry.id for entry in self.document.segmentations if entry.id in self.results)
        target = folder or self._locate(self.document.export.folder)
        parcel = parcel_of(self.document, known, target, overwrite=overwrite)
        if self.customers is None or not parcel.segmentations:
            raise UsageError("There is nothing to export.", next_step="Run a segmentation first.")
        self.name_again(on_progress)
        reported = (name for entry in parcel.export.reports_on(parcel.segmentations) for name in entry.segmentations)
        made = self._made([*parcel.segmentations, *reported])
        order = DeliveryOrder(
            parcel,
            self.document.brief,
            self.document.seed,
            self.sources,
            self.customers,
            self._made([*(facts.id for facts in made), *(name for facts in made for name in facts.after)]),
            self._key(parcel.folder),
            tuple(note for facts in made for note in self._aged(facts.id)),
        )
        arguments = {"order": order}
        return self._ask("delivery:deliver_results", arguments, DeliveryFacts, on_progress, "writing")

    def score(
        self,
        model: Path,
        files: Iterable[LocatedSource],
        as_of: date | None = None,
        out: Path | None = None,
        *,
        raw: bool = False,
        overwrite: bool = False,
        on_progress: OnProgress = None,
    ) -> ScoreFacts:
        """Score new files with a saved model; `raw` leaves text that looks like a formula as it is."""
        arguments = {
            "model": model.absolute(),
            "files": tuple(files),
            "as_of": as_of,
            "out": out.absolute() if out else None,
            "overwrite": overwrite,
            "raw": raw,
        }
        return self._ask("scoring:score_files", arguments, ScoreFacts, on_progress, "scoring")

    def stale(self, identifier: str) -> Stale:
        """Why a result no longer stands for the document; no reasons where it does."""
        document = self.document
        entry = document.segmentation(identifier)
        return self.results.stale(identifier, entry, rows_basis(document), document.feature_sets, document.seed)

    # Inside

    def _looked_at(
        self, analysis: str, segmentations: Sequence[str], params: Mapping[str, Any], on_progress: OnProgress
    ) -> dict[str, object]:
        customers = self._current_customers(on_progress)
        self.name_again(on_progress)
        made = self._made(segmentations)
        return {
            "customers": customers,
            "made": made,
            "earlier": self._made(name for facts in made for name in facts.after),
            "analysis": analysis,
            "params": params,
        }

    def _named(self, entry: SegmentationEntry, on_progress: OnProgress) -> SegmentationFacts:
        """The result of an entry with its names."""
        arguments = {"customers": self.customers, "made": self.results[entry.id], "entry": entry}
        made = self._ask("segments:rename_segments", arguments, SegmentationFacts, on_progress, "naming segments")
        self.results.rename(entry, made)
        return made

    def _made(self, names: Iterable[str]) -> tuple[SegmentationFacts, ...]:
        return self.results.of(names, self._rows_of)

    def _aged(self, identifier: str) -> Iterable[str]:
        """What is said of a result that leaves though it no longer stands for the document."""
        reasons = self.stale(identifier).reasons
        if reasons:
            yield f"The result {safe(identifier, 60)} was made before: {join_words(reasons)}."

    def _key(self, folder: Path) -> Path | None:
        return key_file(self.document, self.path, self.folder, folder)

    def _settled(self, entry: SegmentationEntry) -> SegmentationEntry:
        """The entry with a feature set that exists: the one it names, or the first."""
        customers = self.customers
        known = [chosen.name for chosen in customers.feature_sets] if customers else []
        if entry.feature_set is None:
            return entry.model_copy(update={"feature_set": known[0]}) if known else entry
        refuse_unknown_set(entry.feature_set, known, entry.id)
        return entry
