"""Tables of a report as text: numbers aligned on the decimal mark, headers wrapped, wide ones in several parts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADER = 14
MOST_HEADER_LINES = 4
GAP = 2
INDENT = "  "
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")


@dataclass(frozen=True)
class Column:
    """Cells with a header and a unit; `marks` stand behind the first cells."""

    name: str
    unit: str
    cells: Sequence[str]
    marks: Sequence[str] = field(default=())

    def drawn(self) -> list[str]:
        """Cells of one width."""
        cells = aligned(self.cells)
        if not self.marks:
            return cells
        marks = [*self.marks, *" " * (len(cells) - len(self.marks))]
        return [f"{cell}{mark}" for cell, mark in zip(cells, marks, strict=True)]

    def header(self) -> list[str]:
        """Its name in short lines, then its unit; over marked cells the header ends where the numbers end."""
        lines = textwrap.wrap(self.name, HEADER)[:MOST_HEADER_LINES] or [""]
        tail = " " if self.marks else ""
        return [f"{line}{tail}" for line in lines]


def aligned(cells: Sequence[str]) -> list[str]:
    """Numbers right-aligned on the decimal mark; other words to the right."""
    fractions = [_fraction(cell) for cell in cells]
    tail = max(map(len, fractions), default=0)
    padded = [
        cell + " " * (tail - len(fraction)) if NUMBER.fullmatch(cell.strip()) or len(cell) == 1 else cell
        for cell, fraction in zip(cells, fractions, strict=True)
    ]
    width = max(map(len, padded), default=0)
    return [cell.rjust(width) for cell in padded]


def _fraction(cell: str) -> str:
    found = NUMBER.fullmatch(cell.strip())
    return (found[1] or "") if found else ""


def table(names: Sequence[str], columns: Sequence[Column], width: int, corner: str = "") -> list[str]:
    """Lines of the table, in parts of columns that fit `width`, each part with the names of the rows."""
    left = max([len(name) for name in names] + [len(corner)], default=0)
    parts: list[list[Column]] = [[]]
    used = 0
    for column in columns:
        needed = GAP + _width(column)
        if parts[-1] and len(INDENT) + left + used + needed > width:
            parts.append([])
            used = 0
        parts[-1].append(column)
        used += needed
    lines: list[str] = []
    for number, part in enumerate(parts):
        lines += [""] if number else []
        lines += _part(names, part, left, corner)
    return lines


def _width(column: Column) -> int:
    return max(map(len, [*column.drawn(), *column.header(), _unit(column)]), default=0)


def _unit(column: Column) -> str:
    return f"{column.unit} " if column.unit and column.marks else column.unit


def _part(names: Sequence[str], columns: Sequence[Column], left: int, corner: str) -> list[str]:
    headers = [column.header() for column in columns]
    height = max(map(len, headers), default=0)
    widths = [_width(column) for column in columns]
    lines = []
    for place in range(height):
        cells = [header[place - height + len(header)] if place >= height - len(header) else "" for header in headers]
        lines.append(_line(corner if place == height - 1 else "", left, cells, widths))
    if any(column.unit for column in columns):
        lines.append(_line("", left, [_unit(column) for column in columns], widths))
    lines.append(INDENT + "─" * (left + sum(widths) + GAP * len(widths)))
    drawn = [column.drawn() for column in columns]
    for place, name in enumerate(names):
        if name == "sum" and place == len(names) - 1:
            lines.append(lines[height + any(column.unit for column in columns)])
        lines.append(_line(name, left, [cells[place] for cells in drawn], widths))
    return lines


def _line(name: str, left: int, cells: Sequence[str], widths: Sequence[int]) -> str:
    gap = " " * GAP
    shown = "".join(gap + cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return (INDENT + name.ljust(left) + shown).rstrip()
