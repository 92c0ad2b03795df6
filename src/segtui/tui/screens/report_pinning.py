"""Pinning a report for the export, from any screen that shows one."""

from __future__ import annotations

from segtui.project.document import ReportEntry
from segtui.tui.pane import Pane
from segtui.tui.screens.export_choices import holds_reports, turn_exporter

PAGE = "html"
"""The exporter that is chosen for the first report, where no other holds reports."""


def pin(pane: Pane, entry: ReportEntry) -> None:
    """Pin a report, and see to it that the export writes a file that holds reports."""
    document = pane.session.document
    export = document.export
    if entry in export.reports:
        pane.notify("This report is pinned already.", markup=False)
        return
    said = "Pinned for the export."
    if not holds_reports(export):
        export = turn_exporter(export, PAGE)
        said += " It now writes a page (HTML) of reports; screen 6 has other files."
    export = export.model_copy(update={"reports": (*export.reports, entry)})
    pane.notify(said, markup=False)
    pane.session.change(document.replacing(export=export))
    pane.segtui.changed()
