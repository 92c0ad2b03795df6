"""Whole reports: the title, the blocks and the notes, and how far they stand apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from segtui.api.report import Block, Report, Text, Tone, Verdict
from segtui.api.text import safe
from segtui.draw.block import draw_block
from segtui.draw.line import TITLE, Line, Piece, line, underlined, wrapped


class Part(NamedTuple):
    """Lines at any width, and how many are free before them."""

    free: int
    drawn: Callable[[int], list[Line]]


def parts_of(report: Report) -> Iterator[Part]:
    """The title, the blocks, then the notes; notes, warnings and verdicts stand together, all else apart."""
    yield Part(0, partial(_title, report.title))
    before: Block | None = None
    notes = [Text("Notes", tone=Tone.HEADING), *(Text(one.template, one.figures, Tone.NOTE) for one in report.notes)]
    for block in (*report.blocks, *(notes if report.notes else ())):
        yield Part(_free(before, block), partial(draw_block, block))
        before = block


def draw_report(report: Report, width: int) -> Iterator[Line]:
    """The lines of a report, no wider than `width` or 36 cells; all texts in them are safe."""
    for part in parts_of(report):
        yield from [()] * part.free
        yield from part.drawn(width)


def _title(title: str, width: int) -> list[Line]:
    return underlined(wrapped(line(Piece(safe(title), TITLE)), width), "═")


def _free(before: Block | None, block: Block) -> int:
    """So many lines are free between two blocks, or the title and the first."""
    if before is None:
        return 1
    if isinstance(before, Text) and before.tone is Tone.HEADING:
        return 0
    if isinstance(block, Text) and block.tone is Tone.HEADING:
        return 2
    return 0 if _hangs(block) and _hangs(block) == _hangs(before) else 1


def _hangs(block: Block) -> str:
    """The kind of a block whose lines hang from a mark, so that it needs no room around; nothing for all others."""
    if isinstance(block, Verdict):
        return "verdict"
    return block.tone.value if isinstance(block, Text) and block.tone in (Tone.NOTE, Tone.WARNING) else ""
