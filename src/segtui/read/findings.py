"""What is worth saying about a table: one sentence each, with counts and without a single value of the client's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from segtui.api.run import Run
from segtui.api.table import Finding, Kind, Role, Severity
from segtui.api.text import safe
from segtui.read import dates
from segtui.read.measures import Measured
from segtui.read.reading import ColumnReading
from segtui.read.waiting import collected

_EXACT_ROWS = 2_000_000
_SHARE = 16
_WHAT = {Kind.NUMBER: "numbers", Kind.DATE: "dates", Kind.FLAG: "yes or no", Kind.IDENTIFIER: "whole numbers"}


def of_columns(
    readings: Mapping[str, ColumnReading], measures: Mapping[str, Measured], roles: Mapping[str, Role], own: set[str]
) -> list[Finding]:
    """What stands out in single columns."""
    found: list[Finding] = []
    for name, reading in readings.items():
        measure, role = measures[name], roles.get(name)
        found += _unreadable(name, reading, measure)
        if measure.future and role is Role.DATE:
            found.append(Finding(f"{_rows(measure.future)} after today.".replace("row ", "row lies ").replace("rows ", "rows lie "), name, measure.future))
        if measure.negative and role in (Role.AMOUNT, Role.QUANTITY, Role.PRICE):
            what = {Role.AMOUNT: "amount", Role.QUANTITY: "quantity"}.get(role, "price")
            found.append(Finding(f"{_rows(measure.negative)} with a negative {what}.", name, measure.negative))
        if measure.nulls and role in (Role.CUSTOMER, Role.ORDER, Role.DATE, Role.AMOUNT):
            found.append(Finding(f"{_rows(measure.nulls)} without {'a' if role is not Role.ORDER and role is not Role.AMOUNT else 'an'} {role}.", name, measure.nulls))
        elif measure.nulls - measure.missed > 0 and measure.valid and reading.kind in (Kind.NUMBER, Kind.DATE, Kind.FLAG):
            found.append(Finding(f"{_rows(measure.nulls - measure.missed)} without a value.", name, measure.nulls - measure.missed, Severity.NOTE))
        if measure.rows > 1 and not measure.valid:
            found.append(Finding("Every row is empty here.", name, measure.rows, Severity.NOTE))
        elif measure.rows > 1 and measure.distinct == 1 and not measure.nulls:
            found.append(Finding("Every row holds the same value here.", name, measure.rows, Severity.NOTE))
        if reading.kind is Kind.DATE and reading.format and reading.format != dates.EXCEL and name in own:
            continue
    return found


def _unreadable(name: str, reading: ColumnReading, measure: Measured) -> list[Finding]:
    found = []
    if measure.missed and reading.kind in _WHAT:
        values = f"{measure.missed:,} value{'' if measure.missed == 1 else 's'}"
        verb = "is" if measure.missed == 1 else "are"
        found.append(
            Finding(
                f"{values} {verb} no {_WHAT[reading.kind]} that can be used, and {verb} taken as missing.",
                name,
                measure.missed,
            )
        )
    if reading.nulls:
        shown = ", ".join(safe(marker, 20) for marker in reading.nulls[:6])
        found.append(Finding(f"Taken as missing beside nothing at all: {shown}.", name, severity=Severity.NOTE))
    if reading.kind is Kind.NUMBER and measure.misfits and reading.decimals is None:
        found.append(
            Finding(
                f"{_rows(measure.misfits)} with more than 15 digits, which are rounded.", name, measure.misfits, Severity.NOTE
            )
        )
    return found


def of_rows(
    frame: pl.LazyFrame,
    columns: Sequence[str],
    roles: Mapping[Role, str],
    rows: int,
    distinct: Mapping[str, Measured],
    run: Run,
) -> list[Finding]:
    """What stands out in whole rows: exact duplicates and cancellations."""
    found: list[Finding] = []
    expressions: list[pl.Expr] = []
    unique = any(measure.exact and measure.distinct == rows for measure in distinct.values())
    source = frame
    estimated = rows > _EXACT_ROWS
    if not unique and rows > 1:
        if estimated:
            widest = max(columns, key=lambda name: distinct[name].distinct)
            source = frame.filter(pl.col(widest).hash(7) % _SHARE == 0)
        whole = pl.struct(list(columns)).hash(1)
        expressions = [(pl.len() - whole.n_unique()).alias("duplicates")]
        row = collected(source.select(expressions), run, "looking for duplicate rows").row(0, named=True)
        duplicates = int(row["duplicates"]) * (_SHARE if estimated else 1)
        if duplicates:
            about = "About " if estimated else ""
            text = f"{about}{duplicates:,} row{'' if duplicates == 1 else 's'} repeat{'s' if duplicates == 1 else ''} another row exactly."
            found.append(Finding(text, rows=duplicates))
    cancelled = _cancellations(frame, roles, run)
    if cancelled:
        found.append(
            Finding(
                f"{_rows(cancelled)} with an order number that starts with C, which usually marks a cancellation.",
                roles[Role.ORDER],
                cancelled,
            )
        )
    return found


def _cancellations(frame: pl.LazyFrame, roles: Mapping[Role, str], run: Run) -> int:
    """Rows whose order number is C and digits, among orders that are digits."""
    order = roles.get(Role.ORDER)
    if order is None:
        return 0
    column = pl.col(order)
    counts = frame.select(
        column.str.contains(r"^[Cc]\d{3,}$").sum().alias("marked"), column.str.contains(r"^\d+$").sum().alias("plain")
    )
    marked, plain = collected(counts, run, "looking for cancellations").row(0)
    return int(marked) if marked and plain > marked else 0


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
