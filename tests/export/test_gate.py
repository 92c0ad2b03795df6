"""Promise 53: an id and a segment leave for each customer, whatever else is known of them."""

from __future__ import annotations

import polars as pl
import pytest

from segtui.api.customers import Customers
from segtui.api.errors import UsageError
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Column, Kind, Personal, Role
from segtui.export import Choice, gate

SEGMENTS = (ShownSegment(7, "A", "Best", 2), ShownSegment(3, "B", "Rest", 1))


def people(identifier: str = "customer", own: Personal | None = None) -> Customers:
    frame = pl.DataFrame({identifier: ["007", "x", "ü", "4"], "email": ["a@b.c"] * 4, "spend": [1.0, 2.0, 3.0, None]})
    columns = {
        identifier: Column(identifier, Kind.IDENTIFIER, Role.CUSTOMER, personal=own),
        "email": Column("email", Kind.TEXT, personal=Personal.EMAIL),
        "spend": Column("spend", Kind.NUMBER),
    }
    return Customers(frame, identifier, columns)


LABELS = pl.Series("segment", [7, 3, None, 7], dtype=pl.Int32)


def test_three_columns_pass() -> None:
    leaving = gate(people(), LABELS, SEGMENTS)
    frame = leaving.assignments.collect()
    assert frame.rows() == [("007", 7, "Best"), ("x", 3, "Rest"), ("ü", None, None), ("4", 7, "Best")]
    assert frame.schema == {"customer": pl.String, "segment_code": pl.Int32, "segment": pl.String}
    assert (leaving.rows, leaving.columns) == (4, ("customer", "segment_code", "segment"))
    assert leaving.personal_held_back == ("email",)
    assert "email" in " ".join(leaving.notes)


@pytest.mark.parametrize("identifier", ["segment", "SEGMENT", "segment_code", "Segment_Code"])
def test_an_id_with_the_name_of_a_column_keeps_it(identifier: str) -> None:
    leaving = gate(people(identifier), LABELS, SEGMENTS)
    names = leaving.assignments.collect().columns
    assert names[0] == identifier
    assert len({name.casefold() for name in names}) == 3
    assert leaving.assignments.collect()[identifier].to_list() == ["007", "x", "ü", "4"]


@pytest.mark.parametrize("own", [Personal.EMAIL, Personal.PHONE, Personal.NAME])
def test_an_id_that_is_personal_itself_is_said(own: Personal) -> None:
    leaving = gate(people("who", own), LABELS, SEGMENTS)
    assert any("itself personal data" in note for note in leaving.notes)
    assert leaving.personal_held_back == ("email",)


def test_nobody_in_a_segment_is_still_a_row() -> None:
    leaving = gate(people(), pl.Series([None] * 4, dtype=pl.Int32), SEGMENTS)
    assert leaving.assignments.collect()["segment"].to_list() == [None] * 4


def test_what_is_not_personal_is_not_chosen_as_personal() -> None:
    with pytest.raises(UsageError, match="not personal"):
        gate(people(), LABELS, SEGMENTS, Choice(personal=("spend",)))
