from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import check_laws, check_model, customers_of, fitted, sql_labels

from segtui.api import DataError, Grid, UsageError, Verdict
from segtui_rules.rules import Rules, RulesModel

FRAME = pl.DataFrame(
    {
        "age": [25, 40, None, 70, 33, 51],
        "spend": [10.0, 250.0, 900.0, None, float("nan"), 90.0],
        "city": ["Berlin", "Paris", None, "Berlin", "O'Hara", "Paris"],
    }
)
RULES = [
    {"name": "Big", "when": "spend >= 200"},
    {"name": "Young", "when": "age < 35 or city = 'O''Hara'"},
    {"name": "Paris", "when": "city = 'Paris'"},
]


def test_first_match_wins_and_unknown_does_not_match(tmp_path: Path) -> None:
    customers = customers_of(FRAME)
    model = check_laws(Rules(), customers, rules=RULES)
    assert model.assign(customers).to_list() == [1, 0, 0, 3, 1, 2]
    # DuckDB trusts the statistics of a Parquet file, which leave NaN out, and then calls NaN large.
    assert sql_labels(model, FRAME, tmp_path, statistics=False) == [1, 0, 0, 3, 1, 2]
    assert [segment.name for segment in model.segments] == ["Big", "Young", "Paris", "Everyone else"]
    assert model.uses.columns == ("spend", "age", "city")


def test_explain_counts_matches_and_overlaps() -> None:
    model = fitted(Rules(), customers_of(FRAME), rules=RULES, others="Rest")
    assert isinstance(model, RulesModel)
    rules, counted = model.explain().blocks[:2]
    assert isinstance(rules, Grid) and isinstance(counted, Grid)
    assert rules.values[-1] == ("no rule matches",)
    assert counted.values == ((2, 0, 2), (2, 0, 2), (2, 1, 1), (1, 0, 1))
    assert counted.counts == ((1, 1, 2), (1, 1, 2), (1, 1, 1), (1, 1, 1))
    assert rules.rows.labels[-1] == counted.rows.labels[-1] == "Rest"


def test_rules_that_reach_nobody_are_said() -> None:
    rules = [*RULES, {"name": "Old", "when": "age > 200"}, {"name": "Again", "when": "spend > 500"}]
    report = fitted(Rules(), customers_of(FRAME), rules=rules).explain()
    assert report is not None
    told = [block.text.figures["rules"].value for block in report.blocks[3:] if isinstance(block, Verdict)]
    assert told == ["Old", "Again"]


def test_clear_answers() -> None:
    customers = customers_of(FRAME)
    with pytest.raises(UsageError, match="no rules yet"):
        fitted(Rules(), customers)
    with pytest.raises(UsageError, match=r"row 2, character 1.*no column aeg.*Did you mean age"):
        fitted(Rules(), customers, rules=[RULES[0], {"name": "x", "when": "aeg < 3"}])
    with pytest.raises(UsageError, match="row 1"):
        fitted(Rules(), customers, rules=[{"name": "x", "when": "age <"}])
    with pytest.raises(UsageError, match="row 1"):
        fitted(Rules(), customers, rules=[{"name": "x", "when": "city > 3"}])
    model = fitted(Rules(), customers, rules=RULES)
    with pytest.raises(DataError, match="city is missing"):
        model.assign(customers_of(FRAME.drop("city")))


conditions = st.sampled_from(
    [
        "age > 30",
        "spend < 100",
        "age is missing",
        "city in ('a', 'b')",
        "not spend < 50",
        "age = spend",
        "city = 'a' and age > 1",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 60),
            st.none() | st.floats(allow_nan=True, allow_infinity=True),
            st.none() | st.sampled_from(["a", "b", "c"]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.lists(conditions, min_size=1, max_size=5),
)
def test_partition(rows: list[tuple[object, ...]], whens: list[str]) -> None:
    frame = pl.DataFrame(rows, schema={"age": pl.Int64, "spend": pl.Float64, "city": pl.String}, orient="row")
    customers = customers_of(frame)
    rules = [{"name": f"rule {place}", "when": when} for place, when in enumerate(whens)]
    model = fitted(Rules(), customers, rules=rules)
    assert isinstance(model, RulesModel)
    labels = check_model(model, customers)
    assert labels.null_count() == 0
    sizes = [labels.to_list().count(code) for code in range(len(whens) + 1)]
    assert sizes[:-1] == [rule.taken for rule in model.rules]
    alone = fitted(Rules(), customers, rules=rules[-1:])
    last = alone.assign(customers)
    assert all(
        code == len(whens) for code, one in zip(labels, last, strict=True) if code >= len(whens) - 1 and one == 1
    )
