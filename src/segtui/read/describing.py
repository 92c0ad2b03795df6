"""From a typed frame to a Table: measured, kinds settled, roles and grain guessed, findings said, reading frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Column, Finding, Kind, Personal, Role, Severity, Table
from segtui.read import findings, grain, kinds, levels, names, roles
from segtui.read.distinct import exact_distinct
from segtui.read.measures import Measured, misfits, without_the_endless
from segtui.read.measuring import Asking, asked
from segtui.read.parsing import without_blanks
from segtui.read.reading import NONE, SET_BY_YOU, ColumnReading, Reading
from segtui.read.typed import Typed
from segtui.read.waiting import collected

_NOTHING = ColumnReading()
_FULL_NAME = r"^\p{Lu}[\p{L}.'’-]*( [\p{L}.'’-]+)+$"
_ROWS_FOR_NAMES = 1_000
_NEARLY_ALL = 0.9
_MOST_COUNTED = 8
"""Identifiers of which different values are counted exactly."""


def described(typed: Typed, name: str, today: date, run: Run) -> tuple[Table, Reading]:
    """The table, and the complete reading that gives it again."""
    frame, readings, own = typed.frame, dict(typed.readings), typed.own
    found = typed.measures or asked(frame, Asking(readings, typed.rows, today), PartOfRun(run, 0.0, 0.4))
    measures, rows = found.told_apart(frame, readings, PartOfRun(run, 0.4, 0.45)), found.rows
    frame, measures = _blanked(frame, measures, PartOfRun(run, 0.45, 0.5))
    measures |= without_the_endless(frame, measures, PartOfRun(run, 0.5, 0.5))
    dropped = [each for each in typed.unnamed if not measures[each].valid]
    noticed = [finding for finding in typed.findings if finding.column not in dropped]
    if dropped:
        many = "One column" if len(dropped) == 1 else f"{len(dropped)} columns"
        noticed.append(
            Finding(
                f"{many} without a name and without values {'was' if len(dropped) == 1 else 'were'} left out.",
                severity=Severity.NOTE,
            )
        )
        readings = {each: reading for each, reading in readings.items() if each not in dropped}
        frame = frame.select(list(readings))
    measures = {
        each: replace(measures[each], missed=typed.missed.get(each, 0) + measures[each].infinite) for each in readings
    }
    endless = [each for each in readings if measures[each].infinite or measures[each].nan]
    if endless:
        frame = frame.with_columns(pl.when(pl.col(each).is_finite()).then(pl.col(each)).alias(each) for each in endless)
    if not typed.reading.complete:
        readings = _decimals(frame, readings, measures, own, PartOfRun(run, 0.5, 0.6))
        readings = _settled_kinds(readings, measures, own)
        readings = levels.found(frame, readings, measures, own, PartOfRun(run, 0.6, 0.7))
        readings = _marked(readings, own)
        measures |= _unique_ones(frame, readings, measures, PartOfRun(run, 0.7, 0.75))
        readings = _with_roles(readings, measures, own)
        readings |= _named_persons(frame, readings, own, PartOfRun(run, 0.7, 0.7))
    by_role = {role: each for each, reading in readings.items() if (role := kinds.role_of(reading)) is not None}
    order = by_role.get(Role.ORDER)
    row_grain, exact = grain.found(frame, by_role, measures, PartOfRun(run, 0.7, 0.8))
    measures |= {each: replace(measures[each], distinct=count, exact=True) for each, count in exact.items()}
    noticed += [
        *_dates(readings, typed),
        *findings.of_columns(readings, measures, {each: role for role, each in by_role.items()}),
        *findings.of_rows(found.repeated, found.estimated, order, _orders(frame, order, measures, run)),
    ]
    table = Table(
        name,
        frame,
        {each: _column(each, reading) for each, reading in readings.items()},
        rows,
        row_grain,
        typed.rejected,
        tuple(sorted(noticed, key=lambda finding: finding.severity is Severity.NOTE)),
    )
    return table, typed.reading.model_copy(update={"complete": True, "columns": _frozen(readings)})


def _blanked(frame: pl.LazyFrame, measures: dict[str, Measured], run: Run) -> tuple[pl.LazyFrame, dict[str, Measured]]:
    """Words that are nothing but blanks become null, where there are any."""
    doubtful = [name for name, measure in measures.items() if measure.doubtful]
    if not doubtful:
        return frame, measures
    counts = frame.select(
        (without_blanks(name).is_null().sum() - pl.col(name).null_count()).alias(name) for name in doubtful
    )
    blank = {name: int(count) for name, count in collected(counts, run, "looking at blanks").row(0, named=True).items()}
    fixed = {name: count for name, count in blank.items() if count}
    for name, count in fixed.items():
        measures[name] = replace(measures[name], nulls=measures[name].nulls + count, exact=False)
    return frame.with_columns(without_blanks(name) for name in fixed), measures


def _orders(frame: pl.LazyFrame, order: str | None, measures: Mapping[str, Measured], run: Run) -> dict[str, int]:
    """Cancelled and plain order numbers, where there may be some."""
    if order is None or not measures[order].early:
        return {}
    counts = collected(frame.select(findings.order_counts(order)), PartOfRun(run, 0.8, 1.0), "looking at orders")
    return {what: int(count) for what, count in counts.row(0, named=True).items()}


def _column(name: str, reading: ColumnReading) -> Column:
    return Column(
        name,
        reading.kind or Kind.TEXT,
        kinds.role_of(reading),
        reading.reason,
        reading.unit,
        reading.levels,
        reading.ordered,
        None if reading.personal in (None, NONE) else Personal(reading.personal),
        bool(reading.sensitive),
        reading.decimals if reading.kind is Kind.NUMBER else None,
    )


def _frozen(readings: Mapping[str, ColumnReading]) -> dict[str, ColumnReading]:
    """What is not there is left out: a complete reading finds nothing out."""
    return {
        name: reading.model_copy(
            update={
                "role": None if reading.role == NONE else reading.role,
                "personal": None if reading.personal == NONE else reading.personal,
                "sensitive": reading.sensitive or None,
            }
        )
        for name, reading in readings.items()
    }


def _decimals(
    frame: pl.LazyFrame,
    readings: dict[str, ColumnReading],
    measures: dict[str, Measured],
    own: Mapping[str, ColumnReading],
    run: Run,
) -> dict[str, ColumnReading]:
    """The decimals over all values, where the sample's are not enough; None where 9 are not."""
    late = [
        name
        for name, reading in readings.items()
        if reading.kind is Kind.NUMBER
        and not reading.whole
        and (measures[name].misfits or reading.decimals is None)
        and own.get(name, _NOTHING).decimals is None
    ]
    if not late:
        return readings
    expressions = []
    for index, name in enumerate(late):
        expressions += [misfits(pl.col(name), digits).alias(f"{index}\x1f{digits}") for digits in range(10)]
    row = collected(frame.select(expressions), run, "counting decimals").row(0, named=True)
    for index, name in enumerate(late):
        enough = next((digits for digits in range(10) if not row[f"{index}\x1f{digits}"]), None)
        readings[name] = readings[name].model_copy(update={"decimals": enough})
        measures[name] = replace(measures[name], misfits=0 if enough is not None else int(row[f"{index}\x1f9"]))
    return readings


def _unique_ones(
    frame: pl.LazyFrame, readings: Mapping[str, ColumnReading], measures: Mapping[str, Measured], run: Run
) -> dict[str, Measured]:
    """Exact counts for the identifiers of a long table that may have no value twice: roles and grain hang on them."""
    close = [
        name
        for name, reading in readings.items()
        if reading.kind is Kind.IDENTIFIER
        and not measures[name].exact
        and measures[name].distinct >= measures[name].valid * 0.9 > 0
    ]
    exact = exact_distinct(frame, close[:_MOST_COUNTED], run)
    return {name: replace(measures[name], distinct=count, exact=True) for name, count in exact.items()}


def _settled_kinds(
    readings: dict[str, ColumnReading], measures: Mapping[str, Measured], own: Mapping[str, ColumnReading]
) -> dict[str, ColumnReading]:
    """A category of the sample that turns out to have very many values is text."""
    for name, reading in readings.items():
        if reading.kind is Kind.CATEGORY and own.get(name, _NOTHING).kind is None:
            many = measures[name].distinct
            if many > 1000 or (many > kinds.FEW_LEVELS and many > measures[name].valid * 0.2):
                readings[name] = reading.model_copy(update={"kind": Kind.TEXT, "reason": "many different values"})
    return readings


def _marked(readings: dict[str, ColumnReading], own: Mapping[str, ColumnReading]) -> dict[str, ColumnReading]:
    """Personal and sensitive columns, by their names. Values of personal ones are kept nowhere."""
    for name, reading in readings.items():
        given = own.get(name, _NOTHING)
        why = names.personal_of(name)
        if why is Personal.NAME and reading.kind not in (Kind.TEXT, Kind.CATEGORY, Kind.IDENTIFIER):
            why = None
        if why is Personal.NAME and reading.kind is Kind.CATEGORY and reading.levels:
            why = why if names.plain(name) not in ("name", "nombre", "nom") else None
        if why is Personal.BIRTH_DATE and reading.kind not in (Kind.DATE, Kind.NUMBER, Kind.TEXT):
            why = None
        update: dict[str, object] = {}
        if given.personal is None:
            update["personal"] = why
        if given.sensitive is None:
            update["sensitive"] = names.is_sensitive(name)
        if update.get("personal", reading.personal) not in (None, NONE) and not given.levels:
            update |= {"levels": (), "ordered": False}
        readings[name] = reading.model_copy(update=update)
    return readings


def _with_roles(
    readings: dict[str, ColumnReading], measures: Mapping[str, Measured], own: Mapping[str, ColumnReading]
) -> dict[str, ColumnReading]:
    for name, (role, reason) in roles.guessed(readings, measures).items():
        given = own.get(name, _NOTHING)
        if given.kind is not None or reason == SET_BY_YOU:
            reason = given.reason or SET_BY_YOU
        readings[name] = readings[name].model_copy(update={"role": role, "reason": reason})
    return readings


def _named_persons(
    frame: pl.LazyFrame, readings: Mapping[str, ColumnReading], own: Mapping[str, ColumnReading], run: Run
) -> dict[str, ColumnReading]:
    """Customers who are told apart by their full names, as the first rows show them."""
    customer = next((name for name, reading in readings.items() if reading.role is Role.CUSTOMER), None)
    if customer is None or readings[customer].personal not in (None, NONE) or own.get(customer, _NOTHING).personal:
        return {}
    values = pl.col(customer).cast(pl.String).drop_nulls()
    named = frame.head(_ROWS_FOR_NAMES).select((values.str.contains(_FULL_NAME)).mean())
    share = collected(named, run, "looking at customers").item()
    if share is None or share < _NEARLY_ALL:
        return {}
    return {customer: readings[customer].model_copy(update={"personal": Personal.NAME})}


def _dates(readings: Mapping[str, ColumnReading], typed: Typed) -> list[Finding]:
    found = []
    for name in sorted(typed.ambiguous):
        day = (readings[name].format or "").startswith("%d")
        first = (
            "the day was taken to come first, as it does in most countries"
            if day
            else ("the month was taken to come first, as in the other dates of this file")
        )
        found.append(
            Finding(f"Day and month can't be told apart in these dates; {first}. Set the format if not.", name)
        )
    return found
