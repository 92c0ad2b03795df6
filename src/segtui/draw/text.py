"""Paragraphs: headings, text, notes and warnings."""

from __future__ import annotations

import re

from segtui.api.report import Figure, Text, Tone
from segtui.api.text import harmless
from segtui.draw.line import DIM, STRONG, TITLE, WARNING, Line, Piece, line, underlined, wrapped
from segtui.draw.values import shown

MEASURE = 88
"""Lines of prose are no longer, however wide the terminal."""


def draw_text(block: Text, width: int) -> list[Line]:
    """A paragraph; its figures are strong, a heading stands on a rule."""
    measure = min(width, MEASURE)
    match block.tone:
        case Tone.HEADING:
            return underlined(wrapped((Piece(piece.text, TITLE) for piece in filled(block)), width), "─")
        case Tone.NOTE:
            return wrapped((Piece(piece.text, DIM) for piece in filled(block)), measure, line(Piece("· ", DIM)), "  ")
        case Tone.WARNING:
            return wrapped(filled(block), measure, line(Piece("! ", f"{STRONG} {WARNING}")), "  ")
        case Tone.BODY:
            return wrapped(filled(block), measure)


def filled(text: Text) -> list[Piece]:
    """The words of a text and its figures, in order; numbers are strong."""
    pieces = re.split(r"\{(\w+)\}", text.template)
    return [_figure(text.figures[piece]) if place % 2 else Piece(harmless(piece)) for place, piece in enumerate(pieces)]


def _figure(figure: Figure) -> Piece:
    return Piece(shown(figure), "" if isinstance(figure.value, str) else STRONG)
