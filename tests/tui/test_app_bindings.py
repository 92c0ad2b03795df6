"""Promise 29: every key, pressed twice on every screen in every state, harms nothing; no failure of work is silent."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import polars as pl
import pytest
from journeys import AppOn, settled
from key_walk import Walk
from some_results import GROUPS, REGIONS, app_of, people, with_results

import segtui.tui
from segtui.api.errors import Cancelled, DataError, SegtuiError
from segtui.tui.app import SCREENS
from segtui.tui.pane import State
from segtui.tui.work import Ended, Task

pytestmark = pytest.mark.slow


TUI = Path(segtui.tui.__file__).parent


def walked(app_on: AppOn, paths: list[Path], *states: State | None, results: bool = False, own: bool = False) -> None:
    async def steps() -> None:
        async with app_on(paths) as pilot:
            if results:
                await with_results(pilot, GROUPS, REGIONS)
            walk = Walk(pilot)
            for _, name, _, _ in SCREENS:
                for state in states:
                    assert await walk.press_all(name, state, own=own) >= (3 if own else 25)

    asyncio.run(asyncio.wait_for(steps(), 900))


def test_the_own_keys_of_every_screen_without_data(app_on: AppOn) -> None:
    walked(app_on, [], None, own=True)


@pytest.mark.slow
def test_the_own_keys_of_every_screen_with_results(app_on: AppOn, tmp_path: Path) -> None:
    walked(app_on, [people(tmp_path)], None, results=True, own=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("state", [None, *State])
def test_all_keys_in_every_state_with_results(app_on: AppOn, tmp_path: Path, state: State | None) -> None:
    walked(app_on, [people(tmp_path)], state, results=True)


@pytest.mark.slow
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


# Work that fails


def refusing(_progress: object) -> None:
    raise DataError("There are no rows.")


def raising(_progress: object) -> None:
    raise ValueError("CANARY7Q")


def leaving(_progress: object) -> None:
    raise SystemExit("CANARY7Q")


def interrupting(_progress: object) -> None:
    raise KeyboardInterrupt("CANARY7Q")


def panicking(_progress: object) -> None:
    pl.repeat(1, 2**62, eager=True)


def stopping(_progress: object) -> None:
    raise Cancelled()


FAULTS = [refusing, raising, leaving, interrupting, panicking]


def test_every_failure_of_work_is_told_once(app_on: AppOn) -> None:
    async def steps() -> None:
        async with app_on([]) as pilot:
            app = app_of(pilot)
            for fault in FAULTS:
                for how in (app.work.long, app.work.look):
                    told: list[SegtuiError] = []
                    task: Task = how(fault.__name__, fault, pytest.fail, told.append)
                    await settled(pilot)
                    assert task.ended is Ended.FAILED and task.told, fault
                    (error,) = told
                    assert error is task.error and "CANARY7Q" not in str(error)
                    assert (fault is refusing) == (error.what == "There are no rows.")
            assert app.work.running is None and not app.work.queued
            done: list[int] = []
            app.work.long("next", lambda _progress: 7, done.append, pytest.fail)
            await settled(pilot)
            assert done == [7]

    asyncio.run(steps())


def test_work_that_is_stopped_is_told_as_that(app_on: AppOn) -> None:
    async def steps() -> None:
        async with app_on([]) as pilot:
            told: list[SegtuiError] = []
            task = app_of(pilot).work.long("stopped", stopping, pytest.fail, told.append)
            await settled(pilot)
            assert task.ended is Ended.STOPPED and isinstance(told[0], Cancelled)

    asyncio.run(steps())


def test_a_fault_in_what_is_done_with_a_result_ends_the_app(app_on: AppOn) -> None:
    """What `done` does is the screen's: a fault there is a fault of segtui, and not of the task."""

    async def steps() -> None:
        async with app_on([]) as pilot:
            app_of(pilot).work.long("faulty", lambda _progress: 1, refusing, pytest.fail)
            await settled(pilot)

    with pytest.raises(DataError):
        asyncio.run(steps())


ALLOWED = {
    ("work.py", "ThreadPoolExecutor"),
    ("frame_pages.py", "to_thread"),
    ("frame_table.py", "to_thread"),
    ("frame_table.py", "run_worker"),
    ("filing.py", "to_thread"),
}
"""The two threads of Work; the pages of a table, whose reader returns what goes wrong; and closing what was open."""
THREADS = {"Thread", "ThreadPoolExecutor", "ProcessPoolExecutor", "to_thread", "run_in_executor", "run_worker", "work"}


def test_only_work_starts_threads() -> None:
    """The lint: what runs beside the screen's own thread is known, so that its failures are."""
    found = set()
    for path in sorted(TUI.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        called = [node.func for node in nodes if isinstance(node, ast.Call)]
        decorators = [one for node in nodes for one in getattr(node, "decorator_list", ())]
        for node in (*called, *decorators):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if name in THREADS:
                found.add((path.name, name))
    assert found == ALLOWED
