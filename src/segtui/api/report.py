"""Reports: what an analysis says, as blocks of plain data that every renderer draws alike.

Blocks that show groups of customers carry `counts`, the number of customers behind each cell, so that the privacy gate
can hide small cells and what would reveal them. A block without counts does not leave the machine. What is `about` the
same customers is hidden or shown everywhere alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Value = float | int | str | date | None
HIDDEN: Literal["hidden"] = "hidden"
"""What stands in a grid, a heatmap or a figure for a value that does not leave; None is a value that nobody knows."""
About = tuple[tuple[str, str], ...]
"""The customers that something is about: those who are in all of these, each a segmentation or a column and the code or
the level there, such as (("kmeans", "0"), ("region", "North")). Code "" is in no segment; () says nothing."""


class Tone(StrEnum):
    """How a text is meant."""

    BODY = "body"
    HEADING = "heading"
    NOTE = "note"
    WARNING = "warning"


class Outcome(StrEnum):
    """What a verdict comes to."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


class Additive(StrEnum):
    """Along which way the cells of a table add up to a total that is shown; there the gate hides complements."""

    NO = "no"
    ROWS = "rows"
    COLUMNS = "columns"
    BOTH = "both"


@dataclass(frozen=True)
class Figure:
    """One number or word with its name and unit; `decimals` None means three significant digits; `customers` is how
    many customers it was computed from, None where it is not about customers; where it tells of several groups of them,
    so many as are in the smallest; `about` says which they are."""

    name: str
    value: Value
    unit: str = ""
    decimals: int | None = None
    customers: int | None = None
    about: About = ()


@dataclass(frozen=True)
class Text:
    """A paragraph. `template` holds no literal numbers, only placeholders such as {size} that `figures` fill.

    Raises ValueError where the template has a digit or a placeholder without a figure.
    """

    template: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    tone: Tone = Tone.BODY

    def __post_init__(self) -> None:
        placeholders = set(re.findall(r"\{(\w+)\}", self.template))
        if placeholders - set(self.figures):
            raise ValueError(f"no figure for {sorted(placeholders - set(self.figures))}")
        if re.search(r"\d", re.sub(r"\{\w+\}", "", self.template)):
            raise ValueError("a text holds no literal numbers; bind them as figures")

    def filled(self, show: Callable[[Figure], str]) -> str:
        """The paragraph with each placeholder replaced by what `show` makes of its figure; braces in that stay.

        Raises ValueError where the template has a brace that is no part of a placeholder.
        """
        pieces = re.split(r"\{(\w+)\}", self.template)
        if any(brace in words for words in pieces[::2] for brace in "{}"):
            raise ValueError("braces in a text are placeholders such as {size}")
        return "".join(show(self.figures[piece]) if place % 2 else piece for place, piece in enumerate(pieces))


@dataclass(frozen=True)
class Figures:
    """A few numbers side by side."""

    figures: tuple[Figure, ...]
    title: str = ""


@dataclass(frozen=True)
class Axis:
    """The rows or the columns of a block: their labels, and a unit, decimals and the customers whom they are about for
    each (or none at all). A cell is about those in both its row and its column."""

    labels: tuple[str, ...]
    title: str = ""
    units: tuple[str, ...] = ()
    decimals: tuple[int | None, ...] = ()
    about: tuple[About, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table of values: `values[row][column]`; `marks` of the same shape holds -1, 0 or 1 (▼, none, ▲)."""

    rows: Axis
    columns: Axis
    values: tuple[tuple[Value, ...], ...]
    counts: tuple[tuple[int, ...], ...] | None = None
    marks: tuple[tuple[int, ...], ...] | None = None
    additive: Additive = Additive.NO
    title: str = ""


@dataclass(frozen=True)
class Bars:
    """One bar a label; `about` whom each is about, or empty."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    counts: tuple[int, ...] | None = None
    unit: str = ""
    additive: Additive = Additive.NO
    title: str = ""
    about: tuple[About, ...] = ()


@dataclass(frozen=True)
class Heatmap:
    """Cells shaded by value around `middle`; None where unknown, and `HIDDEN` where the privacy gate hid the value."""

    rows: Axis
    columns: Axis
    values: tuple[tuple[float | Literal["hidden"] | None, ...], ...]
    counts: tuple[tuple[int, ...], ...] | None = None
    middle: float = 0.0
    title: str = ""


@dataclass(frozen=True)
class Series:
    """One line: y at each x of its block, with an optional band; None where unknown."""

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None
    counts: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Lines:
    """Series over the same x: numbers, or dates for time."""

    x: tuple[float, ...] | tuple[date, ...]
    series: tuple[Series, ...]
    x_title: str = ""
    y_title: str = ""
    title: str = ""


@dataclass(frozen=True)
class Scatter:
    """Points. Where `customers` is True each is a person and the block never leaves; else `counts` says how many."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    groups: tuple[str, ...] = ()
    counts: tuple[int, ...] | None = None
    customers: bool = False
    x_title: str = ""
    y_title: str = ""
    title: str = ""


@dataclass(frozen=True)
class Flow:
    """How many customers go from each source to each target: `counts[source][target]`; and whom these are about."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    title: str = ""
    sources_about: tuple[About, ...] = ()
    targets_about: tuple[About, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Pass, warn or fail, in a sentence with its numbers."""

    outcome: Outcome
    text: Text


Block = Text | Figures | Grid | Bars | Heatmap | Lines | Scatter | Flow | Verdict


@dataclass(frozen=True)
class Report:
    """What was found, in the order it should be read. `notes` say what was sampled, approximated or left out."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Text, ...] = ()
