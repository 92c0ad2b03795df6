"""What the delivery job is told: everything that decides what leaves, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from segtui.api.errors import UsageError
from segtui.api.text import file_name, safe
from segtui.project.document import Document, ExportEntry
from segtui.project.facts import CustomersFacts, SegmentationFacts, SourceFacts


@dataclass(frozen=True)
class Parcel:
    """A delivery before any work: its title, the segmentations by id, what is wanted of them, the folder it goes to.
    `chosen` is the first of the segmentations, None where none was chosen, or it stays here."""

    title: str
    segmentations: tuple[str, ...]
    export: ExportEntry
    folder: Path
    overwrite: bool
    chosen: str | None = None


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


def parcel_of(document: Document, known: Iterable[str], folder: Path, *, overwrite: bool) -> Parcel:
    """What the export of a document asks for: the segmentations that it names, or all that are known; the one that was
    chosen comes first."""
    leaving = document.export.segmentations or tuple(known)
    chosen = document.chosen if document.chosen in leaving else None
    if chosen is not None:
        leaving = (chosen, *(name for name in leaving if name != chosen))
    return Parcel(document.name, leaving, document.export, folder.absolute(), overwrite, chosen)


def key_file(document: Document, project: Path | None, here: Path, folder: Path) -> Path | None:
    """The file of the key of pseudonyms, None where ids leave in clear; `here` is what paths of the document are
    relative to. Raises UsageError where it lies in the folder that a delivery goes to."""
    if document.export.ids == "clear":
        return None
    own = project.name.removesuffix(".toml") if project else file_name(document.name)
    key = (here / (document.export.key or f"{own}.key")).absolute()
    if key.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            "The key of the pseudonyms would lie in the folder that leaves.",
            where=safe(key),
            next_step="Choose another folder for the results, or another file for the key.",
        )
    return key
