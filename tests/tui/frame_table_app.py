"""An app of one table, and how its tests drive and read it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from segtui.tui.widgets.frame_lines import HEADER_LINES
from segtui.tui.widgets.frame_table import FrameTable


class TableApp(App[None]):
    """One table, and the messages it sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.table = FrameTable(**options)
        self.sent: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.focus()

    def on_frame_table_cursor_moved(self, message: Message) -> None:
        self.sent.append(message)

    def on_frame_table_selected(self, message: Message) -> None:
        self.sent.append(message)

    def on_frame_table_unreadable(self, message: Message) -> None:
        self.sent.append(message)

    def lines(self) -> list[str]:
        """What the table draws, line by line."""
        return [strip.text for strip in self.table.render_lines(self.table.scrollable_size.region)]

    def header(self) -> list[str]:
        return self.lines()[:HEADER_LINES]

    def rows(self) -> list[str]:
        return self.lines()[HEADER_LINES:]

    async def settled(self, pilot: Pilot[None]) -> None:
        """All that was asked for is read and drawn."""
        await pilot.pause()
        await self.workers.wait_for_complete()
        await pilot.pause()


def driven(
    act: Callable[[TableApp, Pilot[None]], Awaitable[None]],
    source: Any = None,
    columns: Any = None,
    size: tuple[int, int] = (80, 24),
    **options: Any,
) -> None:
    """Run the app with a frame in its table, and act on it."""

    async def run() -> None:
        app = TableApp(**options)
        async with app.run_test(size=size) as pilot:
            if source is not None:
                app.table.set_frame(source, columns)
                await app.settled(pilot)
            await act(app, pilot)

    asyncio.run(run())
