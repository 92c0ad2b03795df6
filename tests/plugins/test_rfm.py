from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import check_laws, check_model, customers_of, fitted, sql_labels
from pydantic import ValidationError

from segtui.api import Customers, DataError, Grid, NeedsError, Text, UsageError, Verdict
from segtui_behaviour.rfm import Rfm, RfmModel
from segtui_behaviour.rfm_presets import _TABLES
from segtui_behaviour.rfm_rules import check_table, matching

TEN_SEGMENTS = {
    "Potential Loyalist": 342,
    "Loyal Customers": 170,
    "Lost": 148,
    "New Customers": 104,
    "About To Sleep": 102,
    "Can't Lose Them": 47,
    "Champions": 35,
    "At Risk": 28,
    "Need Attention": 10,
    "Promising": 9,
}


@pytest.fixture(scope="module")
def published(real_data: Path) -> Customers:
    orders = pl.read_csv(real_data / "rfm_orders.csv", try_parse_dates=True)
    return customers_of(
        orders.group_by(pl.col("customer_id").alias("id"), maintain_order=True).agg(
            recency=(pl.lit(date(2006, 12, 31)) - pl.col("order_date").max()).dt.total_days(),
            frequency=pl.len().cast(pl.Int64),
            monetary=pl.col("revenue").sum(),
        )
    )


@pytest.fixture(scope="module")
def retail(real_data: Path) -> Customers:
    lines = (
        pl.scan_parquet(real_data / "online_retail.parquet")
        .with_columns(day=pl.col("InvoiceDate").cast(pl.String).str.slice(0, 10).str.to_date())
        .filter(
            pl.col("CustomerID").is_not_null(),
            pl.col("InvoiceNo").cast(pl.String).str.starts_with("C").not_(),
            pl.col("Quantity") > 0,
            pl.col("UnitPrice") > 0,
        )
    )
    return customers_of(
        lines.group_by(id=pl.col("CustomerID").cast(pl.Int64).cast(pl.String))
        .agg(
            recency=(pl.lit(date(2011, 12, 10)) - pl.col("day").max()).dt.total_days(),
            frequency=pl.col("InvoiceNo").n_unique().cast(pl.Int64),
            monetary=(pl.col("Quantity") * pl.col("UnitPrice") * 1000).round().cast(pl.Int64).sum() / 1000,
        )
        .sort("id")
        .collect()
    )


def score_counts(model: RfmModel, customers: Customers) -> list[list[int]]:
    scores = model.scores(customers)
    return [[scores[name].to_list().count(score) for score in range(1, 6)] for name in "RFM"]


def sizes(model: RfmModel, customers: Customers) -> dict[str, int]:
    names = {segment.code: segment.name for segment in model.segments}
    return dict(Counter(names[code] for code in model.assign(customers)))


def a_few(count: int = 300, seed: int = 1) -> Customers:
    random = np.random.default_rng(seed)
    return customers_of(
        {
            "recency": random.integers(0, 40, count),
            "frequency": random.geometric(0.5, count),
            "monetary": random.gamma(1, 100, count).round(2),
        }
    )


def test_published_scores_and_segments(published: Customers, real_data: Path) -> None:
    model = check_laws(Rfm(), published, edge="rfm package")
    assert isinstance(model, RfmModel)
    assert score_counts(model, published) == [
        [197, 200, 199, 199, 200],
        [268, 187, 176, 244, 120],
        [200, 200, 198, 202, 195],
    ]
    triples = pl.read_csv(real_data / "rfm_published_scores.csv").select("R", "F", "M").rows()
    assert len(triples) == 995
    assert Counter(model.scores(published).rows()) == Counter(triples)
    assert sizes(model, published) == TEN_SEGMENTS


def test_plain_rule_counts(published: Customers) -> None:
    model = fitted(Rfm(), published)
    assert isinstance(model, RfmModel)
    assert score_counts(model, published) == [
        [197, 201, 198, 199, 200],
        [268, 187, 176, 244, 120],
        [199, 201, 197, 203, 195],
    ]


def test_vignette_table_gives_158_champions(published: Customers) -> None:
    model = fitted(Rfm(), published, edge="rfm package", preset="rfm vignette")
    assert isinstance(model, RfmModel)
    assert sizes(model, published)["Champions"] == 158


def test_online_retail_cut_points(retail: Customers) -> None:
    model = check_laws(Rfm(), retail)
    assert isinstance(model, RfmModel)
    assert len(retail) == 4338
    recency, frequency, monetary = (cut.vectors[0] for cut in model.cuts)
    assert recency == pytest.approx((13.8, 33, 72, 180))
    assert frequency == (1, 2, 3, 6)
    assert monetary == pytest.approx((250.194, 490.096, 942.276, 2058.426), abs=1e-9)


def test_ten_segments_leave_13_cells_to_others() -> None:
    check = check_table(_TABLES["ten segments"], (5, 5, 5), np.ones(125, dtype=int))
    assert (check.cells, check.gaps, check.hidden) == (125, 13, ())


def test_recency_and_frequency_has_neither_gaps_nor_overlaps() -> None:
    assert (matching(_TABLES["recency and frequency"], (5, 5, 5)).sum(axis=0) == 1).all()


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"edge": "rfm package"},
        {"binning": "nested"},
        {"binning": "nested", "edge": "rfm package"},
        {"preset": "four quarters", "recency_bins": 3, "frequency_bins": 2, "monetary_bins": 10},
        {"recency_cuts": (5, 10, 20, 30), "monetary_cuts": (10.5, 50, 100, 200)},
        {"preset": "recency and frequency"},
    ],
)
def test_laws_and_sql(params: dict[str, Any], tmp_path: Path) -> None:
    customers = a_few()
    holes = customers.frame.with_columns(
        monetary=pl.when(pl.col("recency") == 3).then(None).otherwise("monetary"),
        recency=pl.when(pl.col("recency") == 7).then(None).otherwise("recency"),
    ).with_columns(monetary=pl.when(pl.col("recency") == 9).then(float("nan")).otherwise("monetary"))
    customers = customers.replacing(holes)
    model = check_laws(Rfm(), customers, **params)
    labels = model.assign(customers)
    unknown = holes.select(
        pl.col("recency").is_null() | pl.col("monetary").is_finite().fill_null(False).not_()
    ).to_series()
    assert labels.is_null().equals(unknown)
    assert sql_labels(model, holes, tmp_path) == labels.to_list()


def test_nested_bins_are_even_within_their_parent() -> None:
    random = np.random.default_rng(3)
    customers = customers_of({name: random.random(25_000) for name in ("recency", "frequency", "monetary")})
    model = fitted(Rfm(), customers, binning="nested")
    assert isinstance(model, RfmModel)
    assert set(model.scores(customers).group_by("R", "F", "M").len()["len"]) <= set(range(198, 203))


def test_collapsed_bins_are_said() -> None:
    customers = customers_of(
        {"recency": range(100), "frequency": [1] * 70 + [2] * 20 + [9] * 10, "monetary": range(100)}
    )
    model = fitted(Rfm(), customers)
    assert isinstance(model, RfmModel)
    assert set(model.scores(customers)["F"]) == {1, 4, 5}
    told = [block for block in model.explain().blocks if isinstance(block, Text) and "scores" in block.figures]
    assert told[0].figures["scores"].value == "Frequency 2, Frequency 3"


def test_gaps_overlaps_and_hidden_rules_are_said() -> None:
    rules = [{"name": "Top", "r_low": 4}, {"name": "Hidden", "r_low": 5, "f_low": 3}, {"name": "Low", "r_high": 1}]
    customers = a_few()
    model = fitted(Rfm(), customers, rules=rules)
    assert [segment.name for segment in model.segments] == ["Top", "Low", "Others"]
    blocks = model.explain()
    assert blocks is not None
    verdicts = [block for block in blocks.blocks if isinstance(block, Verdict)]
    assert verdicts[0].text.figures["gaps"].value == 50
    assert verdicts[0].text.figures["overlaps"].value == 15
    assert verdicts[1].text.figures["rules"].value == "Hidden"
    tables = {block.title: block for block in blocks.blocks if isinstance(block, Grid)}
    assert sum(row[-1] for row in tables["Rule table"].values if isinstance(row[-1], int)) == 125
    by_rule = tables["Customers by rule"]
    assert sum(row[-1] for row in by_rule.values if isinstance(row[-1], int)) == len(customers)
    assert by_rule.rows.about == ((("", "0"),), (), (("", "2"),), (("", "3"),))


def test_rules_of_one_name_are_one_segment() -> None:
    rules = [{"name": "Edge", "r_low": 5}, {"name": "Middle", "r_low": 2}, {"name": "Edge", "r_high": 1}]
    model = fitted(Rfm(), a_few(), rules=rules)
    assert [(segment.code, segment.name) for segment in model.segments] == [(0, "Edge"), (1, "Middle")]
    assert " or " in model.segments[0].rule


@pytest.mark.parametrize("values", [([5], [1], [2.5]), ([3] * 9, [1] * 9, [0.0] * 9), ([0, 0], [2, 2], [-5.0, -9.0])])
def test_one_customer_and_equal_customers(values: tuple[list[int], list[int], list[float]]) -> None:
    customers = customers_of(dict(zip(("recency", "frequency", "monetary"), values, strict=True)))
    check_laws(Rfm(), customers)
    check_laws(Rfm(), customers, binning="nested")


def test_clear_answers() -> None:
    with pytest.raises(NeedsError, match=r"days since the last purchase.*a step that makes"):
        fitted(Rfm(), customers_of({"age": [1, 2]}))
    nothing = {"recency": [None, 1], "frequency": [1, 2], "monetary": [1.0, None]}
    with pytest.raises(DataError, match="No customer has recency"):
        fitted(Rfm(), customers_of(nothing))
    with pytest.raises(UsageError, match="written for five bins"):
        fitted(Rfm(), a_few(), recency_bins=4)
    with pytest.raises(UsageError, match="row 1"):
        fitted(Rfm(), a_few(), recency_bins=3, rules=[{"name": "Top", "r_low": 5}])
    with pytest.raises(ValidationError):
        Rfm.Params(recency_cuts=(3, 3))
    model = fitted(Rfm(), a_few())
    with pytest.raises(DataError, match="monetary is missing"):
        model.assign(customers_of({"recency": [1], "frequency": [1]}))


numbers = st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(allow_nan=True, allow_infinity=True))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=40),
    st.sampled_from(["independent", "nested"]),
    st.sampled_from(["above the cut", "rfm package"]),
)
def test_partition(rows: list[tuple[float | None, ...]], binning: str, edge: str) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("recency", "frequency", "monetary"), pl.Float64), orient="row")
    customers = customers_of(frame)
    known = frame.select(pl.all_horizontal(pl.all().is_finite().fill_null(False))).to_series()
    if not known.any():
        with pytest.raises(DataError):
            fitted(Rfm(), customers)
        return
    model = fitted(Rfm(), customers, binning=binning, edge=edge)
    assert isinstance(model, RfmModel)
    assert check_model(model, customers).is_not_null().equals(known)
    scores = model.scores(customers).with_columns(frame)
    for name, score, way in (("recency", "R", -1), ("frequency", "F", 1), ("monetary", "M", 1)):
        if binning == "independent":
            ranked = scores.drop_nulls().sort(name)[score].to_numpy() * way
            assert (np.diff(ranked) >= 0).all()
