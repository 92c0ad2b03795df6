"""JSON: reports as plain data, for programs. All ASCII: what is not is escaped, so no text can do harm."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from segtui.api import Delivery, Exporter, LeavingSegmentation, Params, Run
from segtui_files.words import HIDDEN, written_name

FORMAT = 1
FROM_MANIFEST = (
    "project",
    "as_of",
    "seed",
    "threshold",
    "rounding",
    "inputs",
    "account",
    "customers_account",
    "steps",
    "privacy",
    "notes",
    "versions",
)
"""The keys of the manifest that are repeated here; its sizes of segments are not, as they are above."""


class JsonParams(Params):
    """How JSON is written."""

    indent: int = Field(1, ge=0, le=8, description="spaces for each level")


class Json(Exporter[JsonParams]):
    """One file with the brief, segments, reports, and from the manifest what was made from what."""

    id = "json"
    title = "JSON"
    summary = "Reports, segments and accounts as plain data, for programs."
    Params = JsonParams

    def file_names(self, title: str, segmentations: Sequence[str], params: JsonParams) -> tuple[str, ...]:  # noqa: ARG002
        """`TITLE-report.json`."""
        return (written_name(title, "report.json"),)

    def write(self, delivery: Delivery, folder: Path, params: JsonParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.json`; a size that does not leave is the word "hidden"."""
        content = {
            "segtui_report": FORMAT,
            "title": delivery.title,
            "brief": delivery.brief,
            "made": delivery.made,
            "chosen": delivery.chosen,
            "segmentations": [_segmentation(one) for one in delivery.segmentations],
            "reports": list(delivery.reports),
            "manifest": {key: delivery.manifest[key] for key in FROM_MANIFEST if key in delivery.manifest},
        }
        run.progress(0.5, "writing JSON")
        path = folder / written_name(delivery.title, "report.json")
        written = json.dumps(_plain(content), indent=params.indent, ensure_ascii=True, allow_nan=False)
        path.write_bytes(written.replace("\x7f", "\\u007f").encode() + b"\n")
        return (path,)


def _segmentation(one: LeavingSegmentation) -> Mapping[str, Any]:
    segments = [
        {**asdict(segment), "customers": _size(segment.customers), "share": _size(segment.share)}
        for segment in one.segments
    ]
    plain = {field.name: getattr(one, field.name) for field in fields(one)}
    return {**plain, "segments": segments, "unassigned": _size(one.unassigned)}


def _size(size: float | None) -> float | str:
    return HIDDEN if size is None else size


def _plain(value: Any) -> Any:
    """Dataclasses become objects that name their kind; infinite numbers become words, as JSON has none."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__.lower(), **named}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
