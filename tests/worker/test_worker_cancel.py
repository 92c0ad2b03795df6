"""Promises 21 and 39: a cancelled job is gone at once, with all that it started."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest
from worker_processes import alive

from segtui.api.errors import Cancelled
from segtui.worker import Job, State, Worker


def running(job: Job[object]) -> Job[object]:
    while job.state is State.QUEUED:
        time.sleep(0.01)
    time.sleep(0.3)
    return job


def test_a_job_that_listens_stops_without_a_kill(worker: Worker) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    job = running(worker.submit("worker_jobs:count_up", {"steps": 10_000, "pause": 0.01}, object))
    started = time.monotonic()
    job.cancel()
    assert job.state in (State.STOPPING, State.CANCELLED)
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
    assert time.monotonic() - started < 0.5
    assert job.state is State.CANCELLED
    assert worker.submit("worker_jobs:pid", {}, int).wait() == pid


@pytest.mark.parametrize("method", ["hangs", "ignores_ends", "swallows"])
def test_a_job_that_does_not_listen_is_killed(worker: Worker, method: str) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    job = running(worker.submit("worker_jobs:fit", {"method": method}, object))
    started = time.monotonic()
    job.cancel()
    assert time.monotonic() - started < 0.2
    assert job.state is State.STOPPING
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
    assert time.monotonic() - started < 2.5, "a second where the machine is not busy"
    assert not alive([pid])
    assert worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait(timeout=20) == 2


def test_a_job_that_swallows_the_request_has_no_result(worker: Worker) -> None:
    job = running(worker.submit("worker_jobs:fit", {"method": "pretends"}, object))
    job.cancel()
    with pytest.raises(Cancelled):
        job.wait(timeout=5)


def test_a_finished_job_stays_finished(worker: Worker) -> None:
    job = worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int)
    assert job.wait() == 2
    job.cancel()
    assert job.state is State.DONE
    assert job.wait() == 2


def test_grandchildren_are_gone_too(worker: Worker, run_folder: Path) -> None:
    job = worker.submit("worker_jobs:fit", {"method": "breeds"}, object)
    bred = run_folder / "bred"
    while not bred.exists():
        time.sleep(0.01)
    time.sleep(0.2)
    bred.unlink()
    family = psutil.Process(worker.pid).children(recursive=True)
    supervisor = psutil.Process(psutil.Process(worker.pid).ppid())
    everyone = {process.pid for process in [*family, *supervisor.children(recursive=True), supervisor]}
    assert len(everyone) >= 5
    job.cancel(grace=0.1)
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
    assert not alive(list(everyone))
