"""Means of a profile: numbers as they are, shares in percent, each with its mark."""

from __future__ import annotations

import pytest

from segtui.api.profile import NumberFacts
from segtui.api.table import Column, Kind
from segtui.draw.means import mean, unit_of_mean
from segtui.draw.table import Cell

AMOUNT = Column("monetary", Kind.NUMBER, unit="EUR")
SHARE = Column("online_share", Kind.NUMBER, unit="share")
FLAG = Column("newsletter", Kind.FLAG)


@pytest.mark.parametrize(
    ("column", "facts", "cell", "unit"),
    [
        (AMOUNT, NumberFacts(12, 4123.5, mark=1), Cell("4,120", "▲", "strong above"), "EUR"),
        (SHARE, NumberFacts(12, 0.0862, mark=-1), Cell("9", "▼", "strong below"), "%"),
        (FLAG, NumberFacts(12, 0.5), Cell("50"), "%"),
        (FLAG, NumberFacts(0), Cell("–"), "%"),
        (Column("orders", Kind.NUMBER), NumberFacts(12, 8.02), Cell("8.02"), ""),
    ],
)
def test_a_mean_with_its_mark_and_unit(column: Column, facts: NumberFacts, cell: Cell, unit: str) -> None:
    assert mean(facts, column) == cell
    assert unit_of_mean(column) == unit


def test_units_are_hostile_text() -> None:
    assert unit_of_mean(Column("x", Kind.NUMBER, unit="\x1b[2J")) == "␛[2J"
