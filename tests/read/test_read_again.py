"""A reading is plain data: read again it gives the same table, and next year's file is read the same way."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reads import TODAY, Read

from segtui.api import Kind, Personal, QuietRun, ReadError, Role
from segtui.read import ColumnReading, Reading, ReadResult, read

THIS_YEAR = (
    "Kunde;Datum;Betrag;Kanal;Aktiv;Stufe;Kunde\n"
    + "00017;31.01.2024;1.012,50;Filiale;ja;low;x\n00018;01.02.2024;7,25;Online;nein;high;y\n" * 30
    + "00019;02.02.2024;k.A.;Online;ja;medium;z\n"
)


def same(first: ReadResult, second: ReadResult) -> None:
    assert dict(first.table.columns) == dict(second.table.columns)
    assert first.table.frame.collect().equals(second.table.frame.collect())
    assert (first.table.rows, first.table.grain, first.table.rejected) == (
        second.table.rows,
        second.table.grain,
        second.table.rejected,
    )
    assert first.reading == second.reading


def as_toml(reading: Reading) -> Reading:
    text = tomlkit.dumps(reading.model_dump(mode="json", exclude_defaults=True))
    return Reading.model_validate(json.loads(json.dumps(tomlkit.parse(text).unwrap())))


def test_reading_again_gives_the_same_table(read_text: Read) -> None:
    first = read_text(THIS_YEAR)
    assert first.reading.complete
    same(first, read_text(THIS_YEAR, as_toml(first.reading)))


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "jsonl"])
def test_reading_other_formats_again(suffix: str, tmp_path: Path, read_path: Read) -> None:
    path = tmp_path / f"a.{suffix}"
    frame = pl.DataFrame(
        {
            "CustomerID": [17850.0, None, 13047.0] * 9,
            "InvoiceDate": ["2010-12-01 08:26:00", "2010-12-02 08:26:00", "2010-12-13 18:00:00"] * 9,
            "UnitPrice": [2.55, 3.39, 1.0] * 9,
        }
    )
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "jsonl": frame.write_ndjson}[suffix](path)
    first = read_path(path)
    same(first, read_path(path, as_toml(first.reading)))


def test_next_years_file_is_read_the_same_way(read_text: Read) -> None:
    reading = read_text(THIS_YEAR).reading
    later = read_text(
        "Neu;Kunde;Datum;Kanal;Betrag;Aktiv;Stufe;Kunde\n1;17;05/06/2025;App;12,5;ja;low;q\n2;18;05.06.2025;App;x;nein;top;q\n",
        reading,
    )
    values = later.table.frame.collect()
    assert values.columns == ["Kunde", "Datum", "Betrag", "Kanal", "Aktiv", "Stufe", "Kunde_2"]
    assert values["Kunde"].to_list() == ["17", "18"]
    assert values["Betrag"].to_list() == [12.5, None]
    assert values["Datum"].null_count() == 1
    counted = {finding.column: finding.rows for finding in later.table.findings if "missing" in finding.text}
    assert counted == {"Datum": 1, "Betrag": 1}
    assert any("left out: Neu" in finding.text for finding in later.table.findings)
    assert later.table.columns["Stufe"].levels == ("low", "medium", "high")
    assert later.reading.columns == reading.columns


def test_a_missing_column_is_named_with_what_is_near(read_text: Read) -> None:
    reading = read_text(THIS_YEAR).reading
    with pytest.raises(ReadError) as raised:
        read_text(THIS_YEAR.replace("Betrag", "Betrag EUR", 1), reading)
    assert "The column Betrag is missing. Near it: Betrag EUR" in raised.value.what


def test_corrections_win_and_say_so(read_text: Read) -> None:
    text = "year;shop;n\n" + "2020;1;5\n2021;2;6\n2022;1;7\n" * 9
    plain = read_text(text)
    assert plain.table.columns["shop"].kind is Kind.NUMBER
    result = read_text(
        text,
        columns={
            "shop": ColumnReading(kind=Kind.CATEGORY, role=Role.CHANNEL),
            "year": ColumnReading(role=Role.GROUP),
            "n": ColumnReading(unit="pieces", personal=Personal.OTHER),
        },
    )
    shop, year, count = (result.table.columns[name] for name in ("shop", "year", "n"))
    assert (shop.kind, shop.role, shop.reason, shop.levels) == (Kind.CATEGORY, Role.CHANNEL, "set by you", ("1", "2"))
    assert (year.role, year.reason) == (Role.GROUP, "set by you")
    assert (count.unit, count.personal, count.kind) == ("pieces", Personal.OTHER, Kind.NUMBER)
    same(result, read_text(text, as_toml(result.reading)))
    with pytest.raises(ReadError, match="column shopp is missing"):
        read_text(text, columns={"shopp": ColumnReading(kind=Kind.CATEGORY)})
    with pytest.raises(ReadError, match=r"columns shopp and yeer are missing\. Near shopp: shop"):
        read_text(text, columns={name: ColumnReading(kind=Kind.CATEGORY) for name in ("shopp", "yeer")})


def test_no_role_can_be_given(read_text: Read) -> None:
    text = "customer_id,order_date,amount\n" + "1,2024-01-01,2.5\n2,2024-01-02,3.5\n1,2024-02-02,3.5\n" * 5
    assert read_text(text).table.having(Role.AMOUNT) == "amount"
    assert read_text(text, columns={"amount": ColumnReading(role="none")}).table.having(Role.AMOUNT) is None


def test_a_given_kind_counts_what_does_not_fit(read_text: Read) -> None:
    text = "a;b\n" + "yes;1\nno;2\nmaybe;3\n" * 6
    result = read_text(text, columns={"a": ColumnReading(kind=Kind.FLAG, yes=("yes",), no=("no",))})
    assert result.table.frame.collect()["a"].null_count() == 6
    assert any("neither" in finding.text and finding.rows == 6 for finding in result.table.findings)


WORDS = st.text(st.sampled_from('abcXYZäß€ ,;|"\n\t-0'), max_size=12).map(lambda text: f"w{text}x")


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(st.integers(2, 40))

    def column(values: st.SearchStrategy[object], dtype: pl.DataType) -> pl.Series:
        listed = draw(st.lists(values, min_size=rows, max_size=rows))
        return pl.Series(listed, dtype=dtype, strict=False)

    cents = st.integers(-(10**9), 10**9).map(lambda value: value / 100)
    return pl.DataFrame(
        {
            "key": [f"{row:06d}" for row in range(rows)],
            "words": column(st.none() | WORDS, pl.String()),
            "whole": column(st.none() | st.integers(-(10**14), 10**14), pl.Int64()),
            "money": column(st.none() | cents, pl.Float64()),
            "day": column(st.none() | st.dates(TODAY.replace(year=1900), TODAY.replace(year=2100)), pl.Date()),
            "open": column(st.none() | st.booleans(), pl.Boolean()),
            "last": column(WORDS, pl.String()),
        }
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frame=frames(), separator=st.sampled_from([",", ";", "\t", "|"]), quoted=st.booleans())
def test_what_is_written_is_read(frame: pl.DataFrame, separator: str, quoted: bool, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    frame.write_csv(path, separator=separator, quote_style="non_numeric" if quoted else "necessary")
    kinds = {"words": Kind.TEXT, "whole": Kind.NUMBER, "money": Kind.NUMBER, "day": Kind.DATE, "open": Kind.FLAG}
    columns = {name: ColumnReading(kind=kind) for name, kind in kinds.items()}
    result = read(path, Reading(delimiter=separator, columns=columns), tmp_path, QuietRun(), today=TODAY)
    found = result.table.frame.collect()
    assert result.table.rows == frame.height
    for name in frame.columns:
        if frame[name].null_count() < frame.height:
            assert found[name].to_list() == frame[name].to_list(), name
