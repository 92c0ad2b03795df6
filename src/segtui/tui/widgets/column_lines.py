"""What is known of one column, as lines of a given width: labels and values, histogram, frequent values, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from textual.content import Content

from segtui.api.table import Column, Finding, Kind, Role, Severity
from segtui.api.text import count, number, percent, percents, plural, safe
from segtui.read.facts import Bin, ColumnFacts
from segtui.tui.widgets.frame_cells import fit, width_of
from segtui.tui.widgets.histogram import bars, merged

QUIET = "$foreground-muted"
MARKED = "$text-warning bold"
FAILED = "$text-error bold"
BARS = "$text-primary"

_BARS_HEIGHT = 2
_MOST_VALUES = 8
_LABEL = 13
_NARROW = 26
_NARROWEST_VALUE = 6
_EXACT = 1e12
_SHOWS_VALUES = (Kind.CATEGORY, Kind.FLAG, Kind.IDENTIFIER)
_FLAGS = {"true": "yes", "false": "no"}
_SPANS = {1: "month", 3: "quarter", 12: "year"}


@dataclass(frozen=True)
class ColumnView:
    """What a panel shows of a column; without facts its `message` says why they are not there."""

    column: Column | None = None
    facts: ColumnFacts | None = None
    findings: tuple[Finding, ...] = ()
    next_step: str = ""
    message: str = ""
    is_failed: bool = False

    def lines(self, width: int) -> list[Content]:
        """All lines, none wider than `width`."""
        width = max(width, 1)
        if self.column is None:
            return [*_wrapped(safe(self.message), width, QUIET)]
        lines = [*_title(self.column, width), *_findings(self.findings, width), *_said(self.column, width)]
        if self.facts is None:
            style = FAILED if self.is_failed else QUIET
            lines += [Content(), *_wrapped(safe(self.message), width, style)]
        else:
            lines += _figures(self.column, self.facts, width)
            if self.column.personal is None:
                lines += _histogram(self.column, self.facts, width)
                lines += _values(self.column, self.facts, width)
        if self.next_step:
            lines += [Content(), *_wrapped(safe(self.next_step), width, QUIET)]
        return lines


def _title(column: Column, width: int) -> Iterator[Content]:
    name, kind = safe(column.name), str(column.kind)
    room = width - width_of(name) - width_of(kind)
    if room >= 2:
        yield Content.assemble((name, "bold"), " " * room, (kind, QUIET))
    else:
        yield from _wrapped(name, width, "bold")
        yield from _wrapped(kind, width, QUIET)


def _said(column: Column, width: int) -> Iterator[Content]:
    if column.role or column.reason:
        why = safe(column.reason)
        both = f"{column.role} ({why})" if column.role and why else str(column.role or why)
        yield from _labelled("role" if column.role else "why", both, width)
    if column.unit:
        yield from _labelled("unit", safe(column.unit), width)
    if column.personal:
        yield from _labelled("personal", f"{column.personal} (values not shown)", width)
    if column.sensitive:
        yield from _labelled("sensitive", "to be treated with care", width)


def _figures(column: Column, facts: ColumnFacts, width: int) -> Iterator[Content]:
    share = f" ({percent(facts.nulls / facts.rows)})" if facts.nulls else ""
    yield from _labelled("missing", f"{count(facts.nulls)}{share}", width)
    yield from _labelled("distinct", f"{_about('distinct', facts)}{count(facts.distinct)}", width)
    if column.personal or column.kind not in (Kind.NUMBER, Kind.DATE) or facts.smallest is None:
        return
    yield from _labelled("range", _range(facts.smallest, facts.largest, column), width)
    if column.kind is Kind.NUMBER and column.role is not Role.CUSTOMER:
        yield from _labelled("average", number(facts.mean, column.decimals or None), width)
        if facts.quartiles:
            low, middle, high = facts.quartiles
            about = _about("quartiles", facts)
            yield from _labelled("median", f"{about}{_figure(middle, column)}", width)
            yield from _labelled("middle 50 %", f"{about}{_range(low, high, column)}", width)


def _about(what: str, facts: ColumnFacts) -> str:
    return "about " if what in facts.approximate else ""


def _range(low: object, high: object, column: Column) -> str:
    return f"{_figure(low, column)} … {_figure(high, column)}"


def _figure(value: object, column: Column) -> str:
    """An end of a range, exact where the decimals are known."""
    if isinstance(value, date):
        return str(value)[:10]
    if not isinstance(value, (int, float)):
        return safe(value, 20)
    if abs(value) >= _EXACT:
        return number(value)
    return count(int(value)) if float(value).is_integer() and not column.decimals else number(value, column.decimals)


def _histogram(column: Column, facts: ColumnFacts, width: int) -> Iterator[Content]:
    if len(facts.histogram) < 2:
        return
    counts, bins = merged([one.rows for one in facts.histogram], width)
    yield Content()
    for line in bars(counts, width, _BARS_HEIGHT):
        yield Content.styled(line, BARS)
    yield from _wrapped(_bar_says(facts.histogram, bins, column), width, QUIET)


def _bar_says(histogram: Sequence[Bin], bins: int, column: Column) -> str:
    """What one bar stands for."""
    first = histogram[0]
    if isinstance(first.start, date) and isinstance(first.end, date):
        months = bins * ((first.end.year - first.start.year) * 12 + first.end.month - first.start.month)
        return f"by {_SPANS[months]}" if months in _SPANS else f"by {_years_or_months(months)}"
    if isinstance(first.start, date) or isinstance(first.end, date):
        return ""
    span = bins * (first.end - first.start)
    is_whole = isinstance(first.start, int)
    if is_whole and span == 1:
        return "by value"
    return f"by {count(int(span)) if is_whole else number(span)}{f' {safe(column.unit, 20)}' if column.unit else ''}"


def _years_or_months(months: int) -> str:
    return plural(months, "month") if months % 12 else plural(months // 12, "year")


def _values(column: Column, facts: ColumnFacts, width: int) -> Iterator[Content]:
    """The most frequent values with their rows, and how many others there are."""
    listed = _listed(column, facts)
    if not listed:
        return
    known = facts.rows - facts.nulls
    rest = known - sum(rows for _, rows in listed)
    shown = [*listed, (f"{_others(facts, len(listed))} others", rest)] if rest else listed
    shares = percents([rows for _, rows in shown], 0 if 100 * shown[len(listed) - 1][1] >= known else 1)
    counts = [count(rows) for _, rows in shown]
    share_width, count_width = max(map(len, shares)), max(map(len, counts))
    room = width - share_width - count_width - 4
    yield Content()
    for place, ((value, _), share, rows) in enumerate(zip(shown, shares, counts, strict=True)):
        style = "" if place < len(listed) else QUIET
        figures = f"  {share:>{share_width}}  {rows:>{count_width}}"
        if room >= _NARROWEST_VALUE:
            yield Content.styled(fit(safe(value, 80), room) + figures, style)
        else:
            yield from _wrapped(safe(value, 80), width, style)
            yield from _wrapped(figures.strip(), width, style)


def _listed(column: Column, facts: ColumnFacts) -> list[tuple[str, int]]:
    """The values worth a line: of a column of ids those that repeat."""
    if column.kind not in _SHOWS_VALUES:
        return []
    are_all = len(facts.top) == facts.distinct
    listed = [(value, rows) for value, rows in facts.top if rows > 1 or are_all][:_MOST_VALUES]
    return [(_FLAGS.get(value, value), rows) for value, rows in listed] if column.kind is Kind.FLAG else listed


def _others(facts: ColumnFacts, listed: int) -> str:
    return f"{_about('distinct', facts)}{count(max(facts.distinct - listed, 1))}"


def _findings(findings: Sequence[Finding], width: int) -> Iterator[Content]:
    for finding in findings:
        is_warning = finding.severity is Severity.WARNING
        mark = Content.styled("! " if is_warning else "· ", MARKED if is_warning else QUIET)
        for index, line in enumerate(_wrapped(safe(finding.text), max(width - 2, 1), "")):
            yield Content.assemble(Content("  ") if index else mark, line)


def _labelled(label: str, value: str, width: int) -> Iterator[Content]:
    """A label and its value beside it, or below it where the panel is narrow or a number would be cut."""
    room = width - _LABEL
    is_beside = width_of(value) <= room or (width >= _NARROW and max(map(width_of, value.split(" "))) <= room)
    if not is_beside:
        yield from _wrapped(label, width, QUIET)
        for line in _wrapped(value, max(width - 2, 1), ""):
            yield Content.assemble("  ", line) if width > 2 else line
        return
    for index, line in enumerate(_wrapped(value, room, "")):
        yield Content.assemble((fit("" if index else label, _LABEL), QUIET), line)


def _wrapped(text: str, width: int, style: str) -> Iterator[Content]:
    """The text in lines of at most that many cells, broken at spaces; only a word longer than a line is broken."""
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= width:
            line = joined
            continue
        if line:
            yield Content.styled(line, style)
        line = word
        while width_of(line) > width:
            taken = next(end for end in range(len(line), 0, -1) if width_of(line[:end]) <= width or end == 1)
            yield Content.styled(line[:taken], style)
            line = line[taken:]
    yield Content.styled(line, style)
