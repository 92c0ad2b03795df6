"""Files beyond the host's own: exporters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Exporter, hookimpl
from segtui_files.assignments import Assignments
from segtui_files.html_report import Html
from segtui_files.json_report import Json
from segtui_files.markdown import Markdown
from segtui_files.workbook import Workbook


@hookimpl
def segtui_exporters() -> Iterable[Exporter[Any]]:
    """The exporters of this package."""
    return [Assignments(), Markdown(), Json(), Html(), Workbook()]
