"""A workbook: cover, sizes, one sheet a report, notes, and the assignments on request."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from segtui.api import Delivery, Exporter, Params, Run
from segtui_files.cover import cover
from segtui_files.neutral import neutralised
from segtui_files.words import written_name


class WorkbookParams(Params):
    """What the workbook holds."""

    assignments: bool = Field(False, description="a sheet with each customer's segment for each segmentation")


class Workbook(Exporter[WorkbookParams]):
    """One workbook with all segmentations and reports."""

    id = "workbook"
    title = "Workbook (XLSX)"
    summary = "Cover, sizes, reports and notes as sheets with native charts, for Excel and LibreOffice."
    Params = WorkbookParams

    def file_names(self, title: str, segmentations: Sequence[str], params: WorkbookParams) -> tuple[str, ...]:  # noqa: ARG002
        """`TITLE-workbook.xlsx`."""
        return (written_name(title, "workbook.xlsx"),)

    def write(self, delivery: Delivery, folder: Path, params: WorkbookParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-workbook.xlsx`: Cover, Sizes, a sheet for each report, Notes, and "rows ID" where asked for."""
        from segtui_files.workbook_blocks import draw_report, first_words
        from segtui_files.workbook_book import Book
        from segtui_files.workbook_cover import draw_cover, draw_notes, draw_sizes

        path = folder / written_name(delivery.title, "workbook.xlsx")
        around = cover(delivery)
        book = Book(path, around.title, delivery.made)
        front = book.page("Cover", "what this workbook holds")
        if delivery.segmentations:
            draw_sizes(book.page("Sizes", "segments, their sizes, shares and rules"), delivery.segmentations, around)
        for number, report in enumerate(delivery.reports):
            run.progress(number / (len(delivery.reports) + 1), "drawing the workbook")
            draw_report(book.page(report.title, first_words(report)), report)
        draw_notes(book.page("Notes", "steps, methods with their parameters, notes and versions"), around)
        if params.assignments:
            for name, frame in delivery.assignments.items():
                book.rows(f"rows {name}", "one row per customer", neutralised(frame))
        draw_cover(front, around)
        book.close(run)
        return (path,)
