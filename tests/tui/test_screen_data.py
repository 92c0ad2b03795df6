"""Screen 1: tables, columns, corrections; the frame around it; how the app ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from journeys import ROOT, AppOn, settled
from textual.widgets import Static

from segtui.api.table import Column, Kind, Personal, Role
from segtui.tui.app import SegtuiApp
from segtui.tui.frame import Rail, TitleLine
from segtui.tui.key_line import KeyLine
from segtui.tui.pane import State
from segtui.tui.screens.customers import CustomersPane
from segtui.tui.screens.data import DataPane
from segtui.tui.widgets.frame_table import FrameTable

SHOP = ROOT / "sample_data"
HOSTILE = "[red]x[/] \x1b]0;t\x07 \u202e[@click=app.quit]"


def words(widget: Static) -> str:
    return str(widget.render())


def test_what_is_in_two_files(app_on: AppOn) -> None:
    async def journey() -> None:
        async with app_on([SHOP / "orders.parquet", SHOP / "customers.csv"]) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            pane = app.frame.query_one(DataPane)
            assert pane.state is State.READY and app.showing is pane
            said = words(pane.query_one(".sources", Static))
            assert "206,661 rows × 11 columns" in said and "6,040 rows × 17 columns" in said
            table = pane.query_one(FrameTable)
            assert table.has_focus and table.rows == 206_661
            await pilot.press("G")
            await settled(pilot)
            assert table.cursor_row == 206_660 and table.row_range.endswith("of 206,661")
            await pilot.press("s")
            await settled(pilot)
            assert table.rows == 6_040
            assert app.frame.query_one(Rail).current == "data" and not app.frame.query_one(TitleLine).unsaved

    asyncio.run(journey())


def test_a_kind_and_a_role_are_corrected_and_undone(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,shoe,spent\n" + "\n".join(f"{n:04},{38 + n % 9},{n * 1.25}" for n in range(60)) + "\n")

    async def journey() -> None:
        async with app_on([path], (80, 24)) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            assert app.session.sources[0].columns["shoe"].kind is Kind.NUMBER
            await pilot.press("right", "k", "down", "enter")
            await settled(pilot, lambda app: app.session.sources[0].columns["shoe"].kind is Kind.CATEGORY)
            await pilot.press("right", "o", "down", "down", "down", "down", "enter")
            await settled(pilot, lambda app: app.session.sources[0].columns["spent"].role is Role.AMOUNT)
            assert app.session.sources[0].columns["shoe"].kind is Kind.CATEGORY
            await pilot.press("u", "u")
            await settled(pilot, lambda app: app.session.sources[0].columns["shoe"].kind is Kind.NUMBER)
            await pilot.press("U")
            await settled(pilot, lambda app: app.session.sources[0].columns["shoe"].kind is Kind.CATEGORY)

    asyncio.run(journey())


def test_enter_offers_all_that_can_be_corrected(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,phone,spent\n" + "\n".join(f"{n:04},{555_000 + n * 7},{n * 1.25}" for n in range(60)) + "\n")

    async def journey() -> None:
        async with app_on([path], (80, 24)) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)

            def columns() -> Mapping[str, Column]:
                return app.session.sources[0].columns if app.session.sources else {}

            assert columns()["phone"].personal is Personal.PHONE
            await pilot.press("right", "enter", "down", "down", "down", "enter", "home", "enter")
            await settled(pilot, lambda _app: columns()["phone"].personal is None)
            await pilot.press("right", "enter", "down", "down", "enter", *"EUR", "enter")
            await settled(pilot, lambda _app: columns()["spent"].unit == "EUR")
            await pilot.press("enter", "up", "enter")
            await settled(pilot, lambda _app: columns()["spent"].sensitive)
            assert columns()["phone"].personal is None and columns()["spent"].unit == "EUR"

    asyncio.run(journey())


def test_no_file_a_broken_file_and_another_one(app_on: AppOn, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else PAR1")

    async def empty() -> None:
        async with app_on([]) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            assert app.frame.query_one(DataPane).state is State.EMPTY
            shown = [key.words for key in app.frame.query_one(KeyLine).keys]
            assert shown == ["Add file", "Help", "Quit"], "no key that does nothing yet"
            await pilot.press("k", "o", "n", "s", "d", "slash", "escape", "r", "u", "U", "z", "question_mark", "escape")
            assert app.frame.query_one(DataPane).state is State.EMPTY

    async def broken() -> None:
        async with app_on([tmp_path / "broken.parquet"]) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            pane = app.frame.query_one(DataPane)
            assert pane.state is State.FAILED
            assert "can't be read" in words(pane.query_one(".notice", Static))
            rail = app.frame.query_one(Rail)
            assert next(step for step in rail.steps if step.name == "data").warns
            await pilot.press("2")
            notice = app.frame.query_one(CustomersPane).query_one(".notice", Static)
            assert words(notice) == "The files could not be read. Screen 1 says why."
            await pilot.press("1")
            app.session.add_source(SHOP / "stores.csv")
            await pilot.press("d", "enter")
            await settled(pilot, lambda app: bool(app.session.sources))
            assert pane.state is State.READY and app.session.sources[0].rows == 12

    asyncio.run(empty())
    asyncio.run(broken())


def test_hostile_names_and_cells_are_shown_and_do_nothing(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "[b]hostile.csv"
    path.write_text(f"id,{HOSTILE}\n" + "\n".join(f"{n},{HOSTILE}" for n in range(40)) + "\n")

    async def journey() -> None:
        async with app_on([path], (80, 24)) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            assert app.frame.query_one(DataPane).state is State.READY
            await pilot.press("right", "k", "escape", "o", "escape", "question_mark", "escape")
            drawn = "\n".join(
                "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
            )
            assert "[red]" in drawn and "[b]hostile.csv" in drawn
            assert not {"\x1b", "\x07", "\u202e"} & set(drawn)

    asyncio.run(journey())
