"""The project document: everything a person decided, as data. It holds no results and no client values but names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from segtui.api.errors import UsageError
from segtui.api.text import close_matches, join_words, safe
from segtui.prepare import FeatureSet, Recipe
from segtui.read import Reading

FORMAT = 1
MOST_SEED = 2**32 - 1
ASSIGNMENTS = "assignments"


class Part(BaseModel):
    """A part of the document: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(Part):
    """A file as the client gave it. `path` is relative to the project file; `sha256` tells whether it has changed."""

    name: str = Field(min_length=1, max_length=200)
    path: str = Field(min_length=1)
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    rows: int | None = Field(None, ge=0)
    reading: Reading | None = None


class GivenName(Part):
    """What a person called a segment."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=2000)


class SegmentationEntry(Part):
    """One segmentation to make. `names` by segment code; `after` names earlier segmentations it may use."""

    id: str = Field(min_length=1, max_length=100)
    method: str
    plugin: str = Field("", description="distribution:name:version, as it was when the labels were made")
    revision: int | None = None
    feature_set: str | None = None
    params: Mapping[str, Any] = Field(default_factory=dict)
    after: tuple[str, ...] = ()
    names: Mapping[str, GivenName] = Field(default_factory=dict)

    @field_validator("names")
    @classmethod
    def _codes_are_numbers(cls, names: Mapping[str, GivenName]) -> Mapping[str, GivenName]:
        for code in names:
            if not code.isdecimal():
                raise ValueError("names are given by segment code, a whole number")
        return names

    @property
    def given(self) -> dict[int, GivenName]:
        """The names people gave, by code."""
        return {int(code): name for code, name in self.names.items()}


class ReportEntry(Part):
    """A report that is pinned for export: an analysis, the segmentations it looks at (none means all exported), and
    the feature set it measures on (none means that of the first with one)."""

    analysis: str = Field(min_length=1, max_length=200)
    segmentations: tuple[str, ...] = ()
    feature_set: str | None = None
    params: Mapping[str, Any] = Field(default_factory=dict)


class FileEntry(Part):
    """Files that one exporter writes."""

    exporter: str = Field(min_length=1, max_length=200)
    params: Mapping[str, Any] = Field(default_factory=dict)


class ExportEntry(Part):
    """What leaves, where to, and in which form. No `segmentations` means all; `key` is a path as of a source."""

    folder: str = "deliverables"
    segmentations: tuple[str, ...] = ()
    assignments: Literal["csv", "parquet", "xlsx", "none"] = "csv"
    models: bool = True
    models_with_rows: bool = Field(False, description="models that hold rows of customers leave too")
    files: tuple[FileEntry, ...] = ()
    reports: tuple[ReportEntry, ...] = ()
    ids: Literal["clear", "pseudonymised"] = "clear"
    key: str = Field("", description="the file of the key of pseudonyms; the project's name with .key where empty")
    columns: tuple[str, ...] = Field((), description="columns that leave with each customer, besides id and segment")
    personal_columns: tuple[str, ...] = Field((), description="personal columns that leave all the same")
    threshold: int = Field(10, ge=5, le=1000, description="figures about fewer customers are hidden")
    rounding: int = Field(0, ge=0, le=1000, description="counts in reports as multiples of this; 0 leaves them exact")

    @property
    def wanted(self) -> tuple[FileEntry, ...]:
        """All exporters, that of the assignments first."""
        if self.assignments == "none":
            return self.files
        return (FileEntry(exporter=ASSIGNMENTS, params={"form": self.assignments}), *self.files)

    def reports_on(self, segmentations: Sequence[str]) -> tuple[ReportEntry, ...]:
        """The pinned reports, each with what it looks at; where none is pinned and there are files to draw, the profile
        of each of these segmentations, their quality, and how they compare. None where no file holds reports."""
        if all(entry.exporter == ASSIGNMENTS for entry in self.files):
            return ()
        every = tuple(segmentations)
        usual = [ReportEntry(analysis="profile", segmentations=(one,)) for one in every]
        usual += [ReportEntry(analysis=name) for name in ("quality", "comparison")[: len(every)]]
        return tuple(
            entry if entry.segmentations else entry.model_copy(update={"segmentations": every})
            for entry in self.reports or usual
        )


class Document(Part):
    """A project."""

    segtui: int = FORMAT
    name: str = Field("untitled", max_length=200)
    brief: str = Field("", max_length=5000, description="what the work is for; it opens the reports")
    seed: int = Field(42, ge=0, le=MOST_SEED)
    chosen: str | None = Field(None, description="the segmentation to go on with, first of what leaves")
    sources: tuple[Source, ...] = ()
    recipe: Recipe | None = None
    feature_sets: tuple[FeatureSet, ...] = ()
    segmentations: tuple[SegmentationEntry, ...] = ()
    export: ExportEntry = ExportEntry()

    @field_validator("sources", "feature_sets", "segmentations")
    @classmethod
    def _names_are_unique(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [getattr(item, "name", None) or item.id for item in items]
        for name in names:
            if names.count(name) > 1:
                raise ValueError("two have the same name")
        return items

    @model_validator(mode="after")
    def _chosen_is_there(self) -> Document:
        if self.chosen is not None and self.segmentation(self.chosen) is None:
            raise ValueError("chosen names no segmentation")
        return self

    def segmentation(self, identifier: str) -> SegmentationEntry | None:
        """The segmentation of that id, or None."""
        return next((entry for entry in self.segmentations if entry.id == identifier), None)

    def replacing(self, **changes: Any) -> Document:
        """The same with some fields changed."""
        return self.model_copy(update=changes)

    def with_paths(self, change: Callable[[str], str]) -> Document:
        """The same with every path changed: of sources, the folder of the export, and the key of pseudonyms."""
        sources = tuple(source.model_copy(update={"path": change(source.path)}) for source in self.sources)
        key = self.export.key and change(self.export.key)
        export = self.export.model_copy(update={"folder": change(self.export.folder), "key": key})
        return self.replacing(sources=sources, export=export)

    def with_segmentation(self, entry: SegmentationEntry) -> Document:
        """The same with a segmentation added, or replaced where the id is there already."""
        entries = [entry if old.id == entry.id else old for old in self.segmentations]
        if entry not in entries:
            entries.append(entry)
        return self.replacing(segmentations=tuple(entries))

    def choosing(self, identifier: str) -> Document:
        """The same with a segmentation chosen, or with none where it was chosen already."""
        return self.replacing(chosen=None if self.chosen == identifier else identifier)

    def without_segmentation(self, identifier: str) -> Document:
        """The same without a segmentation, and without what looks at it alone."""
        return self._naming(identifier, ()).replacing(
            chosen=None if self.chosen == identifier else self.chosen,
            segmentations=tuple(entry for entry in self.segmentations if entry.id != identifier),
        )

    def with_id(self, identifier: str, new: str) -> Document:
        """The same with another id of a segmentation, in what looks at it too."""
        entries = (
            entry.model_copy(update={"id": new}) if entry.id == identifier else entry for entry in self.segmentations
        )
        chosen = new if self.chosen == identifier else self.chosen
        return self._naming(identifier, (new,)).replacing(chosen=chosen, segmentations=tuple(entries))

    def _naming(self, identifier: str, instead: tuple[str, ...]) -> Document:
        """The same with other names in the export where it names a segmentation."""

        def named(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(other for name in names for other in (instead if name == identifier else (name,)))

        pinned = (
            entry.model_copy(update={"segmentations": named(entry.segmentations)}) for entry in self.export.reports
        )
        reports = tuple(
            entry
            for entry, before in zip(pinned, self.export.reports, strict=True)
            if entry.segmentations or not before.segmentations
        )
        changes = {"segmentations": named(self.export.segmentations), "reports": reports}
        return self.replacing(export=self.export.model_copy(update=changes))


def refuse_unknown_set(name: str, known: Iterable[str], where: str = "") -> None:
    """Raise UsageError for a feature set that is none of those known."""
    names = tuple(known)
    if name in names:
        return
    near = close_matches(name, names, most=1)
    there = join_words(safe(one, 60) for one in names) or "none"
    advice = f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {there}."
    raise UsageError(f"There is no feature set {safe(name, 60)}.", where=where, next_step=advice)
