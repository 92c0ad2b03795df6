"""Every key, pressed twice on every screen in every state, harms nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from journeys import AppOn
from key_walk import Walk
from some_results import GROUPS, REGIONS, app_of, people, with_results

from segtui.tui.app import SCREENS
from segtui.tui.pane import State

pytestmark = pytest.mark.slow


def walked(app_on: AppOn, paths: list[Path], *states: State | None, results: bool = False, own: bool = False) -> None:
    async def steps() -> None:
        async with app_on(paths) as pilot:
            if results:
                await with_results(pilot, GROUPS, REGIONS)
            walk = Walk(pilot)
            for _, name, _, _ in SCREENS:
                for state in states:
                    assert await walk.press_all(name, state, own=own) >= (3 if own else 18)

    asyncio.run(asyncio.wait_for(steps(), 900))


def test_the_own_keys_of_every_screen_without_data(app_on: AppOn) -> None:
    walked(app_on, [], None, own=True)


def test_the_own_keys_of_every_screen_with_results(app_on: AppOn, tmp_path: Path) -> None:
    walked(app_on, [people(tmp_path)], None, results=True, own=True)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("state", [None, *State])
def test_all_keys_in_every_state_with_results(app_on: AppOn, tmp_path: Path, state: State | None) -> None:
    walked(app_on, [people(tmp_path)], state, results=True)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("state", [None, *State])
def test_all_keys_in_every_state_without_data(app_on: AppOn, state: State | None) -> None:
    walked(app_on, [], state)


def test_a_file_that_can_t_be_read(app_on: AppOn, tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 is not all")

    async def steps() -> None:
        async with app_on([path]) as pilot:
            assert app_of(pilot).panes["data"].state is State.FAILED
            await Walk(pilot).press_all("data", own=True)

    asyncio.run(steps())
