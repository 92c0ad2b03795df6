from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import check_laws, check_model, customers_of, fitted, sql_labels
from pydantic import ValidationError

from segtui.api import Column, Customers, DataError, Grid, Kind, Text, UsageError, Verdict
from segtui_rules.band_cuts import natural_breaks
from segtui_rules.bands import Bands, BandsModel, BandsParams, ColumnBands

JENKSPY = (1.3, 7.1, 7.3, 2.3, 3.9, 4.1, 7.8, 1.2, 4.3, 7.3, 5.0, 4.3)


def bands(customers: Customers, **params: Any) -> BandsModel:
    model = fitted(Bands(), customers, **params)
    assert isinstance(model, BandsModel)
    return model


def names(model: BandsModel) -> list[str]:
    return [segment.name for segment in model.segments]


def people(rows: int = 300) -> Customers:
    random = np.random.default_rng(2)
    frame = pl.DataFrame(
        {
            "age": random.integers(18, 90, rows),
            "income": random.gamma(2, 9_000, rows).round(2),
            "city": random.choice(["Rome", "Paris", "O'Hara", "Oslo"], rows, p=[0.6, 0.3, 0.08, 0.02]),
            "news": random.random(rows) < 0.5,
        }
    )
    holes = [
        pl.when(pl.int_range(pl.len()) % step == 0).then(None).otherwise(name).alias(name)
        for step, name in ((13, "income"), (29, "city"), (31, "news"))
    ]
    frame = frame.with_columns(holes)
    frame = frame.with_columns(income=pl.when(pl.col("age") == 40).then(float("nan")).otherwise("income"))
    return customers_of(frame, income=Column("income", Kind.NUMBER, unit="EUR"))


def test_natural_breaks_as_published() -> None:
    assert natural_breaks(np.sort(JENKSPY), 3) == (1.2, 2.3, 5.0, 7.8)
    model = check_laws(Bands(), customers_of({"x": JENKSPY}), columns=["x"], how="natural breaks", bands=3)
    assert isinstance(model, BandsModel)
    assert model.columns[0].cuts == (2.3, 5.0)
    assert model.sizes == (3, 5, 4, 0)
    assert names(model) == ["x up to 2.3", "x above 2.3 to 5.0", "x above 5.0", "x missing"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=12), st.integers(1, 4))
def test_natural_breaks_are_the_best_there_are(values: list[int], classes: int) -> None:
    ordered = np.sort(np.array(values, dtype=float))
    distinct = np.unique(ordered)
    classes = min(classes, len(distinct))

    def loss(uppers: tuple[float, ...]) -> float:
        parts = np.split(ordered, np.searchsorted(ordered, uppers, side="right"))
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts if len(part))

    found = natural_breaks(ordered, classes)
    assert len(found) == classes + 1
    best = min(loss(uppers) for uppers in combinations(distinct[:-1], classes - 1))
    assert loss(found[1:-1]) == pytest.approx(best, abs=1e-9)


def test_natural_breaks_of_many_values_are_quick_and_said() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(place, 1, 4_001) for place in (0, 30, 100)])
    model = bands(customers_of({"x": values}), columns=["x"], how="natural breaks", bands=3)
    assert model.sizes == (4_001, 4_001, 4_001, 0)
    assert any("places" in note.figures for note in model.explain().notes)


def test_fixed_bands_start_at_their_cut(tmp_path: Path) -> None:
    customers = customers_of({"age": [29, 30, 44, 45, None, 60, 18]})
    model = check_laws(Bands(), customers, columns=["age"], cuts=[30, 45, 60])
    assert isinstance(model, BandsModel)
    assert names(model) == ["age up to 29", "age 30 to 44", "age 45 to 59", "age 60 and over", "age missing"]
    assert model.assign(customers).to_list() == [0, 1, 1, 2, 4, 3, 0]
    assert sql_labels(model, customers.frame, tmp_path) == [0, 1, 1, 2, 4, 3, 0]


def test_equal_width_and_quantiles() -> None:
    customers = customers_of({"x": [0.0, 1.0, 2.0, 3.0, 100.0]})
    assert bands(customers, columns=["x"], how="equal width", bands=4).sizes == (4, 1, 0)
    assert bands(customers, columns=["x"], bands=5).sizes == (1, 1, 1, 1, 1, 0)


def test_collapsed_bands_are_said() -> None:
    model = bands(customers_of({"x": [1] * 80 + [2] * 15 + [3] * 5}), columns=["x"], bands=5)
    assert names(model)[:2] == ["x up to 1", "x 2 and over"]
    told = [block for block in model.explain().blocks if isinstance(block, Text)]
    assert (told[0].figures["wanted"].value, told[0].figures["found"].value) == (5, 2)


def test_levels_unseen_and_missing(tmp_path: Path) -> None:
    column = Column("size", Kind.CATEGORY, levels=("small", "large"), ordered=True)
    customers = customers_of({"size": ["large", "small", "small", None]}, size=column)
    model = check_laws(Bands(), customers, columns=["size"])
    assert isinstance(model, BandsModel)
    assert names(model) == ["small", "large", "size missing", "Unseen level"]
    later = customers_of({"size": ["huge", None, "small"]}, size=column)
    assert model.assign(later).to_list() == [3, 2, 0]
    assert sql_labels(model, later.frame, tmp_path) == [3, 2, 0]


@pytest.mark.parametrize("missing", ["own band", "unassigned"])
@pytest.mark.parametrize("smallest", [0, 1, 40])
@pytest.mark.parametrize("columns", [["income"], ["news"], ["city"], ["age", "city"], ["income", "news", "city"]])
def test_laws_and_sql(columns: list[str], smallest: int, missing: str, tmp_path: Path) -> None:
    customers = people()
    model = check_laws(Bands(), customers, columns=columns, smallest=smallest, missing=missing, bands=3)
    assert isinstance(model, BandsModel)
    labels = model.assign(customers)
    assert sql_labels(model, customers.frame, tmp_path) == labels.to_list()
    empty = customers.frame.select(
        pl.any_horizontal(
            pl.col(name).is_null() | (pl.col(name).is_nan() if name == "income" else False) for name in columns
        ).fill_null(True)
    ).to_series()
    assert labels.null_count() == (int(empty.sum()) if missing == "unassigned" else 0)
    assert model.unassigned == labels.null_count()
    assert [labels.to_list().count(segment.code) for segment in model.segments] == list(model.sizes)
    for name, size in zip(names(model), model.sizes, strict=True):
        assert size >= smallest or "issing" in name or "Unseen" in name or name in model.small
    later = customers.frame.with_columns(
        city=pl.lit("Lima"), income=pl.lit(None, pl.Float64), news=pl.lit(None, pl.Boolean)
    )
    expected = model.assign(customers.replacing(later)).to_list()
    assert sql_labels(model, later, tmp_path) == expected


def test_small_cells_join_their_smallest_neighbour() -> None:
    customers = customers_of({"age": [20] * 30 + [35] * 3 + [50] * 10 + [70] * 40})
    model = bands(customers, columns=["age"], cuts=[30, 45, 60], smallest=5)
    assert names(model)[:3] == ["age up to 29", "age 30 to 59", "age 60 and over"]
    assert model.sizes[:3] == (30, 13, 40)
    told = [block for block in model.explain().blocks if isinstance(block, Text)]
    assert told[0].figures["segments"].value == "age 30 to 59"


def test_cross_names() -> None:
    customers = customers_of({"age": [20, 20, 50, 50], "news": [True, False, True, False]})
    model = bands(customers, columns=["age", "news"], cuts=[30])
    assert names(model) == [
        "age up to 29 × news no",
        "age up to 29 × news yes",
        "age 30 and over × news no",
        "age 30 and over × news yes",
        "Missing",
    ]


def test_each_column_in_a_way_of_its_own() -> None:
    each = [{"column": "age", "cuts": [40]}, {"column": "income", "how": "quantiles", "bands": 2}]
    model = bands(people(), each=each)
    assert [column.count for column in model.columns] == [2, 2]


def test_how_bands_were_cut_is_said_as_it_was_done() -> None:
    given = BandsParams(columns=("age",), cuts=(30, 40))
    assert (given.how, given.bands) == ("fixed", 3), "and not the quantiles that nobody cut"
    assert ColumnBands(column="age", cuts=(30,)).how == "fixed"
    each = [{"column": "age", "cuts": [40]}, {"column": "income", "how": "equal width", "bands": 2}]
    report = bands(people(), each=each).explain()
    titles = [block.title for block in report.blocks if isinstance(block, Grid)]
    assert titles == ["age: your own cut points", "income: bands of equal width"]
    assert bands(customers_of({"city": ["a", "b"]}), columns=["city"]).explain().blocks[0].title == "city: its levels"


def test_sensitive_columns_are_flagged() -> None:
    column = Column("age", Kind.NUMBER, sensitive=True)
    report = bands(customers_of({"age": [1, 2, 3, 4]}, age=column), columns=["age"]).explain()
    assert any(isinstance(block, Verdict) and block.text.figures["columns"].value == "age" for block in report.blocks)


@pytest.mark.parametrize("how", ["quantiles", "equal width", "natural breaks"])
@pytest.mark.parametrize("values", [[5], [7, 7, 7], [1.5, None]])
def test_one_customer_and_equal_customers(how: str, values: list[float | None]) -> None:
    model = check_laws(Bands(), customers_of({"x": values}), columns=["x"], how=how)
    assert isinstance(model, BandsModel)
    assert names(model)[0] == "x any"


def test_clear_answers() -> None:
    customers = people()
    text = Column("note", Kind.TEXT)
    for params, sentence in (
        ({}, "No column is named"),
        ({"columns": ["aeg"]}, "no column aeg. Did you mean age"),
        ({"columns": ["age", "age"]}, "named twice"),
        ({"columns": ["age"], "how": "fixed"}, "need cut points"),
        ({"columns": ["age"], "each": [{"column": "news"}]}, "not among the columns"),
    ):
        with pytest.raises(UsageError, match=sentence):
            bands(customers, **params)
    with pytest.raises(DataError, match="kind text"):
        bands(customers_of({"note": ["a"]}, note=text), columns=["note"])
    with pytest.raises(DataError, match="no values"):
        bands(customers_of({"x": pl.Series([None, None], dtype=pl.Float64)}), columns=["x"])
    with pytest.raises(DataError, match="201 levels"):
        bands(customers_of({"x": [str(value) for value in range(201)]}), columns=["x"])
    with pytest.raises(DataError, match="cells"):
        bands(customers, columns=["age", "income", "city"], bands=50)
    with pytest.raises(DataError, match="age is missing"):
        bands(customers, columns=["age"]).assign(customers_of({"x": [1]}))
    with pytest.raises(ValidationError):
        Bands.Params(columns=("a", "b", "c", "d"))


value = st.none() | st.integers(-3, 3).map(float) | st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(value, st.none() | st.sampled_from("abc")), min_size=1, max_size=40),
    st.sampled_from(["quantiles", "equal width", "natural breaks"]),
    st.integers(0, 10),
)
def test_partition(rows: list[tuple[object, ...]], how: str, smallest: int) -> None:
    frame = pl.DataFrame(rows, schema={"x": pl.Float64, "city": pl.String}, orient="row")
    customers = customers_of(frame)
    if not frame["x"].is_finite().any() or frame["city"].null_count() == len(frame):
        with pytest.raises(DataError):
            bands(customers, columns=["x", "city"])
        return
    model = bands(customers, columns=["x", "city"], how=how, smallest=smallest)
    labels = check_model(model, customers)
    assert labels.null_count() == 0
    assert [labels.to_list().count(segment.code) for segment in model.segments] == list(model.sizes)
