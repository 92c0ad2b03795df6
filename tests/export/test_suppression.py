"""Promise 52: no cell of fewer customers than the threshold leaves, and none can be solved for from what does."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from segtui.api.errors import UsageError
from segtui.api.report import (
    Additive,
    Axis,
    Bars,
    Block,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Lines,
    Outcome,
    Report,
    Scatter,
    Series,
    Text,
    Tone,
    Verdict,
)
from segtui.export import suppressed
from segtui.export.complements import hidden_cells
from segtui.export.suppression import HIDDEN


def through(*blocks: Block, threshold: int = 10) -> tuple[Any, ...]:
    return suppressed(Report("r", blocks), threshold).blocks


def grid(counts: list[list[int]], additive: Additive = Additive.NO, **more: Any) -> Grid:
    table = tuple(tuple(row) for row in counts)
    rows, columns = (Axis(tuple(f"{i}" for i in range(n))) for n in (len(table), len(table[0])))
    return Grid(rows, columns, table, counts=table, additive=additive, **more)


def test_small_cells_go_with_their_marks_and_all_counts() -> None:
    (found,) = through(grid([[3, 10], [0, 9]], marks=((1, 1), (0, -1))))
    assert found.values == ((HIDDEN, 10), (0, HIDDEN))
    assert found.marks == ((0, 1), (0, 0))
    assert found.counts is None
    (found,) = through(grid([[3, 10], [0, 9]]), threshold=5)
    assert found.values == ((HIDDEN, 10), (0, 9))


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(UsageError):
        through(grid([[3]]), threshold=4)


def test_complements_along_rows_and_columns() -> None:
    counts = [[3, 50, 20], [40, 30, 60]]
    assert through(grid(counts, Additive.ROWS))[0].values == ((HIDDEN, 50, HIDDEN), (40, 30, 60))
    assert through(grid(counts, Additive.COLUMNS))[0].values == ((HIDDEN, 50, 20), (HIDDEN, 30, 60))
    assert through(grid(counts, Additive.BOTH))[0].values == ((HIDDEN, 50, HIDDEN), (HIDDEN, 30, HIDDEN))


def test_a_flow_with_a_small_cell_becomes_a_grid() -> None:
    whole = Flow(("a", "b"), ("c", "d"), ((10, 20), (30, 40)), "f")
    assert through(whole) == (whole,)
    (found,) = through(Flow(("a", "b", "c"), ("x", "y", "z"), ((90, 3, 20), (30, 40, 50), (60, 70, 80)), "f"))
    assert isinstance(found, Grid)
    assert sum(value == HIDDEN for row in found.values for value in row) == 4
    assert found.values[0][1] == HIDDEN


def test_bars_points_and_lines() -> None:
    bars = Bars(("a", "b", "c"), (1.0, 2.0, 3.0), counts=(5, 20, 90), additive=Additive.COLUMNS)
    shown, note = through(bars)
    assert (shown.labels, shown.values, shown.counts) == (("c",), (3.0,), None)
    assert note.figures["bars"].value == "a and b"
    assert through(Bars(("a",), (1.0,), counts=(5,)))[0].tone is Tone.NOTE
    (points,) = through(Scatter((1.0, 2.0), (3.0, 4.0), ("g", "h"), counts=(9, 10)))
    assert (points.x, points.y, points.groups, points.counts) == ((2.0,), (4.0,), ("h",), None)
    series = Series("s", (1.0, 2.0), (0.0, 1.0), (2.0, 3.0), counts=(4, 40))
    lines, left = through(Lines((date(2024, 1, 1), date(2024, 2, 1)), (series, Series("t", (1.0, 1.0)))))
    (kept,) = lines.series
    assert (kept.values, kept.low, kept.high, kept.counts) == ((None, 2.0), (None, 1.0), (None, 3.0), None)
    assert left.figures["what"].value == "t"
    axis = Axis(("a",))
    assert through(Heatmap(axis, axis, ((4.0,),), counts=((4,),)))[0].values == ((HIDDEN,),)
    unknown = Heatmap(axis, axis, ((None,),), counts=((40,),))
    assert through(unknown)[0].values == ((None,),), "unknown is no secret, and stays unknown"


def test_blocks_without_counts_and_points_that_are_people_stay_here() -> None:
    axis = Axis(("a",))
    blocks = (
        Grid(axis, axis, ((4711,),), title="t"),
        Heatmap(axis, axis, ((4711.0,),)),
        Bars(("a",), (4711.0,)),
        Lines((1.0,), (Series("s", (4711.0,)),)),
        Scatter((4711.0,), (4711.0,), counts=(4711,), customers=True),
        Scatter((4711.0,), (4711.0,)),
    )
    found = through(*blocks)
    assert all(isinstance(block, Text) and block.tone is Tone.NOTE for block in found)
    assert "4711" not in repr(found)


def test_figures_of_few_customers_are_hidden_wherever_they_stand() -> None:
    few, many = Figure("few", 4711, "EUR", customers=9), Figure("many", 12, customers=10)
    text = Text("{few} {many}", {"few": few, "many": many})
    found = suppressed(Report("r", (Figures((few, many)), text, Verdict(Outcome.WARN, text)), (text,)))
    assert "4711" not in repr(found)
    assert found.blocks[0] == Figures((Figure("few", HIDDEN), Figure("many", 12)))
    assert found.notes[-1].figures["cells"].value == "4 values"


def test_nothing_hidden_is_not_mentioned() -> None:
    report = Report("r", (Text("Well."),))
    assert suppressed(report) == report


TABLES = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, 30, 200]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.sampled_from([Additive.ROWS, Additive.COLUMNS, Additive.BOTH]))
def test_no_hidden_small_cell_can_be_solved_for(table: list[list[int]], additive: Additive) -> None:
    """The attacker knows all shown cells, every total, and that counts are not negative."""
    counts = np.array(table)
    small = (counts > 0) & (counts < 10)
    hidden = hidden_cells(counts, additive, 10)
    assert (hidden >= small).all()
    if hidden.all() or not small.any():
        return
    cells = np.argwhere(hidden)
    for number, (row, column) in enumerate(cells):
        if not small[row, column]:
            continue
        if len(cells[cells[:, 0] == row]) == counts.shape[1] and additive is Additive.ROWS:
            continue
        if len(cells[cells[:, 1] == column]) == counts.shape[0] and additive is Additive.COLUMNS:
            continue
        aim = np.zeros(len(cells))
        aim[number] = 1
        assert leeway(counts, hidden, additive, aim) > 0.5


def leeway(counts: np.ndarray, hidden: np.ndarray, additive: Additive, aim: np.ndarray) -> float:
    """Between how many customers the hidden cells of `aim` together may hold, for one who knows all shown cells and
    every total."""
    cells = np.argwhere(hidden)
    lines = []
    if additive is not Additive.COLUMNS:
        lines += [(cells[:, 0] == row, counts[row][hidden[row]].sum()) for row in set(cells[:, 0])]
    if additive is not Additive.ROWS:
        lines += [(cells[:, 1] == col, counts[:, col][hidden[:, col]].sum()) for col in set(cells[:, 1])]
    known, totals = np.array([line for line, _ in lines], dtype=float), [total for _, total in lines]
    low, high = (linprog(sign * aim, A_eq=known, b_eq=totals).fun for sign in (1, -1))
    return float(-high - low)


def exposed_groups(counts: np.ndarray) -> list[tuple[int, int]]:
    """The lines (0 for rows, 1 for columns) whose small cells together are a small group that can be solved for."""
    small, hidden = (counts > 0) & (counts < 10), hidden_cells(counts, Additive.BOTH, 10)
    cells, found = np.argwhere(hidden), []
    for axis in (0, 1):
        for line in range(counts.shape[axis]):
            aim = np.array([cell[axis] == line and small[tuple(cell)] for cell in cells], dtype=float)
            together = counts.take(line, axis)[small.take(line, axis)].sum()
            if 0 < together < 10 and leeway(counts, hidden, Additive.BOTH, aim) < 0.5:
                found.append((axis, line))
    return found


def test_the_company_of_small_cells_can_not_be_solved_for_either() -> None:
    """Row 3 hides 5, 1 and one more; were that the 324, its column would tell it, and so the 6."""
    rows = [[0, 0, 500, 60, 40], [0, 200, 30, 90, 25], [0, 150, 80, 70, 110], [324, 394, 0, 5, 1]]
    assert exposed_groups(np.array(rows)) == []


@settings(max_examples=150, deadline=None)
@given(TABLES.filter(lambda table: min(len(table), len(table[0])) > 2))
def test_no_small_group_of_a_line_can_be_solved_for(table: list[list[int]]) -> None:
    counts = np.array(table)
    if not hidden_cells(counts, Additive.BOTH, 10).all() and counts.sum(axis=0).min() > 9 < counts.sum(axis=1).min():
        assert exposed_groups(counts) == []
