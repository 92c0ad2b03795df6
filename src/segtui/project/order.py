"""What the delivery job is told: everything that decides what leaves, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segtui.project.document import ExportEntry
from segtui.project.facts import CustomersFacts, SegmentationFacts, SourceFacts


@dataclass(frozen=True)
class Parcel:
    """A delivery before any work: its title, the segmentations by id, what is wanted of them, the folder it goes to."""

    title: str
    segmentations: tuple[str, ...]
    export: ExportEntry
    folder: Path
    overwrite: bool


@dataclass(frozen=True)
class DeliveryOrder:
    """A parcel with what fills it: `made` are all results that it or its reports need. `key` is the file of the key of
    pseudonyms, None where ids leave in clear; `notes` are told beside those of the delivery itself."""

    parcel: Parcel
    brief: str
    seed: int
    sources: tuple[SourceFacts, ...]
    customers: CustomersFacts
    made: tuple[SegmentationFacts, ...]
    key: Path | None = None
    notes: tuple[str, ...] = ()
