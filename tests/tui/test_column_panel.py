"""The panel beside a table: it says what is known of a column, in any width, and nothing of people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from segtui.api import QuietRun
from segtui.api.table import Column, Finding, Kind, Personal, Role, Severity, Table
from segtui.read.facts import ColumnFacts, column_facts
from segtui.tui.widgets.column_lines import ColumnView
from segtui.tui.widgets.column_panel import ColumnPanel
from segtui.tui.widgets.histogram import bars, merged

AMOUNT = Column("amount", Kind.NUMBER, Role.AMOUNT, "name, all valid", unit="EUR", decimals=2)
DAY = Column("order_date", Kind.DATE, Role.DATE, "name, all valid")
CHANNEL = Column("channel", Kind.CATEGORY, Role.CHANNEL, "few values")
MAIL = Column("email", Kind.TEXT, None, "looks like addresses", personal=Personal.EMAIL)


def _facts(column: Column, values: pl.Series) -> ColumnFacts:
    frame = values.alias(column.name).to_frame()
    table = Table("orders", frame.lazy(), {column.name: column}, frame.height)
    return column_facts(table, None, QuietRun())[column.name]


AMOUNTS = _facts(AMOUNT, pl.Series([*(number / 4 for number in range(1_000)), 1_234_567.89, None]))
DAYS = _facts(DAY, pl.Series([date(2023, 1, 2) + timedelta(days=number) for number in range(731)]))
CHANNELS = _facts(CHANNEL, pl.Series(["online"] * 600 + ["store"] * 300 + ["phone", None] * 50))


def _text(view: ColumnView, width: int = 40) -> str:
    return "\n".join(line.plain for line in view.lines(width))


def test_a_number_says_its_range_middle_and_shape() -> None:
    lines = _text(ColumnView(AMOUNT, AMOUNTS)).splitlines()
    assert lines[0].split() == ["amount", "number"]
    assert [" ".join(line.split()) for line in lines[1:8]] == [
        "role amount (name, all valid)",
        "unit EUR",
        "missing 1 (0.1 %)",
        "distinct 1,001",
        "range 0.00 … 1,234,567.89",
        f"average {AMOUNTS.mean:,.2f}",
        "median 125.00",
    ]
    assert lines[-1] == "by 51,400 EUR"
    assert lines[-2][0] == "█" and lines[-2].rstrip()[-1] == "▁", "one value far off is still seen"


def test_dates_are_shown_by_month_and_merged_where_the_panel_is_narrow() -> None:
    assert "2023-01-02 … 2025-01-01" in _text(ColumnView(DAY, DAYS))
    assert _text(ColumnView(DAY, DAYS), 30).splitlines()[-1] == "by month"
    assert _text(ColumnView(DAY, DAYS), 24).splitlines()[-1] == "by 2 months"
    assert _text(ColumnView(DAY, DAYS), 10).splitlines()[-1] == "by quarter"


def test_frequent_values_add_up_to_a_hundred() -> None:
    lines = [line.split() for line in _text(ColumnView(CHANNEL, CHANNELS)).splitlines()[-3:]]
    assert lines == [["online", "63", "%", "600"], ["store", "32", "%", "300"], ["phone", "5", "%", "50"]]


def test_values_that_are_not_listed_are_counted() -> None:
    names = [f"name {number}" for number in range(40) for _ in range(40 - number)]
    lines = _text(ColumnView(CHANNEL, _facts(CHANNEL, pl.Series(names)))).splitlines()
    assert lines[-1].split() == ["32", "others", "64", "%", "528"]
    assert sum(int(line.split("%")[1].replace(",", "")) for line in lines[-9:]) == len(names)


def test_rare_values_get_a_decimal() -> None:
    names = ["often"] * 997 + ["rare"] * 3
    lines = _text(ColumnView(CHANNEL, _facts(CHANNEL, pl.Series(names)))).splitlines()
    assert [line.split() for line in lines[-2:]] == [["often", "99.7", "%", "997"], ["rare", "0.3", "%", "3"]]


def test_ids_are_listed_where_they_repeat() -> None:
    column = Column("order", Kind.IDENTIFIER)
    assert _text(ColumnView(column, _facts(column, pl.Series(map(str, range(999)))))).count("\n") < 4
    repeated = _facts(column, pl.Series(["GUEST"] * 300 + [str(number) for number in range(700)]))
    lines = _text(ColumnView(column, repeated)).splitlines()[-2:]
    assert [line.split() for line in lines] == [["GUEST", "30", "%", "300"], ["700", "others", "70", "%", "700"]]


def test_flags_are_yes_and_no() -> None:
    column = Column("is_gift", Kind.FLAG)
    text = _text(ColumnView(column, _facts(column, pl.Series([True, False, False]))))
    assert [line.split() for line in text.splitlines()[-2:]] == [["no", "67", "%", "2"], ["yes", "33", "%", "1"]]


def test_what_is_estimated_says_so() -> None:
    text = _text(ColumnView(AMOUNT, replace(AMOUNTS, approximate=("distinct", "quartiles"))))
    assert "about 1,001" in text and "about 125.00" in text


@pytest.mark.parametrize("column", [AMOUNT, DAY, CHANNEL])
def test_a_personal_column_shows_no_values(column: Column) -> None:
    facts = {"amount": AMOUNTS, "order_date": DAYS, "channel": CHANNELS}[column.name]
    text = _text(ColumnView(replace(column, personal=Personal.OTHER), facts))
    for value in ("1,234,567.89", "125.00", "2023", "online", "█"):
        assert value not in text
    assert "other (values not shown)" in text
    assert "missing" in text and "distinct" in text


def test_findings_come_first_with_what_to_do_last() -> None:
    findings = (Finding("14 rows lie after today.", "order_date", 14), Finding("Noted.", severity=Severity.NOTE))
    lines = _text(ColumnView(DAY, DAYS, findings, "enter: what to do about it")).splitlines()
    assert lines[1:3] == ["! 14 rows lie after today.", "· Noted."]
    assert lines[-2:] == ["", "enter: what to do about it"]


@pytest.mark.parametrize("width", range(3, 60))
def test_no_line_is_wider_than_the_panel_and_no_number_is_cut(width: int) -> None:
    long = Column("a name without any end 日本 " * 4, Kind.NUMBER, Role.AMOUNT, "because " * 9, decimals=2)
    hostile = Column("[/]\x1b[2J", Kind.CATEGORY)
    finding = Finding("A sentence of several words.", rows=1)
    views = [ColumnView(long, AMOUNTS, (finding,), "enter: do"), ColumnView(DAY, DAYS), ColumnView(CHANNEL, CHANNELS)]
    views += [ColumnView(MAIL, CHANNELS), ColumnView(hostile, message="Failed.", is_failed=True), ColumnView()]
    for view in views:
        assert all(cell_len(line.plain) <= width for line in view.lines(width))
    if width >= 14:
        words = _text(views[0], width).split()
        assert {"1,234,567.89", "125.00", "1,001"} <= set(words)
        assert {"2023-01-02", "2025-01-01"} <= set(_text(views[1], width).split())


def test_hostile_values_and_names_are_inert() -> None:
    values = ["[/]", "[@click=app.quit]x[/]", "\x1b]52;c;AAAA\x07", "\u202etxt", "a\tb\nc", *map(chr, range(0xA0))]
    column = Column("[/nope]\x1b[2J\u202e", Kind.CATEGORY, reason="[red]\x9b")
    for start in range(0, len(values), 6):
        facts = _facts(column, pl.Series(values[start : start + 6] * 2))
        text = _text(ColumnView(column, facts, (Finding("\x1b[2J[/]"),), "\x1b"), 60)
        assert not set(text) & ({chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]} - {"\n"} | {"\u202e"})
        assert "[/nope]" in text


def _shown(*acts: Callable[[ColumnPanel], object], size: tuple[int, int] = (40, 24)) -> str:
    """What an app with nothing but the panel draws after these acts."""

    class PanelApp(App[None]):
        def compose(self) -> ComposeResult:
            yield ColumnPanel()

    async def run() -> str:
        app = PanelApp()
        async with app.run_test(size=size) as pilot:
            panel = app.query_one(ColumnPanel)
            for act in acts:
                act(panel)
                await pilot.pause()
            return "\n".join(
                "".join(segment.text for segment in line) for line in app.screen._compositor.render_strips()
            )

    return asyncio.run(run())


def test_the_panel_has_its_states() -> None:
    assert "Choose a column" in _shown(lambda panel: panel.show_nothing())
    loading = _shown(lambda panel: panel.show_loading(AMOUNT))
    assert "amount" in loading and "Counting its values …" in loading
    failed = _shown(lambda panel: panel.show_failed(AMOUNT, "The worker has [/] died.", "Press r to try again."))
    assert "The worker has [/] died." in failed and "Press r to try again." in failed
    ready = _shown(lambda panel: panel.show(AMOUNT, AMOUNTS))
    assert "1,234,567.89" in ready and "Counting" not in ready


def test_a_long_panel_scrolls_in_a_small_window() -> None:
    shown = _shown(
        lambda panel: panel.show(AMOUNT, AMOUNTS, next_step="The last line."),
        lambda panel: panel.scroll_end(animate=False),
        size=(24, 6),
    )
    assert "The last line." in shown


def test_bars_are_never_blank_where_something_is() -> None:
    assert bars([0, 1, 400, 800], 4) == [" ▁▄█"]
    assert bars([0, 1, 400, 800], 4, height=2) == ["   █", " ▁██"]
    assert bars([1, 2], 9) == ["▄▄▄███"]
    assert bars([], 9) == bars([0, 0], 9) == bars([1, 2, 3], 2) == []


@pytest.mark.parametrize("most", range(1, 70))
def test_merged_bars_keep_every_row(most: int) -> None:
    counts = list(range(60))
    fewer, bins = merged(counts, most)
    assert len(fewer) <= most and sum(fewer) == sum(counts)
    assert bins * (len(fewer) - 1) < len(counts) <= bins * len(fewer)
