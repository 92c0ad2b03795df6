"""The form of a step: the footer names the keys that work in each of its parts."""

from __future__ import annotations

import asyncio
from pathlib import Path

from journeys import AppOn, is_choosing, is_typing, settled, typed
from some_results import app_of, people, press
from textual.widgets import Static

from segtui.tui.key_line import KeyLine
from segtui.tui.widgets.step_form import FieldList, StepForm


def test_the_footer_follows_the_parts_of_the_form(app_on: AppOn, tmp_path: Path) -> None:
    async def journey() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            footer, form = app.frame.query_one(KeyLine), app.frame.query_one(StepForm)
            await press(pilot, "2", "a")
            await settled(pilot, is_choosing)
            await pilot.press("enter")
            await settled(pilot, is_typing)
            assert str(footer.render()) == "⏎ Keep  esc Back"
            assert "→ completes a name; columns: customer, spend" in str(form.query_one(".form-help", Static).render())
            await typed(pilot, "spend > 3")
            keys = str(footer.render())
            assert keys.startswith("⏎ Edit  s Take the step  esc Back") and "Change" not in keys
            await press(pilot, "escape", "y", "a")
            await settled(pilot, is_choosing)
            await pilot.press("down", "down", "enter")
            await settled(pilot, lambda app: app.focused is form.query_one(FieldList))
            assert "space Change" not in str(footer.render())
            await press(pilot, "down")
            assert "space Change" in str(footer.render())
            await press(pilot, "space", "escape", "y")

    asyncio.run(journey())
