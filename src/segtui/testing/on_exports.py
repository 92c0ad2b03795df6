"""Checks of an exporter: plain files in its folder, the same each time, from whatever passed the gate."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from segtui.api.files import Delivery, Exporter
from segtui.api.params import Params
from segtui.api.run import QuietRun, Run
from segtui.testing import on_conduct
from segtui.testing.watching import watched
from segtui.testing.work import REFUSALS, Failed, Work, failing_in_words, require, said


@dataclass(frozen=True, eq=False)
class ExportCase(Work):
    """An exporter with the parameters and the delivery that it is checked on."""

    doing: ClassVar[str] = "write"

    exporter: Exporter[Any]
    params: Params
    delivery: Delivery

    @property
    def item(self) -> Exporter[Any]:
        """The exporter."""
        return self.exporter

    def work(self, run: Run) -> dict[str, str]:
        """Write into a folder that is gone afterwards; the names of the files with hashes of their content."""
        with tempfile.TemporaryDirectory() as folder:
            return self.written(Path(folder), run)

    def written(self, folder: Path, run: Run) -> dict[str, str]:
        """Write into `folder`."""
        files = self.exporter.write(self.delivery, folder, self.params, run)
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def files_contract(case: ExportCase) -> None:
    """It writes plain files straight into its folder, returns the paths of all of them, and names them beforehand."""
    with failing_in_words(), tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = case.exporter.write(case.delivery, folder, case.params, QuietRun())
        require(
            isinstance(files, tuple) and all(isinstance(file, Path) for file in files), "It returns no tuple of paths."
        )
        require(bool(files), "It writes no file.")
        for file in files:
            plain = file.is_file() and not file.is_symlink() and file.resolve().parent == folder.resolve()
            require(plain, f"{file.name} is no plain file straight in the folder.")
        lost = {path.name for path in folder.iterdir()} - {file.name for file in files}
        require(not lost, f"It writes {', '.join(sorted(lost)[:3])} and does not return the path.")
    ids = [one.id for one in case.delivery.segmentations]
    said_before = case.exporter.file_names(case.delivery.title, ids, case.params)
    written = {file.name for file in files}
    right = not said_before or set(said_before) == written
    require(right, f"file_names says {', '.join(said_before)}, and {', '.join(sorted(written))} were written.")


def same_files(case: ExportCase) -> None:
    """The same delivery gives the same files, byte for byte."""
    case.works()
    first, second = case.work(QuietRun()), case.work(QuietRun())
    differ = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    require(not differ, f"A second time, {', '.join(differ[:3])} differs.")


def parts_missing(case: ExportCase) -> None:
    """A delivery without reports, or without segmentations, is written or refused in words."""
    case.works()
    without: tuple[tuple[str, dict[str, Any]], ...] = (
        ("reports", {"reports": (), "brief": "", "made": None}),
        ("segmentations", {"segmentations": (), "assignments": {}}),
    )
    for what, changes in without:
        try:
            replace(case, delivery=replace(case.delivery, **changes)).work(QuietRun())
        except REFUSALS as error:
            require(bool(error.what.strip()), f"Without {what} it refuses without a word.")
        except (Exception, pl.exceptions.PanicException) as error:
            raise Failed(f"Without {what}: {said(error)}") from error


def nothing_elsewhere(case: ExportCase) -> None:
    """It writes nowhere but into its folder."""
    case.works()
    with tempfile.TemporaryDirectory() as place, watched(Path(place)) as seen:
        case.written(Path(place), QuietRun())
    require(not seen.files, f"It writes or changes {', '.join(sorted(set(seen.files))[:3])}.")


LAWS = (
    files_contract,
    same_files,
    parts_missing,
    nothing_elsewhere,
    on_conduct.cancel,
    on_conduct.no_network,
    on_conduct.nothing_printed,
    on_conduct.light_import,
)
