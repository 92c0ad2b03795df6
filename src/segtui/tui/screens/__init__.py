"""The six screens, one file each."""

from __future__ import annotations

from segtui.tui.pane import Pane


def panes() -> list[Pane]:
    """All screens in the order of the rail."""
    from segtui.tui.screens.compare import ComparePane
    from segtui.tui.screens.customers import CustomersPane
    from segtui.tui.screens.data import DataPane
    from segtui.tui.screens.export import ExportPane
    from segtui.tui.screens.report import ReportPane
    from segtui.tui.screens.segment import SegmentPane

    return [DataPane(), CustomersPane(), SegmentPane(), ComparePane(), ReportPane(), ExportPane()]
