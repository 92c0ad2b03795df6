"""Deciding how each column is read: what is given, then what the sample says, then one file's habits for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from segtui.api.errors import ReadError
from segtui.api.table import Finding, Kind, Severity
from segtui.api.text import close_matches, join_words, safe
from segtui.read import kinds
from segtui.read.opened import Opened
from segtui.read.reading import SET_BY_YOU, ColumnReading, Reading, given

_MOST_NAMED = 6


@dataclass(frozen=True)
class Decided:
    """By the columns' final names, in their order: how each is read, its name in the opened frame, what was given."""

    readings: dict[str, ColumnReading]
    raw: dict[str, str]
    own: dict[str, ColumnReading]
    findings: list[Finding]


def decided(source: str, opened: Opened) -> Decided:
    """How the columns are read. Raises ReadError where a column that was named is missing."""
    reading = opened.reading
    matched = _matched(source, opened)
    if reading.complete:
        raw = {name: matched[name] for name in reading.columns}
        extra = [name for name in opened.headers if name not in matched.values()]
        return Decided(dict(reading.columns), raw, dict(reading.columns), _left_out(extra))
    final = {raw: name for name, raw in matched.items()}
    raw = {final.get(name, name): name for name in opened.headers}
    own = {name: reading.columns.get(name) for name in raw}
    found = {name: _guessed(name, opened.sample[raw[name]], own[name], reading) for name in raw}
    mark = reading.decimal or kinds.file_decimal(list(found.values()))
    if mark == "," and reading.decimal is None:
        for name, column in found.items():
            if column.kind is Kind.NUMBER and column.decimals in (0, 3) and own[name] is None:
                again = _guessed(name, opened.sample[raw[name]], None, reading, mark)
                found[name] = again if again.kind is Kind.NUMBER else column
    for name, each in raw.items():
        if name != opened.headers[each]:
            found[name] = found[name].model_copy(update={"source": opened.headers[each]})
    given_columns = {name: column for name, column in own.items() if column is not None}
    return Decided(found, raw, given_columns, _renamed(opened.headers))


def _guessed(
    name: str,
    sample: pl.Series,
    own: ColumnReading | None,
    reading: Reading,
    decimal: Literal[".", ","] | None = None,
) -> ColumnReading:
    own = own or ColumnReading()
    mark, thousands = own.decimal or reading.decimal or decimal, own.thousands or given(reading.thousands)
    if sample.dtype == pl.String:
        found = kinds.of_text(name, sample.to_list(), own, nulls=reading.nulls, decimal=mark, thousands=thousands)
    else:
        found = kinds.of_typed(name, sample, own, nulls=reading.nulls)
    found = kinds.merged(found, own)
    return found.model_copy(update={"reason": own.reason or SET_BY_YOU}) if own.kind is not None else found


def _matched(source: str, opened: Opened) -> dict[str, str]:
    """The column of this file for each given column: by header in the file, then by name."""
    by_header: dict[str, str] = {}
    for name, header in opened.headers.items():
        by_header.setdefault(header, name)
    matched: dict[str, str] = {}
    missing: list[str] = []
    for name, column in opened.reading.columns.items():
        if name in opened.headers and (column.source is None or opened.headers[name] == column.source):
            matched[name] = name
        elif column.source is not None and column.source in by_header:
            matched[name] = by_header[column.source]
        elif name in opened.headers:
            matched[name] = name
        else:
            missing.append(name)
    if missing:
        near = close_matches(missing[0], list(opened.headers))
        to = "it" if len(missing) == 1 else safe(missing[0], 60)
        hint = f" Near {to}: {', '.join(safe(each) for each in near)}." if near else ""
        listed = [safe(name, 60) for name in missing[:_MOST_NAMED]]
        listed += [f"{len(missing) - _MOST_NAMED} more"] if len(missing) > _MOST_NAMED else []
        columns = f"The column {listed[0]} is" if len(listed) == 1 else f"The columns {join_words(listed)} are"
        raise ReadError(
            f"{columns} missing.{hint}",
            where=safe(source),
            next_step="Give a file with the same columns, or set the column's new name as its source.",
        )
    return matched


def _left_out(extra: list[str]) -> list[Finding]:
    if not extra:
        return []
    listed = ", ".join(safe(name, 60) for name in extra[:5]) + (" ..." if len(extra) > 5 else "")
    many = f"{len(extra)} columns are new and were" if len(extra) > 1 else "One column is new and was"
    return [Finding(f"{many} left out: {listed}.", severity=Severity.NOTE)]


def _renamed(headers: Mapping[str, str]) -> list[Finding]:
    findings: list[Finding] = []
    if not any(header.strip() for header in headers.values()):
        return findings
    for position, (name, header) in enumerate(headers.items(), 1):
        if name == header:
            continue
        why = f"Its header {safe(header, 60)} was taken, or has odd characters" if header.strip() else "It had no name"
        findings.append(Finding(f"{why}; column {position} is called {safe(name, 60)}.", name, severity=Severity.NOTE))
    return findings
