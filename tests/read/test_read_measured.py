"""What reading says of a table is the same however it was measured: while its rows were written, or over its frame."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reads import Read

from segtui.api.table import Grain
from segtui.read import Reading, ReadResult, measuring

ROWS = 3_000
MONTHS = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 21)]


def shop(cancelled: int = 60, repeated: int = 0, endless: str = "1.5") -> pl.DataFrame:
    """Order lines as text: some orders cancelled, some lines there twice, some amounts endless, some towns blank."""
    lines = pl.DataFrame(
        {
            "order_id": [f"C{line:05}" if line < cancelled else f"{line:06}" for line in range(ROWS)],
            "customer_id": [f"K{line % 700:04}" for line in range(ROWS)],
            "order_date": [MONTHS[line % len(MONTHS)] for line in range(ROWS)],
            "amount": [endless if line % 500 == 7 else f"{(line % 90) - 4.25}" for line in range(ROWS)],
            "town": [("Ulm", "Oslo", " ", "")[line % 4] for line in range(ROWS)],
        }
    )
    return pl.concat([lines, lines.head(repeated)])


def said(read: ReadResult) -> dict[str, object]:
    """All that a reading says of a table, but for how its columns are written."""
    table = read.table
    columns = {name: (column.kind, column.role, column.levels, column.reason) for name, column in table.columns.items()}
    return {"columns": columns, "rows": table.rows, "grain": table.grain, "findings": table.findings}


@pytest.fixture(params=["short", "long"])
def length(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Files count as long, or don't."""
    if request.param == "long":
        monkeypatch.setattr(measuring, "MANY_ROWS", 100)
        monkeypatch.setattr(measuring, "FIRST_ROWS", 1_000)
        monkeypatch.setattr(measuring, "SHARE", 1)
    return str(request.param)


@pytest.mark.parametrize("endless", ["1.5", "inf", "nan"])
def test_in_one_pass_or_in_many(read_text: Read, monkeypatch: pytest.MonkeyPatch, length: str, endless: str) -> None:
    text = shop(repeated=40, endless=endless).write_csv()
    with_the_rows = read_text(text, name="one.csv")
    monkeypatch.setattr(measuring, "COLUMNS_A_PASS", 2)
    afterwards = read_text(text, name="one.csv")
    assert said(with_the_rows) == said(afterwards)
    assert with_the_rows.table.frame.collect().equals(afterwards.table.frame.collect())
    findings = {finding.text for finding in with_the_rows.table.findings}
    about = "About " if length == "long" else ""
    assert f"{about}40 rows repeat another row exactly." in findings
    assert "100 rows with an order number that starts with C, which usually marks a cancellation." in findings
    assert with_the_rows.table.grain is Grain.LINE


@pytest.mark.usefixtures("length")
def test_from_text_or_from_parquet(read_text: Read, read_path: Read, tmp_path: Path) -> None:
    text = read_text(shop(repeated=5).write_csv(), name="lines.csv").table
    parquet = tmp_path / "lines.parquet"
    text.frame.collect().write_parquet(parquet)
    table = read_path(parquet).table
    assert {finding for finding in table.findings if finding.rows} == {f for f in text.findings if f.rows}
    assert (table.rows, table.grain) == (text.rows, text.grain)


@pytest.mark.usefixtures("length")
def test_orders_that_are_all_plain_are_not_cancelled(read_text: Read) -> None:
    findings = read_text(shop(cancelled=0).write_csv()).table.findings
    assert not [finding for finding in findings if "cancellation" in finding.text]


def test_a_share_of_the_rows_tells_about_how_many_repeat(read_text: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "MANY_ROWS", 100)
    monkeypatch.setattr(measuring, "SHARE", 4)
    (finding,) = (f for f in read_text(shop(repeated=1_000).write_csv()).table.findings if "exactly" in f.text)
    assert finding.text.startswith("About ") and 800 <= (finding.rows or 0) <= 1_200


@pytest.mark.parametrize("form", ["K{:04}", "C{:04}", "{:06}A"])
@pytest.mark.parametrize("rows", [700, 3_000, 10_000])
def test_customers_without_any_twice_are_found_to_be_so(read_text: Read, form: str, rows: int) -> None:
    """By a count: polars' estimate was a sixth too low for some of these."""
    customers = pl.DataFrame({"customer_id": [form.format(row) for row in range(rows)], "age": [30, 40] * (rows // 2)})
    table = read_text(customers.write_csv()).table
    assert table.grain is Grain.CUSTOMER
    assert table.columns["customer_id"].reason.endswith("no value twice")


@pytest.mark.parametrize("blank", [" ", ""])
def test_a_blank_is_no_customer(read_text: Read, blank: str) -> None:
    customers = pl.DataFrame({"customer_id": [*(f"K{row:04}" for row in range(900)), blank], "age": 30})
    table = read_text(customers.write_csv()).table
    assert table.grain is Grain.OTHER
    assert [finding.text for finding in table.findings if finding.column == "customer_id"] == [
        "1 row without a customer."
    ]


def test_words_are_told_apart_in_all_rows_where_they_hardly_repeat_in_the_first(
    read_text: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "MANY_ROWS", 100)
    monkeypatch.setattr(measuring, "FIRST_ROWS", 500)
    customers = pl.DataFrame({"customer_id": [f"K{row:04}" for row in range(ROWS)], "town": ["Ulm", "Bonn"] * 1_500})
    table = read_text(customers.write_csv()).table
    assert table.grain is Grain.CUSTOMER
    assert table.columns["customer_id"].reason.endswith("no value twice")
    assert table.columns["town"].levels == ("Bonn", "Ulm")


@pytest.mark.parametrize("encoding", ["utf-8", "cp037", "utf-16"])
def test_quotes_are_heeded_whatever_their_byte(read_text: Read, encoding: str) -> None:
    text = 'name,town\n"Smith, Ann",Ulm\n"Ng, Bo","Bonn"\nLee,""\n'
    read = read_text(text.encode(encoding), Reading(encoding=encoding))
    assert read.table.frame.collect().rows() == [("Smith, Ann", "Ulm"), ("Ng, Bo", "Bonn"), ("Lee", None)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["a", "b", " c", "", "Ünal"])), min_size=3))
def test_rows_that_repeat_are_counted(read_text: Read, rows: list[tuple[int, str]]) -> None:
    text = "number,word\n" + "".join(f"{number},{word}\n" for number, word in rows)
    table = read_text(text).table
    kept = table.frame.collect()
    repeated = kept.height - kept.n_unique()
    found = [finding.rows for finding in table.findings if "exactly" in finding.text]
    assert found == ([repeated] if repeated else [])
