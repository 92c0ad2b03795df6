"""What a worker keeps on its desk between jobs, so that a file is read once; all of it can be made again."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl

from segtui import plugins
from segtui.api.codec import fingerprint as fingerprint_of
from segtui.api.customers import Customers
from segtui.api.errors import ReadError
from segtui.api.run import PartOfRun, Run
from segtui.api.segmentation import ShownSegment
from segtui.api.text import safe
from segtui.project import fatal
from segtui.project.facts import CustomersFacts, LocatedSource, SegmentationFacts, SourceFacts
from segtui.project.jobs import readers
from segtui.read import Fingerprint, Reading, ReadResult, fingerprint, read
from segtui.read.delimited import rejects_name
from segtui.read.guard import local

T = TypeVar("T")
MOST_KEPT = 8


class JobRun(Run, Protocol):
    """The Run of a job: `run_folder` is the private folder of the run of the program, `plugin_folders` where further
    plugins are."""

    run_folder: Path
    plugin_folders: tuple[Path, ...]

    @property
    def folder(self) -> Path:
        """The folder of the job itself, which stays only where the job is done."""
        ...


class PartOfJob(PartOfRun):
    """A JobRun for one of several equal parts of a job."""

    def __init__(self, whole: JobRun, number: int, parts: int) -> None:
        super().__init__(whole, number / parts, (number + 1) / parts)
        self.run_folder, self.plugin_folders = whole.run_folder, whole.plugin_folders
        self._job = whole

    @property
    def folder(self) -> Path:
        """That of the job."""
        return self._job.folder


class Shelf:
    """The latest few values, by key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, object] = OrderedDict()

    def get(self, key: str) -> object | None:
        """The value, or None."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, value: T) -> T:
        """Keep a value."""
        self._kept[key] = value
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return value


@dataclass(frozen=True)
class _Read:
    """A source that was read, and the folder that its frames lie in."""

    result: ReadResult
    facts: SourceFacts
    folder: Path


_read, _customers = Shelf(), Shelf()


def registry(run: JobRun) -> plugins.Registry:
    """The plugins, loaded once in a worker."""
    return plugins.load(run.plugin_folders, fatal=fatal.noted(run.run_folder), marker=fatal.marker(run.run_folder))


def identity(run: JobRun, method: str) -> str:
    """distribution:id:version of a method, as a project records it."""
    return registry(run).catalogue.method(method).identity


def source(located: LocatedSource, run: JobRun) -> tuple[ReadResult, SourceFacts]:
    """A source, read now or by an earlier job of this worker that came to its end; a file that has changed since is
    read again."""
    key = fingerprint_of((located, _stamp(located.path)))
    found = _read.get(key)
    if isinstance(found, _Read) and found.folder.is_dir():
        return found.result, found.facts
    local(located.path)
    before = _stamp(located.path)
    folder = Path(tempfile.mkdtemp(dir=run.folder))
    with ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(fingerprint, located.path)
        choose = readers.chooser(lambda: registry(run))
        result = read(located.path, located.reading, folder, run, located.name, choose=choose)
        known = hashing.result()
    if before != (known.size, known.modified):
        raise _changed(located.path)
    refuse_changed(located.path, known)
    table = result.table
    facts = SourceFacts(
        located.name,
        located.path,
        known,
        table.rows,
        table.rejected,
        table.grain,
        dict(table.columns),
        table.findings,
        result.reading,
        changed=located.sha256 is not None and located.sha256 != known.sha256,
        plan=table.frame.serialize(),
        rejects=folder / rejects_name(located.path) if table.rejected else None,
    )
    value = _Read(result, facts, folder)
    _read.put(key, value)
    _read.put(fingerprint_of((facts.located, _stamp(located.path))), value)
    return result, facts


def reading_for(path: Path, reading: Reading, run: JobRun) -> Reading:
    """The reading of an earlier file for this one, which may be of another format."""
    return readers.replanned(reading, path, lambda: registry(run))


def refuse_changed(path: Path, known: Fingerprint) -> None:
    """Raise ReadError where a file is not the one that was read: its size or time of change differ."""
    if _stamp(path) != (known.size, known.modified):
        raise _changed(path)


def _changed(path: Path) -> ReadError:
    return ReadError(
        "The file changed while it was worked on.",
        where=safe(path.name),
        next_step="Let whatever writes it finish, then start again.",
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stats = [part.stat() for part in local(path).parts]
    except (OSError, ReadError):
        return (0, 0)
    return sum(stat.st_size for stat in stats), max((stat.st_mtime_ns for stat in stats), default=0)


def put_customers(customers: Customers, facts: CustomersFacts) -> None:
    """Keep customers that were just made."""
    _customers.put(facts.fingerprint, customers)


def customers(facts: CustomersFacts, feature_set: str = "") -> Customers:
    """The customers, with a feature set where one is named."""
    found = _customers.get(facts.fingerprint)
    if not isinstance(found, Customers):
        frame = pl.scan_ipc(facts.frame, glob=False).collect()
        found = _customers.put(facts.fingerprint, Customers(frame, facts.id, dict(facts.columns), as_of=facts.as_of))
    scaling = facts.scalings.get(feature_set)
    if scaling is None:
        return found
    return Customers(found.frame, found.id, found.columns, scaling.columns, scaling, found.as_of, found.tables)


def labels(facts: SegmentationFacts) -> tuple[pl.Series, tuple[ShownSegment, ...]]:
    """The labels of a segmentation and its segments."""
    return pl.scan_ipc(facts.labels, glob=False).collect().to_series(), facts.segments
