"""What the Compare screen shows of a comparison, and of the results beside it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from rich.text import Text as Words

from segtui.api.report import Block, Flow, Grid, Report, Text, Tone
from segtui.api.text import plural, safe
from segtui.project.facts import SegmentationFacts

WIDEST_ID = 40


class Part(StrEnum):
    """Which part of the comparison is shown."""

    ALL = "all"
    FLOW = "flow"
    MOVED = "moved"


def part_of(report: Report, part: Part) -> Report:
    """The headings with the flows alone, or with the sentences and tables that say who moved; or all of it."""
    if part is Part.ALL:
        return report
    kept = tuple(block for block in report.blocks if _belongs(block, part))
    words = {Part.FLOW: "flow", Part.MOVED: "who moved"}[part]
    return replace(report, title=f"{report.title}: {words}", blocks=kept, notes=())


def _belongs(block: Block, part: Part) -> bool:
    if isinstance(block, Text) and block.tone is Tone.HEADING:
        return True
    if part is Part.FLOW:
        return isinstance(block, Flow)
    tells_moves = isinstance(block, Text) and "moved" in block.figures
    matches = isinstance(block, Grid) and block.counts is not None and block.title != "Measures"
    return tells_moves or matches


def result_words(made: SegmentationFacts, *, marked: bool, chosen: bool, stale: bool) -> Words:
    """A result in two lines: id, mark and choice, then its method and size, and whether it is stale."""
    filled = sum(1 for segment in made.segments if segment.size)
    words = Words(no_wrap=True, overflow="ellipsis").append(" ● " if marked else " ○ ")
    words.append(safe(made.id, WIDEST_ID), style="bold" if marked else "").append("  ★ chosen" if chosen else "")
    words.append("\n   ")
    total = len(made.segments)
    sizes = plural(total, "segment") if filled == total else f"{filled} of {total} segments"
    words.append(f"{safe(made.title, WIDEST_ID)}, {sizes}", style="dim")
    return words.append("  ! stale") if stale else words
