"""Checks of a reader, on a file of its author: the host takes its table, the same each time, and damage is told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars as pl

from segtui.api.errors import ReadError
from segtui.api.files import CheckedFile, Reader
from segtui.api.params import Params
from segtui.api.run import QuietRun, Run
from segtui.read import ChosenReader, Reading, ReadResult, read
from segtui.read.guard import local
from segtui.testing import on_conduct
from segtui.testing.work import REFUSALS, Failed, LeftOut, Work, failing_in_words, require, said

FLIPPED = 40
CUTS = (0.1, 0.5, 0.9, 0.99)


@dataclass(frozen=True, eq=False)
class ReadCase(Work):
    """A reader with the parameters and the file that it is checked on."""

    doing: ClassVar[str] = "read"

    reader: Reader[Any]
    params: Params
    file: Path

    @property
    def item(self) -> Reader[Any]:
        """The reader."""
        return self.reader

    def work(self, run: Run) -> dict[str, pl.DataFrame]:
        """Every table of the file, its values collected."""
        file = _checked(self.file)
        return {name: self._read(file, name, run) for name in self.reader.tables(file)}

    def _read(self, file: CheckedFile, name: str, run: Run) -> pl.DataFrame:
        return self.reader.read(file, name, self.params, run).frame.collect()

    def hosted(self, table: str | None = None) -> ReadResult:
        """A table as the host reads it, with every rule of the contract."""
        chosen = ChosenReader(self.reader, self.reader.id, self.reader.id, self.params)
        with tempfile.TemporaryDirectory() as folder:
            reading = Reading(reader=self.reader.id, table=table)
            return read(self.file, reading, Path(folder), QuietRun(), choose=lambda *_: chosen)


def table_contract(case: ReadCase) -> str:
    """The host finds no broken rule in its tables."""
    with failing_in_words():
        results = [case.hosted(name) for name in case.reader.tables(_checked(case.file))]
    sizes = [f"{one.table.rows:,} rows × {len(one.table.columns)} columns" for one in results]
    return f"Read: {', '.join(sizes)}."


def same_tables(case: ReadCase) -> None:
    """A second reading gives the same tables."""
    case.works()
    first, second = case.work(QuietRun()), case.work(QuietRun())
    same = list(first) == list(second) and all(first[name].equals(second[name]) for name in first)
    require(same, "A second reading differs.")


def file_untouched(case: ReadCase) -> None:
    """It leaves the file as it is."""
    before = case.file.read_bytes()
    case.works()
    require(case.file.read_bytes() == before, "The file is not what it was.")


def damaged_file(case: ReadCase) -> None:
    """A file that was cut off or damaged is read as far as it goes, or refused in words."""
    case.works()
    content = case.file.read_bytes()
    for what, damaged in _damaged(content):
        with _copied(case.file, damaged) as path:
            try:
                replace(case, file=path).work(QuietRun())
            except (ReadError, *REFUSALS) as error:
                require(bool(error.what.strip()), f"A file {what} is refused without a word.")
            except (Exception, pl.exceptions.PanicException) as error:
                raise Failed(f"A file {what}: {said(error)}. Raise ReadError.") from error


def claims_its_file(case: ReadCase) -> None:
    """The file has one of its suffixes, and starts with its magic bytes where it has some."""
    head = local(case.file).head
    fits = case.file.suffix.lower() in case.reader.suffixes
    starts = not case.reader.magic or any(head.startswith(magic) for magic in case.reader.magic)
    if not fits and not case.reader.magic:
        raise LeftOut(f"{case.file.suffix or 'The file'} is none of its suffixes; it reads it where it is named.")
    require(starts, "The file does not start with its magic bytes, so the host would not give it the file.")


LAWS = (
    table_contract,
    same_tables,
    file_untouched,
    damaged_file,
    claims_its_file,
    on_conduct.cancel,
    on_conduct.no_network,
    on_conduct.nothing_written,
    on_conduct.nothing_printed,
    on_conduct.light_import,
)


def _checked(path: Path) -> CheckedFile:
    found = local(path)
    return CheckedFile(found.path, found.size, found.head)


def _damaged(content: bytes) -> Iterator[tuple[str, bytes]]:
    for share in CUTS:
        yield "that was cut off", content[: int(len(content) * share)]
    random = np.random.default_rng(13)
    for _ in range(3):
        data = np.frombuffer(content, np.uint8).copy()
        places = random.integers(0, len(data), min(FLIPPED, len(data)))
        data[places] = random.integers(0, 256, len(places))
        yield "with bytes that were changed", data.tobytes()


@contextmanager
def _copied(file: Path, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_bytes(content)
        yield path
