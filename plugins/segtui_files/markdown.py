"""Markdown: reports as text and tables, read as well unrendered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from segtui.api import Block, Delivery, Exporter, Figures, LeavingSegmentation, Params, Report, Run, Text, Tone, Verdict
from segtui.api.text import count, safe
from segtui_files.cover import Cover, Fact, cover
from segtui_files.sizes import size_rows, total_row
from segtui_files.words import MARKS, OUTCOMES, Cell, as_table, figure_words, text_words, written_name

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!&@${}^])|(?<=:)(//)|(?<=[Ww])(\.)")
_AT_START = re.compile(r"^\s*(?:([-+=])|\d+([.)])(?=\s|$))")


class MarkdownParams(Params):
    """What the Markdown holds."""

    segments: bool = Field(True, description="start with the segments and their sizes")


class Markdown(Exporter[MarkdownParams]):
    """One file with the brief, the account, segments and all reports."""

    id = "markdown"
    title = "Markdown"
    summary = "Brief, segments and reports as text and tables."
    Params = MarkdownParams

    def file_names(self, title: str, segmentations: Sequence[str], params: MarkdownParams) -> tuple[str, ...]:  # noqa: ARG002
        """`TITLE-report.md`."""
        return (written_name(title, "report.md"),)

    def write(self, delivery: Delivery, folder: Path, params: MarkdownParams, run: Run) -> tuple[Path, ...]:
        """Write `TITLE-report.md`: brief, account, sizes, reports, and how it was made."""
        run.progress(0.0, "writing Markdown")
        around = cover(delivery)
        parts = list(_top(around))
        for one in delivery.segmentations if params.segments else ():
            parts += _segmentation(one, around)
        for report in delivery.reports:
            parts += _report(report)
        parts += _made(around)
        path = folder / written_name(delivery.title, "report.md")
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


def _top(around: Cover) -> Iterator[str]:
    """Title, brief, facts, the account, what was read and what may leave."""
    yield f"# {literal(around.title)}"
    yield from (paragraph(line) for line in around.brief)
    yield _facts(around.facts)
    if around.accounts or around.inputs or around.privacy:
        yield "## Where the numbers come from"
    for lines in around.accounts:
        yield _table(("", "number"), [(line.words, count(line.rows)) for line in lines], "lr")
    if around.inputs:
        header = ("name", "file", "size", "rows", "unreadable rows", "SHA-256 starts with")
        rows = [
            (line.name, line.file, line.size, count(line.rows), count(line.rejected), line.digest)
            for line in around.inputs
        ]
        yield "### Files that were read"
        yield _table(header, rows, "llrrrl")
    if around.privacy:
        yield "### What may leave"
        yield _facts(around.privacy)


def _made(around: Cover) -> Iterator[str]:
    """Steps, methods, notes and versions."""
    if around.steps or around.methods or around.notes or around.versions:
        yield "## How it was made"
    if around.steps:
        rows = [(step.words, step.table, count(step.rows_in), count(step.rows_out)) for step in around.steps]
        yield "### Steps of the recipe"
        yield _table(("step", "table", "rows in", "rows out"), rows, "llrr")
    for method in around.methods:
        yield f"### {literal(method.name)}"
        yield _facts(method.facts)
        yield "\n".join(f"- {paragraph(note)}" for note in method.notes)
    if around.notes:
        yield "### Notes"
        yield "\n".join(f"- {paragraph(note)}" for note in around.notes)
    if around.versions:
        yield "### Versions"
        yield _facts(around.versions)


def _facts(facts: Sequence[Fact]) -> str:
    return "\n".join(f"- {paragraph(one.name)}: {literal(one.words)}" for one in facts)


def _segmentation(one: LeavingSegmentation, around: Cover) -> Iterator[str]:
    yield f"## Segments: {literal(around.heading(one.id))}"
    rows = [*size_rows(one), total_row(one)]
    header = ("", "segment", "customers", "share", "rule", "description")
    cells = [(row.letter, row.name, row.shown_customers, row.shown_share, row.rule, row.description) for row in rows]
    width = len(header) if any(row.description for row in rows) else len(header) - 1
    yield _table(header[:width], [row[:width] for row in cells], "llrrll"[:width])
    yield "\n".join(f"- {paragraph(safe(note, 2_000))}" for note in one.notes)


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
            yield f"> **{OUTCOMES[block.outcome]}** {literal(text_words(block.text))}"
        case Figures():
            yield f"### {literal(safe(block.title))}" if block.title else ""
            yield _table(("figure", "value"), [(safe(one.name), figure_words(one)) for one in block.figures], "lr")
        case _:
            table = as_table(block)
            yield f"### {literal(table.title)}" if table.title else ""
            rows = [
                (label.shown, *(_marked(cell) for cell in cells))
                for label, cells in zip(table.labels, table.cells, strict=True)
            ]
            yield _table(table.header, rows, "l" + "r" * (len(table.header) - 1))


def _marked(cell: Cell) -> str:
    return f"{cell.shown} {MARKS[cell.mark]}".rstrip()


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> str:
    under = ["---:" if side == "r" else "---" for side in sides]
    written = [[literal(cell) for cell in header], under, *([literal(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in written)
