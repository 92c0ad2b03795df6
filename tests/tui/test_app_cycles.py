"""Promises 21, 22, 39 and 42 in the app: what is stopped is gone, the next job works, and nothing piles up."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from app_terminal import Shown
from journeys import ROOT, AppOn, settled
from some_results import GROUPS, app_of, people
from textual.pilot import Pilot

from segtui.api.errors import Cancelled, SegtuiError
from segtui.project.document import Document, SegmentationEntry, Source
from segtui.project.project_file import save
from segtui.tui.app import SegtuiApp
from segtui.tui.dialogs_saving import Unsaved
from segtui.tui.frame import JobLine
from segtui.tui.work import Ended, Task

FITTING = ROOT / "tests" / "fault_plugins" / "fitting"
CYCLES = 50
POOL = (os.cpu_count() or 1) + 4
"""The threads that asyncio keeps for what is handed to it, and starts one by one."""
BREEDING = """
import os, subprocess, sys, time
from pathlib import Path
from _faulty import FaultyMethod
from segtui.api import hookimpl

class Faulty(FaultyMethod):
    id = "breeding"

    def fit(self, customers, params, run):
        sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
        subprocess.Popen(sleeper)
        subprocess.Popen(sleeper, start_new_session=True)
        if not os.fork():
            os.setsid()
            if not os.fork():
                time.sleep(600)
            os._exit(0)
        Path(__file__).with_name("bred").touch()
        time.sleep(600)

@hookimpl
def segtui_methods():
    return [Faulty()]
"""
"""Children and grandchildren, some of which set themselves apart."""


async def until(pilot: Pilot[int], holds: Callable[[], object], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await pilot.pause(0.02)


def started(app: SegtuiApp, method: str) -> tuple[Task, list[SegtuiError]]:
    """A run of a method through the app, and what is said of its failure."""
    failed: list[SegtuiError] = []
    entry = SegmentationEntry(id=method, method=method)
    task = app.work.long(method, lambda progress: app.session.segment(entry, progress), pytest.fail, failed.append)
    return task, failed


async def with_customers(pilot: Pilot[int]) -> SegtuiApp:
    app = app_of(pilot)
    await asyncio.to_thread(app.session.prepare)
    app.changed()
    await settled(pilot)
    return app


async def works(pilot: Pilot[int]) -> None:
    """The next job works."""
    app = app_of(pilot)
    made = app.work.long("next", lambda progress: app.session.segment(GROUPS, progress), lambda _: None, pytest.fail)
    await settled(pilot)
    assert made.ended is Ended.DONE and "groups" in app.session.results


def faults(folder: Path) -> Path:
    """The plugins that do wrong, and one more."""
    copied = folder / "faults"
    shutil.copytree(FITTING, copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "breeding.py").write_text(BREEDING)
    return copied


def worker_of(app: SegtuiApp) -> psutil.Process:
    """The process that works now."""
    pid = app.session.workers.job.pid
    assert pid is not None
    return psutil.Process(pid)


def temporary(app: SegtuiApp) -> list[Path]:
    """What is in the temporary folders and working directories of the workers."""
    return [path for place in ("temporary-*/*", "work-*/*") for path in app.session.workers.folder.glob(place)]


def test_what_is_stopped_is_gone_and_the_next_job_works(app_on: AppOn, tmp_path: Path) -> None:
    """A loop in C code, signals ignored, a request not heard, and a brood of children and grandchildren.

    The promise is in seconds. What is held here is the order: that it stops is said as soon as the key was pressed, and
    when it is told as stopped, all that it started is gone, but for the moment that the system takes to say so.
    """

    async def steps() -> None:
        folder = faults(tmp_path)
        async with app_on([people(tmp_path)], plugin_folders=[folder]) as pilot:
            app = await with_customers(pilot)
            for method in ("hangs", "ignores_ends", "breeding"):
                task, failed = started(app, method)
                await until(pilot, lambda task=task: task is app.work.running and "job" in app.session.asking.jobs)
                line = app.frame.query_one(JobLine)
                await until(pilot, lambda line=line: line.has_class("busy"))
                worker = worker_of(app)
                await until(pilot, lambda method=method: method != "breeding" or (folder / "bred").exists())
                await pilot.pause(0.3)
                family = [worker, *worker.children(recursive=True)]
                await pilot.press("z")
                assert task.told or "stopping" in str(line.render())
                await until(pilot, lambda task=task: task.told)
                assert task.ended is Ended.STOPPED
                assert [type(error) for error in failed] == [Cancelled]
                await until(pilot, lambda line=line: not line.has_class("busy"))
                _, alive = await asyncio.to_thread(psutil.wait_procs, family, 5)
                assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == [], method
            assert temporary(app) == []
            await works(pilot)

    asyncio.run(steps())


def test_what_kills_its_worker_is_one_failure_and_the_next_job_works(app_on: AppOn, tmp_path: Path) -> None:
    async def steps() -> None:
        async with app_on([people(tmp_path)], plugin_folders=[FITTING]) as pilot:
            app = await with_customers(pilot)
            for method in ("aborts", "segfaults", "panics", "exits", "leaves"):
                task, failed = started(app, method)
                await settled(pilot)
                assert task.ended is Ended.FAILED and len(failed) == 1, method
                assert failed[0].what and failed[0].next_step
            await works(pilot)

    asyncio.run(steps())


STATE = {"LANG", "LC_ALL", "PATH", "HOME"}


def host() -> dict[str, object]:
    """What a plugin could change of the program."""
    import locale
    import random

    return {
        "cwd": Path.cwd(),
        "environment": dict(os.environ),
        "locale": locale.setlocale(locale.LC_ALL),
        "random": hash(random.getstate()),
        "umask": (mask := os.umask(0o77), os.umask(mask))[0],
    }


def test_plugins_change_nothing_of_the_program(app_on: AppOn, tmp_path: Path) -> None:
    async def steps() -> None:
        async with app_on([people(tmp_path)], plugin_folders=[FITTING]) as pilot:
            app = await with_customers(pilot)
            before = host()
            for method in ("rearranges", "shouts"):
                task, _ = started(app, method)
                await settled(pilot)
                assert task.ended is Ended.FAILED
            assert host() == before

    asyncio.run(steps())


def test_what_plugins_print_is_not_on_the_screen(on_terminal: Callable[..., Shown], tmp_path: Path) -> None:
    project = tmp_path / "shouting.segtui.toml"
    shouting = SegmentationEntry(id="loud", method="shouts")
    source = Source(name="people", path=people(tmp_path).name)
    save(Document(name="shouting", sources=(source,), segmentations=(shouting,)), project)
    shown = on_terminal("open", project, "--plugin-dir", FITTING, size=(160, 50))
    shown.until("worker idle", "spend")
    shown.press("2")
    shown.until("300 customers")
    shown.press("3")
    shown.until("loud")
    shown.press("r")
    shown.until("failed")
    shown.process.terminate()
    assert shown.end() == 143
    assert "SHOUT" not in shown.text and b"\x1b]0;" not in shown.raw


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_cycles_leave_nothing_behind(app_on: AppOn, tmp_path: Path) -> None:
    """Open, segment and give up, over and over in one app: memory, processes and all they hold stay as they were."""
    path = people(tmp_path)
    seen: dict[str, list[int]] = {"memory": [], "descriptors": [], "processes": [], "threads": [], "folders": []}

    async def steps() -> None:
        async with app_on([path]) as pilot:
            app = app_of(pilot)
            for _ in range(CYCLES):
                before = app.session
                app.filing.open(path)
                await pilot.pause()
                if isinstance(app.screen, Unsaved):
                    await pilot.press("d")
                await until(pilot, lambda before=before: app.session is not before)
                await settled(pilot)
                await asyncio.to_thread(app.session.segment, GROUPS)
                app.changed()
                await pilot.press("3")
                await settled(pilot)
                gc.collect()
                for name, number in now(app).items():
                    seen[name].append(number)

    asyncio.run(steps())
    memory, threads = seen.pop("memory"), seen.pop("threads")
    assert max(memory[-5:]) < 1.1 * max(memory[3:8]), [size // 10**6 for size in memory]
    assert max(threads) - min(threads) <= POOL, threads
    for name, counts in seen.items():
        assert max(counts[-5:]) <= max(counts[3:8]), (name, counts)


def now(app: SegtuiApp) -> dict[str, int]:
    """What the program holds."""
    process = psutil.Process()
    return {
        "memory": process.memory_info().rss,
        "descriptors": process.num_fds(),
        "processes": len(process.children(recursive=True)),
        "threads": process.num_threads(),
        "folders": len(list(app.session.workers.folder.parent.glob("segtui-*"))),
    }
