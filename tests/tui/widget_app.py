"""An app that shows one widget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from segtui.tui.themes import THEMES
from segtui.tui.widgets.segment_table import SegmentTable

T = TypeVar("T")


class WidgetApp(App[None]):
    """Shows one widget, in one of segtui's themes."""

    def __init__(self, widget: Widget, theme: str = "segtui-light") -> None:
        super().__init__()
        self._widget, self._theme = widget, theme
        self.messages: list[SegmentTable.RowHighlighted | SegmentTable.RowChosen] = []
        for each in THEMES:
            self.register_theme(each)

    def compose(self) -> ComposeResult:
        """The widget."""
        yield self._widget

    def on_mount(self) -> None:
        """Take the theme."""
        self.theme = self._theme
        self._widget.focus()

    @on(SegmentTable.RowHighlighted)
    @on(SegmentTable.RowChosen)
    def keep(self, message: SegmentTable.RowHighlighted | SegmentTable.RowChosen) -> None:
        """Keep what a table of segments says."""
        self.messages.append(message)


def run(
    widget: Widget,
    steps: Callable[[Pilot[None]], Awaitable[T]],
    size: tuple[int, int] = (80, 24),
    theme: str = "segtui-light",
) -> T:
    """Show a widget in a terminal of this size, and do the steps."""

    async def shown() -> T:
        async with WidgetApp(widget, theme).run_test(size=size) as pilot:
            await pilot.pause()
            return await steps(pilot)

    return asyncio.run(shown())


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What the terminal shows."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]
