"""Order, letters and names: people's first, then the method's, then what sets a segment apart; always unique."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_methods import some_customers

from segtui.api import Column, Customers, Kind, Model, Role, Segment, UsageError, Uses
from segtui.segment.naming import GivenName, account, shown


@dataclass(frozen=True, eq=False)
class Fixed(Model):
    def assign(self, customers: Customers) -> pl.Series:
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Ordered(Fixed):
    ordered: ClassVar[bool] = True


def model_of(*names: str, kind: type[Fixed] = Fixed) -> Fixed:
    return kind(tuple(Segment(code, name) for code, name in enumerate(names)), Uses())


def labels_of(codes: Sequence[int | None]) -> pl.Series:
    return pl.Series("segment", codes, dtype=pl.Int32)


def planted(customers: Customers) -> pl.Series:
    return customers.frame["yummy"].cast(pl.Int32)


def test_shown_by_size_then_code_with_letters() -> None:
    labels = labels_of([2, 2, 2, 0, 1, None])
    segments = shown(model_of("zero", "one", "two", "three"), labels, some_customers(6))
    assert [(s.code, s.letter, s.size) for s in segments] == [(2, "A", 3), (0, "B", 1), (1, "C", 1), (3, "D", 0)]
    assert [s.name for s in segments] == ["two", "zero", "one", "three"]


def test_a_model_with_an_order_keeps_it() -> None:
    segments = shown(model_of("low", "high", kind=Ordered), labels_of([1, 1, 0]), some_customers(3))
    assert [(s.letter, s.name) for s in segments] == [("A", "low"), ("B", "high")]


def test_names_say_what_sets_segments_apart() -> None:
    customers = some_customers()
    segments = shown(model_of("", ""), planted(customers), customers)
    assert [s.name for s in segments] == ["Lapsed, low spend", "Recent, high spend"]


def just(customers: Customers, *names: str) -> Customers:
    columns = {name: customers.columns[name] for name in ("customer", *names)}
    return Customers(customers.frame.select("customer", *names), "customer", columns)


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("recency", ["Lapsed", "Recent"]),
        ("frequency", ["Infrequent", "Frequent"]),
        ("monetary", ["Low spend", "High spend"]),
        ("online_share", ["Hardly online", "Mostly online"]),
        ("yummy", ["Yummy: no", "Yummy: yes"]),
        ("contract", ["Contract: monthly", "Contract: two years"]),
        ("note", ["Average (A)", "Average (B)"]),
    ],
)
def test_words_come_from_role_kind_and_name(column: str, names: list[str]) -> None:
    customers = some_customers()
    assert [s.name for s in shown(model_of("", ""), planted(customers), just(customers, column))] == names


def test_other_numbers_are_high_or_low_and_hostile_names_harmless() -> None:
    customers = some_customers()
    name = "[/]age\x1b]0;x\u202e" + "y" * 100
    frame = customers.frame.select("customer", pl.col("monetary").alias(name))
    odd = Customers(frame, "customer", {name: Column(name, Kind.NUMBER)})
    names = [s.name for s in shown(model_of("", ""), planted(customers), odd)]
    assert names[0].startswith("Low [/]age␛]0;x<202E>")
    assert all(word.isprintable() and len(word) <= 80 for word in names)


def test_a_handful_of_customers_is_called_that() -> None:
    customers = some_customers(100)
    labels = labels_of([1] * 3 + [0] * 97)
    assert [s.name for s in shown(model_of("", ""), labels, customers)] == ["Average", "Few customers"]


def test_a_third_trait_tells_segments_apart_and_then_the_letter() -> None:
    rows = np.arange(400)
    high, other = rows % 4 < 2, rows % 2 == 0
    frame = pl.DataFrame(
        {"customer": rows.astype(str), "a": high * 1.0, "b": high * 1.0, "c": np.where(other, 0.9, 0.1) + rows * 1e-6}
    )
    columns = {
        "a": Column("a", Kind.NUMBER, Role.MONETARY),
        "b": Column("b", Kind.NUMBER, Role.FREQUENCY),
        "c": Column("c", Kind.NUMBER),
    }
    labels = labels_of((rows % 4).tolist())
    names = {s.name for s in shown(model_of("", "", "", ""), labels, Customers(frame, "customer", columns))}
    assert names == {f"{freq}, {spend} spend, {c} c" for freq, spend in (("Frequent", "high"), ("Infrequent", "low"))
                     for c in ("high", "low")}  # fmt: skip
    frame = frame.drop("c")
    del columns["c"]
    names = {s.name for s in shown(model_of("", "", "", ""), labels, Customers(frame, "customer", columns))}
    assert len(names) == 4
    assert "Frequent, high spend (A)" in names


def test_people_come_first_and_descriptions_are_kept() -> None:
    customers = some_customers()
    given_names = {1: GivenName("  Fans\u202e ", "They\nlove us"), 0: GivenName(description="the rest")}
    rest, fans = shown(model_of("Others", "Best"), planted(customers), customers, given_names)
    assert (fans.name, fans.description) == ("Fans<202E>", "They␊love us")
    assert (rest.name, rest.description) == ("Others", "the rest")


@pytest.mark.parametrize(
    "names",
    [
        {0: GivenName("Fans"), 1: GivenName("fans ")},
        {0: GivenName("best")},
        {7: GivenName("Nobody")},
    ],
)
def test_names_of_people_are_unique_and_of_segments_that_exist(names: dict[int, GivenName]) -> None:
    with pytest.raises(UsageError):
        shown(model_of("Others", "Best"), labels_of([0, 1]), some_customers(2), names)


def test_two_names_can_be_swapped() -> None:
    names = {0: GivenName("Best"), 1: GivenName("Others")}
    segments = shown(model_of("Others", "Best"), labels_of([0, 1]), some_customers(2), names)
    assert [s.name for s in segments] == ["Best", "Others"]


def test_a_made_name_gives_way_to_a_given_one() -> None:
    customers = just(some_customers(), "monetary")
    labels = planted(some_customers())
    segments = shown(model_of("", ""), labels, customers, {1: GivenName("Low spend")})
    assert [s.name for s in segments] == ["Low spend (A)", "Low spend"]


def test_the_account_adds_up() -> None:
    found = account(labels_of([0, None, 1, None]))
    assert (found.total, found.used, found.dropped[0].rows) == (4, 2, 2)
    assert account(labels_of([0])).dropped == ()


_NAMES = st.sampled_from(["", "", "Best", "best", "Best (A)", "Average", " ", "\u200b"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_NAMES, min_size=1, max_size=8),
    st.lists(st.integers(0, 7) | st.none(), min_size=40, max_size=40),
    st.dictionaries(st.integers(0, 7), st.sampled_from(["", "One", "Two", "Average", "Average (B)"]), max_size=3),
)
def test_names_are_unique_never_empty_and_sizes_add_up(
    names: list[str], codes: list[int | None], wanted: dict[int, str]
) -> None:
    labels = labels_of([None if code is None else code % len(names) for code in codes])
    chosen = {code: GivenName(name) for code, name in wanted.items() if code < len(names)}
    try:
        segments = shown(model_of(*names), labels, some_customers(40), chosen)
    except UsageError:
        return
    assert len({segment.name.casefold() for segment in segments}) == len(segments) == len(names)
    assert all(segment.name.strip() for segment in segments)
    assert sum(segment.size for segment in segments) + labels.null_count() == 40
    assert [s.size for s in segments] == sorted((s.size for s in segments), reverse=True)
