"""A workbook: cover with the account, sizes with data bars, one sheet a report, the assignments on request."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from segtui.api import Bars, Block, Delivery, Exporter, Figures, Params, Report, Run, Segmentation, Text, Tone, Verdict
from segtui.api.text import safe
from segtui_files.neutral import neutral, neutralised
from segtui_files.rows import add_rows, new_workbook
from segtui_files.words import Cell, Sheet, account_lines, as_sheet, figure_words, text_words, written_name

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Book  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

BLUE = "#0072B2"
_FIRST, _OTHER = 30, 15
_WIDE_TEXT = 110


class WorkbookParams(Params):
    """What the workbook holds."""

    assignments: bool = Field(False, description="a sheet with each customer's segment for each segmentation")


class Workbook(Exporter[WorkbookParams]):
    """One workbook with all segmentations and reports."""

    id = "workbook"
    title = "Workbook (XLSX)"
    summary = "Cover, sizes and reports as sheets with native charts, for Excel and LibreOffice."
    Params = WorkbookParams

    def write(self, delivery: Delivery, folder: Path, params: WorkbookParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-workbook.xlsx`."""
        path = folder / written_name(delivery, "workbook.xlsx")
        writer = _Writer(new_workbook(path))
        writer.cover(delivery)
        if delivery.segmentations:
            writer.sizes(delivery)
        for number, report in enumerate(delivery.reports):
            run.progress(number / (len(delivery.reports) + 1), "drawing the workbook")
            writer.report(report)
        if params.assignments:
            for name, frame in delivery.assignments.items():
                add_rows(writer.book, neutralised(frame), writer.free_name(f"rows {name}"), run)
        writer.book.close()
        return (path,)


@dataclass
class _Writer:
    """One workbook while it is drawn."""

    book: Book
    names: set[str] = field(default_factory=set)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def look(self, **facts: Any) -> Any:
        key = tuple(sorted(facts.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "top", **facts})
        return self.formats[key]

    def free_name(self, wanted: str) -> str:
        """A name for a sheet: at most 31 characters, none of those that Excel refuses, and not taken."""
        kept = "".join("_" if character in "[]:*?/\\'" else character for character in safe(wanted, 28)).strip()
        name, number = kept or "sheet", 2
        if name.casefold() == "history":
            name = "history_"
        while name.casefold() in self.names:
            name, number = f"{kept[:24]} {number}", number + 1
        self.names.add(name.casefold())
        return name

    def new_sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(self.free_name(name))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, 30, _OTHER)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, words: str, **look: Any) -> None:
        sheet.write_string(row, column, neutral(words), self.look(**look))

    def title(self, sheet: Worksheet, words: str) -> None:
        sheet.set_row(0, 30)
        self.write(sheet, 0, 0, words, bold=True, font_size=18, font_color=BLUE)

    def cover(self, delivery: Delivery) -> None:
        sheet = self.new_sheet("Cover")
        self.title(sheet, safe(delivery.title))
        self.write(sheet, 1, 0, "Customer segmentation", font_color="#5B6675")
        row = 3
        for one in delivery.segmentations:
            self.write(sheet, row, 0, safe(one.id), bold=True, bottom=1, font_size=13)
            facts = (("method", safe(one.method)), ("feature set", safe(one.feature_set)))
            row += 1
            for name, words in facts:
                self.write(sheet, row, 0, name)
                self.write(sheet, row, 1, words, align="right")
                row += 1
            for words, number in (("seed", one.seed), ("segments", len(one.segments)), *account_lines(one)):
                self.write(sheet, row, 0, words, text_wrap=True)
                sheet.write_number(row, 1, number, self.look(num_format="#,##0" if words != "seed" else "0"))
                row += 1
            for note in one.notes:
                self.write(sheet, row, 0, safe(note), italic=True, font_color="#5B6675")
                row += 1
            row += 1
        if delivery.reports:
            self.write(sheet, row, 0, "Reports", bold=True, bottom=1, font_size=13)
        for number, report in enumerate(delivery.reports, 1):
            self.write(sheet, row + number, 0, safe(report.title))

    def sizes(self, delivery: Delivery) -> None:
        sheet = self.new_sheet("Sizes")
        self.title(sheet, "Segments and their sizes")
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, _FIRST)
        sheet.set_column(4, 4, 60)
        row = 2
        for one in delivery.segmentations:
            row = self.segments(sheet, one, row) + 2

    def segments(self, sheet: Worksheet, one: Segmentation, row: int) -> int:
        self.write(sheet, row, 0, safe(one.id), bold=True, font_size=13)
        for column, words in enumerate(("", "segment", "customers", "share", "rule")):
            side = "right" if column in (2, 3) else "left"
            self.write(sheet, row + 1, column, words, bold=True, bottom=1, align=side)
        first, total = row + 2, sum(segment.size for segment in one.segments)
        for segment in one.segments:
            row += 1
            self.write(sheet, row + 1, 0, segment.letter, bold=True)
            self.write(sheet, row + 1, 1, safe(segment.name))
            sheet.write_number(row + 1, 2, segment.size, self.look(num_format="#,##0"))
            sheet.write_number(row + 1, 3, segment.size / total if total else 0, self.look(num_format="0.0 %"))
            self.write(sheet, row + 1, 4, safe(segment.rule), text_wrap=True, indent=1)
        if one.segments:
            bars = {"type": "data_bar", "bar_color": "#9CC9E5", "bar_solid": True, "min_type": "num", "min_value": 0}
            sheet.conditional_format(first, 2, row + 1, 2, bars)
        return row + 1

    def report(self, report: Report) -> None:
        sheet = self.new_sheet(report.title)
        self.title(sheet, safe(report.title))
        sheet.freeze_panes(1, 1)
        row = 2
        for block in report.blocks:
            row = self.block(sheet, block, row) + 1
        for note in report.notes:
            row = self.paragraph(sheet, row, text_words(note), italic=True, font_color="#5B6675")

    def paragraph(self, sheet: Worksheet, row: int, words: str, **look: Any) -> int:
        """A text over several columns, its row as high as it needs; returns the next row."""
        sheet.merge_range(row, 0, row, 6, "", self.look(text_wrap=True, **look))
        self.write(sheet, row, 0, words[:32_000], text_wrap=True, **look)
        sheet.set_row(row, min(15.5 * (1 + len(words) // _WIDE_TEXT), 400))
        return row + 1

    def block(self, sheet: Worksheet, block: Block, row: int) -> int:
        match block:
            case Text():
                looks: dict[Tone, dict[str, Any]] = {
                    Tone.HEADING: {"bold": True, "font_size": 13},
                    Tone.NOTE: {"italic": True, "font_color": "#5B6675"},
                    Tone.WARNING: {"bg_color": "#FFF3D6"},
                }
                return self.paragraph(sheet, row, text_words(block), **looks.get(block.tone, {}))
            case Verdict():
                colour = {"pass": "#DDF3EA", "warn": "#FFF3D6", "fail": "#FBE0D2"}[block.outcome.value]
                words = f"{block.outcome.value.title()}. {text_words(block.text)}"
                return self.paragraph(sheet, row, words, bg_color=colour)
            case Figures():
                if block.title:
                    self.write(sheet, row, 0, safe(block.title), bold=True, font_size=13)
                    row += 1
                for figure in block.figures:
                    self.write(sheet, row, 0, safe(figure.name))
                    self.write(sheet, row, 1, figure_words(figure), align="right", bold=True)
                    row += 1
                return row
            case _:
                table = as_sheet(block)
                end = self.table(sheet, table, row)
                return self.chart(sheet, table, end) if isinstance(block, Bars) and table.labels else end

    def table(self, sheet: Worksheet, table: Sheet, row: int) -> int:
        if table.title:
            self.write(sheet, row, 0, table.title, bold=True, font_size=13)
            row += 1
        longest = max(map(len, table.header[1:]), default=0)
        sheet.set_row(row, 16 * (1 + min(longest // _OTHER, 5)))
        for column, words in enumerate(table.header):
            side = "right" if column else "left"
            self.write(sheet, row, column, words, bold=True, bottom=1, text_wrap=True, align=side)
        for label, cells in zip(table.labels, table.cells, strict=True):
            row += 1
            self.write(sheet, row, 0, label, text_wrap=True)
            for column, cell in enumerate(cells, 1):
                self.cell(sheet, row, column, cell)
        return row + 1

    def cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        value = cell.value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300:
            mark = cell.shown[-1] if cell.shown[-1] in "▲▼" else ""
            shape = _number_format(value, cell.decimals) + (f'" {mark}"' if mark else "")
            sheet.write_number(row, column, value, self.look(num_format=shape, bold=bool(mark)))
        else:
            self.write(sheet, row, column, cell.shown, align="right")

    def chart(self, sheet: Worksheet, table: Sheet, row: int) -> int:
        """A native bar chart below its table; returns the row after it."""
        chart = self.book.add_chart({"type": "bar"})
        first, last = row - len(table.labels), row - 1
        places = {"categories": [sheet.name, first, 0, last, 0], "values": [sheet.name, first, 1, last, 1]}
        chart.add_series({**places, "fill": {"color": BLUE}, "gap": 40, "data_labels": {"value": True}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "label_position": "low", "line": {"none": True}, "major_tick_mark": "none"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        height = 60 + 26 * min(len(table.labels), 40)
        chart.set_size({"width": 720, "height": height})
        sheet.insert_chart(row + 1, 0, chart)
        return row + 2 + height // 20


def _number_format(value: float, decimals: int | None) -> str:
    """The decimals of the block, or so many that three digits count."""
    if decimals is None:
        decimals = next((places for places, limit in ((0, 100), (1, 10), (2, 1)) if abs(value) >= limit), 3)
        decimals = 0 if value == round(value) else decimals
    return "#,##0" + ("." + "0" * decimals if decimals else "")
