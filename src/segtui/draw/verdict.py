"""Verdicts: pass, warn or fail, in a word, with a mark, and why."""

from __future__ import annotations

from segtui.api.report import Outcome, Verdict
from segtui.draw.line import STRONG, Line, Piece, line, wrapped
from segtui.draw.text import MEASURE, filled

MARKS = {Outcome.PASS: "✓ pass", Outcome.WARN: "! warn", Outcome.FAIL: "✗ fail"}
_INDENT = "        "


def draw_verdict(block: Verdict, width: int) -> list[Line]:
    """The outcome, and the sentence beside it."""
    first = line(Piece(MARKS[block.outcome], f"{STRONG} {block.outcome.value}"), "  ")
    return wrapped(filled(block.text), min(width, MEASURE), first, _INDENT)
