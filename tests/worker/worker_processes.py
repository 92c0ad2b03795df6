"""What the tests ask about processes."""

from __future__ import annotations

import psutil


def alive(pids: list[int]) -> list[int]:
    """Those of the processes that still run; a zombie does not."""
    found = []
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
        except psutil.NoSuchProcess:
            continue
    return found


def children(pid: int) -> list[int]:
    """Its children."""
    return [process.pid for process in psutil.Process(pid).children()]
