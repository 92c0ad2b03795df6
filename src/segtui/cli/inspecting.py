"""`segtui inspect`: what is in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segtui.api.table import Column, Finding, Kind, Role
from segtui.api.text import count, number, percent, plural, safe
from segtui.cli import output, words
from segtui.project.begin import Begun
from segtui.project.facts import InspectedSource
from segtui.project.session import Session
from segtui.read import ColumnFacts

MOST_TEXT = 44
EXACT = 1e12


def inspect(
    files: Sequence[str], read: Sequence[str], as_json: bool, plugin_folders: Sequence[Path], begun: Begun
) -> None:
    """Read each file and print what is in it."""
    reading = words.reading(read)
    with Session.new(plugin_folders=words.folders(plugin_folders), begun=begun) as session:
        for name, path in words.named_files(files):
            session.add_source(path, name, reading)
        found = [session.inspect(source.name, output.progress) for source in session.document.sources]
        output.clear_progress()
    if as_json:
        output.data_json([_as_data(one) for one in found])
        return
    for position, one in enumerate(found):
        if position:
            output.data("")
        _print(one)


def _print(one: InspectedSource) -> None:
    source = one.source
    rows = f"{plural(source.rows, 'row')} × {plural(len(source.columns), 'column')}"
    output.data(f"{safe(source.path.name)}   {rows}   {source.grain}")
    how = _how_read(one)
    if how:
        output.data(f"read as {how}")
    if source.rejected:
        listed = "" if source.reading.reader else " (a delivery lists their numbers)"
        output.data(f"{plural(source.rejected, 'row')} left out: not readable{listed}")
    output.data("")
    header = ["column", "kind", "role", "why", "missing", "distinct", "values"]
    lines = [header] + [_line(column, one.facts.get(name)) for name, column in source.columns.items()]
    for line in output.table(lines, [False, False, False, False, True, True, False], "  "):
        output.data(line)
    if source.findings:
        output.data("")
        output.data(plural(len(source.findings), "finding"))
        for finding in source.findings:
            output.data(f"  {_mark(finding)} {_finding(finding)}")


def _how_read(one: InspectedSource) -> str:
    reading = one.source.reading
    parts: list[str] = [reading.format or ""]
    if reading.format == "csv":
        delimiter = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}.get(reading.delimiter or "", "")
        parts += [f"delimiter {delimiter or reading.delimiter}", str(reading.encoding or "")]
        parts.append("no header" if reading.header == "none" else f"header in line {reading.header}")
        parts.append(f"{reading.line_ends} line ends" if reading.line_ends else "")
    if reading.reader is not None:
        parts += [f"reader {reading.reader}", f"table {reading.table}"]
    if reading.compression and reading.compression != "none":
        parts.append(reading.compression)
    return ", ".join(safe(part, 60) for part in parts if part)


def _line(column: Column, facts: ColumnFacts | None) -> list[str]:
    marks = [f"({mark})" for mark, there in (("personal", column.personal), ("sensitive", column.sensitive)) if there]
    role = str(column.role or "")
    shown = " ".join([*([role] if role else []), *marks])
    missing = count(facts.nulls) if facts else ""
    about = "about " if facts and "distinct" in facts.approximate else ""
    distinct = f"{about}{count(facts.distinct)}" if facts else ""
    name = safe(column.name, 40)
    return [name, str(column.kind), shown, safe(column.reason, 44), missing, distinct, _values(column, facts)]


def _values(column: Column, facts: ColumnFacts | None) -> str:
    """A range for numbers and dates, the most frequent values for categories; nothing for ids, text and people."""
    if facts is None or column.personal:
        return ""
    if column.kind is Kind.NUMBER and facts.smallest is not None:
        return f"{_figure(facts.smallest, column)} … {_figure(facts.largest, column)}"
    if column.kind is Kind.DATE and facts.smallest is not None:
        return f"{str(facts.smallest)[:10]} … {str(facts.largest)[:10]}"
    if column.kind in (Kind.CATEGORY, Kind.FLAG) and facts.top:
        known = max(facts.rows - facts.nulls, 1)
        first = [f"{safe(level, 16)} {percent(rows / known, 0)}" for level, rows in facts.top[:3]]
        return safe(", ".join(first), MOST_TEXT)
    return ""


def _figure(value: object, column: Column) -> str:
    """An end of a range, exact where the decimals are known."""
    if not isinstance(value, (int, float)):
        return safe(value, 20)
    return number(float(value), column.decimals if abs(value) < EXACT else None)


def _mark(finding: Finding) -> str:
    return "!" if finding.severity == "warning" else "·"


def _finding(finding: Finding) -> str:
    place = f"{safe(finding.column, 40)}: " if finding.column else ""
    return f"{place}{safe(finding.text)}"


def _as_data(one: InspectedSource) -> dict[str, Any]:
    source = one.source
    return {
        "name": source.name,
        "file": source.path.name,
        "sha256": source.fingerprint.sha256,
        "rows": source.rows,
        "rejected": source.rejected,
        "grain": source.grain,
        "reading": source.reading.model_dump(mode="json", exclude_none=True, exclude={"columns"}),
        "columns": [_column(column, one.facts.get(name)) for name, column in source.columns.items()],
        "findings": [
            {"column": f.column, "severity": f.severity, "rows": f.rows, "text": f.text} for f in source.findings
        ],
    }


def _column(column: Column, facts: ColumnFacts | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "role": column.role,
        "reason": column.reason,
        "personal": column.personal,
        "sensitive": column.sensitive,
    }
    if facts:
        found |= {"missing": facts.nulls, "distinct": facts.distinct, "approximate": list(facts.approximate)}
    if facts and column.kind in (Kind.NUMBER, Kind.DATE) and not column.personal and column.role is not Role.CUSTOMER:
        found |= {"smallest": facts.smallest, "largest": facts.largest}
    return found
