"""The line of keys: whole keys only, the most used first, those that work everywhere always, and a click on each."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from journeys import AppOn, settled
from some_results import GROUPS, app_of, people, press, with_results
from textual.widgets import Static

from segtui.tui.dialogs import EVERYWHERE, Explain
from segtui.tui.frame import Rail
from segtui.tui.key_line import MORE, Key, KeyLine, placed

KEYS = (
    *(Key(words[0], words[0], words) for words in ("Add", "Back", "Choose", "Do", "Edit", "Find")),
    Key("question_mark", "?", "Help", everywhere=True),
    Key("Q", "Q", "Quit", everywhere=True),
)


@pytest.mark.parametrize("width", range(14, 70))
def test_keys_are_shown_whole_in_their_order(width: int) -> None:
    row = placed(KEYS, width)
    for (start, key), (after, _) in pairwise(row):
        assert start + key.width < after
    assert row[-1][0] + row[-1][1].width == width, "what works everywhere ends the line"
    shown = [key for _, key in row]
    assert shown[-2:] == list(KEYS[-2:])
    left = shown[:-2]
    kept = left[:-1] if left[-1:] == [MORE] else left
    assert kept == list(KEYS[: len(kept)]) and (len(kept) == 6 or left[-1:] == [MORE] or width < 17)


def test_all_are_shown_where_they_fit() -> None:
    assert [key for _, key in placed(KEYS, 70)] == list(KEYS)


def test_keys_are_pressed_by_a_click_at_both_sizes(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], (80, 24)) as pilot:
            app = app_of(pilot)
            for width, height in ((80, 24), (120, 40)):
                await pilot.resize_terminal(width, height)
                await settled(pilot)
                line = app.frame.query_one(KeyLine)
                drawn = str(line.render())
                assert len(drawn) <= width - 2 and drawn.endswith("? Help  Q Quit"), drawn
                assert "Correct" in drawn and ("…" in drawn) == (width == 80)
                await pilot.click(KeyLine, offset=(1 + drawn.index("? Help"), 0))
                await pilot.pause()
                assert isinstance(app.screen, Explain)
                await pilot.press("escape")
                await pilot.click(KeyLine, offset=(1 + drawn.index("Kind"), 0))
                await pilot.pause()
                assert len(app.screen_stack) == 2
                await pilot.press("escape")

    asyncio.run(journey())


def test_the_rail_is_clicked(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], (80, 24)) as pilot:
            app = app_of(pilot)
            rail = app.frame.query_one(Rail)
            drawn = str(rail.render())
            await pilot.click(Rail, offset=(2 + drawn.index("2 Cus"), 0))
            await settled(pilot)
            assert rail.current == "customers"
            drawn = str(rail.render())
            assert "1 Dat" in drawn and "2 Customers" in drawn and "w save" in drawn, "the current one in whole words"
            await pilot.click(Rail, offset=(1 + drawn.index(": commands"), 0))
            await pilot.pause()
            assert len(app.screen_stack) == 2, "the palette is open"
            await pilot.press("escape")

    asyncio.run(journey())


def test_the_help_names_the_keys_that_work_and_breaks_none_from_its_words(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], (80, 24)) as pilot:
            app = app_of(pilot)
            await with_results(pilot, GROUPS)
            await press(pilot, "3", "question_mark")
            assert isinstance(app.screen, Explain)
            words = "\n".join(str(part.render()) for part in app.screen.query(Static))
            assert "Edit the field, or open the row" in words and "Run on all customers" in words
            assert "Add a row to the table" not in words, "k-means has no table"
            assert words.count("esc") == words.count("esc goes back") + words.count("escri")
            seen = "\n".join("".join(part.text for part in line) for line in app.screen._compositor.render_strips())
            assert all(line in seen for line in EVERYWHERE.splitlines())

    asyncio.run(journey())
