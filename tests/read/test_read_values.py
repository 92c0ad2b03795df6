"""Promises 4, 7 and 9: values keep what they are; what can't be read is counted, never guessed away."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from reads import Read

from segtui.api import Kind, QuietRun, ReadError
from segtui.read import ColumnReading, column_facts


def column(name: str, values: list[str]) -> str:
    return f"{name};other\n" + "".join(f"{value};{index}\n" for index, value in enumerate(values))


NUMBERS = {
    "plain": (["1.5", "-2.25", "3"], [1.5, -2.25, 3.0], 2, ""),
    "whole": (["1", "-2", "30"], [1, -2, 30], 0, ""),
    "exponent": (["1e3", "2.5E-1", "-3e0"], [1000.0, 0.25, -3.0], 2, ""),
    "decimal comma": (["1,5", "-2,25", "3,0"], [1.5, -2.25, 3.0], 2, ""),
    "german": (["1.234,50", "12,00", "-1.000.000,25"], [1234.5, 12.0, -1000000.25], 2, ""),
    "english": (["1,234.50", "12.00", "-1,000,000.25"], [1234.5, 12.0, -1000000.25], 2, ""),
    "thousands": (["1,234", "12", "5,000,000"], [1234, 12, 5000000], 0, ""),
    "swiss": (["1'234.50", "12.00", "7.00"], [1234.5, 12.0, 7.0], 2, ""),
    "blanks": (["1 234,50", "12,00", "7,10"], [1234.5, 12.0, 7.1], 2, ""),
    "pounds": (["£1,234.50", "£12.00", "-£7.10"], [1234.5, 12.0, -7.1], 2, "GBP"),
    "euros": (["12,50 €", "1.000,00 €", "-7,10 €"], [12.5, 1000.0, -7.1], 2, "EUR"),
    "percent": (["12.5%", "7%", "-3%"], [12.5, 7.0, -3.0], 1, "%"),
    "accounting": (["(12.50)", "7.00", "$(3.25)"], None, 0, ""),
    "brackets": (["(12.50)", "7.00", "(3.25)"], [-12.5, 7.0, -3.25], 2, ""),
    "trailing minus": (["12.50-", "7.00", "3.25-"], [-12.5, 7.0, -3.25], 2, ""),
    "padded": (["  1.5", "2.25 ", " 3.00 "], [1.5, 2.25, 3.0], 2, ""),
}


@pytest.mark.parametrize(("values", "expected", "decimals", "unit"), NUMBERS.values(), ids=NUMBERS.keys())
def test_numbers(values: list[str], expected: list[float] | None, decimals: int, unit: str, read_text: Read) -> None:
    result = read_text(column("worth", values * 3))
    found = result.table.columns["worth"]
    if expected is None:
        assert found.kind is not Kind.NUMBER
        return
    assert (found.kind, found.decimals, found.unit) == (Kind.NUMBER, decimals, unit)
    assert result.table.frame.collect()["worth"].to_list() == expected * 3


DATES = {
    "iso": (["2024-01-31", "2023-12-01"], "%Y-%m-%d", date(2024, 1, 31)),
    "german": (["31.01.2024", "1.12.2023"], "%d.%m.%Y", date(2024, 1, 31)),
    "british": (["31/01/2024", "01/12/2023"], "%d/%m/%Y", date(2024, 1, 31)),
    "american": (["01/31/2024", "12/01/2023"], "%m/%d/%Y", date(2024, 1, 31)),
    "retail": (["12/1/2010 8:26", "12/13/2010 18:06"], "%m/%d/%Y %H:%M", datetime(2010, 12, 1, 8, 26)),
    "seconds": (["2024-01-31 10:11:12", "2023-12-01 00:00:00"], "%Y-%m-%d %H:%M:%S", datetime(2024, 1, 31, 10, 11, 12)),
    "zulu": (["2024-01-31T10:11:12Z", "2023-12-01T00:00:00Z"], "%Y-%m-%dT%H:%M:%SZ", datetime(2024, 1, 31, 10, 11, 12)),
    "offset": (
        ["2024-01-31T10:11:12+02:00", "2023-12-01T00:00:00+01:00"],
        "%Y-%m-%dT%H:%M:%S%z",
        datetime(2024, 1, 31, 8, 11, 12),
    ),
    "words": (["31-Jan-24", "01-Dec-23"], "%d-%b-%y", date(2024, 1, 31)),
    "afternoon": (["01/31/2024 1:05 PM", "12/01/2023 12:00 AM"], "%m/%d/%Y %I:%M %p", datetime(2024, 1, 31, 13, 5)),
    "digits": (["20240131", "20231201"], "%Y%m%d", date(2024, 1, 31)),
}  # fmt: skip


@pytest.mark.parametrize(("values", "form", "first"), DATES.values(), ids=DATES.keys())
def test_dates(values: list[str], form: str, first: date, read_text: Read) -> None:
    result = read_text(column("order_date", values * 4))
    assert result.reading.columns["order_date"].format == form
    assert result.table.columns["order_date"].kind is Kind.DATE
    assert result.table.frame.collect()["order_date"][0] == first
    assert not any("apart" in finding.text for finding in result.table.findings)


def test_day_and_month_are_decided_over_all_values(read_text: Read) -> None:
    early = [f"{day % 12 + 1:02d}/{day % 11 + 1:02d}/2024" for day in range(20_000)]
    late = read_text(column("day", [*early, "01/31/2024"]))
    assert late.reading.columns["day"].format == "%m/%d/%Y"
    unsure = read_text(column("day", early[:50]))
    assert unsure.reading.columns["day"].format == "%d/%m/%Y"
    assert any("can't be told apart" in finding.text and finding.column == "day" for finding in unsure.table.findings)
    told = read_text(column("day", early[:50]), columns={"day": ColumnReading(format="%m/%d/%Y")})
    assert told.reading.columns["day"].format == "%m/%d/%Y"
    assert not any("apart" in finding.text for finding in told.table.findings)
    both = read_text("a;b\n" + "01/02/2024;01/31/2024\n05/06/2024;02/28/2024\n" * 4)
    assert both.reading.columns["a"].format == both.reading.columns["b"].format == "%m/%d/%Y"


IDENTIFIERS = {
    "leading zeros": ("code7", ["00123", "04711", "00001"]),
    "long numbers": ("x", ["12345678901234567890", "1234567890123456", "5"]),
    "zip": ("zip", ["1067", "75001", "99999"]),
    "phone": ("phone", ["+49 30 1234", "030/1234", "0049301234"]),
    "customer": ("customer_id", ["17850", "13047", "12583"]),
    "kunde": ("Kundennummer", ["17850", "13047", "12583"]),
    "facture": ("Numéro de facture", ["17850", "13047", "12583"]),
    "pedido": ("id_pedido", ["17850", "13047", "12583"]),
    "mixed codes": ("invoice", ["536365", "C536379", "536366"]),
}


@pytest.mark.parametrize(("name", "values"), IDENTIFIERS.values(), ids=IDENTIFIERS.keys())
def test_identifiers_stay_text_byte_for_byte(name: str, values: list[str], read_text: Read) -> None:
    result = read_text(column(name, values * 5))
    assert result.table.columns[name].kind is Kind.IDENTIFIER
    assert result.table.frame.collect()[name].to_list() == values * 5


def test_a_late_leading_zero_makes_an_identifier(read_text: Read) -> None:
    values = [str(number % 900 + 100) for number in range(40_000)]
    values[31_111] = "007"
    result = read_text(column("x", values))
    assert result.table.columns["x"].kind is Kind.IDENTIFIER
    assert result.table.frame.collect()["x"].to_list() == values


def test_floats_that_are_identifiers(tmp_path: Path, read_text: Read, read_path: Read) -> None:
    text = read_text(column("CustomerID", ["17850.0", "", "13047.0"] * 5))
    assert text.table.frame.collect()["CustomerID"].to_list()[:3] == ["17850", None, "13047"]
    pl.DataFrame({"CustomerID": [17850.0, None, 13047.0] * 5, "x": range(15)}).write_parquet(tmp_path / "a.parquet")
    parquet = read_path(tmp_path / "a.parquet")
    assert parquet.table.frame.collect()["CustomerID"].to_list()[:3] == ["17850", None, "13047"]


def test_late_values_that_do_not_fit_are_counted(read_text: Read) -> None:
    values = [f"{number / 8}" for number in range(30_000)]
    values[29_000], values[29_500], values[29_600] = "twelve", "n/a", ""
    result = read_text(column("amount", values))
    assert result.table.columns["amount"].kind is Kind.NUMBER
    series = result.table.frame.collect()["amount"]
    assert series.null_count() == 3 and series[100] == 12.5
    found = {finding.text: finding.rows for finding in result.table.findings}
    assert found["1 value is not a number, and counts as missing."] == 1
    assert any("(some written n/a)" in text and rows == 2 for text, rows in found.items())


def test_a_late_fraction_widens_whole_numbers(read_text: Read) -> None:
    result = read_text(column("amount", [str(number + 5) for number in range(30_000)] + ["0.25"]))
    assert result.table.frame.collect()["amount"].to_list()[-1] == 0.25
    assert result.table.columns["amount"].decimals == 2


def test_too_many_misfits_make_words(read_text: Read) -> None:
    values = [str(number + 5) for number in range(20_000)] + ["a", "b"] * 6000
    result = read_text(column("thing", values))
    assert result.table.frame.collect()["thing"].to_list() == values


@pytest.mark.parametrize("marker", ["NA", "N/A", "null", "-", "****", "None", "#N/A", "k.A.", "nan"])
def test_markers_of_missing_values(marker: str, read_text: Read) -> None:
    result = read_text(column("amount", ["1.5", marker, "2.5", "", "3.5"] * 3))
    assert result.table.frame.collect()["amount"].to_list() == [1.5, None, 2.5, None, 3.5] * 3
    assert result.reading.columns["amount"].nulls == (marker,)
    assert any(marker in finding.text and finding.rows == 6 for finding in result.table.findings)


def test_words_that_look_missing_stay_words(read_text: Read) -> None:
    result = read_text(column("answer", ["None", "NA", "yes, one", "none"] * 5))
    assert result.table.frame.collect()["answer"].null_count() == 0


def test_given_markers_hold_everywhere(read_text: Read) -> None:
    result = read_text("a;b\n99;x\n1;99\n2;y\n", nulls=("99",))
    assert result.table.frame.collect().rows() == [(None, "x"), (1, None), (2, "y")]


FLAGS = [("yes", "no"), ("Y", "N"), ("TRUE", "FALSE"), ("1", "0"), ("Ja", "Nein"), ("oui", "non"), ("sí", "no")]


@pytest.mark.parametrize(("yes", "no"), FLAGS)
def test_flags(yes: str, no: str, read_text: Read) -> None:
    result = read_text(column("active", [yes, no, "", yes] * 4))
    assert result.table.columns["active"].kind is Kind.FLAG
    assert result.reading.columns["active"].yes == (yes,)
    assert result.table.frame.collect()["active"].to_list() == [True, False, None, True] * 4


def test_a_late_third_answer_is_counted(read_text: Read) -> None:
    result = read_text(column("active", ["yes", "no"] * 12_000 + ["perhaps"]))
    assert any("neither yes nor no" in finding.text and finding.rows == 1 for finding in result.table.findings)


ORDERED = {
    "levels": ["low", "medium", "high"],
    "agreement": ["strongly disagree", "disagree", "neutral", "agree", "strongly agree"],
    "bands": ["<18", "18-24", "25-34", "35-64", "65+"],
    "money": ["under 1,000", "1,000 - 4,999", "5,000 - 10,000", "over 10,000"],
    "ends": ["I hate it!-5", "-4", "0", "+3", "I love it!+5"],
    "sizes": ["S", "M", "L", "XL"],
}


@pytest.mark.parametrize("levels", ORDERED.values(), ids=ORDERED.keys())
def test_levels_in_their_order(levels: list[str], read_text: Read) -> None:
    found = read_text(column("grade", sorted(levels) * 6)).table.columns["grade"]
    assert (found.kind, found.ordered, list(found.levels)) == (Kind.CATEGORY, True, levels)


def test_levels_without_order(read_text: Read) -> None:
    found = read_text(column("colour", ["red", "blue", "green", "text1", "text2"] * 6)).table.columns["colour"]
    assert (found.ordered, found.levels) == (False, ("blue", "green", "red", "text1", "text2"))


def test_decimals_over_all_values_and_beyond_fifteen_digits(read_text: Read) -> None:
    late = read_text(column("amount", ["1.5"] * 20_000 + ["1.234"] + ["2.5"] * 20_000))
    assert late.table.columns["amount"].decimals == 3
    long = read_text(column("amount", ["0.1234567890123456789", "12345678.123456789012", "1.5"] * 3))
    assert long.table.columns["amount"].decimals is None
    assert any("more than 15 digits" in finding.text for finding in long.table.findings)


def hostile() -> pl.DataFrame:
    days = pl.Series([2**30, 19_000, -(2**30), None], dtype=pl.Int32).cast(pl.Date)
    moments = pl.Series([2**62, 1_700_000_000_000_000, -(2**62), None], dtype=pl.Int64).cast(pl.Datetime("us"))
    return pl.DataFrame(
        {
            "id": ["001", "002", "003", "004"],
            "day": days,
            "moment": moments,
            "nanoseconds": moments.to_physical().cast(pl.Datetime("ns")),
            "amount": [np.inf, 1.5, np.nan, -np.inf],
            "huge": pl.Series([2**64 - 1, 1, 2, 3], dtype=pl.UInt64),
            "decimal": pl.Series(["1.25", "2.50", None, "9.99"]).cast(pl.Decimal(20, 2)),
            "nested": [[1], [2], [3], None],
            "bytes": [b"a", b"\xff", b"c", None],
        }
    )


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_valid_files_with_impossible_values(suffix: str, tmp_path: Path, read_path: Read) -> None:
    path = tmp_path / f"hostile.{suffix}"
    frame = hostile()
    (frame.write_parquet if suffix == "parquet" else frame.write_ipc)(path)
    table = read_path(path).table
    values = table.frame.collect()
    str(values), values.rows(), values.to_dicts(), values.write_csv()
    assert values["day"].to_list() == [None, date(2022, 1, 8), None, None]
    assert values["moment"].to_list() == [None, datetime(2023, 11, 14, 22, 13, 20), None, None]
    assert values["amount"].to_list() == [None, 1.5, None, None]
    assert values["huge"].to_list() == [None, 1, 2, 3]
    assert values["decimal"].to_list() == [1.25, 2.5, None, 9.99] and table.columns["decimal"].decimals == 2
    counted = {finding.column: finding.rows for finding in table.findings if "missing" in finding.text}
    assert counted["day"] == 2 and counted["moment"] == 2 and counted["amount"] == 2
    assert "nested" not in table.columns and any(finding.column == "nested" for finding in table.findings)
    facts = column_facts(table, None, QuietRun())
    assert facts["day"].smallest == facts["day"].largest == date(2022, 1, 8)
    str(facts)


def test_json_lines_keep_types_and_words(read_text: Read) -> None:
    lines = "\n".join(
        f'{{"customer": "{row % 7:04d}", "amount": {row / 4}, "day": "2024-02-{row % 28 + 1:02d}", "ok": true}}'
        for row in range(200)
    )
    result = read_text(lines + '\n{"customer": "0009", "late": 3}\n', name="x.jsonl")
    assert result.reading.format == "json-lines" and result.table.rows == 201
    assert result.table.columns["day"].kind is Kind.DATE and result.table.columns["ok"].kind is Kind.FLAG
    assert result.table.frame.collect()["customer"][-1] == "0009"
    with pytest.raises(ReadError, match="one object a line"):
        read_text('[{"a": 1}]', name="x.json")
