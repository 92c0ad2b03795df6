"""What all screens share: room is known while hidden, the cursor is never lost, lists are clicked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from journeys import AppOn, settled
from some_results import GROUPS, REGIONS, people, press, with_results
from textual.widgets import OptionList

from segtui.tui.app import SCREENS
from segtui.tui.key_line import KeyLine
from segtui.tui.screens.export import ExportForm


@pytest.mark.slow
def test_no_screen_loses_the_cursor_when_the_terminal_is_resized(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            for size in ((80, 24), (120, 40)):
                for key, name, _, _ in SCREENS:
                    await press(pilot, key)
                    await pilot.resize_terminal(*size)
                    await settled(pilot)
                    await pilot.pause(0.1)
                    pane = app.panes[name]
                    assert app.focused is not None and pane in app.focused.ancestors_with_self, (name, size)
                    assert pane.has_class("-narrow") == (size[0] == 80)
                    assert len(app.frame.query_one(KeyLine).keys) > 3, name
                    await pilot.resize_terminal(200 - size[0], 64 - size[1])
                await pilot.resize_terminal(*size)

    asyncio.run(journey())


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_lists_are_clicked(app_on: AppOn, tmp_path: Path, size: tuple[int, int]) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)], size) as pilot:
            app = await with_results(pilot, GROUPS, REGIONS)
            await press(pilot, "4")
            await pilot.click(app.panes["compare"].query_one(OptionList), offset=(3, 2))
            await settled(pilot)
            assert app.panes["compare"].query_one(OptionList).highlighted == 1
            await press(pilot, "5")
            await pilot.click("#analyses", offset=(4, 1))
            await settled(pilot)
            wanted = app.panes["report"].wanted  # type: ignore[attr-defined]
            assert wanted is not None and wanted.analysis == "quality"
            await press(pilot, "6")
            form = app.panes["export"].query_one(ExportForm)
            assert app.session.document.export.segmentations == ()
            await pilot.click(form, offset=(6, 4))
            await settled(pilot)
            assert app.session.document.export.segmentations == ("regions",), "a click turns a mark"

    asyncio.run(journey())
