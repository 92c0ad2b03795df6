"""Assignments: one row per customer with its segment, as CSV, Parquet or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from segtui.api import Delivery, Exporter, Params, Run
from segtui.api.text import file_name
from segtui_files.neutral import neutralised
from segtui_files.rows import write_rows


class AssignmentsParams(Params):
    """How assignments are written."""

    form: Literal["csv", "parquet", "xlsx"] = Field(
        "csv", description="CSV for people and Excel, Parquet for programs, XLSX a workbook"
    )
    raw: bool = Field(
        False,
        description="leave text that a spreadsheet would take for a formula as it is; else CSV and XLSX get an "
        "apostrophe in front of it",
    )


class Assignments(Exporter[AssignmentsParams]):
    """One file for each segmentation, named after it."""

    id = "assignments"
    title = "Assignments"
    summary = "Each customer's id with the code and name of its segment, as CSV, Parquet or XLSX."
    Params = AssignmentsParams

    def file_names(self, title: str, segmentations: Sequence[str], params: AssignmentsParams) -> tuple[str, ...]:  # noqa: ARG002
        """`ID.csv`, `ID.parquet` or `ID.xlsx` for each segmentation."""
        return tuple(f"{file_name(name)}.{params.form}" for name in segmentations)

    def write(self, delivery: Delivery, folder: Path, params: AssignmentsParams, run: Run) -> tuple[Path, ...]:
        """Write `ID.csv`, `ID.parquet` or `ID.xlsx` for each segmentation of the delivery."""
        files = []
        for number, (name, frame) in enumerate(delivery.assignments.items()):
            run.progress(number / len(delivery.assignments), f"writing {name}")
            path = folder / self.file_names(delivery.title, (name,), params)[0]
            path.touch(mode=0o600)
            self._write(frame, path, params, run)
            files.append(path)
        return tuple(files)

    def _write(self, frame: pl.LazyFrame, path: Path, params: AssignmentsParams, run: Run) -> None:
        if params.form == "parquet":
            frame.sink_parquet(path, compression="zstd", engine="streaming")
            return
        written = frame if params.raw else neutralised(frame)
        if params.form == "csv":
            written.sink_csv(path, engine="streaming")
        else:
            write_rows(written, path, run)
