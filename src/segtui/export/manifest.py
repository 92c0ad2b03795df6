"""The manifest: what was made from what, by which versions, so that anyone can check or repeat it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from segtui import __version__

LIBRARIES = ("polars", "numpy", "scikit-learn", "scipy", "narwhals", "pydantic")
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """Plain data: the project, its inputs with hashes, rows at every step, each segmentation with its parameters, the
    one to go on with first where one was `chosen`.

    `privacy` by segmentation says what left of each customer; sizes hidden under `threshold` are null.
    """

    project: str
    seed: int
    as_of: str | None
    inputs: Sequence[Mapping[str, Any]]
    account: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    segmentations: Sequence[Mapping[str, Any]]
    privacy: Mapping[str, Any]
    notes: Sequence[str] = ()
    brief: str = ""
    chosen: str | None = None
    reports: Sequence[Mapping[str, Any]] = ()
    threshold: int | None = None
    rounding: int = 0
    customers_account: Mapping[str, Any] | None = None

    def facts(self) -> dict[str, Any]:
        """As plain data, with the versions that made the results; exporters get it too."""
        return {
            "project": self.project,
            "brief": self.brief,
            "chosen": self.chosen,
            "seed": self.seed,
            "as_of": self.as_of,
            "inputs": list(self.inputs),
            "account": self.account,
            "customers_account": self.customers_account,
            "steps": list(self.steps),
            "segmentations": list(self.segmentations),
            "reports": list(self.reports),
            "privacy": self.privacy,
            "threshold": self.threshold,
            "rounding": self.rounding,
            "notes": list(self.notes),
            "versions": versions(),
        }

    def written(self, files: Sequence[Path], made: datetime | None = None) -> bytes:
        """As JSON, with the moment it was made, and the hash and size of each file delivered."""
        content = {
            "segtui_manifest": FORMAT,
            "made": (made or datetime.now(UTC)).isoformat(timespec="seconds"),
            **self.facts(),
            "files": [_file(path) for path in files],
        }
        return (json.dumps(content, indent=1, ensure_ascii=False, default=str) + "\n").encode()


def versions() -> dict[str, str]:
    """segtui, Python and the libraries that results depend on."""
    found = {"segtui": __version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def _file(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}
