"""Lines made of pieces: text that is drawn as it stands, each piece with a look that a theme turns into a style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from segtui.api.report import About
from segtui.api.text import safe

LEAST_WIDTH = 36
"""Below so many cells nothing is laid out any narrower."""
LABEL = 60
COLOURS = 8

STRONG = "strong"
DIM = "dim"
RULE = "rule"
TITLE = "title"
BAR = "bar"
BELOW = "below"
WARNING = "warning"

_LETTERED = re.compile(r"([A-Z]{1,2})(?: |$)")


class Piece(NamedTuple):
    """Text with its look: words of the palette, such as "strong segment-2"."""

    text: str
    look: str = ""


Line = tuple[Piece, ...]


def line(*pieces: str | Piece) -> Line:
    """A line of pieces; plain strings have no look."""
    return tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces)


def plain(drawn: Line) -> str:
    """The text of a line."""
    return "".join(piece.text for piece in drawn)


def width_of(drawn: Iterable[Piece]) -> int:
    """How many cells the pieces take."""
    return sum(cell_len(piece.text) for piece in drawn)


def segment(place: int) -> str:
    """The look of the segment shown at `place`; colours repeat beyond eight, letters do not."""
    return f"segment-{place % COLOURS + 1}"


def letter_of(label: str) -> tuple[str, int] | None:
    """The letter that a label such as "B Steady" begins with, and its place from 0."""
    found = _LETTERED.match(label)
    if not found:
        return None
    place = 0
    for character in found[1]:
        place = place * 26 + ord(character) - ord("A") + 1
    return found[1], place - 1


def label(text: str, about: About = ()) -> Line:
    """A label; the letter of a segment stands out where the label is about customers in one."""
    shown = safe(text, LABEL)
    found = letter_of(shown) if any(code for _, code in about) else None
    if not found:
        return line(shown)
    letter, place = found
    return line(Piece(letter, f"{STRONG} {segment(place)}"), shown[len(letter) :])


def cut(text: str, width: int) -> str:
    """Text of at most so many cells, the last an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, max(width - 1, 0)).rstrip()}…" if width > 0 else ""


def cut_pieces(pieces: Iterable[Piece], width: int) -> Line:
    """The same for pieces."""
    kept: list[Piece] = []
    for piece in pieces:
        if cell_len(piece.text) > width:
            return (*kept, Piece(cut(piece.text, width), piece.look))
        kept.append(piece)
        width -= cell_len(piece.text)
    return tuple(kept)


def left(text: str, width: int) -> str:
    """Text cut or filled up to so many cells."""
    shown = cut(text, width)
    return shown + " " * (width - cell_len(shown))


def right(text: str, width: int) -> str:
    """The same with the text at the right end."""
    shown = cut(text, width)
    return " " * (width - cell_len(shown)) + shown


def padded(pieces: Line, width: int) -> Line:
    """A line cut or filled up to so many cells."""
    shown = cut_pieces(pieces, width)
    room = width - width_of(shown)
    return (*shown, Piece(" " * room)) if room > 0 else shown


def wrapped(pieces: Iterable[Piece], width: int, first: Line = (), rest: str = "") -> list[Line]:
    """Pieces in lines broken between words, `first` before the first line and `rest` before the others.

    Strong pieces, which are figures, are kept whole where they are short.
    """
    room = max(width - max(width_of(first), cell_len(rest)), 1)
    lines: list[list[Piece]] = []
    used = 0
    for word in _words(pieces, room):
        needed = width_of(word)
        if lines and used + 1 + needed <= room:
            lines[-1] += [Piece(" "), *word]
            used += 1 + needed
        else:
            lines.append(list(word))
            used = needed
    heads: list[Line] = [first, *[line(rest)] * len(lines)]
    return [tuple(piece for piece in (*head, *body) if piece.text) for head, body in zip(heads, lines, strict=False)]


def underlined(lines: Sequence[Line], sign: str) -> list[Line]:
    """Lines on a rule that is as wide as they are."""
    return [*lines, line(Piece(sign * max(map(width_of, lines), default=0), RULE))]


def _words(pieces: Iterable[Piece], room: int) -> list[list[Piece]]:
    words: list[list[Piece]] = [[]]
    for piece in pieces:
        whole = STRONG in piece.look and cell_len(piece.text) <= room // 2
        for place, part in enumerate([piece.text] if whole else piece.text.split(" ")):
            if place:
                words.append([])
            if part:
                words[-1].append(Piece(part, piece.look))
    return [part for word in words if word for part in _chopped(word, room)]


def _chopped(word: Sequence[Piece], room: int) -> list[list[Piece]]:
    """The word, in parts where it is wider than a line."""
    if width_of(word) <= room:
        return [list(word)]
    return [[Piece(part, piece.look)] for piece in word for part in chop_cells(piece.text, room)]
