"""What journeys through the app share."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from segtui.tui.app import SegtuiApp
from segtui.tui.widgets.step_form import StepForm

ROOT = Path(__file__).parents[2]
SECONDS = 40.0
AppOn = Callable[..., AbstractAsyncContextManager[Pilot[int]]]


async def settled(pilot: Pilot[int], until: Callable[[SegtuiApp], bool] = lambda _app: True) -> None:
    """Wait until nothing runs and `until` holds."""
    app = pilot.app
    assert isinstance(app, SegtuiApp)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        await pilot.pause(0.05)
        if app.is_open and not app.work.busy and until(app):
            await pilot.pause()
            if not app.work.busy and until(app):
                return
    raise AssertionError("the app did not come to rest")


def made(app: SegtuiApp) -> bool:
    """Whether customers are there that stand for the recipe."""
    return app.session.customers is not None and not app.session.customers_are_stale


def is_choosing(app: SegtuiApp) -> bool:
    """Whether a dialog is open, and keys go to it."""
    return app.screen is not app.frame and app.focused is not None


def is_typing(app: SegtuiApp) -> bool:
    """Whether the line of the form of a step is open, and keys go to it."""
    return app.screen is app.frame and app.frame.query_one(StepForm).query_one(Input).has_focus


async def typed(pilot: Pilot[int], text: str) -> None:
    """Type into the line that is open, and take it."""
    pilot.app.screen.query_one(StepForm).query_one(Input).value = text
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()


async def added(pilot: Pilot[int], place: int, condition: str) -> None:
    """Add a step of the kind at that place of the list, with its condition."""
    await pilot.press("a")
    await settled(pilot, is_choosing)
    await pilot.press(*["down"] * place, "enter")
    await settled(pilot, is_typing)
    await typed(pilot, condition)
    await pilot.press("s")
