"""Promise 29: whatever goes wrong in work is told once, in sight, and the app goes on."""

from __future__ import annotations

import ast
import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from journeys import AppOn, settled
from some_results import GROUPS, app_of, people, with_results
from textual.pilot import Pilot

import segtui.tui
from segtui.api.errors import Cancelled, DataError, SegtuiError
from segtui.tui.app import SegtuiApp
from segtui.tui.widgets.segment_table import SegmentTable
from segtui.tui.work import Ended, Task, Work
from segtui.worker import Progress

TUI = Path(segtui.tui.__file__).parent


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


def test_a_stop_between_two_jobs_reaches_the_next() -> None:
    """Of a task that hands several jobs to its worker, one of which has just ended when the key is pressed."""
    between, pressed, told = threading.Event(), threading.Event(), threading.Event()
    runs, stopped = [False], [False]

    def cancel(worker: str) -> bool:
        stopped[0] = worker == "job" and runs[0]
        return runs[0]

    def call(progress: Callable[[Progress], None]) -> None:
        between.set()
        assert pressed.wait(20)
        runs[0] = True
        progress(Progress(0.5))
        if stopped[0]:
            raise Cancelled()

    work = Work(lambda post: post(), cancel)
    task = work.long("several", call, pytest.fail, lambda _error: told.set())
    assert between.wait(20)
    assert work.stop() and task.stopping and not stopped[0]
    pressed.set()
    assert told.wait(20) and task.ended is Ended.STOPPED
    work.close()


def test_a_fault_in_what_is_done_with_a_result_ends_the_app(app_on: AppOn) -> None:
    """What `done` does is the screen's: a fault there is a fault of segtui, and not of the task."""

    async def steps() -> None:
        async with app_on([]) as pilot:
            app_of(pilot).work.long("faulty", lambda _progress: 1, refusing, pytest.fail)
            await settled(pilot)

    with pytest.raises(DataError):
        asyncio.run(steps())


# Each place where work is asked for

WORDS = "ONPURPOSE"
Place = tuple[str, str]
"""A file and a function in it."""
WAYS: dict[Place, tuple[str, ...]] = {
    ("starting.py", "_open"): (),
    ("app.py", "action_plugins"): ("P",),
    ("filing.py", "_open"): ("open",),
    ("data.py", "read"): (),
    ("column_counts.py", "look_at"): (),
    ("customers_making.py", "_make"): ("2", "r"),
    ("segment.py", "_look_at_plugins"): ("3",),
    ("segment_previews.py", "_start"): ("3", "p"),
    ("segment_runs.py", "start"): ("results", "3", "D", "r"),
    ("segment_runs.py", "_do"): ("results", "3", "table", "n", "x", "enter"),
    ("report.py", "_look_at_plugins"): ("results", "5"),
    ("report_making.py", "make"): ("results", "5"),
    ("report_making.py", "run_again"): ("results", "5", "change", "r"),
    ("export.py", "show_session"): ("results", "6"),
    ("export.py", "_show_what_leaves"): ("results", "6"),
    ("export_delivering.py", "run_first"): ("results", "change", "6", "r"),
    ("export_delivering.py", "_check"): ("results", "6", "x"),
    ("export_delivering.py", "_deliver"): ("results", "6", "x"),
}
"""The keys that lead to each; `results` makes some, `change` makes them stale, `table` goes to the table of segments,
and `open` opens another file."""


def places() -> Iterator[tuple[Place, ast.Call]]:
    """Every call of `work.long` and `work.look`."""
    for path in sorted(TUI.rglob("*.py")):
        functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        for function in functions:
            for node in ast.walk(function):
                called = node.func if isinstance(node, ast.Call) else None
                if isinstance(called, ast.Attribute) and called.attr in ("long", "look") and isinstance(node, ast.Call):
                    yield (path.name, function.name), node


def test_every_place_has_a_handler_of_failures_and_a_way_to_it() -> None:
    """A new one that is not listed here fails this test: say how to get there, and see it fail in sight."""
    found = dict(places())
    assert set(found) == set(WAYS)
    for place, call in found.items():
        handlers = [*call.args[3:4], *(each.value for each in call.keywords if each.arg == "failed")]
        assert len(handlers) == 1, place
        (handler,) = handlers
        does_nothing = isinstance(handler, ast.Lambda) and isinstance(handler.body, (ast.Constant, ast.Name))
        assert not does_nothing, place


def failing(monkeypatch: pytest.MonkeyPatch, place: Place) -> list[Task]:
    """Let all work fail that is asked for there; it is listed."""
    failed: list[Task] = []
    for how in ("long", "look"):
        asked = getattr(Work, how)

        def asking(self: Work, title: str, call: Any, *more: Any, asked: Any = asked, **named: Any) -> Task:
            code = sys._getframe(1).f_code
            if (Path(code.co_filename).name, code.co_name) != place:
                return asked(self, title, call, *more, **named)  # type: ignore[no-any-return]
            failed.append(asked(self, title, on_purpose, *more, **named))
            return failed[-1]

        monkeypatch.setattr(Work, how, asking)
    return failed


def on_purpose(_progress: object) -> None:
    raise DataError(f"{WORDS}.", next_step="Try again.")


def shown(app: SegtuiApp) -> str:
    """What is on the screen, without notices."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def go(pilot: Pilot[int], way: str, path: Path) -> None:
    app = app_of(pilot)
    if way == "results":
        await with_results(pilot, GROUPS)
    elif way == "change":
        app.session.change(app.session.document.replacing(seed=7))
        app.changed()
    elif way == "table":
        app.frame.query_one(SegmentTable).focus()
    elif way == "open":
        app.filing.open(path)
    else:
        await pilot.press(way)
    await settled(pilot)


@pytest.mark.slow
@pytest.mark.parametrize("place", WAYS, ids="/".join)
def test_it_is_told_once_in_sight(app_on: AppOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    """By one notice at most; what stands there failed says so as well."""
    path = people(tmp_path)
    opens = place != ("starting.py", "_open")

    async def steps() -> None:
        async with app_on([path], (160, 60), opens=opens) as pilot:
            app = app_of(pilot)
            for way in WAYS[place]:
                await go(pilot, way, path)
            while not failed or app.work.busy:
                await pilot.pause(0.05)
            await pilot.pause()
            assert {task.ended for task in failed} == {Ended.FAILED}
            notices = [one.message for one in app._notifications if WORDS in one.message]
            assert len(notices) <= 1 and (notices or WORDS in shown(app))
            assert app.is_running and not app.work.busy

    failed = failing(monkeypatch, place)
    asyncio.run(asyncio.wait_for(steps(), 60))


ALLOWED = {
    ("work.py", "ThreadPoolExecutor"),
    ("starting.py", "run_worker"),
    ("frame_pages.py", "to_thread"),
    ("frame_table.py", "to_thread"),
    ("frame_table.py", "run_worker"),
    ("filing.py", "to_thread"),
}
"""The two threads of Work; the first rows and the pages of a table, whose readers return what goes wrong; and closing
what was open."""
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
