"""The contracts of readers and exporters: from a file to a Table, and from what may leave to files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic

import polars as pl

from segtui.api.method import P
from segtui.api.report import Report
from segtui.api.run import Run
from segtui.api.segmentation import Segmentation
from segtui.api.table import Table


@dataclass(frozen=True)
class CheckedFile:
    """A local, regular file (or folder of them) that the host has checked: no scheme, no pipe, size within limits.

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


@dataclass(frozen=True, eq=False)
class Delivery:
    """What passed the privacy gate, and all that an exporter may write.

    `assignments` by segmentation id: id column, segment code, letter and name, and columns that were chosen to leave;
    `manifest` plain data that says what was made from what.
    """

    title: str
    segmentations: tuple[Segmentation, ...]
    assignments: Mapping[str, pl.LazyFrame]
    reports: tuple[Report, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)


class Exporter(ABC, Generic[P]):
    """Writes a delivery in one form."""

    id: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    Params: ClassVar[type[Any]]

    @abstractmethod
    def write(self, delivery: Delivery, folder: Path, params: P, run: Run) -> tuple[Path, ...]:
        """Write files into `folder`, a temporary one; the host moves them to where they belong. Returns their paths."""
