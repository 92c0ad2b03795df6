"""One row per customer from purchases: figures by hand, the account, and laws."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recipe_tables import PURCHASE_ROLES, made, purchases, rows, table

from segtui.api import Account, Count, DataError, Kind, Role

AS_OF = date(2024, 3, 1)
STEP = {
    "step": "purchases",
    "table": "orders",
    "customer": "customer",
    "date": "day",
    "order": "order",
    "amount": "amount",
    "returns": "amount < 0",
}


def test_figures_by_hand(tmp_path: Path) -> None:
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[STEP])
    assert rows(found, "customer", "recency", "frequency", "monetary", "average_order", "tenure", "lines") == [
        ("007", 50, 2, 15.3, 7.65, 60, 3),
        ("12", 28, 2, 10.0, 5.0, 29, 2),
        ("5", 20, 1, 8.0, 8.0, 20, 1),
    ]
    assert rows(found, "customer", "returns", "returned") == [("007", 0, 0.0), ("12", 0, 0.0), ("5", 1, 8.0)]


def test_the_account_adds_up_by_reason(tmp_path: Path) -> None:
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[STEP])
    assert (found.account.total, found.account.used) == (10, 6)
    assert {part.text: part.rows for part in found.account.dropped} == {
        "without a customer": 1,
        "after the as-of date": 1,
        "returns": 2,
    }
    assert found.steps[-1].rows_in == 6
    assert found.steps[-1].rows_out == 3
    assert found.steps[-1].notes == ("1 customer with returns only",)


def test_customers_who_are_dropped_later_have_an_account_that_adds_up(tmp_path: Path) -> None:
    once = {"step": "drop", "table": STEP["table"], "where": "frequency = 1", "reason": "bought once"}
    derived = {"step": "derive", "table": STEP["table"], "column": "twice", "formula": "monetary * 2"}
    plain = made(tmp_path, purchases(), as_of=AS_OF, steps=[STEP, derived])
    assert plain.customers_account is None
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[STEP, derived, once])
    assert found.account == plain.account
    assert found.customers_account == Account("customers", 3, len(found.customers), (Count("bought once", 1),))
    assert len(found.customers) == 2


def test_ids_keep_their_zeros_and_roles_are_given(tmp_path: Path) -> None:
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[STEP]).customers
    assert found.id == "customer"
    assert found.frame["customer"].to_list() == ["007", "12", "5"]
    assert (found.having(Role.RECENCY), found.having(Role.FREQUENCY), found.having(Role.MONETARY)) == (
        "recency",
        "frequency",
        "monetary",
    )
    assert found.columns["first_date"].kind is Kind.DATE


def test_repeats_gaps_shares_and_descriptors(tmp_path: Path) -> None:
    step = STEP | {
        "repeats": "days",
        "gaps": True,
        "shares": [{"column": "channel"}],
        "descriptors": [{"column": "channel", "by": "latest"}],
    }
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[step])
    assert rows(found, "customer", "x", "t_x", "T") == [
        ("007", 1, 10.0, 60.0),
        ("12", 1, 1.0, 29.0),
        ("5", 0, 0.0, 20.0),
    ]
    assert rows(found, "median_gap", "gap_90") == [(10.0, 10.0), (1.0, 1.0), (None, None)]
    shares = found.customers.frame.select("online_share", "store_share")
    assert shares.row(0) == pytest.approx((15.1 / 15.3, 0.2 / 15.3))
    assert shares.sum_horizontal().to_list() == pytest.approx([1.0, 1.0, 1.0])
    assert rows(found, "channel") == [("online",), ("store",), ("online",)]
    assert found.recipe.steps[0].shares[0].levels == ("online", "store")  # type: ignore[union-attr]


def test_the_most_frequent_value_takes_the_first_of_equals(tmp_path: Path) -> None:
    orders = purchases(country=["b", "a", "a", "b", "a", "z", None, "a", "a", "b"])
    step = STEP | {"descriptors": [{"column": "country"}]}
    found = made(tmp_path, orders, as_of=AS_OF, steps=[step])
    assert rows(found, "customer", "country") == [("007", "a"), ("12", "a"), ("5", "z")]


def test_without_a_day_it_is_the_one_after_the_last_that_is_past(tmp_path: Path) -> None:
    found = made(tmp_path, purchases(), steps=[STEP])
    assert found.recipe.as_of == date(2024, 3, 6)
    assert rows(found, "customer", "recency")[0] == ("007", 1)


def test_dates_in_the_future_do_not_move_the_day(tmp_path: Path) -> None:
    days = [date.today() + timedelta(days=900)] + [date(2024, 1, 1)] * 9
    found = made(tmp_path, purchases(day=days), steps=[STEP])
    assert found.recipe.as_of == date(2024, 1, 2)
    assert {part.text: part.rows for part in found.account.dropped}["dated in the future"] == 1


def test_text_where_dates_are_needed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not dates"):
        made(tmp_path, purchases(day=["x"] * 10), as_of=AS_OF, steps=[STEP])


def test_amounts_are_summed_to_the_cent(tmp_path: Path) -> None:
    count = 10_001
    orders = table(
        "orders",
        {"customer": ["1"] * count, "order": ["o"] * count, "day": [date(2024, 1, 1)] * count, "amount": [0.1] * count},
        PURCHASE_ROLES,
    )
    assert rows(made(tmp_path, orders, as_of=AS_OF, steps=[STEP]), "monetary", "frequency") == [(1000.1, 1)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_order_of_lines_never_matters(tmp_path: Path, data: st.DataObject) -> None:
    line = st.tuples(
        st.sampled_from(["1", "2", "03", None]),
        st.sampled_from("abcdef"),
        st.dates(date(2024, 1, 1), date(2024, 3, 4)),
        st.integers(-500, 5000).map(lambda cents: cents / 100),
    )
    lines = data.draw(st.lists(line, min_size=1, max_size=30))
    shuffled = data.draw(st.permutations(lines))
    orders, others = (
        table("orders", pl.DataFrame(each, orient="row", schema=_schema()).to_dict(as_series=False), PURCHASE_ROLES)
        for each in (lines, shuffled)
    )
    if not any(customer and day <= AS_OF and amount >= 0 for customer, _, day, amount in lines):
        return
    first, second = (made(tmp_path, each, as_of=AS_OF, steps=[STEP]) for each in (orders, others))
    assert first.customers.frame.equals(second.customers.frame)
    assert first.account == second.account
    assert first.account.total == len(lines)
    used = [amount for customer, _, day, amount in lines if customer and day <= AS_OF and amount >= 0]
    assert first.account.used == len(used)
    assert first.customers.frame["monetary"].sum() == pytest.approx(sum(used))


def _schema() -> dict[str, Any]:
    return {"customer": pl.String, "order": pl.String, "day": pl.Date, "amount": pl.Float64}


def test_a_customer_and_a_date_are_enough(tmp_path: Path) -> None:
    step = {"step": "purchases", "table": "orders", "customer": "customer", "date": "day"}
    found = made(tmp_path, purchases(), as_of=AS_OF, steps=[step])
    assert rows(found, "customer", "recency", "frequency") == [
        ("007", 50, 3),
        ("12", 28, 2),
        ("5", 10, 2),
        ("9", 29, 1),
    ]


def test_a_line_without_an_amount_is_dropped_and_said(tmp_path: Path) -> None:
    amounts = [None, 0.2, 5.0, 7.5, 2.5, 8.0, -8.0, 3.0, -1.0, 99.0]
    found = made(tmp_path, purchases(amount=amounts), as_of=AS_OF, steps=[STEP])
    assert {part.text: part.rows for part in found.account.dropped}["without an amount"] == 1
    assert found.account.total == 10


def test_where_no_purchase_is_left_the_reasons_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 without a customer and 9 after the as-of date"):
        made(tmp_path, purchases(), as_of=date(2020, 1, 1), steps=[STEP])


def test_an_amount_too_large_to_be_summed_counts_as_missing(tmp_path: Path) -> None:
    amounts = [1e300, 0.2, 5.0, 7.5, 2.5, 8.0, -8.0, 3.0, -1.0, 99.0]
    found = made(tmp_path, purchases(amount=amounts), as_of=AS_OF, steps=[STEP])
    assert {part.text: part.rows for part in found.account.dropped}["without an amount"] == 1
    assert rows(found, "customer", "monetary")[0] == ("007", 5.2)


def test_the_day_that_was_found_counts_the_same_lines_when_it_is_given(tmp_path: Path) -> None:
    days = [date(2024, 1, 1)] * 6 + [date(2024, 2, 20)] * 4
    amounts = [10.1, 0.2, 5.0, 7.5, 2.5, 8.0, -8.0, None, None, -99.0]
    orders = purchases(day=days, amount=amounts)
    first = made(tmp_path, orders, steps=[STEP])
    again = made(tmp_path, orders, **first.recipe.model_dump())
    assert first.recipe.as_of == date(2024, 2, 21)
    assert again.account == first.account
    assert again.customers.frame.equals(first.customers.frame)
