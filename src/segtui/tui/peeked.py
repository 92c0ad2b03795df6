"""What the first rows of a file are, on their way from the process that looked at them to the screen."""

from __future__ import annotations

from typing import NamedTuple


class PeekedColumn(NamedTuple):
    """A column as it is shown: harmless texts, None where there is no value. What is whole is never cut."""

    name: str
    detail: str
    is_right_aligned: bool
    is_whole: bool
    widest: int
    texts: list[str | None]


class FirstRows(NamedTuple):
    """The first columns and rows of a file, as they stand in it."""

    columns: tuple[PeekedColumn, ...]
    rows: int
