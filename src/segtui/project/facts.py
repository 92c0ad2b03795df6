"""What the program knows of data that lives in workers: plain data, small, ready for a screen or a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from segtui.api.customers import Scaling
from segtui.api.files import LeavingSegmentation
from segtui.api.profile import Profile
from segtui.api.report import Report
from segtui.api.segmentation import Account, ShownSegment
from segtui.api.table import Column, Finding, Grain
from segtui.prepare import FeatureSet, Recipe, StepAccount
from segtui.read import ColumnFacts, Fingerprint, Reading


@dataclass(frozen=True)
class LocatedSource:
    """A source of the document with its path on this machine; `sha256` is what the document says of it."""

    name: str
    path: Path
    reading: Reading | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class SourceFacts:
    """A source as it was read. `reading` is complete, so that reading with it gives the same again."""

    name: str
    path: Path
    fingerprint: Fingerprint
    rows: int
    rejected: int
    grain: Grain
    columns: Mapping[str, Column]
    findings: tuple[Finding, ...]
    reading: Reading
    changed: bool = False
    plan: bytes = b""
    """How polars reaches the table, so that pages of it can be looked at without reading the file again."""
    rejects: Path | None = None
    """The list of the rows that could not be read, in the run folder; None where there are none."""

    @property
    def located(self) -> LocatedSource:
        """The source, to be read again just so."""
        return LocatedSource(self.name, self.path, self.reading, self.fingerprint.sha256)


@dataclass(frozen=True)
class InspectedSource:
    """A source with figures of its columns."""

    source: SourceFacts
    facts: Mapping[str, ColumnFacts]


@dataclass(frozen=True)
class CustomersFacts:
    """Customers made by a recipe: `frame` is an Arrow file in the run folder, `scalings` fitted by feature set."""

    frame: Path
    rows: int
    id: str
    columns: Mapping[str, Column]
    as_of: date | None
    recipe: Recipe
    feature_sets: tuple[FeatureSet, ...]
    scalings: Mapping[str, Scaling]
    steps: tuple[StepAccount, ...]
    account: Account
    notes: tuple[str, ...]
    fingerprint: str
    customers_account: Account | None = None


@dataclass(frozen=True)
class SegmentationFacts:
    """A segmentation that was made: `labels` (Arrow) and `model` (.segmodel) lie in the run folder."""

    id: str
    method: str
    title: str
    plugin: str
    revision: int
    params: Mapping[str, Any]
    feature_set: str
    seed: int
    segments: tuple[ShownSegment, ...]
    account: Account
    profile: Profile
    notes: tuple[str, ...]
    seconds: float
    fingerprint: str
    labels: Path
    model: Path
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveredFile:
    """A file that was written."""

    path: Path
    size: int


@dataclass(frozen=True)
class LeavingFacts:
    """What may leave: segmentations by id, and reports in their order, without what the privacy gate hides."""

    segmentations: Mapping[str, LeavingSegmentation]
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class DeliveryFacts:
    """What left: files, and of each customer `columns`; `hidden` counts segments whose size is hidden in reports."""

    files: tuple[DeliveredFile, ...]
    rows: int
    columns: tuple[str, ...]
    ids: str
    personal_chosen: tuple[str, ...]
    personal_held_back: tuple[str, ...]
    hidden: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ScoreFacts:
    """New customers scored by a saved model."""

    method: str
    segments: tuple[ShownSegment, ...]
    account: Account
    as_of: date | None
    sources: tuple[SourceFacts, ...]
    steps: tuple[StepAccount, ...]
    notes: tuple[str, ...]
    file: DeliveredFile | None = None
    customers_account: Account | None = None


@dataclass(frozen=True)
class Stale:
    """Why a result no longer stands for the document."""

    reasons: tuple[str, ...] = field(default=())
