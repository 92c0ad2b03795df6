"""How wide words are, where they wrap, and where a printed page ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PAGE = (770.0, 505.0)
"""Points across and down that A4 in landscape leaves between the margins."""
ROW = 15.0
_NARROW, _WIDE = frozenset("iljtfrI.,;:!|'()[]/ -·"), frozenset("mwMW@%—…▲▼")


def text_width(words: str) -> float:
    """How wide words are in Arial, in digits."""
    return sum(_width(character) for character in words)


def _width(character: str) -> float:
    if character in _NARROW:
        return 0.56
    if character in _WIDE:
        return 1.6
    if ord(character) >= 0x1100:
        return 2.0
    return 1.25 if character.isupper() else 1.0


def line_count(words: str, width: float) -> int:
    """How many lines words take in a cell `width` digits wide."""
    lines, used = 1, 0.0
    for word in words.split(" "):
        needed = text_width(word)
        if used and used + 0.56 + needed > width:
            lines, used = lines + 1, 0.0
        used += needed + (0.56 if used else 0.0)
        while used > width:
            lines, used = lines + 1, used - width
    return lines


def column_points(width: float) -> float:
    """The points of a column so many digits wide."""
    return (width * 7 + 5) * 0.75


def page_breaks(
    blocks: Sequence[tuple[int, int]], heights: Mapping[int, float], across: float, repeated: int, drawn: int
) -> list[int]:
    """The rows before which a printed page ends, so that no block (first row, row after it) is cut that fits a page.

    `across` is the width of the sheet in points, fitted to the page; the first `repeated` rows stand on every page;
    drawing begins in row `drawn`.
    """
    room = PAGE[1] / min(1.0, PAGE[0] / max(across, 1.0))
    top = _height(heights, 0, repeated)
    breaks, used, done = [], _height(heights, 0, drawn), drawn
    for first, end in blocks:
        used += _height(heights, done, first)
        height = _height(heights, first, end)
        if first > drawn and used > top and used + height > room:
            breaks.append(first)
            used = top
        used = used + height if used + height <= room else top + (used + height - top) % (room - top)
        done = end
    return breaks


def _height(heights: Mapping[int, float], first: int, end: int) -> float:
    return sum(heights.get(row, ROW) for row in range(first, end))
