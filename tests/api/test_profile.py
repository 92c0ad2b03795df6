"""The profile: figures by hand, marks by the documented rule, and what is left out."""

from __future__ import annotations

import math
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segtui.api.profile import profile
from segtui.api.table import Column, Kind, Personal, Role


def columns_of(**kinds: Kind) -> dict[str, Column]:
    return {name: Column(name, kind) for name, kind in kinds.items()}


def labels_of(codes: list[int | None]) -> pl.Series:
    return pl.Series(codes, dtype=pl.Int32)


def test_figures_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "spend": [10.0, 20.0, 30.0, 40.0, None, 100.0],
            "yes": [True, True, False, False, None, False],
            "town": ["A", "A", "B", "B", None, "C"],
        }
    )
    columns = {
        "spend": Column("spend", Kind.NUMBER, Role.MONETARY),
        "yes": Column("yes", Kind.FLAG),
        "town": Column("town", Kind.CATEGORY),
    }
    found = profile(frame, columns, labels_of([5, 5, 5, 2, 2, None]), [5, 2], ["Five", "Two"])
    five, two = found.segments
    assert [column.name for column in found.numbers] == ["spend", "yes"]
    assert (five.code, five.name, five.size, five.share) == (5, "Five", 3, 0.5)
    assert (five.value, five.value_share, found.value) == (60.0, 60 / 200, "spend")
    spend = five.numbers[0]
    assert (spend.known, spend.mean, spend.lower, spend.median, spend.upper) == (3, 20.0, 15.0, 20.0, 25.0)
    assert spend.index == pytest.approx(100 * 20 / 40)
    assert spend.difference == pytest.approx((20 - 40) / np.std([10, 20, 30, 40, 100]))
    assert (two.numbers[0].known, two.numbers[0].mean) == (1, 40.0)
    assert (five.numbers[1].mean, five.numbers[1].median) == (pytest.approx(2 / 3), None)
    assert found.all.numbers[0].median == 30.0
    assert found.unassigned is not None
    assert (found.unassigned.size, found.unassigned.code, found.unassigned.value) == (1, None, 100.0)
    town = five.levels[0][0]
    assert (town.level, town.customers, town.share, town.lift) == ("A", 2, pytest.approx(2 / 3), pytest.approx(5 / 3))
    assert [level.level for level in found.all.levels[0]] == ["A", "B", "C"]


def test_names_of_things_text_dates_and_personal_data_are_left_out() -> None:
    frame = pl.DataFrame({"id": ["a"], "text": ["b"], "number": [1], "mail": ["c"], "order": [3]})
    columns = {
        "id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER),
        "text": Column("text", Kind.TEXT),
        "number": Column("number", Kind.NUMBER, Role.CUSTOMER),
        "mail": Column("mail", Kind.CATEGORY, personal=Personal.EMAIL),
        "order": Column("order", Kind.NUMBER, personal=Personal.PHONE),
    }
    found = profile(frame, columns, labels_of([0]), [0])
    assert found.numbers == found.categories == ()
    assert found.value is None
    assert found.unassigned is None


def test_marks_need_an_effect_and_enough_customers() -> None:
    rows = np.arange(1_000)
    few = np.where(rows < 5, 1_000.0, 0.0) + rows % 3
    clear = np.where(rows < 100, 10.0, 0.0) + rows % 5
    slight = np.where(rows < 100, 0.2, 0.0) + rows % 5
    skewed = np.where(rows < 500, 1.0, 50.0) + np.where(rows == 999, 1e6, 0.0)
    frame = pl.DataFrame({"few": few, "clear": clear, "slight": slight, "skewed": skewed})
    columns = columns_of(few=Kind.NUMBER, clear=Kind.NUMBER, slight=Kind.NUMBER, skewed=Kind.NUMBER)
    small = profile(frame, columns, pl.Series(rows >= 5).cast(pl.Int32), [0, 1])
    assert [facts.mark for facts in small.segments[0].numbers] == [0, 0, 0, 0]
    found = profile(frame, columns, pl.Series(rows >= 100).cast(pl.Int32), [0, 1])
    assert [facts.mark for facts in found.segments[0].numbers][1:3] == [1, 0]
    assert all(facts.mark == 0 for facts in found.all.numbers)


def test_a_low_median_is_marked_where_the_mean_is_swamped_by_a_few() -> None:
    random = np.random.default_rng(0)
    spend = np.concatenate([random.lognormal(1, 0.3, 3_000), random.lognormal(5, 1.5, 7_000)])
    labels = pl.Series([0] * 3_000 + [1] * 7_000, dtype=pl.Int32)
    low = profile(pl.DataFrame({"spend": spend}), columns_of(spend=Kind.NUMBER), labels, [0, 1]).segments[0].numbers[0]
    assert low.difference is not None
    assert -0.5 < low.difference < 0
    assert low.mark == -1


@pytest.mark.parametrize(
    "values",
    [[None] * 4, [math.nan, math.inf, -math.inf, None], [5.0] * 4, [0.0] * 4, [1e308, 1e308, -1e308, 1e308], [0.1] * 4],
)
def test_values_without_a_spread_or_out_of_range_give_none(values: list[float | None]) -> None:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    found = profile(frame, columns_of(x=Kind.NUMBER), labels_of([0, 0, 1, None]), [0, 1], value="x")
    for row in [*found.segments, found.all]:
        facts = row.numbers[0]
        assert facts.difference is None or math.isfinite(facts.difference)
        assert facts.mark == 0
        numbers = (facts.mean, facts.lower, facts.median, facts.upper, facts.index)
        assert all(number is None or math.isfinite(number) for number in numbers)


def test_no_index_where_a_ratio_means_nothing() -> None:
    frame = pl.DataFrame({"score": [-1.0, 1.0, 2.0, -3.0], "latitude": [48.0, 49.0, 50.0, 51.0]})
    columns = {
        "score": Column("score", Kind.NUMBER),
        "latitude": Column("latitude", Kind.NUMBER, Role.LATITUDE),
    }
    found = profile(frame, columns, labels_of([0, 0, 1, 1]), [0, 1])
    assert [facts.index for facts in found.segments[0].numbers] == [None, None]


def test_empty_segments_and_strange_labels() -> None:
    frame = pl.DataFrame({"x": [1.0, 2.0], "c": ["a", "b"]})
    columns = columns_of(x=Kind.NUMBER, c=Kind.CATEGORY)
    found = profile(frame, columns, labels_of([0, None]), [0, 1])
    assert (found.segments[1].size, found.segments[1].numbers[0].mean, found.segments[1].levels[0]) == (0, None, ())
    with pytest.raises(ValueError, match="not one of the codes"):
        profile(frame, columns, labels_of([0, 3]), [0, 1])
    none = profile(frame.clear(), columns, labels_of([]), [0])
    assert (none.all.size, none.all.numbers[0].mean, none.all.levels[0]) == (0, None, ())


def test_top_levels_break_ties_by_name() -> None:
    frame = pl.DataFrame({"c": list("gfedcbaa")})
    found = profile(frame, columns_of(c=Kind.CATEGORY), labels_of([0] * 8), [0])
    assert [level.level for level in found.segments[0].levels[0]] == ["a", "b", "c", "d", "e"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3) | st.none(), st.floats(-1e6, 1e6) | st.none()), min_size=1, max_size=60))
def test_sizes_shares_and_sums_add_up(rows: list[tuple[int | None, float | None]]) -> None:
    frame = pl.DataFrame({"x": pl.Series([value for _, value in rows], dtype=pl.Float64)})
    labels = labels_of([code for code, _ in rows])
    found = profile(frame, columns_of(x=Kind.NUMBER), labels, [3, 1, 0, 2], value="x")
    parts = [*found.segments, *([found.unassigned] if found.unassigned else [])]
    assert sum(row.size for row in parts) == found.all.size == len(rows)
    assert math.isclose(sum(row.share for row in parts), 1.0)
    assert math.isclose(sum(row.value or 0.0 for row in parts), found.all.value or 0.0, abs_tol=1e-6)
    for row in parts:
        own = frame["x"].filter(labels.eq_missing(row.code)).drop_nulls() if row.code is not None else None
        if own is not None and own.len():
            facts = row.numbers[0]
            quartiles = np.quantile(own.to_numpy(), [0.25, 0.5, 0.75])
            assert np.allclose([facts.lower, facts.median, facts.upper], quartiles, atol=1e-6)
            assert facts.mean is not None
            assert math.isclose(facts.mean, float(np.mean(own.to_numpy())), abs_tol=1e-6)


@pytest.mark.slow
def test_a_million_customers_take_seconds() -> None:
    random = np.random.default_rng(0)
    rows = 1_000_000
    numbers = {f"n{number}": random.lognormal(size=rows) for number in range(25)}
    frame = pl.DataFrame(numbers | {f"c{number}": random.integers(0, 20, rows).astype(str) for number in range(5)})
    columns = {name: Column(name, Kind.NUMBER if name[0] == "n" else Kind.CATEGORY) for name in frame.columns}
    labels = pl.Series(random.integers(0, 8, rows), dtype=pl.Int32)
    started = time.perf_counter()
    once = profile(frame, columns, labels, range(8))
    assert time.perf_counter() - started < 10
    assert profile(frame, columns, labels, range(8)) == once
