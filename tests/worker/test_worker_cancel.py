"""Promises 21 and 39: a job that is over is gone with all that it started, whether it was cancelled, failed or done.

The promise is in seconds (seen in 0.2, gone in 1). These tests hold the order of events, and bounds that a busy machine
keeps: the state says at once that it is stopping, and when the wait ends, the process has ended.
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import nullcontext
from pathlib import Path

import polars as pl
import psutil
import pytest
from worker_processes import alive

from segtui.api.errors import Cancelled, DataError, SegtuiError
from segtui.worker import Job, State, Worker


def running(job: Job[object]) -> Job[object]:
    while job.state is State.QUEUED:
        time.sleep(0.01)
    time.sleep(0.3)
    return job


def test_a_job_that_listens_stops_without_a_kill(worker: Worker) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    job = running(worker.submit("worker_jobs:count_up", {"steps": 10_000, "pause": 0.01}, object))
    job.cancel()
    assert job.state in (State.STOPPING, State.CANCELLED)
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
    assert job.state is State.CANCELLED
    assert worker.submit("worker_jobs:pid", {}, int).wait() == pid


@pytest.mark.parametrize("method", ["hangs", "ignores_ends", "swallows"])
def test_a_job_that_does_not_listen_is_killed(worker: Worker, method: str) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    job = running(worker.submit("worker_jobs:fit", {"method": method}, object))
    job.cancel()
    assert job.state is State.STOPPING
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
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


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_job_started_is_gone_when_it_is_over(worker: Worker, run_folder: Path, fails: bool) -> None:
    """Its processes and temporary files, though it was not killed."""
    worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait()
    before = sorted(run_folder.glob("temporary-*"))
    job = worker.submit("worker_jobs:breed", {"fails": fails}, list)
    with pytest.raises(DataError) if fails else nullcontext():
        job.wait(timeout=30)
    assert job.state is (State.FAILED if fails else State.DONE)
    bred = json.loads((run_folder / "bred.json").read_text())
    assert len(bred) == 3 and not alive(bred)
    assert not [path for folder in before for path in folder.glob("*")]
    assert worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait(timeout=20) == 2


def written(run_folder: Path) -> list[Path]:
    """What jobs wrote and left for use."""
    return sorted(path for folder in run_folder.glob("job-*") for path in folder.rglob("*"))


@pytest.mark.parametrize(
    "end", ["hangs", "listens", "is killed", "aborts", "panics", "needs too much memory", "fails", "can't be told"]
)
def test_what_a_job_wrote_goes_with_it(worker: Worker, run_folder: Path, end: str) -> None:
    """However it ends; what an earlier one left for use stays."""
    earlier = worker.submit("worker_jobs:write_then", {"end": ""}, Path).wait(timeout=20)
    before = written(run_folder)
    assert earlier in before
    (run_folder / "written").unlink()
    returns, kind = (int, "") if end == "can't be told" else (Path, end.replace("is killed", "hangs"))
    job = worker.submit("worker_jobs:write_then", {"end": kind}, returns)
    while not (run_folder / "written").exists():
        time.sleep(0.01)
    if end in ("hangs", "listens"):
        job.cancel()
    elif end == "is killed":
        os.kill(worker.pid or 0, signal.SIGKILL)
    with pytest.raises(SegtuiError):
        job.wait(timeout=20)
    assert written(run_folder) == before
    assert pl.scan_ipc(earlier).collect().height == 1000


@pytest.mark.parametrize("end", ["", "leaves a thread"])
def test_what_a_job_that_is_done_wrote_stays(worker: Worker, end: str) -> None:
    path = worker.submit("worker_jobs:write_then", {"end": end}, Path).wait(timeout=20)
    worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait(timeout=20)
    assert pl.scan_ipc(path).collect().height == 1000


def test_temporary_files_of_a_killed_job_are_swept(worker: Worker, run_folder: Path) -> None:
    (run_folder / "kept").unlink(missing_ok=True)
    job = worker.submit("worker_jobs:keep_and_hang", {"text": "x"}, object)
    while not (run_folder / "kept").exists():
        time.sleep(0.01)
    assert list(run_folder.glob("temporary-*/*"))
    job.cancel()
    with pytest.raises(Cancelled):
        job.wait(timeout=5)
    assert not list(run_folder.glob("temporary-*/*")) and not list(run_folder.glob("work-*/*"))
