"""The workers of the app: two that do not wait for each other, and a spare."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from worker_processes import alive

from segtui.api.errors import Cancelled
from segtui.worker import State, Workers


def test_looking_does_not_wait_for_long_work_and_a_spare_steps_in(run_folder: Path) -> None:
    with Workers(run_folder) as workers:
        assert workers.look is not None
        long = workers.job.submit("worker_jobs:sleep", {"seconds": 100.0}, type(None))
        looking = workers.look.submit("worker_jobs:pid", {}, int).wait(timeout=30)
        workers.warm("colorsys")
        assert long.state in (State.QUEUED, State.RUNNING)
        time.sleep(0.5)
        os.kill(looking, signal.SIGKILL)
        other = workers.look.submit("worker_jobs:pid", {}, int).wait(timeout=30)
        assert other != looking
    with pytest.raises(Cancelled):
        long.wait(timeout=5)
    assert not alive([looking, other])
    with pytest.raises(RuntimeError, match="stopped"):
        workers.job.submit("worker_jobs:pid", {}, int)
