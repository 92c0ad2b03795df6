"""Files beyond the host's own: exporters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Exporter, hookimpl
from segtui_files.assignments import Assignments


@hookimpl
def segtui_exporters() -> Iterable[Exporter[Any]]:
    """The exporters of this package."""
    return [Assignments()]
