"""Assignments: one row per customer with its segment, as CSV or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from segtui.api import Delivery, Exporter, Params, Run
from segtui.api.text import file_name


class AssignmentsParams(Params):
    """How assignments are written."""

    form: Literal["csv", "parquet"] = Field("csv", description="CSV for people and Excel, Parquet for programs")


class Assignments(Exporter[AssignmentsParams]):
    """One file for each segmentation, named after it."""

    id = "assignments"
    title = "Assignments"
    summary = "Each customer's id with the code and name of its segment, as CSV or Parquet."
    Params = AssignmentsParams

    def write(self, delivery: Delivery, folder: Path, params: AssignmentsParams, run: Run) -> tuple[Path, ...]:
        """Write `ID.csv` or `ID.parquet` for each segmentation of the delivery."""
        files = []
        for number, (name, frame) in enumerate(delivery.assignments.items()):
            run.progress(number / len(delivery.assignments), f"writing {name}")
            path = folder / f"{file_name(name)}.{params.form}"
            path.touch(mode=0o600)
            if params.form == "csv":
                frame.sink_csv(path, engine="streaming")
            else:
                frame.sink_parquet(path, compression="zstd", engine="streaming")
            files.append(path)
        return tuple(files)
