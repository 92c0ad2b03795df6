"""Tables as lines: decimal marks below each other, headers wrapped, wide ones in parts that repeat the first column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from segtui.api.text import plural
from segtui.draw.line import DIM, RULE, Line, Piece, left, line, padded, plain, right, width_of, wrapped
from segtui.draw.values import aligned

HEADER = 14
MOST_HEADER_LINES = 4
MOST_NAME_LINES = 3
GAP = 2
_SPACE = Piece(" " * GAP)
WORDS, LEAST_WORDS = 48, 20
"""A column of words has so many cells at most, and is made no narrower than so many; longer ones go on in the next
line."""


class Cell(NamedTuple):
    """What stands in a cell, a mark behind it, and its look."""

    text: str
    mark: str = ""
    look: str = ""


@dataclass(frozen=True)
class Column:
    """Cells with a header and a unit; `words` are put to the left and wrapped, all else is aligned as numbers, and has
    a space at either side where the looks are shades. Names are wrapped at `header` cells."""

    name: str
    unit: str
    cells: Sequence[Cell]
    words: bool = False
    shaded: bool = False
    header: int = HEADER


class Laid(NamedTuple):
    """A column at its width."""

    width: int
    header: list[str]
    unit: str
    cells: list[list[Piece]]
    words: bool


def table(
    names: Sequence[Line], columns: Sequence[Column], width: int, corner: str = "", sums: bool = False
) -> list[Line]:
    """Lines of a table no wider than `width` where its columns allow; `sums` sets the last row apart."""
    widest = max([width_of(name) for name in names] + [cell_len(corner)], default=0)
    first = min(widest, max(12, width * 2 // 5))
    laid = _laid_out(columns, width - first - GAP)
    first = min(widest, max(first, width - sum(column.width + GAP for column in laid)))
    parts = _parts(laid, width - first - GAP)
    rows = [_name_lines(name, first) for name in names]
    lines: list[Line] = []
    start = 0
    for part in parts:
        if len(parts) > 1:
            lines += [()] if start else []
            which = f"{start + 1}" if len(part) == 1 else f"{start + 1} to {start + len(part)}"
            lines += [line(Piece(f"column{'s' * (len(part) > 1)} {which} of {len(columns)}", DIM))]
        lines += _part(rows, part, first, corner, sums)
        start += len(part)
    return lines


def _laid_out(columns: Sequence[Column], room: int) -> list[Laid]:
    """The columns at their widths; words are wrapped narrower where the table then stays in one piece."""
    laid = [laid_out(column, room) for column in columns]
    words = [column.width for column in laid if column.words]
    over = sum(column.width + GAP for column in laid) - GAP - room
    each = (sum(words) - over) // max(len(words), 1)
    if over <= 0 or each < LEAST_WORDS:
        return laid
    return [laid_out(column, each) if column.words else one for column, one in zip(columns, laid, strict=True)]


def laid_out(column: Column, room: int) -> Laid:
    """A column at its own width, or `room` where that is less."""
    header = [plain(one) for one in wrapped(line(column.name), min(column.header, room))][:MOST_HEADER_LINES]
    least = max([cell_len(one) for one in [*header, column.unit]], default=0)
    if column.words:
        widest = max([cell_len(cell.text) for cell in column.cells], default=0)
        width = max(min(widest, WORDS, room), min(least, room))
        cells = [
            [Piece(left(plain(one), width), cell.look) for one in wrapped(line(cell.text), width)]
            or [Piece(" " * width)]
            for cell in column.cells
        ]
        return Laid(width, header, column.unit, cells, True)
    marked = any(cell.mark for cell in column.cells)
    edge = " " * column.shaded
    texts = [
        edge + f"{text.rstrip()}{cell.mark}".ljust(len(text) + marked) + edge
        for text, cell in zip(aligned([cell.text for cell in column.cells]), column.cells, strict=True)
    ]
    tail = " " * marked + edge
    header = [one + tail for one in header]
    unit = column.unit + tail if column.unit else ""
    own = cell_len(texts[0]) if texts else 0
    width = min(max(own, *map(cell_len, [*header, unit])), room)
    cells = [
        [Piece(" " * (width - own) + text if own <= width else right(text, width), cell.look)]
        for text, cell in zip(texts, column.cells, strict=True)
    ]
    return Laid(width, header, unit, cells, False)


def _parts(columns: Sequence[Laid], room: int) -> list[list[Laid]]:
    parts: list[list[Laid]] = [[]]
    used = 0
    for column in columns:
        needed = column.width + (GAP if parts[-1] else 0)
        if parts[-1] and used + needed > room:
            parts.append([])
            used, needed = 0, column.width
        parts[-1].append(column)
        used += needed
    return parts


def _name_lines(name: Line, width: int) -> list[Line]:
    lines = wrapped(name, width, rest="  ") if width_of(name) > width else [name]
    if len(lines) > MOST_NAME_LINES:
        rest = tuple(piece for one in lines[MOST_NAME_LINES - 1 :] for piece in (*one, Piece(" ")))
        lines = [*lines[: MOST_NAME_LINES - 1], rest]
    return [padded(one, width) for one in lines] or [line(" " * width)]


def _part(rows: Sequence[list[Line]], columns: Sequence[Laid], first: int, corner: str, sums: bool) -> list[Line]:
    height = max([len(column.header) for column in columns], default=0)
    lines: list[Line] = []
    for place in range(height):
        cells = [[*[""] * (height - len(column.header)), *column.header][place] for column in columns]
        lines.append(_header(corner if place == height - 1 else "", first, cells, columns, ""))
    if any(column.unit for column in columns):
        lines.append(_header("", first, [column.unit for column in columns], columns, DIM))
    reach = first + sum(column.width + GAP for column in columns)
    rule = line(Piece("─" * reach, RULE))
    lines.append(rule)
    for place, name in enumerate(rows):
        if sums and place == len(rows) - 1 and place:
            lines.append(rule)
        lines += _row(name, [column.cells[place] for column in columns], columns, first)
    return lines


def _header(name: str, first: int, cells: Sequence[str], columns: Sequence[Laid], look: str) -> Line:
    pieces = [Piece(left(name, first), DIM)]
    for cell, column in zip(cells, columns, strict=True):
        shown = left(cell, column.width) if column.words else right(cell, column.width)
        pieces += [_SPACE, Piece(shown, look)]
    return tuple(pieces)


def _row(name: list[Line], cells: Sequence[list[Piece]], columns: Sequence[Laid], first: int) -> list[Line]:
    lines = []
    for place in range(max(len(name), *map(len, cells)) if cells else len(name)):
        pieces = list(name[place]) if place < len(name) else [Piece(" " * first)]
        for cell, column in zip(cells, columns, strict=True):
            pieces.append(_SPACE)
            pieces.append(cell[place] if place < len(cell) else Piece(" " * column.width))
        lines.append(tuple(pieces))
    return lines


def left_out(hidden: int, what: str = "row") -> list[Line]:
    """What to say below a table that does not show all of its rows; nothing where it does."""
    if hidden <= 0:
        return []
    return [line(Piece(f"{plural(hidden, f'more {what}')} not shown here", DIM))]
