"""A plane of braille dots and marks, with axes and ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len

from segtui.api.text import safe
from segtui.draw.line import DIM, RULE, STRONG, Line, Piece, cut, letter_of, line, right, segment, wrapped
from segtui.draw.ticks import Tick, Ticks, number_ticks, step_between
from segtui.draw.values import bounded

MARKERS = "●■▲◆○□△◇"
ALIKE, LEAST = 1e-10, 1e-290
"""Values that differ by less than this share of them, or at all by less than the other, lie at one height."""
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Plane:
    """Cells of 2 x 4 dots. What is `put` stands over dots."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._dots: dict[tuple[int, int], int] = {}
        self._looks: dict[tuple[int, int], str] = {}
        self._marks: dict[tuple[int, int], str] = {}

    def dot(self, x: int, y: int, look: str) -> None:
        """One dot; x from the left and y from the top, in dots."""
        cell = (x // 2, y // 4)
        self._dots[cell] = self._dots.get(cell, 0) | _DOTS[y % 4][x % 2]
        self._looks[cell] = look

    def stroke(self, start: tuple[int, int], end: tuple[int, int], look: str, every: int = 1) -> None:
        """A straight line of dots, or of one dot in `every`."""
        across, down = end[0] - start[0], end[1] - start[1]
        steps = max(abs(across), abs(down), 1)
        for step in range(steps + 1):
            x, y = start[0] + round(across * step / steps), start[1] + round(down * step / steps)
            if (x if abs(across) >= abs(down) else y) % every == 0:
                self.dot(x, y, look)

    def put(self, column: int, row: int, mark: str, look: str) -> None:
        """A mark in a cell."""
        self._marks[column, row] = mark
        self._looks[column, row] = look

    def has_mark(self, column: int, row: int) -> bool:
        """Whether a mark stands there."""
        return (column, row) in self._marks

    def row(self, row: int) -> Line:
        """The pieces of a row."""
        pieces: list[Piece] = []
        for column in range(self.columns):
            text, look = self._cell((column, row))
            if pieces and pieces[-1].look == look:
                pieces[-1] = Piece(pieces[-1].text + text, look)
            else:
                pieces.append(Piece(text, look))
        return tuple(pieces)

    def _cell(self, cell: tuple[int, int]) -> tuple[str, str]:
        if cell in self._marks:
            return self._marks[cell], self._looks[cell]
        if cell in self._dots:
            return chr(0x2800 + self._dots[cell]), self._looks[cell]
        return " ", ""


class Scale:
    """Where values between `low` and `high` lie on so many dots; `inset` dots are free at either end."""

    def __init__(self, low: float, high: float, dots: int, inset: float = 0) -> None:
        self.low, self.high, self.dots, self.inset = low, high, dots, inset

    def at(self, value: float) -> int:
        """The dot of a value, from the low end."""
        share = (value - self.low) / (self.high - self.low)
        place = round(self.inset + share * (self.dots - 1 - 2 * self.inset))
        return min(max(place, 0), self.dots - 1)


class Upright(NamedTuple):
    """The upright axis: its rows, ticks that are equally far from each other, and what they count."""

    rows: int
    scale: Scale
    ticks: list[Tick]
    counting: str

    @property
    def margin(self) -> int:
        """So many cells its labels take."""
        return max((cell_len(tick.label) for tick in self.ticks), default=0)


def upright(values: Iterable[float], width: int) -> Upright:
    """An axis for these values in a plot of this width."""
    wanted = min(max(width // 7, 9), 15)
    low, high = reach_of(values)
    step = step_between(low, high, wanted // 2)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    ticks, counting = number_ticks(low, high, step)
    between = max(len(ticks) - 1, 1)
    rows = between * max((wanted - 1) // between, 2) + 1
    return Upright(rows, Scale(low, high, rows * 4, 1.5), ticks, counting)


def framed(plane: Plane, x: Scale, across: Ticks, up: Upright, titles: tuple[str, str]) -> list[Line]:
    """The plane with its axes, and the titles of x and y beside them."""
    margin = up.margin
    labels = {plane.rows - 1 - up.scale.at(tick.value) // 4: tick.label for tick in up.ticks}
    x_title, y_title = (
        ", ".join(word for word in (safe(title, 200), counting) if word)
        for title, counting in zip(titles, (across.counting, up.counting), strict=True)
    )
    lines = [line(Piece(cut(y_title, margin + 2 + plane.columns), DIM))] if y_title else []
    for row in range(plane.rows):
        name = labels.get(row, "")
        lines.append((Piece(right(name, margin), DIM), Piece(" ┤" if name else " │", RULE), *plane.row(row)))
    axis, words = ["─"] * plane.columns, [" "] * (margin + 2 + plane.columns)
    free = 0
    for tick in across.ticks:
        column = x.at(tick.value) // 2
        start = min(max(margin + 2 + column - len(tick.label) // 2, 0), len(words) - len(tick.label))
        if start < free:
            continue
        axis[column] = "┬"
        words[start : start + len(tick.label)] = tick.label
        free = start + len(tick.label) + 1
    lines.append(line(" " * margin, Piece(" └" + "".join(axis), RULE)))
    lines.append(line(Piece("".join(words).rstrip(), DIM)))
    if x_title:
        name = cut(x_title, plane.columns)
        lines.append(line(Piece(" " * (margin + 2 + (plane.columns - cell_len(name)) // 2) + name, DIM)))
    return lines


def keys(names: Sequence[str]) -> list[Piece]:
    """A mark and its look for each name: the letters of segments where all have one, else signs in their order."""
    letters = [letter_of(name) for name in names]
    is_letter = all(found and len(found[0]) == 1 for found in letters)
    if is_letter and len(set(letters)) == len(names):
        return [Piece(found[0], f"{STRONG} {segment(found[1])}") for found in letters if found]
    signs = MARKERS + "abcdefghijklmnopqrstuvwxyz"
    return [Piece(signs[min(place, len(signs) - 1)], segment(place)) for place in range(len(names))]


def legend(names: Sequence[str], marks: Sequence[Piece], width: int) -> list[Line]:
    """The marks and what they stand for, in as many lines as it takes."""
    pieces: list[Piece] = []
    for name, mark in zip(names, marks, strict=True):
        shown = safe(name, 40)
        rest = shown[len(mark.text) :].lstrip() if letter_of(shown) and shown.startswith(mark.text) else shown
        pieces += [Piece(f"{mark.text}\u00a0", mark.look), Piece(f"{rest}   ".replace(" ", "\u00a0"))]
        pieces.append(Piece(" "))
    return [tuple(Piece(p.text.replace("\u00a0", " "), p.look) for p in one) for one in wrapped(pieces, width)]


def reach_of(values: Iterable[float], margin: float = 0.0) -> tuple[float, float]:
    """The least and the greatest, with a margin of this share; never the same."""
    known = [bounded(value) for value in values]
    low, high = min(known), max(known)
    size = max(abs(low), abs(high))
    if high - low > max(size * ALIKE, LEAST):
        return low - (high - low) * margin, high + (high - low) * margin
    room = size * 0.1 if size > LEAST else 1.0
    return low - room, high + room


def ordinal(x: float | date) -> float:
    """A place on the axis: days for dates."""
    return float(x.toordinal()) if isinstance(x, date) else float(x)
