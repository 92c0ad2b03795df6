"""What journeys through the app share."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from textual.pilot import Pilot

from segtui.tui.app import SegtuiApp

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
            return
    raise AssertionError("the app did not come to rest")
