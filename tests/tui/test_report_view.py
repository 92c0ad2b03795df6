"""The report on the screen: its order, its states, its room, and that it never holds up the screen."""

from __future__ import annotations

from typing import Any

import pytest
from sample_blocks import BLOCKS, REPORT
from textual.pilot import Pilot
from widget_app import run, screen_lines

from segtui.api.report import Axis, Figure, Grid, Report, Text, Tone
from segtui.draw.block import draw_block
from segtui.draw.line import plain
from segtui.tui.widgets import report_view
from segtui.tui.widgets.report_view import ReportView


def words(view: ReportView) -> list[str]:
    return [plain(line).strip() for line in view.lines]


async def settled(pilot: Pilot[None], view: ReportView) -> None:
    """Everything is laid out: nothing was added while the screen was painted twice."""
    before = -1
    while len(view.lines) != before:
        before = len(view.lines)
        await pilot.pause()
        await pilot.pause()


def long_report(blocks: int, rows: int) -> Report:
    names = tuple(f"row {place}" for place in range(rows))
    grid = Grid(Axis(names), Axis(tuple("abcdefgh")), tuple((float(place),) * 8 for place in range(rows)))
    return Report("Long", tuple(grid for _ in range(blocks)))


def test_the_whole_report_is_shown_in_its_order() -> None:
    view = ReportView()

    async def shown(pilot: Pilot[None]) -> None:
        view.set_report(REPORT)
        await settled(pilot, view)

    run(view, shown, (105, 40))
    lines = words(view)
    assert lines[:3] == ["Four segments", "═" * 13, ""]
    place = 3
    for block in BLOCKS.values():
        for line in draw_block(block, 100):
            place = lines.index(plain(line).strip(), place) + 1
    assert lines[place:] == ["", "", "Notes", "─────", "· The silhouette is from a sample."]


def test_nothing_touches_the_edges() -> None:
    view = ReportView()

    async def shown(pilot: Pilot[None]) -> list[str]:
        view.set_report(REPORT)
        await settled(pilot, view)
        return screen_lines(pilot)

    lines = run(view, shown, (60, 30))
    assert all(line.startswith("  ") for line in lines if line.strip())
    assert all(len(line) <= 60 for line in lines)


def test_it_is_laid_out_anew_for_another_width_and_keeps_its_place() -> None:
    view = ReportView()

    async def resized(pilot: Pilot[None]) -> tuple[str, str, int]:
        view.set_report(REPORT)
        await settled(pilot, view)
        top = words(view).index("By month")
        view.scroll_to(y=top, animate=False)
        await pilot.pause()
        before = screen_lines(pilot)[0].split("▕")[0].strip()
        await pilot.resize_terminal(60, 20)
        await settled(pilot, view)
        widest = max(len(plain(line)) for line in view.lines)
        return before, screen_lines(pilot)[0].strip(), widest

    before, after, widest = run(view, resized, (105, 20))
    assert before == "By month"
    assert after in ("", "By month")
    assert widest <= 56


def test_keys_scroll_to_the_end() -> None:
    view = ReportView()

    async def scrolled(pilot: Pilot[None]) -> list[str]:
        view.set_report(REPORT)
        await settled(pilot, view)
        await pilot.press("end")
        await pilot.pause(0.5)
        return screen_lines(pilot)

    assert any("The silhouette is from a sample." in line for line in run(view, scrolled, (80, 24)))


def test_the_states_say_what_to_do() -> None:
    view = ReportView("No report yet. Press enter to make one.")

    async def states(pilot: Pilot[None]) -> list[list[str]]:
        seen = [screen_lines(pilot)]
        view.show_loading("Comparing 2 results, about 4 s …")
        await pilot.pause()
        seen.append(screen_lines(pilot))
        view.show_failed("The comparison failed.", "orders.csv, column [/x]\x1b[2J", "Choose another column.")
        await pilot.pause()
        seen.append(screen_lines(pilot))
        view.show_empty()
        await pilot.pause()
        return [*seen, screen_lines(pilot)]

    empty, loading, failed, again = ([line.strip() for line in state if line.strip()] for state in run(view, states))
    assert empty == again == ["No report yet. Press enter to make one."]
    assert loading == ["Comparing 2 results, about 4 s …"]
    assert failed == ["✗ The comparison failed.", "orders.csv, column [/x]␛[2J", "Choose another column."]


def test_a_new_report_replaces_one_that_is_still_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_view, "SLICE", 0.0)
    view = ReportView()

    async def replaced(pilot: Pilot[None]) -> None:
        view.set_report(long_report(40, 20))
        view.set_report(Report("Short", (Text("That is all."),)))
        await settled(pilot, view)

    run(view, replaced)
    assert words(view) == ["Short", "═════", "", "That is all."]


def test_a_long_report_is_laid_out_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_view, "SLICE", 0.0)
    view = ReportView()
    report = long_report(30, 200)

    lengths: list[int] = []
    go_on = ReportView._go_on

    def counted(view: ReportView, *rest: Any) -> None:
        go_on(view, *rest)
        lengths.append(len(view.lines))

    async def watched(pilot: Pilot[None]) -> None:
        monkeypatch.setattr(ReportView, "_go_on", counted)
        view.set_report(report)
        await settled(pilot, view)

    run(view, watched, (120, 40))
    assert lengths[0] == 2
    assert len(lengths) > 30
    assert sum(line.startswith("row ") for line in words(view)) == 30 * 200


def test_only_lines_in_sight_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    view = ReportView()
    painted: list[int] = []
    paint = report_view.painted

    def counted(widget: ReportView, drawn: object, y: int, width: int) -> object:
        painted.append(y)
        return paint(widget, drawn, y, width)

    async def scrolled(pilot: Pilot[None]) -> None:
        view.set_report(long_report(3, 200))
        await settled(pilot, view)
        monkeypatch.setattr(report_view, "painted", counted)
        view.scroll_to(y=100, animate=False)
        await pilot.pause()

    run(view, scrolled, (120, 40))
    assert painted and set(painted) <= set(range(100, 140))


def test_titles_and_notes_are_inert() -> None:
    view = ReportView()
    hostile = "[@click=app.quit]x[/] \x1b]0;t\x07 \u202e"

    async def shown(pilot: Pilot[None]) -> list[str]:
        note = Text("{name}", {"name": Figure("name", hostile)}, Tone.NOTE)
        view.set_report(Report(hostile, (note,), (note,)))
        await settled(pilot, view)
        return screen_lines(pilot)

    lines = run(view, shown)
    assert sum("[@click=app.quit]x[/] ␛]0;t␇ <202E>" in line for line in lines) == 3
