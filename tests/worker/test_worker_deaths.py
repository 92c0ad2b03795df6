"""Promises 17, 29, 38, 39: whatever happens in a worker is one error, and the next job works."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from worker_processes import alive

from segtui.api.errors import LimitError, PluginError, SegtuiError
from segtui.plugins import Catalogue, fatal_plugin
from segtui.worker import State, Worker
from segtui.worker.errors import WorkerDied

FAULTS = Path(__file__).parents[1] / "fault_plugins"


def next_job_works(worker: Worker) -> bool:
    return worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait(timeout=20) == 2


@pytest.mark.parametrize(
    ("method", "error", "said"),
    [
        ("raises", PluginError, r"The method raises of the plugin raises failed: ValueError \(raises.py, line \d+\)"),
        ("panics", PluginError, r"The method panics of the plugin panics failed: \w+ \(panics.py, line \d+\)"),
        ("exits", PluginError, "failed: SystemExit"),
        ("interrupts", PluginError, "failed: KeyboardInterrupt"),
        ("runs_out_of_memory", LimitError, "The method runs_out_of_memory .* needs more than 3.0 GB of memory"),
        ("aborts", WorkerDied, r"The worker died \(signal 6, SIGABRT\) while fitting aborts in fit \(aborts.py, line"),
        ("segfaults", WorkerDied, r"The worker died \(signal 11, SIGSEGV\) while fitting segfaults"),
        ("overflows", PluginError, r"signal 11, SIGSEGV\) while fitting overflows|overflows failed: RecursionError"),
        ("leaves", WorkerDied, r"The worker died \(it ended itself, exit code 0\) while fitting leaves"),
        ("closes_everything", WorkerDied, "The worker died|The worker was killed"),
    ],
)
def test_a_faulty_method_fails_alone(worker: Worker, method: str, error: type[SegtuiError], said: str) -> None:
    job = worker.submit("worker_jobs:fit", {"method": method}, object, doing=f"fitting {method}")
    with pytest.raises((error, LimitError) if method == "closes_everything" else error, match=said) as caught:
        job.wait(timeout=30)
    assert job.state is State.FAILED
    assert "CANARY" not in str(caught.value)
    assert caught.value.next_step
    assert next_job_works(worker)


def test_a_job_that_is_queued_behind_a_death_still_runs(worker: Worker) -> None:
    dying = worker.submit("worker_jobs:fit", {"method": "aborts"}, object)
    behind = worker.submit("worker_jobs:add", {"left": 20, "right": 22}, int)
    assert behind.wait(timeout=20) == 42
    assert dying.state is State.FAILED


def test_polars_out_of_memory_is_a_limit(worker: Worker) -> None:
    job = worker.submit("worker_jobs:polars_memory", {"rows": 10**9}, float, doing="sorting")
    with pytest.raises(LimitError, match=r"Sorting needs more than 3\.0 GB of memory"):
        job.wait(timeout=60)
    assert next_job_works(worker)


def test_numpy_out_of_memory_is_a_limit(worker: Worker) -> None:
    with pytest.raises(LimitError, match=r"needs more than 3\.0 GB of memory"):
        worker.submit("worker_jobs:numpy_memory", {"rows": 10**9}, float).wait(timeout=60)
    assert next_job_works(worker)


def test_a_killed_worker_is_a_limit(worker: Worker) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    assert pid == worker.pid
    job = worker.submit("worker_jobs:sleep", {"seconds": 60.0}, type(None), doing="sorting")
    while job.state is not State.RUNNING:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LimitError, match="killed by the system while sorting, most often because memory ran out"):
        job.wait(timeout=5)
    assert not alive([pid])
    assert next_job_works(worker)


def test_an_idle_worker_that_is_killed_is_replaced(worker: Worker) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    os.kill(pid, signal.SIGKILL)
    assert next_job_works(worker)
    assert worker.pid != pid


def test_a_worker_that_can_not_start_is_an_error(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segtui.worker.process.BOOT", "raise SystemExit(9)")
    worker = Worker(run_folder)
    try:
        jobs = [worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int) for _ in range(3)]
        for job in jobs:
            with pytest.raises(WorkerDied, match="could not start"):
                job.wait(timeout=20)
    finally:
        worker.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_deaths_leave_nothing(worker: Worker) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(100):
        with pytest.raises(SegtuiError):
            worker.submit("worker_jobs:fit", {"method": "aborts"}, object).wait(timeout=30)
    assert next_job_works(worker)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 5


def test_no_process_is_an_error(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("segtui.worker.process.subprocess.Popen", refuse)
    worker = Worker(run_folder)
    with pytest.raises(LimitError, match="no further process"):
        worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait(timeout=5)
    worker.stop()


def test_a_plugin_that_kills_when_loaded_is_found_out(worker: Worker, run_folder: Path) -> None:
    folders = (FAULTS / "fatal", FAULTS / "sound")
    with pytest.raises(WorkerDied):
        worker.submit("worker_jobs:catalogue", {"folders": folders, "fatal": {}}, Catalogue).wait(timeout=20)
    name = fatal_plugin(run_folder / "loading")
    assert name == "kills"
    arguments = {"folders": folders, "fatal": {name: "It killed the worker that loaded it."}}
    catalogue = worker.submit("worker_jobs:catalogue", arguments, Catalogue).wait(timeout=20)
    assert catalogue.plugin("kills").reason.startswith("It killed the worker that loaded it.")
    assert catalogue.plugin("sound").state == "ok"
