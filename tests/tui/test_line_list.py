"""A list of one-line rows by itself: what it draws, its cursor by keys and mouse, its room, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.content import Content
from textual.message import Message
from textual.pilot import Pilot

from segtui.api.table import Column, Kind
from segtui.prepare import FeatureSet, Form
from segtui.tui.themes import THEMES
from segtui.tui.widgets.feature_list import FeatureList, FeaturesView
from segtui.tui.widgets.line_list import LineList

MANY = 1_000_000
HOSTILE = "[red]x[/] [@click=app.quit] :smile: [/nope]"


class ListApp(App[None]):
    """One list, what it drew, and what it told."""

    CSS = "LineList { width: 40; height: 10; }"

    def __init__(self, rows: int = 0, line_list: LineList | None = None) -> None:
        super().__init__()
        self.list = line_list or LineList()
        self.drawn: list[int] = []
        self.told: list[Message] = []
        if line_list is None:
            self.list.set_rows(rows, self.draw_row)

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "segtui-dark"
        self.list.focus()

    def draw_row(self, row: int, width: int) -> Content:
        self.drawn.append(row)
        return Content(f"row {row:,} in {width}")

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.told.append(message)

    def on_line_list_selected(self, message: LineList.Selected) -> None:
        self.told.append(message)

    def on_line_list_view_moved(self, message: LineList.ViewMoved) -> None:
        self.told.append(message)

    def on_line_list_resized(self, message: LineList.Resized) -> None:
        self.told.append(message)

    def rows_told(self, kind: type[Message]) -> list[int]:
        """The rows of the messages of a kind since the last time; the others are dropped."""
        found = [message.row for message in self.told if isinstance(message, kind)]  # type: ignore[attr-defined]
        self.told.clear()
        return found

    def lines(self) -> list[str]:
        """What the list draws."""
        return [strip.text for strip in self.list.render_lines(self.list.scrollable_size.region)]

    def looks(self) -> list[object]:
        """The colours of its first column, line by line."""
        strips = self.list.render_lines(self.list.scrollable_size.region)
        return [next(iter(strip)).style for strip in strips]


def driven(act: Callable[[ListApp, Pilot[None]], Awaitable[None]], app: ListApp) -> None:
    async def run() -> None:
        async with app.run_test(size=(60, 20)) as pilot:
            await pilot.pause()
            await act(app, pilot)

    asyncio.run(run())


def test_only_rows_that_are_seen_are_drawn() -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        assert set(app.drawn) == set(range(10)) == set(app.list.in_view)
        app.drawn.clear()
        await pilot.press("down")
        assert set(app.drawn) == {0, 1}, "the row that the cursor left, and that it came to"
        app.drawn.clear()
        await pilot.press("end")
        assert set(app.drawn) - {1} == set(range(MANY - 10, MANY)) == set(app.list.in_view)
        assert app.lines()[-1].startswith("row 999,999 in ") and len(app.drawn) < 50
        app.drawn.clear()
        app.list.set_rows(MANY, app.draw_row)
        await pilot.pause()
        assert set(app.drawn) == set(app.list.in_view) and app.list.at == MANY - 1

    driven(act, ListApp(MANY))


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (["down", "down", "up"], 1),
        (["pagedown"], 10),
        (["pagedown", "pagedown", "pageup"], 10),
        (["pageup"], 0),
        (["end"], 99),
        (["end", "pagedown"], 99),
        (["end", "home"], 0),
        (["up"], 99),
        (["end", "down"], 0),
    ],
)
def test_the_cursor_by_keys(keys: Sequence[str], at: int) -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        assert app.list.at == at and at in app.list.in_view
        told = app.rows_told(LineList.Highlighted)
        assert (not told and at == 0) or told[-1] == at

    driven(act, ListApp(100))


def test_enter_and_two_clicks_select_and_the_wheel_leaves_the_cursor() -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "enter")
        assert app.rows_told(LineList.Selected) == [1]
        await pilot.click(LineList, offset=(5, 4))
        assert app.list.at == 4 and app.rows_told(LineList.Selected) == []
        await pilot.click(LineList, offset=(5, 4), times=2)
        assert app.rows_told(LineList.Selected) == [4]
        await pilot._post_mouse_events([events.MouseScrollDown] * 3, LineList, offset=(5, 5))
        assert app.list.in_view.start > 0 and app.list.at == 4
        assert app.rows_told(LineList.ViewMoved)
        top = app.list.in_view.start
        await pilot.click(LineList, offset=(5, 6), times=2)
        assert app.rows_told(LineList.Selected) == [top + 6]
        await pilot._post_mouse_events([events.MouseScrollDown] * 30, LineList, offset=(5, 5))
        await pilot.press("down")
        assert app.list.at == top + 7 and app.list.at in app.list.in_view, "the view comes back to the cursor"

    driven(act, ListApp(100))


def test_the_row_under_the_cursor_and_under_the_pointer_are_seen() -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        cursor, *others = app.looks()
        assert cursor not in others and len(set(map(str, others))) == 1
        await pilot.hover(LineList, offset=(5, 3))
        assert app.looks()[3] not in [*app.looks()[4:], cursor]
        await pilot.hover(LineList, offset=(5, 6))
        assert app.looks()[3] == app.looks()[4] != app.looks()[6]
        app.screen.set_focus(None)
        await pilot.pause()
        assert app.looks()[0] not in [cursor, *app.looks()[1:]]

    driven(act, ListApp(100))


def test_another_room() -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown")
        app.told.clear()
        app.list.styles.width, app.list.styles.height = 30, 4
        await pilot.pause()
        assert app.list.at == 10 and app.list.at in app.list.in_view and len(app.list.in_view) == 4
        assert app.list.row_width == 29 and "row 10 in 29" in "".join(app.lines())
        assert app.rows_told(LineList.Resized)
        await pilot._post_mouse_events([events.MouseScrollDown] * 20, LineList, offset=(5, 2))
        seen = app.list.in_view
        assert app.list.at not in seen
        app.list.styles.height = 5
        await pilot.pause()
        assert app.list.in_view.start == seen.start, "whoever looks elsewhere goes on looking there"
        app.list.display = False
        await pilot.pause()
        app.list.set_rows(3, app.draw_row)
        app.list.display = True
        await pilot.pause()
        assert app.list.in_view == range(3) and app.list.at == 2

    driven(act, ListApp(100))


def test_fewer_rows_and_none() -> None:
    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        assert app.list.in_view == range(0) and not "".join(app.lines()).strip()
        app.told.clear()
        await pilot.press("down", "up", "pagedown", "end", "home", "enter")
        await pilot.click(LineList, offset=(5, 4))
        assert app.list.at == 0 and not app.told
        app.list.set_rows(50, app.draw_row)
        await pilot.press("end")
        app.list.set_rows(20, app.draw_row)
        await pilot.pause()
        assert app.list.at == 19 and app.list.in_view == range(10, 20)
        assert app.rows_told(LineList.Highlighted) == [49, 19]
        app.list.set_rows(0, app.draw_row)
        await pilot.pause()
        assert app.list.at == 0 and not "".join(app.lines()).strip()

    driven(act, ListApp())


def test_a_row_is_one_line_of_text_whatever_it_holds() -> None:
    names = [HOSTILE, "two\nlines", "ｗｉｄｅ" * 20, "long " * 5_000, ""]

    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        app.list.set_rows(len(names), lambda row, _width: Content(names[row]))
        await pilot.pause()
        lines = app.lines()
        assert lines[0].startswith(HOSTILE[:38]) and lines[1].strip() == "two"
        assert lines[2].startswith("ｗｉｄｅ") and lines[3].rstrip().endswith("…") and not lines[4].strip()
        strips = app.list.render_lines(app.list.scrollable_size.region)
        assert {strip.cell_length for strip in strips} == {app.list.row_width}
        await pilot.click(LineList, offset=(12, 0), times=2)
        assert app.is_running and app.rows_told(LineList.Selected) == [0]

    driven(act, ListApp())


def test_features_are_drawn_as_they_are_counted_and_their_names_are_only_text() -> None:
    columns = tuple(Column(name, Kind.NUMBER) for name in (HOSTILE, "\x1b]0;t\x07\u202e", "known", "failed"))
    chosen = FeatureSet(name="all", columns={columns[1].name: Form.LOG_Z})
    features = FeatureList()

    async def act(app: ListApp, pilot: Pilot[None]) -> None:
        features.styles.width = 60
        features.show(FeaturesView(chosen, columns, {}, {"failed"}))
        await pilot.pause()
        lines = app.lines()
        assert lines[0].lstrip().startswith("○ [red]") and "●" in lines[1] and "log z" in lines[1]
        assert not set("\x1b\x07\u202e") & set("".join(lines))
        assert lines[2].rstrip().endswith("…") and lines[3].rstrip().endswith("?")
        assert features.names_in_view == tuple(column.name for column in columns)
        await pilot.press("end")
        assert features.column is columns[3] and features.about().startswith("failed")

    driven(act, ListApp(line_list=features))
