"""The dialogs that every screen asks with: lists narrowed by typing, in view at the smallest size; the help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from segtui.tui.dialogs import Choose
from segtui.tui.dialogs_checklist import Checklist
from segtui.tui.themes import THEMES
from segtui.tui.widgets.narrowed_list import SHORT

MANY = {f"column_{place}": f"column {place}" for place in range(40)}
FEW = {"one": "first", "two": "second"}


class Asking(App[None]):
    """An app that asks at once."""

    CSS_PATH = "../../src/segtui/tui/segtui.tcss"

    def __init__(self, dialog: ModalScreen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.given: list[Any] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "segtui-dark"

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.given.append)


def asked(dialog: ModalScreen[Any], *keys: str, look: Callable[[Pilot[None]], None] = lambda _pilot: None) -> list[Any]:
    """What a dialog gives after these keys; `look` sees it before them."""

    async def journey() -> list[Any]:
        app = Asking(dialog)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            look(pilot)
            await pilot.press(*keys)
            await pilot.pause()
            return app.given

    return asyncio.run(journey())


def test_a_long_list_is_narrowed_by_typing() -> None:
    assert asked(Choose("Which?", MANY), *"n 27", "enter") == ["column_27"]
    assert asked(Choose("Which?", MANY, "column_12"), "down", "enter") == ["column_13"]
    assert asked(Choose("Which?", MANY, "column_12"), *"3", "enter") == ["column_3"], "what is chosen is not there"
    assert asked(Choose("Which?", MANY), *"39", "backspace", "backspace", "pagedown", "enter") != ["column_0"]


def test_where_nothing_is_called_so_nothing_is_taken() -> None:
    dialog = Choose("Which?", MANY)
    assert asked(dialog, *"zz", "enter") == []
    assert asked(Choose("Which?", MANY), *"zz", "escape") == [None]


def test_a_short_list_has_no_line_to_type_in() -> None:
    assert len(FEW) <= SHORT
    assert asked(Choose("Which?", FEW), "down", "enter", look=lambda pilot: _has_input(pilot, False)) == ["two"]


def _has_input(pilot: Pilot[None], expected: bool) -> None:
    assert bool(pilot.app.screen.query(Input)) is expected


def test_a_long_list_and_its_keys_are_in_view_at_80x24() -> None:
    def look(pilot: Pilot[None]) -> None:
        _has_input(pilot, True)
        keys = pilot.app.screen.query_one(".keys", Static)
        assert keys.region.bottom <= 23 and "esc" in str(keys.render())
        assert pilot.app.screen.query_one(OptionList).region.height >= 8

    asked(
        Choose("A question that takes two lines, since it says at some length what it is about. " * 2, MANY), look=look
    )


def test_a_click_takes_a_line() -> None:
    async def journey() -> list[Any]:
        app = Asking(Choose("Which?", FEW))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.click(OptionList, offset=(2, 1))
            await pilot.pause()
            return app.given

    assert asyncio.run(journey()) == ["two"]


def test_columns_are_marked_while_the_list_is_narrowed() -> None:
    keys = ["7", "space", "down", "space", "backspace", "enter"]
    assert asked(Checklist("Which?", MANY, ["column_1"]), *keys) == [("column_1", "column_7", "column_17")]
