"""Frames cross between processes as uncompressed Arrow files in the run folder; only their description goes through the
pipe."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from segtui.api.errors import DataError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class FrameFile:
    """A frame in a file: how many rows, and the dtype of each column by name, as text."""

    path: Path
    rows: int
    columns: Mapping[str, str]

    def scan(self) -> pl.LazyFrame:
        """The frame, mapped rather than read. Raises DataError where the file is gone."""
        if not self.path.is_file():
            raise DataError("A prepared table is no longer there.", next_step="Run the step that made it again.")
        return pl.scan_ipc(self.path, glob=False, hive_partitioning=False)

    def page(self, offset: int, length: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Some rows of some columns (all where None)."""
        frame = self.scan() if columns is None else self.scan().select(columns)
        return frame.slice(offset, length).collect()


def put(frame: pl.DataFrame | pl.LazyFrame, folder: Path, name: str) -> FrameFile:
    """Write `frame` into `folder` as a file that begins with `name` and is never written again; 0600."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a frame")
    descriptor, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".arrow", dir=folder)
    os.close(descriptor)
    try:
        if isinstance(frame, pl.LazyFrame):
            frame.sink_ipc(path, compression="uncompressed", maintain_order=True)
        else:
            frame.write_ipc(path, compression="uncompressed")
        written = pl.scan_ipc(path, glob=False, hive_partitioning=False)
        rows = written.select(pl.len()).collect().item()
        schema = {column: str(dtype) for column, dtype in written.collect_schema().items()}
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise
    return FrameFile(Path(path), rows, schema)
