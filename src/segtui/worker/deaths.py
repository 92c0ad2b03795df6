"""What a worker's end means: from its exit code and the last lines of its log to one error for a person."""

from __future__ import annotations

import re
import signal

from segtui.api.errors import LimitError, SegtuiError
from segtui.api.text import safe
from segtui.worker.errors import MORE, WorkerDied, too_much_memory

OUT_OF_MEMORY = re.compile(r"memory allocation of \d+ bytes failed|std::bad_alloc|Cannot allocate memory|MemoryError")
CRASH_PLACE = re.compile(r'^  File "(?:[^"\n]*/)?([^"/\n]+)", line (\d+) in (\S+)', re.MULTILINE)
BY_SIGNAL = 128
NOT_STARTED = "The worker could not start."


def death(code: int, log: str, doing: str, memory_limit: int) -> SegtuiError:
    """The error for a worker that ended with `code` (128 + signal where it was killed) while `doing`."""
    doing = safe(doing, 200)
    if OUT_OF_MEMORY.search(log):
        return too_much_memory(memory_limit, doing)
    if code == BY_SIGNAL + signal.SIGKILL:
        return LimitError(
            f"The worker was killed by the system while {doing}, most often because memory ran out.",
            next_step="Close other programs, use fewer rows or columns, and try again.",
        )
    place = CRASH_PLACE.search(log)
    where = f" in {safe(place[3], 80)} ({safe(place[1], 80)}, line {place[2]})" if place else ""
    return WorkerDied(f"The worker died ({_cause(code)}) while {doing}{where}.", next_step=MORE)


def not_started(code: int) -> SegtuiError:
    """The error for a worker that ended before it was ready for work."""
    return WorkerDied(f"{NOT_STARTED[:-1]} ({_cause(code)}).", next_step=MORE)


def no_process() -> SegtuiError:
    """The error where the system lets no further process start."""
    return LimitError("The system lets no further process start.", next_step="Close other programs and try again.")


def _cause(code: int) -> str:
    if code <= BY_SIGNAL:
        return f"it ended itself, exit code {code}"
    number = code - BY_SIGNAL
    try:
        return f"signal {number}, {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"
