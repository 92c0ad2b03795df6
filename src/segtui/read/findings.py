"""What is worth saying about a table: one sentence each, with counts and without a single value of the client's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from segtui.api.table import Finding, Kind, Role, Severity
from segtui.api.text import safe
from segtui.read.measures import Measured
from segtui.read.reading import ColumnReading

CANCELLED, PLAIN = "cancelled", "plain"
_NO = {
    Kind.NUMBER: ("not a number", "not numbers"),
    Kind.DATE: ("not a date", "not dates"),
    Kind.FLAG: ("neither yes nor no", "neither yes nor no"),
    Kind.IDENTIFIER: ("not a whole number", "not whole numbers"),
}
_NEGATIVE = {Role.AMOUNT: "amount", Role.QUANTITY: "quantity", Role.PRICE: "price"}
_NEEDED = {Role.CUSTOMER: "a customer", Role.ORDER: "an order", Role.DATE: "a date", Role.AMOUNT: "an amount"}
_MANY_COLUMNS = 12


def of_columns(
    readings: Mapping[str, ColumnReading], measures: Mapping[str, Measured], roles: Mapping[str, Role]
) -> list[Finding]:
    """What stands out in single columns."""
    found: list[Finding] = []
    notes: dict[str, list[Finding]] = {"without a value": [], "with the same value in every row": []}
    for name, reading in readings.items():
        measure, role = measures[name], roles.get(name)
        missing = measure.nulls - measure.missed
        found += _unreadable(name, reading, measure)
        if measure.future and role is Role.DATE:
            lie = "lies" if measure.future == 1 else "lie"
            found.append(Finding(f"{_rows(measure.future)} {lie} after today.", name, measure.future))
        if measure.negative and role in _NEGATIVE:
            found.append(
                Finding(f"{_rows(measure.negative)} with a negative {_NEGATIVE[role]}.", name, measure.negative)
            )
        if missing and role in _NEEDED:
            found.append(Finding(f"{_rows(missing)} without {_NEEDED[role]}{_written(reading)}.", name, missing))
        elif missing and measure.valid and (reading.nulls or reading.kind in (Kind.NUMBER, Kind.DATE, Kind.FLAG)):
            text = f"{_rows(missing)} without a value{_written(reading)}."
            notes["without a value"].append(Finding(text, name, missing, Severity.NOTE))
        if measure.rows > 1 and not measure.valid:
            found.append(Finding("Every row is empty here.", name, measure.rows, Severity.NOTE))
        elif measure.rows > 1 and not measure.nulls and _constant(measure):
            same = Finding("Every row holds the same value here.", name, measure.rows, Severity.NOTE)
            notes["with the same value in every row"].append(same)
    for what, each in notes.items():
        found += each if len(each) <= _MANY_COLUMNS else [_together(what, each)]
    return found


def _constant(measure: Measured) -> bool:
    if measure.smallest is not None:
        return bool(measure.smallest == measure.largest)
    return measure.distinct == 1


def _together(what: str, notes: Sequence[Finding]) -> Finding:
    """One note for many columns."""
    rows = " with rows" if what.startswith("without") else ""
    return Finding(f"There are {len(notes)} columns{rows} {what}.", severity=Severity.NOTE)


def _written(reading: ColumnReading) -> str:
    """How a missing value is written, where it is; only from the list of markers that readings know."""
    if not reading.nulls:
        return ""
    return f" (some written {', '.join(safe(marker, 20) for marker in reading.nulls[:6])})"


def _unreadable(name: str, reading: ColumnReading, measure: Measured) -> list[Finding]:
    found = []
    if measure.missed and reading.kind in _NO:
        one, many = _NO[reading.kind]
        text = f"is {one}, and counts" if measure.missed == 1 else f"are {many}, and count"
        values = f"{measure.missed:,} value{'' if measure.missed == 1 else 's'}"
        found.append(Finding(f"{values} {text} as missing.", name, measure.missed))
    if reading.kind is Kind.NUMBER and measure.misfits and reading.decimals is None:
        text = f"{_rows(measure.misfits)} with more than 15 digits, which a number can't keep exactly."
        found.append(Finding(text, name, measure.misfits, Severity.NOTE))
    return found


def of_rows(repeated: int, estimated: bool, order: str | None, orders: Mapping[str, int]) -> list[Finding]:
    """What stands out in whole rows: exact duplicates, and cancellations by the `order` numbers."""
    found: list[Finding] = []
    if repeated > 0:
        about = "About " if estimated else ""
        repeat = "row repeats" if repeated == 1 else "rows repeat"
        found.append(Finding(f"{about}{repeated:,} {repeat} another row exactly.", rows=repeated))
    cancelled = orders.get(CANCELLED, 0)
    if orders.get(PLAIN, 0) > cancelled > 0:
        text = f"{_rows(cancelled)} with an order number that starts with C, which usually marks a cancellation."
        found.append(Finding(text, order, cancelled))
    return found


def order_counts(order: str) -> list[pl.Expr]:
    """How many order numbers look cancelled, and how many plain."""
    column = pl.col(order)
    marked, plain = (column >= "C") & (column < "D"), (column >= "0") & (column < ":")
    return [marked.sum().alias(CANCELLED), plain.sum().alias(PLAIN)]


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
