"""Of a wide table, the values are counted of the columns that are looked at, and of no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from journeys import AppOn, settled
from some_results import app_of

from segtui.project.facts import SourceFacts
from segtui.project.session import Session
from segtui.tui.app import SegtuiApp
from segtui.tui.screens.data import COUNTED_AT_ONCE
from segtui.tui.widgets.frame_table import FrameTable

COLUMNS = 3 * COUNTED_AT_ONCE + 5


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of columns that were counted together."""
    asked: list[list[str]] = []
    count = Session.inspect_columns

    def listening(session: Session, facts: SourceFacts, names: Iterable[str], *more: Any) -> Any:
        asked.append(list(names))
        return count(session, facts, names, *more)

    monkeypatch.setattr(Session, "inspect_columns", listening)
    return asked


def shown(app: SegtuiApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def looked_at(app: SegtuiApp, number: int) -> bool:
    """Whether the panel shows the range of that column."""
    return f"… {number + 1000:,}" in shown(app)


def test_the_columns_beside_the_one_that_is_looked_at(app_on: AppOn, tmp_path: Path, counted: list[list[str]]) -> None:
    path = tmp_path / "wide.parquet"
    names = [f"c{number}" for number in range(COLUMNS)]
    pl.DataFrame({name: [number, number + 1000] for number, name in enumerate(names)}).write_parquet(path)

    async def steps() -> None:
        async with app_on([path]) as pilot:
            app = app_of(pilot)
            await settled(pilot, lambda app: looked_at(app, 0))
            assert counted == [names[:COUNTED_AT_ONCE]]
            table = app.panes["data"].query_one(FrameTable)
            table.move_to_column("c59")
            await settled(pilot, lambda app: looked_at(app, 59))
            assert len(counted) == 1
            await pilot.press("end")
            await settled(pilot, lambda app: looked_at(app, COLUMNS - 1))
            assert counted[1:] == [names[-5:]]

    asyncio.run(steps())


def test_moving_on_while_they_are_counted_counts_what_is_looked_at_in_the_end(
    app_on: AppOn, tmp_path: Path, counted: list[list[str]]
) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{number}": [number, number + 1000] for number in range(COLUMNS)}).write_parquet(path)

    async def steps() -> None:
        async with app_on([path]) as pilot:
            app = app_of(pilot)
            await settled(pilot, lambda app: looked_at(app, 0))
            table = app.panes["data"].query_one(FrameTable)
            for number in (70, 130, 75, COLUMNS - 1):
                table.move_to_column(f"c{number}")
                await pilot.pause()
            await settled(pilot, lambda app: looked_at(app, COLUMNS - 1))
            names = [name for together in counted for name in together]
            assert len(set(names)) == len(names)
            assert names[-1] == f"c{COLUMNS - 1}"

    asyncio.run(steps())


def test_a_file_that_changed_since_is_not_counted_as_if_it_had_not(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{number}": [number, number + 1000] for number in range(COLUMNS)}).write_parquet(path)

    async def steps() -> None:
        async with app_on([path]) as pilot:
            app = app_of(pilot)
            await settled(pilot, lambda app: looked_at(app, 0))
            pl.DataFrame({f"c{number}": [number] * 3 for number in range(COLUMNS)}).write_parquet(path)
            app.panes["data"].query_one(FrameTable).move_to_column("c100")
            await settled(pilot, lambda app: "changed" in shown(app))

    asyncio.run(steps())
