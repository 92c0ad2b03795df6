"""What a worker does with a job that behaves, and with errors."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

import polars as pl
import pytest
from worker_jobs import Colour, Parcel

from segtui.api.codec import CodecError
from segtui.api.errors import Cancelled, DataError, Exit, LimitError
from segtui.worker import Progress, State, Worker
from segtui.worker.errors import InternalError


def test_a_job_gives_its_result(worker: Worker) -> None:
    job = worker.submit("worker_jobs:add", {"left": 2, "right": 3}, int)
    assert job.wait() == 5
    assert job.state is State.DONE
    assert job.poll()


def test_arguments_and_results_keep_their_types(worker: Worker) -> None:
    parcel = Parcel(Colour.RED, date(2012, 6, 30), (1, 2, 3))
    turned = worker.submit("worker_jobs:turn", {"parcel": parcel}, Parcel).wait()
    assert turned == Parcel(Colour.RED, date(2012, 6, 30), (3, 2, 1))
    assert turned.colour is Colour.RED


def test_a_large_argument_crosses(worker: Worker) -> None:
    frame = pl.DataFrame({"number": range(1_000_000)})
    assert worker.submit("worker_jobs:frame_height", {"frame": frame}, int).wait() == 1_000_000


def test_jobs_queue_in_their_order(worker: Worker) -> None:
    first = worker.submit("worker_jobs:sleep", {"seconds": 0.3}, type(None))
    second = worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int)
    third = worker.submit("worker_jobs:add", {"left": 2, "right": 1}, int)
    assert (second.state, third.state) == (State.QUEUED, State.QUEUED)
    assert third.wait() == 3
    assert first.state is State.DONE
    assert second.wait() == 2


def test_a_queued_job_is_cancelled_at_once(worker: Worker) -> None:
    first = worker.submit("worker_jobs:sleep", {"seconds": 0.3}, type(None))
    second = worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int)
    second.cancel()
    assert second.state is State.CANCELLED
    with pytest.raises(Cancelled):
        second.wait()
    first.wait()
    assert first.state is State.DONE


def test_progress_is_thinned_out_and_estimates_the_rest(worker: Worker) -> None:
    seen: list[Progress] = []
    started = time.monotonic()
    job = worker.submit("worker_jobs:count_up", {"steps": 1500, "pause": 0.001}, int)
    assert job.wait(seen.append) == 1500
    spent = time.monotonic() - started
    assert 5 <= len(seen) <= 20 * spent + 2
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    late = [progress for progress in seen if progress.done > 0.5 and progress.seconds_left is not None]
    assert late
    assert all(0 <= (progress.seconds_left or 0) < 2 * spent for progress in late)


def test_the_newest_progress_always_arrives(worker: Worker) -> None:
    seen: list[Progress] = []
    worker.submit("worker_jobs:lonely_progress", {}, type(None)).wait(seen.append)
    assert seen[-1].doing == "step 49"


def test_odd_progress_becomes_harmless(worker: Worker) -> None:
    seen: list[Progress] = []
    worker.submit("worker_jobs:odd_progress", {}, type(None)).wait(seen.append)
    assert all(0 <= progress.done <= 1 for progress in seen)
    assert all(len(progress.doing) <= 300 and "\x1b" not in progress.doing for progress in seen)


def test_an_error_of_segtui_keeps_its_class_and_fields(worker: Worker) -> None:
    job = worker.submit("worker_jobs:data_error", {}, type(None))
    with pytest.raises(DataError) as caught:
        job.wait()
    assert type(caught.value) is DataError
    assert caught.value.what == "No customers are left."
    assert caught.value.where == "orders.csv"
    assert caught.value.next_step == "Drop fewer rows."
    assert job.state is State.FAILED


def test_another_error_says_its_type_and_place_and_no_value(worker: Worker) -> None:
    job = worker.submit("worker_jobs:inner_error", {}, type(None))
    with pytest.raises(InternalError, match=r"ValueError \(worker_jobs.py, line \d+\)") as caught:
        job.wait()
    assert "CANARY" not in str(caught.value) + repr(caught.value.args)
    assert "CANARY-VALUE" in job.log_tail()
    assert caught.value.exit_code == Exit.INTERNAL


def test_a_full_disk_is_a_limit(worker: Worker) -> None:
    with pytest.raises(LimitError, match="no room left on the disk") as caught:
        worker.submit("worker_jobs:no_room", {}, type(None)).wait()
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("function", "arguments", "returns", "expected"),
    [
        ("worker_jobs:wrong_result", {}, int, CodecError),
        ("worker_jobs:no_plain_data", {}, object, CodecError),
        ("worker_jobs:add", {"left": "2", "right": 3}, int, CodecError),
        ("worker_jobs:add", {"left": 2}, int, InternalError),
        ("worker_jobs:not_there", {}, int, InternalError),
        ("no_such_module:not_there", {}, int, InternalError),
    ],
)
def test_what_does_not_fit_is_an_error_and_the_next_job_works(
    worker: Worker, function: str, arguments: dict[str, Any], returns: Any, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        worker.submit(function, arguments, returns).wait()
    assert worker.submit("worker_jobs:add", {"left": 1, "right": 1}, int).wait() == 2


def test_what_can_not_be_submitted_is_said_at_once(worker: Worker) -> None:
    with pytest.raises(CodecError):
        worker.submit("worker_jobs:add", {"left": object(), "right": 1}, int)
    with pytest.raises(ValueError, match="module:function"):
        worker.submit("os.system", {}, int)


def test_waiting_has_a_limit_and_many_may_wait(worker: Worker) -> None:
    job = worker.submit("worker_jobs:sleep", {"seconds": 0.5}, type(None))
    with pytest.raises(TimeoutError):
        job.wait(timeout=0.1)
    threads = [threading.Thread(target=job.wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def test_one_process_does_many_jobs(worker: Worker) -> None:
    """Starting one takes a second, so that a job which leaves nothing behind must not cost it."""
    pids = {worker.submit("worker_jobs:pid", {}, int).wait() for _ in range(50)}
    assert len(pids) == 1
