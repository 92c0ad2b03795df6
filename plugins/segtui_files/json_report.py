"""JSON: reports as plain data, for programs. All ASCII: what is not is escaped, so no text can do harm."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from segtui.api import Delivery, Exporter, Params, Run, Segmentation
from segtui_files.words import written_name

FORMAT = 1


class JsonParams(Params):
    """How JSON is written."""

    indent: int = Field(1, ge=0, le=8, description="spaces for each level")


class Json(Exporter[JsonParams]):
    """One file with all reports, segments and accounts."""

    id = "json"
    title = "JSON"
    summary = "Reports, segments and accounts as plain data, for programs."
    Params = JsonParams

    def write(self, delivery: Delivery, folder: Path, params: JsonParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.json`."""
        content = {
            "segtui_report": FORMAT,
            "title": delivery.title,
            "segmentations": [_segmentation(one) for one in delivery.segmentations],
            "reports": [_plain(report) for report in delivery.reports],
        }
        run.progress(0.5, "writing JSON")
        path = folder / written_name(delivery, "report.json")
        written = json.dumps(_plain(content), indent=params.indent, ensure_ascii=True, allow_nan=False)
        path.write_bytes(written.replace("\x7f", "\\u007f").encode() + b"\n")
        return (path,)


def _segmentation(one: Segmentation) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "method": one.method,
        "params": one.params,
        "feature_set": one.feature_set,
        "seed": one.seed,
        "fingerprint": one.fingerprint,
        "segments": [asdict(segment) for segment in one.segments],
        "account": asdict(one.account),
        "notes": one.notes,
    }


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
