"""Promises 19, 20 and 23: the screen goes on while data is worked on, however much or odd it is."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from journeys import ROOT, AppOn, made, settled
from some_results import app_of
from textual.pilot import Pilot

from segtui.project.begin import begin
from segtui.project.document import SegmentationEntry
from segtui.tui.app import SegtuiApp
from segtui.tui.launch import SELDOM
from segtui.tui.pane import State
from segtui.tui.widgets.frame_table import FrameTable

pytestmark = pytest.mark.slow


FITTING = ROOT / "tests" / "fault_plugins" / "fitting"
BEAT = 0.01
PROMISED = 0.1
"""Seconds that the screen may stand still for work on data."""
MANY = 5_000_000
WIDE = 10_000
CATEGORIES = 1_000_000
LONG = "x" * 1_000_000
SECONDS = 240


class Heart:
    """Beats in the screen's own loop, and keeps the longest gap that the app itself caused, in processor time, which
    no other process lengthens: what the screen's thread worked between two beats, and what all threads did, which may
    have held it up."""

    def __init__(self) -> None:
        self.worked = self.held_up = 0.0

    async def _beat(self) -> None:
        while True:
            clock, thread, process = time.monotonic(), time.thread_time(), time.process_time()
            await asyncio.sleep(BEAT)
            self.worked = max(self.worked, time.thread_time() - thread)
            self.held_up = max(self.held_up, min(time.monotonic() - clock, time.process_time() - process))

    async def during(self, holds: Callable[[], object], seconds: float = SECONDS) -> None:
        """Beat while something goes on."""
        beating = asyncio.create_task(self._beat())
        end = time.monotonic() + seconds
        while holds():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        beating.cancel()

    async def at_rest(self, seconds: float) -> None:
        """Beat for a while."""
        end = time.monotonic() + seconds
        await self.during(lambda: time.monotonic() < end)

    def keeps_up(self) -> bool:
        """Whether the screen stood still for no longer than promised. Not all that other threads do holds it up."""
        return self.worked < PROMISED and self.held_up < 2 * PROMISED

    def __repr__(self) -> str:
        return f"worked {self.worked:.3f} s, held up for {self.held_up:.3f} s at most"


def steps_in(app_on: AppOn, path: Path, steps: Callable[[Pilot[int], SegtuiApp], Awaitable[None]]) -> None:
    async def run() -> None:
        async with app_on([path], plugin_folders=[FITTING], opens=False) as pilot:
            app = app_of(pilot)
            await Heart().during(lambda: not app.is_open or app.work.busy)
            await settled(pilot)
            await steps(pilot, app)

    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        asyncio.run(run())
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_heart_beats_while_millions_of_rows_are_read(app_on: AppOn, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    path = tmp_path / "orders.csv"
    pl.DataFrame(
        {
            "customer": random.integers(0, 500_000, MANY),
            "day": pl.Series(random.integers(19_000, 20_000, MANY)).cast(pl.Date),
            "amount": random.normal(50, 9, MANY).round(2),
            "country": pl.Series(["DE", "FR", "IT"]).sample(MANY, with_replacement=True, seed=1),
        }
    ).write_csv(path)

    async def steps(pilot: Pilot[int], app: SegtuiApp) -> None:
        reading, preparing = Heart(), Heart()
        app.panes["data"].read()  # type: ignore[attr-defined]
        await reading.during(lambda: app.work.busy)
        app.work.long(
            "Making customers", lambda progress: app.session.prepare(on_progress=progress), lambda _: None, pytest.fail
        )
        await preparing.during(lambda: app.work.busy)
        assert reading.keeps_up() and preparing.keeps_up(), (reading, preparing)
        await settled(pilot)

    steps_in(app_on, path, steps)


def test_the_heart_beats_while_a_plugin_spins(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    pl.DataFrame({"customer": range(2000), "spend": [float(row % 97) for row in range(2000)]}).write_csv(path)

    async def steps(pilot: Pilot[int], app: SegtuiApp) -> None:
        await asyncio.to_thread(app.session.prepare)
        for method in ("hangs", "swallows"):
            entry = SegmentationEntry(id=method, method=method)
            failed: list[object] = []
            app.work.long(
                method, lambda progress, entry=entry: app.session.segment(entry, progress), print, failed.append
            )
            spinning, stopping = Heart(), Heart()
            await spinning.at_rest(2)
            assert app.work.running
            await pilot.press("z")
            await stopping.during(lambda: app.work.busy)
            assert spinning.keeps_up() and stopping.keeps_up(), (method, spinning, stopping)
            assert len(failed) == 1

    steps_in(app_on, path, steps)


def shown(app: SegtuiApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def worked_for(pilot: Pilot[int], *keys: str) -> float:
    """Seconds of the screen's thread for each key."""
    before = time.thread_time()
    for key in keys:
        await pilot.press(key)
    return (time.thread_time() - before) / len(keys)


MOVES = ("right", "down", "pagedown", "end", "home", "ctrl+end", "ctrl+home")


def has_rows(app: SegtuiApp) -> bool:
    return "1  " in shown(app)


def moved(path: Path, small: Path, words: str) -> None:
    """Moving in a table costs about what it costs in a small one."""
    costs: list[float] = []

    async def opened(each: Path) -> None:
        app = SegtuiApp([each], begun=begin())
        try:
            async with app.run_test(size=(120, 40)) as pilot:
                end = time.monotonic() + SECONDS
                while not app.is_open or app.panes["data"].state is not State.READY or not has_rows(app):
                    assert time.monotonic() < end
                    await pilot.pause(0.1)
                app.panes["data"].query_one(FrameTable).focus()
                await worked_for(pilot, *MOVES)
                costs.append(await worked_for(pilot, *MOVES))
                assert (words in shown(app)) == (each == path)
        finally:
            if app.opened is not None:
                await asyncio.to_thread(app.opened.close)

    for each in (small, path):
        asyncio.run(opened(each))
    usual, big = costs
    assert big < max(5 * usual, PROMISED), (usual, big)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ordinary table, and a private home."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    path = tmp_path / "small.parquet"
    pl.DataFrame({f"s{number}": range(1000) for number in range(10)}).write_parquet(path)
    return path


def test_a_cell_of_a_megabyte(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "long.parquet"
    pl.DataFrame(
        {"customer": range(500), "long": [LONG if row % 50 == 0 else "short" for row in range(500)]}
    ).write_parquet(path)
    moved(path, small, "x…")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_columns(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{number}": range(60) for number in range(WIDE)}).write_parquet(path)
    moved(path, small, "10,000 columns")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_million_categories(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "categories.parquet"
    pl.DataFrame({"customer": range(CATEGORIES), "word": [f"word {row}" for row in range(CATEGORIES)]}).write_parquet(
        path
    )
    moved(path, small, "1,000,000 rows")


ON_CUSTOMERS = ("2", "tab", "down", "pagedown", "end", "home", "right", "space", "t", "t", "1", "2", "u")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_features(app_on: AppOn, tmp_path: Path) -> None:
    def people(columns: int) -> Path:
        path = tmp_path / f"people{columns}.parquet"
        numbers = {f"c{number}": [row * 7 % (number + 3) for row in range(60)] for number in range(columns)}
        pl.DataFrame({"customer_id": [f"p{row:03}" for row in range(60)], **numbers}).write_parquet(path)
        return path

    longest: list[dict[str, float]] = []

    async def worked(pilot: Pilot[int], app: SegtuiApp, key: str) -> float:
        heart, pressing = Heart(), asyncio.create_task(pilot.press(key))
        await heart.during(lambda: app.work.busy or not pressing.done())
        return heart.worked

    async def steps(pilot: Pilot[int], app: SegtuiApp) -> None:
        await settled(pilot, made)
        costs = [(key, await worked(pilot, app, key)) for key in ON_CUSTOMERS]
        longest.append({key: max(cost for each, cost in costs if each == key) for key, _ in costs})

    for columns in (40, 40, WIDE):
        steps_in(app_on, people(columns), steps)
    _first, usual, wide = longest
    assert all(wide[key] < max(3 * usual[key], PROMISED) for key in ON_CUSTOMERS), (usual, wide)
