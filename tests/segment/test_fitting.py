"""Fitting: needs first, params settled, labels by assign, failures said without the client's values."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_methods import PLUGIN, CutParams, Cutting, FaultyMethod, NearestCentre, NearestParams, some_customers

from segtui.api import Cancelled, CountOrRange, DataError, NeedsError, PluginError, QuietRun, UsageError
from segtui.api.errors import LimitError
from segtui.segment.contract import untouched
from segtui.segment.fit import fit
from segtui.segment.preview import preview, sample


class TryingParams(NearestParams):
    k: CountOrRange = CountOrRange(2, 2)


class Trying(NearestCentre):
    """Says that it tries several numbers of segments."""

    id, Params = "trying", TryingParams


def test_labels_are_what_the_model_assigns() -> None:
    customers = some_customers()
    fitted = fit(NearestCentre(), customers, {"count": 2}, QuietRun(), plugin=PLUGIN)
    assert fitted.labels.equals(fitted.model.assign(customers), check_names=False)
    assert fitted.labels.name == "segment"
    assert fitted.seconds > 0
    assert sorted(fitted.labels.value_counts()["count"]) == sorted(customers.frame["yummy"].value_counts()["count"])


def test_params_are_a_model_or_a_mapping_that_is_checked() -> None:
    customers = some_customers()
    once = fit(Cutting(), customers, CutParams(cuts=(100.0,)), QuietRun(), plugin=PLUGIN)
    again = fit(Cutting(), customers, {"cuts": [100.0]}, QuietRun(), plugin=PLUGIN)
    assert once.labels.equals(again.labels)
    with pytest.raises(UsageError, match="colour"):
        fit(Cutting(), customers, {"colour": "red"}, QuietRun(), plugin=PLUGIN)


def test_unmet_needs_are_said_before_the_fit() -> None:
    customers = some_customers(1)
    with pytest.raises(NeedsError, match="at least 2 customers") as caught:
        fit(NearestCentre(), customers, {}, QuietRun(), plugin=PLUGIN)
    assert caught.value.where == "Nearest centre"
    with pytest.raises(NeedsError, match="customers"):
        fit(Cutting(), some_customers(0), {}, QuietRun(), plugin=PLUGIN)


def test_features_that_never_vary_are_refused_together_and_noted_alone() -> None:
    customers = some_customers()
    flat = customers.replacing(customers.frame.with_columns(recency=pl.lit(5), contract=pl.lit("monthly")))
    fitted = fit(NearestCentre(), flat, {}, QuietRun(), plugin=PLUGIN)
    assert [note.split()[0] for note in fitted.notes] == ["recency", "contract"]
    flatter = flat.replacing(flat.frame.with_columns(monetary=pl.lit(None, dtype=pl.Float64)))
    with pytest.raises(DataError, match="the same for all customers"):
        fit(NearestCentre(), flatter, {}, QuietRun(), plugin=PLUGIN)


def test_everybody_in_one_segment_is_noted_where_rules_may_do_that() -> None:
    fitted = fit(Cutting(), some_customers(), {"cuts": (1e9,)}, QuietRun(), plugin=PLUGIN)
    assert fitted.notes == ("All customers with a segment are in one and the same.",)


@pytest.mark.parametrize(("fault", "error"), [("fails", PluginError), ("exits", PluginError), ("memory", LimitError)])
def test_failures_name_the_plugin_and_quote_nothing(fault: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        fit(FaultyMethod(), some_customers(), {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert PLUGIN in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("fault", ["fails in assign", "mutates a mapping"])
def test_failures_leave_the_customers_alone(fault: str) -> None:
    customers = some_customers()
    before = untouched(customers)
    with pytest.raises(PluginError):
        fit(FaultyMethod(), customers, {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert untouched(customers) == before
    assert len(customers.columns) == 8


def test_cancel_passes_through() -> None:
    class Stopped(QuietRun):
        def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
            raise Cancelled

    with pytest.raises(Cancelled):
        fit(Cutting(), some_customers(), {}, Stopped(), plugin=PLUGIN)


def test_a_sample_is_seeded_keeps_the_order_and_all_when_few() -> None:
    customers = some_customers(300)
    assert sample(customers, 300) is customers
    once, again, other = sample(customers, 50, 1), sample(customers, 50, 1), sample(customers, 50, 2)
    assert once.frame.equals(again.frame)
    assert not once.frame.equals(other.frame)
    assert once.frame["customer"].is_sorted()
    assert once.scaling is customers.scaling


def test_a_preview_says_it_is_a_sample() -> None:
    customers = some_customers(6_021)
    seen = preview(NearestCentre(), customers, {}, QuietRun(), plugin=PLUGIN)
    assert (seen.rows, seen.of) == (5_000, 6_021)
    assert sum(segment.size for segment in seen.segments) == 5_000
    assert [row.name for row in seen.profile.segments] == [segment.name for segment in seen.segments]
    assert [row.size for row in seen.profile.segments] == [segment.size for segment in seen.segments]
    assert seen.seconds > 0


@pytest.mark.parametrize(
    ("k", "rows"), [("30", 5_000), ("auto", 5_000), ("2..8", 5_000), ("2..30", 1_077), ("2..99", 1_000)]
)
def test_a_preview_takes_fewer_customers_where_many_numbers_are_tried(k: str, rows: int) -> None:
    seen = preview(Trying(), some_customers(6_021), {"k": k}, QuietRun(), plugin=PLUGIN)
    assert (seen.rows, seen.of) == (rows, 6_021)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4, unique=True), st.integers(0, 2**32 - 1))
def test_labels_of_parts_are_parts_of_the_labels(cuts: list[float], seed: int) -> None:
    customers = some_customers(60)
    random = np.random.default_rng(seed)
    values = pl.Series("monetary", random.normal(0, 1e5, 60)).set(pl.Series(random.random(60) < 0.1), None)
    customers = customers.replacing(customers.frame.with_columns(values.fill_nan(None)))
    fitted = fit(Cutting(), customers, {"cuts": sorted(cuts)}, QuietRun(), plugin=PLUGIN)
    cut = int(random.integers(0, 60))
    parts = [fitted.model.assign(customers.rows(slice(0, cut))), fitted.model.assign(customers.rows(slice(cut, 60)))]
    assert pl.concat(parts).equals(fitted.labels, check_names=False)
