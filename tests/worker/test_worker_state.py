"""Promise 42: what a plugin prints or changes touches neither the terminal nor the next job."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segtui.worker import Worker


def test_what_is_printed_goes_to_the_log_of_the_job(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    job = worker.submit("worker_jobs:fit", {"method": "shouts"}, object)
    job.wait()
    shown = capfd.readouterr()
    assert shown.out == shown.err == ""
    log = job.log_tail()
    for what in ("print", "stderr", "warning", "logging", "write 1", "write 2", "bar 19/20", "shell"):
        assert f"SHOUT {what}" in log
    assert "\x1b" not in log
    assert job.log_path.stat().st_mode & 0o777 == 0o600
    quiet = worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int)
    quiet.wait()
    assert quiet.log_tail() == ""


def test_what_is_changed_is_put_back(worker: Worker) -> None:
    before = worker.submit("worker_jobs:state", {}, dict, seed=7).wait()
    pid = worker.pid
    worker.submit("worker_jobs:fit", {"method": "rearranges"}, object).wait()
    after = worker.submit("worker_jobs:state", {}, dict, seed=7).wait()
    assert after == before
    assert worker.pid == pid


def test_files_left_on_the_desk_are_gone_for_the_next_job(worker: Worker) -> None:
    worker.submit("worker_jobs:keep", {"text": "x"}, Path).wait()
    assert worker.submit("worker_jobs:state", {}, dict).wait()["desk"] == "[]"


def test_global_random_numbers_follow_the_seed(worker: Worker) -> None:
    first, again = (worker.submit("worker_jobs:state", {}, dict, seed=1).wait() for _ in range(2))
    other = worker.submit("worker_jobs:state", {}, dict, seed=2).wait()
    assert (first["random"], first["numpy"]) == (again["random"], again["numpy"])
    assert first["random"] != other["random"]
    assert first["numpy"] != other["numpy"]


def test_a_thread_left_behind_costs_the_process(worker: Worker) -> None:
    pid = worker.submit("worker_jobs:pid", {}, int).wait()
    worker.submit("worker_jobs:fit", {"method": "leaves_a_thread"}, object).wait()
    assert worker.submit("worker_jobs:pid", {}, int).wait() != pid


def test_what_a_job_can_see(run_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_SECRET_TOKEN", "CANARY-VALUE")
    monkeypatch.setenv("SEGTUI_SETTING", "kept")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend("")
    with Worker(run_folder, threads=1) as worker:
        seen = worker.submit("worker_jobs:surroundings", {}, dict).wait()
    assert "CANARY-VALUE" not in repr(seen["environment"])
    assert seen["environment"]["SEGTUI_SETTING"] == "kept"
    assert str(tmp_path) not in seen["path"]
    assert "" not in seen["path"]
    assert all(Path(entry).is_absolute() for entry in seen["path"])
    assert Path(seen["cwd"]).is_relative_to(run_folder)
    assert Path(seen["environment"]["TMPDIR"]).is_relative_to(run_folder)
    assert seen["core"] == (0, 0)
    assert seen["session"]
    assert seen["threads"] == 1
    assert seen["main"] == ""
    assert seen["descriptors"][0] == os.devnull
    assert all(Path(target).is_relative_to(run_folder / "logs") for target in seen["descriptors"][1:])
