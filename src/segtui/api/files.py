"""The contracts of readers and exporters: from a file to a Table, and from what may leave to files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Generic

import polars as pl

from segtui.api.method import P
from segtui.api.report import Report
from segtui.api.run import Run
from segtui.api.table import Table


@dataclass(frozen=True)
class CheckedFile:
    """A local, regular file that the host has checked: no scheme, no pipe, size within limits.

    `head` holds its first bytes, at most 4,096.
    """

    path: Path
    size: int
    head: bytes


class Reader(ABC, Generic[P]):
    """Reads one format. `suffixes` such as (".xlsx",); `magic` the bytes such a file starts with (any where empty)."""

    id: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    magic: ClassVar[tuple[bytes, ...]] = ()
    Params: ClassVar[type[Any]]

    @abstractmethod
    def tables(self, file: CheckedFile) -> Sequence[str]:
        """The names of the tables (sheets) in the file, in their order."""

    @abstractmethod
    def read(self, file: CheckedFile, table: str, params: P, run: Run) -> Table:
        """One of its tables, every value as the file holds it. The host types, guesses roles and checks.

        Raises `ReadError` naming the place.
        """


@dataclass(frozen=True)
class LeavingSegment:
    """A segment as it may leave. `customers` and `share` (of all customers, 0 to 1) are None where they are hidden:
    too few customers, or such a number that it would reveal a hidden one."""

    code: int
    letter: str
    name: str
    customers: int | None
    share: float | None
    rule: str = ""
    description: str = ""


@dataclass(frozen=True)
class LeavingSegmentation:
    """A segmentation as it may leave: what it is and how it was made, no label of anyone.

    `customers` = those in `segments` + `unassigned` (None where hidden); `method_title` in words; `params` plain data;
    `notes` what was imputed, sampled or unseen.
    """

    id: str
    method: str
    method_title: str
    params: Mapping[str, Any]
    feature_set: str
    seed: int
    customers: int
    segments: tuple[LeavingSegment, ...]
    unassigned: int | None = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Delivery:
    """What passed the privacy gate, and all that an exporter may write.

    `assignments` by segmentation id: id column, segment code and name, and columns that were chosen to leave; `brief`
    what the project is for, in a person's words; `made` the day of the delivery; `manifest` plain data that says what
    was made from what (keys in docs/reports.md), with counts of rows in `account` and `steps`. `chosen` is the id of
    the segmentation to go on with, which stands first; None where none was chosen, or it does not leave.
    """

    title: str
    segmentations: tuple[LeavingSegmentation, ...]
    assignments: Mapping[str, pl.LazyFrame]
    reports: tuple[Report, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    brief: str = ""
    made: date | None = None
    chosen: str | None = None


class Exporter(ABC, Generic[P]):
    """Writes a delivery in one form."""

    id: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    Params: ClassVar[type[Any]]

    def file_names(self, title: str, segmentations: Sequence[str], params: P) -> tuple[str, ...]:  # noqa: ARG002
        """The names of the files that `write` makes of a delivery of that title with these segmentations; () where they
        can't be said before. With them the host refuses to replace a file before any work is done."""
        return ()

    @abstractmethod
    def write(self, delivery: Delivery, folder: Path, params: P, run: Run) -> tuple[Path, ...]:
        """Write files into `folder`, a temporary one; the host moves them to where they belong. Returns their paths."""
