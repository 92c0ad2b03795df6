"""Markdown: reports as text and tables, read as well unrendered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from segtui.api import Block, Delivery, Exporter, Figures, Params, Report, Run, Segmentation, Text, Tone, Verdict
from segtui.api.text import count, safe
from segtui_files.words import account_lines, as_sheet, figure_words, shares, text_words, written_name

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!&@${}^])|(?<=:)(//)|(?<=[Ww])(\.)")
_AT_START = re.compile(r"^\s*(?:([-+=])|\d+([.)])(?=\s|$))")


class MarkdownParams(Params):
    """What the Markdown holds."""

    segments: bool = Field(True, description="start with the segments, their sizes and the account")


class Markdown(Exporter[MarkdownParams]):
    """One file with all reports."""

    id = "markdown"
    title = "Markdown"
    summary = "Reports as text and tables."
    Params = MarkdownParams

    def write(self, delivery: Delivery, folder: Path, params: MarkdownParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.md`."""
        run.progress(0.0, "writing Markdown")
        parts = [f"# {literal(safe(delivery.title))}"]
        for one in delivery.segmentations if params.segments else ():
            parts += _segmentation(one)
        for report in delivery.reports:
            parts += _report(report)
        path = folder / written_name(delivery, "report.md")
        path.write_bytes(("\n\n".join(part for part in parts if part) + "\n").encode())
        return (path,)


def literal(text: str) -> str:
    """Safe text with every character that means something in a line of Markdown escaped."""
    return _SPECIAL.sub(lambda found: "\\" + found[0] if found[0] != "//" else "\\/\\/", text)


def paragraph(text: str) -> str:
    """The same where the text starts a line, and must not start a list."""

    def escaped(found: re.Match[str]) -> str:
        return f"{found[0][:-1]}\\{found[0][-1]}"

    return _AT_START.sub(escaped, literal(text))


def _segmentation(one: Segmentation) -> Iterator[str]:
    yield f"## {literal(safe(one.id))}"
    rows = [
        (segment.letter, safe(segment.name), count(segment.size), share, safe(segment.rule))
        for segment, share in zip(one.segments, shares(one), strict=True)
    ]
    yield _table(("", "segment", "customers", "share", "rule"), rows, "llrrl")
    yield "\n".join(f"- {paragraph(words)}: {count(rows)}" for words, rows in account_lines(one))
    yield "\n".join(f"- {paragraph(safe(note))}" for note in one.notes)


def _report(report: Report) -> Iterator[str]:
    yield f"## {literal(safe(report.title))}"
    for block in report.blocks:
        yield from _block(block)
    for note in report.notes:
        yield f"*{literal(text_words(note))}*"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text():
            words = paragraph(text_words(block))
            looks = {Tone.HEADING: f"### {words}", Tone.NOTE: f"*{words}*", Tone.WARNING: f"> **Careful.** {words}"}
            yield looks.get(block.tone, words)
        case Verdict():
            yield f"> **{block.outcome.value.title()}.** {literal(text_words(block.text))}"
        case Figures():
            yield f"### {literal(safe(block.title))}" if block.title else ""
            yield _table(("figure", "value"), [(safe(one.name), figure_words(one)) for one in block.figures], "lr")
        case _:
            sheet = as_sheet(block)
            yield f"### {literal(sheet.title)}" if sheet.title else ""
            rows = [
                (label, *(cell.shown for cell in cells)) for label, cells in zip(sheet.labels, sheet.cells, strict=True)
            ]
            yield _table(sheet.header, rows, "l" + "r" * (len(sheet.header) - 1))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> str:
    under = ["---:" if side == "r" else "---" for side in sides]
    written = [[literal(cell) for cell in header], under, *([literal(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in written)
