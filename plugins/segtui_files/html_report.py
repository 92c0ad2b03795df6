"""HTML: one page that stands alone, without scripts or anything from outside, in light and dark, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from segtui.api import (
    Bars,
    Block,
    Delivery,
    Exporter,
    Figures,
    Flow,
    Heatmap,
    Lines,
    Params,
    Report,
    Run,
    Scatter,
    Segmentation,
    Text,
    Tone,
    Verdict,
)
from segtui.api.text import count, join_words, plural, safe
from segtui_files.words import (
    Sheet,
    account_lines,
    as_sheet,
    figure_words,
    shares,
    text_words,
    title_of,
    written_name,
)


class HtmlParams(Params):
    """What the page holds."""

    segments: bool = Field(True, description="start with the segments, their sizes and the account")


class Html(Exporter[HtmlParams]):
    """One file with all reports and charts."""

    id = "html"
    title = "Report (HTML)"
    summary = "One page with reports and charts that opens in any browser, prints well and loads nothing."
    Params = HtmlParams

    def write(self, delivery: Delivery, folder: Path, params: HtmlParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.html`."""
        from jinja2 import Environment

        run.progress(0.0, "drawing the report")
        page = Environment(autoescape=True, trim_blocks=True).from_string(
            files("segtui_files").joinpath("page.html").read_text("utf-8")
        )
        segmentations = delivery.segmentations if params.segments else ()
        written = page.render(
            title=safe(delivery.title),
            summary=_summary(delivery),
            segmentations=[_segmentation(one) for one in segmentations],
            reports=[_report(report) for report in delivery.reports],
        )
        path = folder / written_name(delivery, "report.html")
        path.write_bytes(written.encode())
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
    sheet: Sheet | None = None


def _summary(delivery: Delivery) -> str:
    parts = [plural(len(delivery.segmentations), "segmentation")] if delivery.segmentations else []
    parts += [plural(len(delivery.reports), "report")] if delivery.reports else []
    return f"{join_words(parts) or 'nothing to show'}."


def _segmentation(one: Segmentation) -> dict[str, object]:
    from segtui_files import charts

    labels = tuple(f"{segment.letter} {segment.name}" for segment in one.segments)
    sizes = tuple(float(segment.size) for segment in one.segments)
    rows = [
        (segment.letter, safe(segment.name), count(segment.size), share, safe(segment.rule))
        for segment, share in zip(one.segments, shares(one), strict=True)
    ]
    return {
        "name": safe(one.id),
        "chart": charts.bars(Bars(labels, sizes, title="customers by segment"), decimals=0) if labels else "",
        "rows": rows,
        "account": [(words, count(number)) for words, number in account_lines(one)],
        "notes": [safe(note) for note in one.notes],
    }


def _report(report: Report) -> dict[str, object]:
    notes = [text_words(note) for note in report.notes]
    return {"title": safe(report.title), "parts": [_part(block) for block in report.blocks], "notes": notes}


def _part(block: Block) -> _Part:
    from segtui_files import charts

    title = title_of(block)
    match block:
        case Text(tone=Tone.HEADING):
            return _Part(title=text_words(block))
        case Text(tone=Tone.WARNING):
            return _Part(say=text_words(block), strong="Careful.", look="say warn")
        case Text():
            return _Part(say=text_words(block), look="note" if block.tone is Tone.NOTE else "")
        case Verdict():
            say, outcome = text_words(block.text), block.outcome.value
            return _Part(say=say, strong=f"{outcome.title()}.", look=f"say {outcome}")
        case Figures():
            return _Part(title, figures=tuple((safe(one.name), figure_words(one)) for one in block.figures))
        case Bars():
            return _Part(title, chart=charts.bars(block))
        case Lines():
            return _Part(title, chart=charts.lines(block))
        case Heatmap():
            return _Part(title, chart=charts.heatmap(block))
        case Scatter():
            return _Part(title, chart=charts.scatter(block))
        case Flow():
            return _Part(title, chart=charts.flow(block))
        case _:
            return _Part(title, sheet=as_sheet(block))
