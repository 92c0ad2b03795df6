"""The project document: everything a person decided, as data. It holds no results and no client values but names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from segtui.prepare import FeatureSet, Recipe
from segtui.read import Reading

FORMAT = 1
MOST_SEED = 2**32 - 1


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


class ExportEntry(Part):
    """Where results go, and in which form."""

    folder: str = "deliverables"
    assignments: str = Field("csv", pattern="^(csv|parquet)$")
    segmentations: tuple[str, ...] = Field((), description="which to export; none means all")


class Document(Part):
    """A project."""

    segtui: int = FORMAT
    name: str = Field("untitled", max_length=200)
    seed: int = Field(42, ge=0, le=MOST_SEED)
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

    def segmentation(self, identifier: str) -> SegmentationEntry | None:
        """The segmentation of that id, or None."""
        return next((entry for entry in self.segmentations if entry.id == identifier), None)

    def replacing(self, **changes: Any) -> Document:
        """The same with some fields changed."""
        return self.model_copy(update=changes)

    def with_segmentation(self, entry: SegmentationEntry) -> Document:
        """The same with a segmentation added, or replaced where the id is there already."""
        entries = [entry if old.id == entry.id else old for old in self.segmentations]
        if entry not in entries:
            entries.append(entry)
        return self.replacing(segmentations=tuple(entries))
