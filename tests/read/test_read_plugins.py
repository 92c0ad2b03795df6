"""Files that a plugin's reader reads: held against the contract, then typed, guessed and counted as any other."""

# ruff: noqa: ARG002
from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from reads import TODAY

from segtui.api import (
    CheckedFile,
    Column,
    ContractError,
    Finding,
    Kind,
    Params,
    PluginError,
    QuietRun,
    Reader,
    ReadError,
    Role,
    Run,
    Table,
)
from segtui.read import ChosenReader, ColumnReading, Reading, ReadResult, read

PLUGIN = "ledgers:ledger:1.0"
ORDERS = {
    "Customer": ["00123", "00123", "00456", "00789"],
    "Order date": ["2024-01-05", "2024-02-19", "2024-01-07", "2024-03-11"],
    "Amount": ["19.90", "5.00", "120.50", "42.00"],
    "Shop": ["1", "2", "1", "2"],
}


class LedgerParams(Params):
    skip: int = 0


class Ledger(Reader[LedgerParams]):
    """Hands out what a test gives it, whatever the file holds."""

    id = "ledger"
    title = "Ledgers"
    suffixes = (".ledger",)
    Params = LedgerParams

    def __init__(
        self, made: Callable[[str, LedgerParams], Any], tables: Callable[[], Any] = lambda: ("orders",)
    ) -> None:
        self.made, self.names = made, tables
        self.seen: list[CheckedFile] = []

    def tables(self, file: CheckedFile) -> Sequence[str]:
        self.seen.append(file)
        found: Sequence[str] = self.names()
        return found

    def read(self, file: CheckedFile, table: str, params: LedgerParams, run: Run) -> Table:
        made: Table = self.made(table, params)
        return made


def orders(name: str = "orders", params: LedgerParams | None = None, **changes: Any) -> Table:
    frame = pl.LazyFrame(ORDERS).slice(params.skip if params else 0)
    columns = {each: Column(each, Kind.TEXT) for each in ORDERS} | changes.pop("columns", {})
    rows = len(ORDERS["Customer"]) - (params.skip if params else 0)
    return Table(**{"name": name, "frame": frame, "columns": columns, "rows": rows, **changes})


def chosen(reader: Ledger, reading: Reading) -> ChosenReader:
    return ChosenReader(reader, "ledgers:ledger", PLUGIN, LedgerParams(**reading.params))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "sales.ledger"
    path.write_bytes(b"LEDGER\x00\x01")
    return path


def taken(path: Path, reader: Ledger, reading: Reading | None = None) -> ReadResult:
    folder = path.parent / "private"
    folder.mkdir(exist_ok=True)
    return read(
        path, reading, folder, QuietRun(), today=TODAY, choose=lambda _name, _head, wanted: chosen(reader, wanted)
    )


def test_values_as_the_file_holds_them_are_typed_and_their_roles_guessed(ledger: Path) -> None:
    reader = Ledger(orders)
    result = taken(ledger, reader)
    table = result.table
    assert (table.rows, table.rejected) == (4, 0)
    assert table.having(Role.CUSTOMER) == "Customer"
    assert table.having(Role.AMOUNT) == "Amount"
    frame = table.frame.collect()
    assert frame["Customer"].to_list() == ORDERS["Customer"]
    assert frame.schema["Order date"] == pl.Date
    assert frame["Amount"].sum() == pytest.approx(187.4)
    assert reader.seen[0].head == b"LEDGER\x00\x01"
    assert reader.seen[0].size == 8
    assert (result.reading.reader, result.reading.table, result.reading.params) == (
        "ledgers:ledger",
        "orders",
        {"skip": 0},
    )
    assert result.reading.complete and result.reading.format is None


def test_the_complete_reading_gives_the_same_again(ledger: Path) -> None:
    first = taken(ledger, Ledger(orders), Reading(params={"skip": 1}))
    second = taken(ledger, Ledger(orders), first.reading)
    assert first.table.rows == 3
    assert second.table.frame.collect().equals(first.table.frame.collect())
    assert second.table.columns == first.table.columns
    assert second.reading == first.reading


def test_what_the_reader_states_of_a_column_holds_unless_the_user_says_otherwise(ledger: Path) -> None:
    stated = {
        "Shop": Column("Shop", Kind.CATEGORY, levels=("1", "2"), ordered=True),
        "Amount": Column("Amount", Kind.NUMBER, Role.MONETARY, unit="EUR"),
    }
    columns = taken(ledger, Ledger(lambda *_: orders(columns=stated))).table.columns
    assert (columns["Shop"].kind, columns["Shop"].levels, columns["Shop"].ordered) == (
        Kind.CATEGORY,
        ("1", "2"),
        True,
    )
    assert (columns["Amount"].role, columns["Amount"].unit) == (Role.MONETARY, "EUR")
    assert columns["Shop"].reason == "said by the reader"
    mine = Reading(columns={"Shop": ColumnReading(kind=Kind.IDENTIFIER), "Amount": ColumnReading(role=Role.AMOUNT)})
    columns = taken(ledger, Ledger(lambda *_: orders(columns=stated)), mine).table.columns
    assert (columns["Shop"].kind, columns["Shop"].reason) == (Kind.IDENTIFIER, "set by you")
    assert columns["Amount"].role is Role.AMOUNT


def test_rejected_rows_and_findings_come_along(ledger: Path) -> None:
    made = orders(rejected=3, findings=(Finding("The last page is torn."),))
    result = taken(ledger, Ledger(lambda *_: made))
    assert result.table.rejected == 3
    texts = [finding.text for finding in result.table.findings]
    assert "The last page is torn." in texts
    assert any("3 rows were left out by the reader" in text for text in texts)
    [listed] = (ledger.parent / "private").glob("*.rejects.csv")
    assert "3 rows" in listed.read_text(encoding="utf-8")


def test_of_several_tables_the_first_is_read_and_said_or_the_one_named(ledger: Path) -> None:
    reader = Ledger(orders, lambda: ["January", "February"])
    first = taken(ledger, reader)
    assert first.reading.table == "January"
    assert any("2 tables" in finding.text for finding in first.table.findings)
    assert taken(ledger, reader, Reading(table="February")).reading.table == "February"
    with pytest.raises(ReadError, match="Did you mean February"):
        taken(ledger, reader, Reading(table="Febuary"))


def test_a_file_packed_with_gzip_is_unpacked_for_the_reader(ledger: Path) -> None:
    packed = ledger.with_name("sales.ledger.gz")
    packed.write_bytes(gzip.compress(ledger.read_bytes()))
    reader = Ledger(orders)
    result = taken(packed, reader)
    assert reader.seen[0].head == ledger.read_bytes()
    assert result.reading.compression == "gzip"


def test_a_file_without_rows_or_bytes_is_refused_in_words(ledger: Path) -> None:
    with pytest.raises(ReadError, match="no rows"):
        taken(ledger, Ledger(lambda *_: orders(frame=pl.LazyFrame(ORDERS).head(0), rows=0)))
    with pytest.raises(ReadError, match="no table"):
        taken(ledger, Ledger(orders, lambda: ()))
    ledger.write_bytes(b"")
    with pytest.raises(ReadError, match="no rows"):
        taken(ledger, Ledger(orders))


CANARY = "CANARY-7391"
BROKEN: dict[str, tuple[Callable[[], Any], str]] = {
    "a frame": (lambda: pl.DataFrame(ORDERS), "returns a Table"),
    "nothing": (lambda: None, "returns a Table"),
    "an eager frame": (lambda: orders(frame=pl.DataFrame(ORDERS)), "LazyFrame"),
    "other columns": (lambda: orders(columns={"More": Column("More", Kind.TEXT)}), "in its order"),
    "another name": (lambda: orders(columns={"Shop": Column("Other", Kind.TEXT)}), "name it stands under"),
    "no column": (lambda: orders(frame=pl.LazyFrame()), "at least one column"),
    "a wrong count": (lambda: orders(rows=5), "it says 5, and there are 4"),
    "negative rejects": (lambda: orders(rejected=-1), "whole number"),
    "findings of text": (lambda: orders(findings=("odd",)), "tuple of Finding"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_rule_is_named_with_its_plugin(fault: str, ledger: Path) -> None:
    made, rule = BROKEN[fault]
    with pytest.raises(ContractError, match=rule) as caught:
        taken(ledger, Ledger(lambda *_: made()))
    assert caught.value.where == PLUGIN


@pytest.mark.parametrize("tables", [lambda: "orders", lambda: [1], lambda: ["a", "a"], lambda: None])
def test_names_of_tables_are_held_against_the_contract(tables: Callable[[], Any], ledger: Path) -> None:
    with pytest.raises(ContractError) as caught:
        taken(ledger, Ledger(orders, tables))
    assert caught.value.where == PLUGIN


def _raises(error: BaseException) -> Callable[..., Any]:
    def made(*_: object) -> Any:
        raise error

    return made


@pytest.mark.parametrize("error", [ZeroDivisionError(CANARY), SystemExit(CANARY), KeyError(CANARY), OSError(CANARY)])
def test_a_reader_that_fails_is_named_and_quotes_nothing(error: BaseException, ledger: Path) -> None:
    with pytest.raises(PluginError) as caught:
        taken(ledger, Ledger(_raises(error)))
    assert caught.value.where == PLUGIN
    assert CANARY not in str(caught.value)


def test_a_frame_that_fails_once_it_is_collected_is_the_plugins_fault(ledger: Path) -> None:
    frame = pl.LazyFrame(ORDERS).with_columns(pl.col("Amount").cast(pl.Int8))
    with pytest.raises(PluginError) as caught:
        taken(ledger, Ledger(lambda *_: orders(frame=frame)))
    assert caught.value.where == PLUGIN
    assert "120.50" not in str(caught.value)


def test_a_read_error_goes_through(ledger: Path) -> None:
    with pytest.raises(ReadError, match="page 3"):
        taken(ledger, Ledger(_raises(ReadError("It stops on page 3.", next_step="Ask for the rest."))))


def test_a_reader_that_changes_the_file_is_refused(ledger: Path) -> None:
    def made(*_: object) -> Table:
        ledger.write_bytes(b"something else")
        return orders()

    with pytest.raises(ContractError, match="as it is"):
        taken(ledger, Ledger(made))


def test_what_has_no_meaning_without_a_plugin_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,amount\n1,2\n2,3\n", encoding="utf-8")
    for reading in (Reading(table="orders"), Reading(reader="ledger"), Reading(params={"skip": 1})):
        with pytest.raises(ReadError, match="without a plugin"):
            read(path, reading, tmp_path, QuietRun(), today=TODAY)
