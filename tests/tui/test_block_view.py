"""The widget of a block: markup stays text, another width is another layout, and what is selected is what is seen."""

from __future__ import annotations

import pytest
from sample_blocks import BLOCKS, text_of
from textual.pilot import Pilot
from widget_app import run, screen_lines

from segtui.api.report import Bars
from segtui.tui.widgets.block_view import BlockView


@pytest.mark.parametrize("text", ["[@click=app.quit]x[/]", "[link=http://x]y[/link]", "[/nope]", ":smile:", "{x}"])
def test_markup_is_shown_letter_by_letter(text: str) -> None:
    async def shown(pilot: Pilot[None]) -> list[str]:
        return screen_lines(pilot)

    bars = Bars((text,), (1.0,), title="Sizes")
    assert any(line.startswith(text) for line in run(BlockView(bars), shown, (100, 10)))


def test_a_block_is_laid_out_anew_when_the_terminal_changes() -> None:
    async def resized(pilot: Pilot[None]) -> tuple[list[str], list[str]]:
        before = screen_lines(pilot)
        await pilot.resize_terminal(44, 30)
        await pilot.pause()
        return before, screen_lines(pilot)

    before, after = run(BlockView(BLOCKS["grid"]), resized, (100, 30))
    assert [line for line in before if line] == [line for line in text_of(BLOCKS["grid"], 100) if line]
    assert [line for line in after if line] == [line for line in text_of(BLOCKS["grid"], 44) if line]


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "ansi-dark", "segtui-contrast"])
def test_a_block_shows_in_any_theme(theme: str) -> None:
    async def shown(pilot: Pilot[None]) -> list[str]:
        return screen_lines(pilot)

    assert run(BlockView(BLOCKS["heatmap"]), shown, (100, 12), theme)[0] == "Difference from all"


def test_selected_text_is_what_is_seen() -> None:
    async def chosen(pilot: Pilot[None]) -> str | None:
        pilot.app.screen.text_select_all()
        await pilot.pause()
        return pilot.app.screen.get_selected_text()

    assert run(BlockView(BLOCKS["flow"]), chosen, (100, 24)) == "\n".join(text_of(BLOCKS["flow"], 100))
