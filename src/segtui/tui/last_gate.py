"""The last gate before the terminal: whatever a widget draws, nothing of it can command the terminal.

What comes from data is made harmless where it is shown, so that a person sees what is in it. This is for what was
forgotten there, and for text that is being edited, which must stay as it is.
"""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

COMMANDS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
ZERO_WIDTH_JOINER = "\u200d"


class LastGate(LineFilter):
    """Takes characters that a terminal would obey out of drawn lines, which stay as wide as they are, and all links."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The line as it may be written."""
        if all(_is_harmless(segment) for segment in segments):
            return segments
        return [segment if _is_harmless(segment) else _tamed(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    return segment.text.isprintable() and not (segment.style and segment.style.link)


def _tamed(segment: Segment) -> Segment:
    style = segment.style.update_link(None) if segment.style and segment.style.link else segment.style
    return Segment("".join(_written(character) for character in segment.text), style, segment.control)


def _written(character: str) -> str:
    if unicodedata.category(character) not in COMMANDS or character == ZERO_WIDTH_JOINER:
        return character
    return "?" * cell_len(character)
