"""What a worker may take of the machine, and what it must not leave behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

SHARE_OF_MEMORY = 0.8
LEAST_MEMORY = 1024**3
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_CHILD_SUBREAPER = 1, 4, 36
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def default_memory_limit() -> int:
    """Most of the machine's (or the container's) memory, or SEGTUI_MEMORY_GB where that is set."""
    chosen = os.environ.get("SEGTUI_MEMORY_GB", "")
    with contextlib.suppress(ValueError):
        return max(int(float(chosen) * 10**9), 10**8)
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in CGROUP_LIMITS:
        with contextlib.suppress(OSError, ValueError):
            total = min(total, int(path.read_text()))
    return max(int(total * SHARE_OF_MEMORY), LEAST_MEMORY)


def limit_memory(limit: int) -> None:
    """Let this process take `limit` bytes of its own; files that are mapped to read do not count."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def no_core_dumps() -> None:
    """Neither as a file nor to a collector of the system's, which would get the client's data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _control(SET_DUMPABLE, 0)


def die_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Get the signal `by` when the process `parent`, which must have one thread only, ends."""
    _control(SET_PARENT_DEATH_SIGNAL, by)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, however it set itself apart."""
    _control(SET_CHILD_SUBREAPER, 1)


def prefer_for_killing() -> None:
    """Where memory runs out, the system should end this process and not the program that started it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _control(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
