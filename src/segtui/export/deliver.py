"""Delivering: exporters write into a temporary folder; only what is complete is moved to where it belongs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segtui.api.calling import called
from segtui.api.errors import ContractError, UsageError
from segtui.api.files import Delivery, Exporter
from segtui.api.params import Params
from segtui.api.run import PartOfRun, Run
from segtui.api.text import file_name, safe
from segtui.api.writing import WritingError, private_folder
from segtui.api.writing import deliver as move
from segtui.export.manifest import Manifest

MANIFEST = "manifest.json"


def manifest_name(segmentations: Sequence[str]) -> str:
    """What the manifest of a delivery is called: after its segmentation, so that several fit into one folder."""
    return f"{file_name(segmentations[0])}.{MANIFEST}" if len(segmentations) == 1 else MANIFEST


def model_name(segmentation: str) -> str:
    """What the model file of a segmentation is called."""
    return f"{file_name(segmentation)}.segmodel"


def delivery_names(title: str, segmentations: Sequence[str], wanted: Sequence[Wanted], models: bool) -> tuple[str, ...]:
    """The names of the files that a delivery writes, as far as exporters can say before. Raises UsageError where two
    segmentations would get the same ones."""
    names: dict[str, str] = {}
    for segmentation in segmentations:
        other = names.setdefault(file_name(segmentation).casefold(), segmentation)
        if other != segmentation:
            raise UsageError(
                f"The segmentations {safe(other, 60)} and {safe(segmentation, 60)} would get files of the same name.",
                next_step="Give one of them another id.",
            )
    known = [name for one in wanted for name in _file_names(one, title, segmentations)]
    known += [model_name(segmentation) for segmentation in segmentations] if models else []
    return (*known, manifest_name(segmentations))


@dataclass(frozen=True)
class Delivered:
    """A file that was delivered."""

    path: Path
    size: int


@dataclass(frozen=True, eq=False)
class Wanted:
    """One exporter with its parameters, and who brings it."""

    exporter: Exporter[Any]
    params: Params
    plugin: str


def deliver(
    delivery: Delivery,
    wanted: Sequence[Wanted],
    more: Sequence[Callable[[Path], Path]],
    manifest: Manifest,
    folder: Path,
    run: Run,
    *,
    overwrite: bool,
    sources: Iterable[Path],
    begun: Callable[[Path], None] | None = None,
) -> tuple[Delivered, ...]:
    """Write everything: each exporter's files, those of `more` (each given the temporary folder), and the manifest.
    `begun` is told the temporary folder before anything is in it.

    Raises WritingError where a file is there already without `overwrite`, or is one of `sources`; then nothing is there
    that was not before.
    """
    if not folder.is_dir():
        private_folder(folder)
    temporary = _temporary(folder)
    try:
        if begun:
            begun(temporary)
        files: list[Path] = []
        for number, item in enumerate(wanted):
            part = PartOfRun(run, number / (len(wanted) + 1), (number + 1) / (len(wanted) + 1))
            files += _written(item, delivery, temporary, part)
        files += [write(temporary) for write in more]
        manifest_file = temporary / manifest_name([one.id for one in delivery.segmentations])
        manifest_file.write_bytes(manifest.written(files))
        files.append(manifest_file)
        moved = move(folder, [(file, file.name) for file in files], overwrite=overwrite, sources=sources)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    run.progress(1.0, "written")
    return tuple(Delivered(path, path.stat().st_size) for path in moved)


def _file_names(wanted: Wanted, title: str, segmentations: Sequence[str]) -> tuple[str, ...]:
    with called(wanted.plugin, "name its files"):
        return tuple(wanted.exporter.file_names(title, segmentations, wanted.params))


def _temporary(folder: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".segtui-", dir=folder))
    except OSError as error:
        raise WritingError(
            f"Nothing can be written into this folder: {error.strerror or type(error).__name__}.",
            where=safe(folder),
            next_step="Choose another folder.",
        ) from None


def _written(wanted: Wanted, delivery: Delivery, folder: Path, run: Run) -> tuple[Path, ...]:
    with called(wanted.plugin, "write its files"):
        try:
            files = tuple(wanted.exporter.write(delivery, folder, wanted.params, run))
        except OSError as error:
            raise WritingError(
                f"A file could not be written: {error.strerror or type(error).__name__}.",
                where=safe(wanted.plugin, 80),
                next_step="Make room, or choose another folder; nothing was delivered.",
            ) from error
    inside = folder.resolve()
    for file in files:
        if file.is_symlink() or not file.is_file() or file.resolve().parent != inside:
            raise ContractError(
                "An exporter writes plain files into the folder it is given, and says which.",
                where=safe(wanted.plugin, 80),
            )
    return files
