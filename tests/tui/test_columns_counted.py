"""Of a wide table, the values are counted of the columns that are looked at, and of no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from journeys import AppOn, made, settled
from some_results import app_of
from textual import events
from textual.widgets import Static

from segtui.api.errors import DataError
from segtui.project.facts import CustomersFacts, SourceFacts
from segtui.project.session import Session
from segtui.tui.app import SegtuiApp
from segtui.tui.screens.column_counts import COUNTED_AT_ONCE
from segtui.tui.widgets.feature_list import FeatureList
from segtui.tui.widgets.frame_table import FrameTable

COLUMNS = 3 * COUNTED_AT_ONCE + 5


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of columns that were counted together."""
    asked: list[list[str]] = []
    count = Session.inspect_columns

    def listening(session: Session, of: SourceFacts | CustomersFacts, names: Iterable[str], *more: Any) -> Any:
        asked.append(list(names))
        return count(session, of, names, *more)

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


def people(folder: Path) -> Path:
    """One row per customer: its id, and many numbers."""
    path = folder / "people.parquet"
    rows = range(20)
    numbers = {f"c{number}": [row * 7 % (number + 3) for row in rows] for number in range(COLUMNS)}
    pl.DataFrame({"customer_id": [f"p{row:03}" for row in rows], **numbers}).write_parquet(path)
    return path


def features_of(app: SegtuiApp) -> FeatureList:
    return app.frame.query_one(FeatureList)


def are_counted(app: SegtuiApp) -> bool:
    """Whether there are figures of all columns in view."""
    features = features_of(app)
    return bool(features.names_in_view) and all(name in features.view.facts for name in features.names_in_view)


def test_the_columns_of_customers_that_are_in_view(app_on: AppOn, tmp_path: Path, counted: list[list[str]]) -> None:
    names = [f"c{number}" for number in range(COLUMNS)]

    async def steps() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            app = app_of(pilot)
            await settled(pilot, made)
            assert "c100" not in {name for together in counted for name in together}
            counted.clear()
            await pilot.press("2")
            await settled(pilot, are_counted)
            assert counted == [names[:COUNTED_AT_ONCE]]
            features = features_of(app)
            seen = len(features.in_view)
            assert 5 < seen < COUNTED_AT_ONCE

            down = COUNTED_AT_ONCE - seen + 3
            await pilot._post_mouse_events([events.MouseScrollDown] * down, FeatureList, offset=(5, 5))
            await settled(pilot, lambda app: are_counted(app) and features.in_view.stop > COUNTED_AT_ONCE)
            assert counted[1:] == [names[COUNTED_AT_ONCE : 2 * COUNTED_AT_ONCE]] and features.at == 0

            await pilot.press("tab", "end")
            await settled(pilot, are_counted)
            assert counted[2:] == [names[-5 - COUNTED_AT_ONCE : -5], names[-5:]]

            await pilot.press("space")
            await settled(pilot, made)
            await pilot.press("home", "1", "2")
            await settled(pilot, are_counted)
            assert len(counted) == 4, "other features are no reason to count again"
            assert app.session.customers is not None
            assert "c184" not in app.session.customers.feature_sets[0].columns

    asyncio.run(steps())


def test_columns_of_customers_that_can_not_be_counted(
    app_on: AppOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, asked = Session.inspect_columns, list[str]()

    def failing(session: Session, of: SourceFacts | CustomersFacts, names: Iterable[str], *more: Any) -> Any:
        if isinstance(of, CustomersFacts) and "c0" in names:
            asked.append("c0")
            raise DataError("The disk is full.")
        return count(session, of, names, *more)

    def about(app: SegtuiApp) -> str:
        return str(app.panes["customers"].query_one(".about", Static).render())

    monkeypatch.setattr(Session, "inspect_columns", failing)

    async def steps() -> None:
        async with app_on([people(tmp_path)]) as pilot:
            await settled(pilot, made)
            await pilot.press("2", "tab")
            await settled(pilot, lambda app: "could not be counted" in about(app))
            assert "The disk is full." in about(app_of(pilot)) and "?" in shown(app_of(pilot))
            await pilot.press("down", "up")
            await settled(pilot)
            assert len(asked) == 1, "what failed is told, and not tried with every key"
            await pilot.press("end")
            await settled(pilot, are_counted)
            assert "c184" in about(app_of(pilot)) and "counted" not in about(app_of(pilot))

    asyncio.run(steps())


def test_going_between_files_while_they_are_counted(app_on: AppOn, tmp_path: Path, counted: list[list[str]]) -> None:
    paths = [tmp_path / f"{name}.parquet" for name in ("one", "two")]
    for base, path in enumerate(paths):
        pl.DataFrame({f"{path.stem}{number}": [base, number + 1000] for number in range(COLUMNS)}).write_parquet(path)

    async def steps() -> None:
        async with app_on(paths) as pilot:
            for _ in range(5):
                await pilot.press("s")
            await settled(pilot, lambda app: "0 … 1,000" in shown(app) or "1 … 1,000" in shown(app))
            await pilot.press("s")
            await settled(pilot, lambda app: "0 … 1,000" in shown(app) or "1 … 1,000" in shown(app))
            assert sorted(together[0] for together in counted) == ["one0", "two0"]

    asyncio.run(steps())
