"""What a worker answered, as the end of a job."""

from __future__ import annotations

from typing import Any

from segtui.api.codec import decode
from segtui.api.errors import Cancelled, SegtuiError
from segtui.worker.errors import InternalError, revive_error
from segtui.worker.job import Job, State
from segtui.worker.pipe import Header


def answer(job: Job[Any], header: Header, parts: list[bytes]) -> tuple[State, Any, BaseException | None]:
    """The state, result and error of a job by the worker's last message about it."""
    if header["say"] == "failed":
        error = revive_error(header["error"])
        return (State.CANCELLED if isinstance(error, Cancelled) else State.FAILED), None, error
    try:
        return State.DONE, decode(parts[0], job.returns), None
    except SegtuiError as error:
        return State.FAILED, None, error
    except BaseException as error:
        what = f"The result of {job.doing} can't be read ({type(error).__name__})."
        return State.FAILED, None, InternalError(what)
