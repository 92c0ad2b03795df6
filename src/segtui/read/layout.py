"""Finding where the table starts in a text file: title lines, the header, and the first row of data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from segtui.read.dialect import VALUE, Dialect, width_of
from segtui.read.reading import Reading, given

_LOOK_ROWS = 60
_COMMON_NAMES = re.compile(
    r"(?i)^(id|.*[_ ]id|name|.*name|date|.*date|datum|fecha|email|e-?mail|city|country|land|state|zip|plz|address|"
    r"amount|price|quantity|age|gender|sex|type|code|value|total|customer.*|kunde.*|client.*|order.*|product.*|category|title|"
    r"description|status|year|month|time)$"
)


@dataclass(frozen=True)
class Layout:
    """`header` is the first line of the header (from 1) or None; `names` as the file has them; `data` the line number
    of the first row; `width` the number of columns."""

    header: int | None
    header_rows: int
    names: tuple[str, ...]
    data: int
    width: int


Row = tuple[int, int, list[str]]


def laid_out(text: str, dialect: Dialect, reading: Reading) -> Layout | None:
    """Where the table starts in `text` (the beginning of the file); None where there is no row at all."""
    rows: list[Row] = []
    cells = 0
    for row in dialect.rows(text):
        rows.append(row)
        cells += len(row[2])
        if len(rows) >= _LOOK_ROWS * 5 or cells > 100_000:
            break
    if not rows:
        return None
    width = width_of([row for _, _, row in rows])
    if isinstance(reading.header, int):
        start = next((index for index, row in enumerate(rows) if row[0] >= reading.header), None)
        if start is None:
            return None
        return _with_header(rows, start, reading.header_rows, reading.skip_rows or 0, width)
    if given(reading.header) is None and reading.header is not None:
        start = reading.skip_rows or 0
        body = [row for row in rows if row[0] > start]
        return Layout(None, 1, (), body[0][0] if body else start + 1, width_of([row for _, _, row in body]) or width)
    start = _first_full_row(rows, width)
    has_header, deep = _header_rows(rows[start:], width)
    if has_header:
        return _with_header(rows, start, deep, reading.skip_rows or 0, width)
    skipped = reading.skip_rows
    return Layout(None, 1, (), rows[start][0] if skipped is None else skipped + 1, width)


def _with_header(rows: Sequence[Row], start: int, deep: int, skipped: int, width: int) -> Layout:
    heads = [row for _, _, row in rows[start : start + deep]]
    width = width_of([row for _, _, row in rows[start + deep :]]) or width
    width = max(width, max((_filled(head) for head in heads), default=0), 1)
    names = _merged(heads, max(map(len, heads)))[:width]
    last = rows[min(start + deep, len(rows)) - 1]
    data = last[1] + 1 + skipped
    if start + deep < len(rows) and not skipped:
        data = rows[start + deep][0]
    return Layout(rows[start][0], deep, tuple(names), data, width)


def _merged(heads: Sequence[Sequence[str]], width: int) -> list[str]:
    """The names of a header of several rows: what stands above is carried to the right, then joined."""
    if len(heads) == 1:
        return [*heads[0], *[""] * (width - len(heads[0]))]
    carried: list[list[str]] = []
    for depth, head in enumerate(heads):
        padded = [*head, *[""] * (width - len(head))]
        if depth < len(heads) - 1:
            for index in range(1, width):
                below = any(index < len(lower) and lower[index].strip() for lower in heads[depth + 1 :])
                if not padded[index].strip() and below:
                    padded[index] = padded[index - 1]
        carried.append(padded)
    return [" ".join(part.strip() for part in parts if part.strip()) for parts in zip(*carried, strict=False)]


def _filled(row: Sequence[str]) -> int:
    """How many cells up to the last that holds something."""
    return max((index for index, cell in enumerate(row, 1) if cell.strip()), default=0)


def _full(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _first_full_row(rows: Sequence[Row], width: int) -> int:
    """The first row that belongs to the table: as wide as the others, and not a title in its first cells."""
    usual = sorted(_full(row) for _, _, row in rows if len(row) == width)
    middle = usual[len(usual) // 2] if usual else 1
    for index, (_, _, row) in enumerate(rows[:_LOOK_ROWS]):
        after = rows[index + 1 : index + 6]
        short = len(row) != width and not (_close(len(row), width) and after and _full(row) == len(row))
        if short or not _full(row):
            continue
        if (
            width >= 3
            and _full(row) <= max(1, min(middle, width) // 4)
            and any(_full(each[2]) > _full(row) for each in after)
        ):
            continue
        return index
    return 0


def _close(length: int, width: int) -> bool:
    return width > 2 and abs(length - width) == 1


def _header_rows(rows: Sequence[Row], width: int) -> tuple[bool, int]:
    """Whether the first row is a header, and of how many rows."""
    head = rows[0][2]
    body = [row for _, _, row in rows[1:] if len(row) >= min(width, len(head)) - 1]
    if not body:
        return (not any(_typed(cell) for cell in head)), 1
    if not _is_header(head, body, width):
        return False, 1
    deep = 1
    while deep < 3 and deep < len(rows) - 1:
        next_row = rows[deep][2]
        rest = [row for _, _, row in rows[deep + 1 :]]
        gaps = any(not cell.strip() for cell in rows[deep - 1][2][:width])
        below = [
            index
            for index, cell in enumerate(next_row[:width])
            if cell.strip() and (index >= len(head) or not head[index].strip() or not rows[0][2][index].strip())
        ]
        named = _full(next_row) > 0 and not any(_typed(cell) for cell in next_row)
        if not (gaps and below and named and _is_strong_header(next_row, rest, width)):
            break
        deep += 1
    return True, deep


def _is_strong_header(head: Sequence[str], body: Sequence[Sequence[str]], width: int) -> bool:
    """Words over columns of numbers, none repeated in its own column."""
    over_values = sum(bool(cell.strip()) and _share_typed(body, index) > 0.6 for index, cell in enumerate(head[:width]))
    return over_values > 0


def _is_header(head: Sequence[str], body: Sequence[Sequence[str]], width: int) -> bool:
    votes = 0.0
    for index in range(min(width, len(head))):
        cell = head[index].strip()
        column = [row[index].strip() for row in body if index < len(row) and row[index].strip()]
        if not cell:
            votes -= 0.1 * len(column) / len(body)
            continue
        typed = _typed(cell)
        share = sum(map(_typed, column)) / len(column) if column else 0.0
        if column and share > 0.7:
            votes += -1.0 if typed else 1.0
        elif typed:
            votes -= 0.7
        elif column and cell in column:
            votes -= min(0.8, 3 * column.count(cell) / len(column))
        elif column:
            votes += _text_vote(cell, column)
        else:
            votes += 0.3
        if _COMMON_NAMES.match(cell):
            votes += 0.7
    years = [cell.strip() for cell in head if cell.strip()]
    if _are_years(years) and not _are_years([cell.strip() for cell in body[0] if cell.strip()]):
        return True
    return votes > 0


def _text_vote(cell: str, column: Sequence[str]) -> float:
    lengths = {len(value) for value in column}
    if len(lengths) == 1 and len(column) > 2:
        return 0.6 if len(cell) not in lengths else -0.3
    if (
        any(character.isdigit() for character in cell)
        and sum(any(map(str.isdigit, each)) for each in column) > len(column) * 0.7
    ):
        return -0.3
    return 0.2 if len(cell) < 60 else -0.2


def _are_years(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if re.fullmatch(r"(19|20)\d\d", cell)]
    return len(numbers) >= 3 and len(numbers) >= len(cells) - 2 and numbers == sorted(set(numbers))


def _typed(cell: str) -> bool:
    return (
        bool(re.search(r"\d", cell)) and len(cell) < 60 and VALUE.fullmatch(cell) is not None
    ) or cell.lower() in _BARE


_BARE = frozenset({"nan", "inf", "-inf", "true", "false", "null"})


def _share_typed(body: Sequence[Sequence[str]], index: int) -> float:
    column = [row[index].strip() for row in body if index < len(row) and row[index].strip()]
    return sum(map(_typed, column)) / len(column) if column else 0.0
