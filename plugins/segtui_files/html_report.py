"""HTML: one page that stands alone, without scripts or anything from outside, in light and dark, and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup
from pydantic import Field

from segtui.api import (
    Bars,
    Block,
    Delivery,
    Exporter,
    Figures,
    Flow,
    LeavingSegmentation,
    Lines,
    Params,
    Report,
    Run,
    Scatter,
    Text,
    Tone,
    Verdict,
)
from segtui.api.text import count, join_words, plural, safe
from segtui_files import charts
from segtui_files.cover import Cover, cover
from segtui_files.html_table import HtmlRow, html_rows
from segtui_files.sizes import SizeRow, size_rows, total_row
from segtui_files.words import (
    OUTCOMES,
    PlainTable,
    as_table,
    figure_words,
    lines_title,
    text_words,
    title_of,
    written_name,
)

DATA = "Where the numbers come from"
MADE = "How it was made"
_MOST_POINTS = 60


class HtmlParams(Params):
    """What the page holds."""

    segments: bool = Field(True, description="start with the segments and their sizes")


class Html(Exporter[HtmlParams]):
    """One file with the brief, the account, segments, reports and charts."""

    id = "html"
    title = "Report (HTML)"
    summary = "One page with reports and charts that opens in any browser, prints well and loads nothing."
    Params = HtmlParams

    def file_names(self, title: str, segmentations: Sequence[str], params: HtmlParams) -> tuple[str, ...]:  # noqa: ARG002
        """`TITLE-report.html`."""
        return (written_name(title, "report.html"),)

    def write(self, delivery: Delivery, folder: Path, params: HtmlParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.html`: brief, contents, account, sizes, reports, and how it was made."""
        from jinja2 import Environment

        run.progress(0.0, "drawing the report")
        here = files("segtui_files")
        page = Environment(autoescape=True, trim_blocks=True).from_string(here.joinpath("page.html").read_text("utf-8"))
        around = cover(delivery)
        segmentations = delivery.segmentations if params.segments else ()
        written = page.render(
            style=Markup(here.joinpath("page.css").read_text("utf-8")),
            cover=around,
            summary=_summary(delivery),
            contents=_contents(around, segmentations, delivery.reports),
            data_title=DATA,
            made_title=MADE,
            segmentations=[_segmentation(one, around) for one in segmentations],
            reports=[_report(report) for report in delivery.reports],
            whole=count,
            bar=_bar,
        )
        path = folder / written_name(delivery.title, "report.html")
        path.write_bytes(written.lstrip().encode())
        return (path,)


@dataclass(frozen=True)
class _Part:
    """One block as the page shows it."""

    title: str = ""
    say: str = ""
    strong: str = ""
    look: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    chart: str = ""
    table: PlainTable | None = None
    rows: tuple[HtmlRow, ...] = ()

    @property
    def is_shaded(self) -> bool:
        return self.table is not None and any(middle is not None for middle in self.table.middles)


def _summary(delivery: Delivery) -> str:
    parts = [plural(len(delivery.segmentations), "segmentation")] if delivery.segmentations else []
    parts += [plural(len(delivery.reports), "report")] if delivery.reports else []
    return f"{join_words(parts) or 'nothing to show'}."


def _contents(
    around: Cover, segmentations: tuple[LeavingSegmentation, ...], reports: tuple[Report, ...]
) -> list[tuple[str, str]]:
    """Anchor and name of each section."""
    entries = [("data", DATA)] if around.accounts or around.inputs or around.privacy else []
    entries += [(f"s{place}", f"Segments: {around.heading(one.id)}") for place, one in enumerate(segmentations, 1)]
    entries += [(f"r{place}", safe(report.title)) for place, report in enumerate(reports, 1)]
    return entries + ([("made", MADE)] if around.steps or around.methods or around.notes or around.versions else [])


def _segmentation(one: LeavingSegmentation, around: Cover) -> dict[str, object]:
    rows = size_rows(one)
    return {
        "name": around.heading(one.id),
        "method": safe(one.method_title),
        "rows": rows,
        "most": max((row.customers or 0 for row in rows), default=0),
        "total": total_row(one),
        "notes": [safe(note, 2_000) for note in one.notes],
    }


def _bar(row: SizeRow, most: int) -> Markup:
    """The size as a bar; nothing where it is hidden."""
    return charts.bar(row.customers / most) if row.customers and most else Markup("")


def _report(report: Report) -> dict[str, object]:
    notes = [text_words(note) for note in report.notes]
    return {"title": safe(report.title), "parts": [_part(block) for block in report.blocks], "notes": notes}


def _part(block: Block) -> _Part:
    title = title_of(block)
    match block:
        case Text(tone=Tone.HEADING):
            return _Part(title=text_words(block))
        case Text(tone=Tone.WARNING):
            return _Part(say=text_words(block), strong="Careful.", look="say warn")
        case Text():
            return _Part(say=text_words(block), look="note" if block.tone is Tone.NOTE else "")
        case Verdict():
            say, outcome = text_words(block.text), block.outcome
            return _Part(say=say, strong=OUTCOMES[outcome], look=f"say {outcome.value}")
        case Figures():
            return _Part(title, figures=tuple((safe(one.name), figure_words(one)) for one in block.figures))
        case Bars():
            return _Part(title, chart=charts.bars(block))
        case Lines():
            return _with_numbers(lines_title(block), charts.lines(block), as_table(block))
        case Scatter():
            return _with_numbers(title, charts.scatter(block), as_table(block))
        case Flow():
            return _with_numbers(title, charts.flow(block), as_table(block))
        case _:
            table = as_table(block)
            return _Part(title, table=table, rows=html_rows(table))


def _with_numbers(title: str, chart: str, table: PlainTable) -> _Part:
    """A chart with its numbers below, where they are few enough to be read."""
    if len(table.labels) > _MOST_POINTS:
        return _Part(title, chart=chart)
    return _Part(title, chart=chart, table=table, rows=html_rows(table))
