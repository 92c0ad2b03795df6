"""Each rule of the contract, broken once: the error names the plugin and the rule, and quotes no value."""

from __future__ import annotations

import polars as pl
import pytest
from small_methods import PLUGIN, FaultyMethod, some_customers

from segtui.api import ContractError, DataError, QuietRun
from segtui.segment.contract import check_customers, untouched
from segtui.segment.fit import fit

RULES = {
    "returns a dict": "fit returns a Faulty, and it returned a dict",
    "another model": "fit returns a Faulty, and it returned a Cut",
    "list of segments": "a tuple of Segment",
    "segments of text": "a tuple of Segment",
    "no segments": "1 to 10,000 segments",
    "a million segments": "has 1,000,000",
    "twice the same code": "codes of segments are unique",
    "negative code": "an int from 0",
    "float code": "an int from 0",
    "flag code": "an int from 0",
    "huge code": "an int from 0",
    "name is a number": "are texts",
    "endless name": "at most 500 characters",
    "uses is a tuple": "uses is a Uses",
    "uses a column that is not there": "absent is not one",
    "uses a table that is not there": "absent is not one",
    "uses a list": "uses.columns is a tuple of texts",
    "scaling of an absent column": "absent is not one",
    "wrong length": "one label per customer, and there are 399 for 400",
    "numpy labels": "returned a ndarray",
    "no labels": "returned a NoneType",
    "float labels": "labels are Int32",
    "NaN labels": "labels are Int32",
    "Int64 labels": "labels are Int32",
    "text labels": "labels are Int32",
    "unknown code": "codes of the model's segments or null",
    "all null": "at least one customer has a segment",
    "all one label": "all of them are in one of 2 segments",
    "reversed": "that customer's row and the model alone",
    "ranks": "that customer's row and the model alone",
    "random": "that customer's row and the model alone",
    "assign reads another column": "the columns and tables that uses names",
    "assign peeks at another column": "the columns that uses names",
    "matrix of the customers": "the model's own scaling",
    "forgets when saved": "saved and loaded gives the same labels",
    "mutates": "fit leaves the customers",
    "mutates in assign": "assign leaves the customers",
    "strengths of one column": "a column for each segment",
    "strengths that sum to two": "sum to 1",
    "strengths not finite": "finite",
    "negative strengths": "finite and not negative",
    "strengths of ints": "Float64",
    "strengths as an array": "polars DataFrame or None",
    "sql is a number": "sql is a text or None",
    "sql is empty": "sql is a text or None",
    "explain is a text": "explain returns a Report or None",
    "keeps rows in an array": "keeps_customers; extra has one entry per customer",
    "keeps rows in a tuple": "keeps_customers; extra has one entry per customer",
    "keeps rows in a frame": "keeps_customers; extra has one entry per customer",
    "keeps rows deep down": "keeps_customers; extra has one entry per customer",
    "keeps an id": "keeps_customers; it holds ids of customers",
    "keeps ids as keys": "keeps_customers; it holds ids of customers",
    "keeps ids in a series": "keeps_customers; it holds ids of customers",
    "holds a function": "a model is plain data",
    "holds an object": "a model is plain data",
}


@pytest.mark.parametrize("fault", RULES)
def test_a_broken_rule_is_named_with_its_plugin(fault: str) -> None:
    customers = some_customers()
    before = untouched(customers)
    with pytest.raises(ContractError) as caught:
        fit(FaultyMethod(), customers, {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert caught.value.where == PLUGIN
    assert RULES[fault] in caught.value.what
    assert untouched(customers) == before
    assert "C00003" not in str(caught.value)


def test_without_a_fault_the_same_method_passes() -> None:
    fitted = fit(FaultyMethod(), some_customers(), {"fault": ""}, QuietRun(), plugin=PLUGIN)
    assert fitted.labels.dtype == pl.Int32
    assert fitted.labels.name == "segment"


@pytest.mark.parametrize(
    ("ids", "said"),
    [(["a", "b", "a"], "1 rows repeat a customer"), (["a", None, "b"], "1 customers have no customer")],
)
def test_ids_are_unique_and_there(ids: list[str | None], said: str) -> None:
    customers = some_customers(3)
    customers = customers.replacing(customers.frame.with_columns(pl.Series("customer", ids)))
    with pytest.raises(DataError, match=said):
        check_customers(customers)


def test_the_id_column_is_there() -> None:
    customers = some_customers(3)
    with pytest.raises(DataError, match="missing"):
        check_customers(customers.replacing(customers.frame.drop("customer")))


def test_untouched_sees_values_order_and_columns() -> None:
    customers = some_customers(50)
    frame = customers.frame
    same = untouched(customers)
    assert untouched(customers.replacing(frame.clone())) == same
    assert untouched(customers.replacing(frame.reverse())) != same
    assert untouched(customers.replacing(frame.rename({"note": "other"}))) != same
    assert untouched(customers.replacing(frame.with_columns(pl.col("recency") + 1))) != same
