"""What sets a segment apart: the order of its figures, their marks and bars, and the room they take."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segtui.api.profile import Profile, profile
from segtui.api.table import Column, Kind
from segtui.draw.apart import HEAD, SIDE, draw_apart, figures
from segtui.draw.line import BAR, BELOW, DIM, plain, width_of

HOSTILE = "[red]\x1b[31m\u202ename"


def profiled(rows: int = 200) -> Profile:
    """Segment 0 spends much and never in the store; its ages are those of all, nearly."""
    half = rows // 2
    frame = pl.DataFrame(
        {
            "age": [20.0 + row % 40 for row in range(rows)],
            "monetary": [1_234_567_890.0 + row % 3 if row < half else float(row % 3) for row in range(rows)],
            HOSTILE: [1.0] * rows,
            "shop": ["online" if row < half else "store" for row in range(rows)],
        }
    )
    columns = {name: Column(name, Kind.NUMBER) for name in frame.columns}
    columns["monetary"] = Column("monetary", Kind.NUMBER, unit="EUR")
    columns["shop"] = Column("shop", Kind.CATEGORY)
    labels = pl.Series([0] * half + [1] * (rows - half), dtype=pl.Int32)
    return profile(frame, columns, labels, [0, 1])


def test_what_sets_it_apart_comes_first() -> None:
    found = profiled()
    names = [figure.name for figure in figures(found.segments[0], found)]
    assert set(names[:2]) == {"monetary", "shop online"} and names[2:] == ["age"]
    assert [figure.mark for figure in figures(found.segments[0], found)] == [1, 1, 0]
    assert [figure.mark for figure in figures(found.segments[1], found) if figure.name == "monetary"] == [-1]


def test_a_line_says_both_means_and_draws_the_difference() -> None:
    found = profiled()
    lines = draw_apart("B", found.segments[1], found, 80, 20)
    assert plain(lines[1]).split() == ["what", "sets", "B", "apart", "B", "all"]
    monetary = next(line for line in lines if "monetary" in plain(line))
    assert "▼" in plain(monetary) and "EUR" in plain(monetary) and "617,000,000" in plain(monetary)
    bars = {piece.look: piece.text for piece in monetary[-3:]}
    assert bars[BELOW].strip() and not bars[BAR].strip()
    age = next(line for line in lines if "age" in plain(line))
    assert [piece.look for piece in age[-3::2]] == [DIM, DIM] and plain(age[-1:]).strip()


def test_without_room_for_a_figure_there_is_nothing() -> None:
    found = profiled()
    assert draw_apart("A", found.segments[0], found, 60, HEAD) == []
    assert len(draw_apart("A", found.segments[0], found, 60, HEAD + 1)) == HEAD + 1
    nobody = profile(
        pl.DataFrame({"x": [1.0]}), {"x": Column("x", Kind.NUMBER)}, pl.Series([0], dtype=pl.Int32), [0, 1]
    )
    assert draw_apart("B", nobody.segments[1], nobody, 60, 20) == []


@given(st.integers(48, 200), st.integers(0, 30))
def test_lines_fit(width: int, most: int) -> None:
    found = PROFILED
    lines = draw_apart("AA", found.segments[0], found, width, most)
    assert len(lines) <= most and all(width_of(line) <= width for line in lines)
    numbers = [figure.value for figure in figures(found.segments[0], found)][: max(most - HEAD, 0)]
    assert all(any(value in plain(line) for line in lines) for value in numbers), "a number is never cut"


@pytest.mark.parametrize("width", [40, 90])
def test_bars_are_there_where_there_is_room(width: int) -> None:
    found = profiled()
    lines = draw_apart("A", found.segments[0], found, width, 20)
    assert all(("│" in plain(line)) == (width == 90) for line in lines[HEAD:])
    assert max(map(width_of, lines)) >= 2 * SIDE


PROFILED = profiled()
