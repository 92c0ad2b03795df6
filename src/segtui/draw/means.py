"""Means of a profile, as tables of segments show them."""

from __future__ import annotations

from segtui.api.profile import NumberFacts
from segtui.api.table import Column, Kind
from segtui.api.text import NONE, number, safe
from segtui.draw.grid import LOOKS, MARKS
from segtui.draw.table import Cell
from segtui.draw.values import UNIT


def mean(facts: NumberFacts, column: Column) -> Cell:
    """The mean with its mark; of a flag, and of a share, in percent."""
    if facts.mean is None:
        return Cell(NONE)
    shown = number(100 * facts.mean, 0) if _is_share(column) else number(facts.mean)
    return Cell(shown, MARKS[facts.mark], LOOKS[facts.mark])


def unit_of_mean(column: Column) -> str:
    """What stands above the means of a column; nothing where they have no unit."""
    return "%" if _is_share(column) else safe(column.unit, UNIT)


def _is_share(column: Column) -> bool:
    return column.kind is Kind.FLAG or column.unit == "share"
