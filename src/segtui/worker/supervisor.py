"""A small process between the program and a worker: it outlives both and leaves nothing of the worker behind.

The program holds one end of the lifeline. When it lets go, or dies in whatever way, or the worker dies, everything that
the worker started is killed, in its own session or not. A program that lets go says so; a lifeline that ends without a
word is one that died, even where the system still lists it, and its run folder is removed.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from segtui.worker.folder import NAME, places, remove, remove_run
from segtui.worker.limits import adopt_orphans, die_with_parent, no_core_dumps, prefer_for_killing
from segtui.worker.pipe import LETTING_GO

BY_SIGNAL = 128
LOOK_EVERY_SECONDS = 2.0
GIVE_UP_SECONDS = 5.0


def main(settings: dict[str, Any]) -> None:
    """Start the worker and stay until it is gone; end with its exit code, or 128 + the signal that killed it."""
    os.umask(0o077)
    prefer_for_killing()
    no_core_dumps()
    adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(awake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    supervisor = os.getpid()
    worker = os.fork()
    if not worker:
        signal.set_wakeup_fd(-1)
        for descriptor in (awake, wake, settings["lifeline"]):
            os.close(descriptor)
        _become_worker(settings, supervisor)
    for name in ("requests", "results"):
        os.close(settings[name])
    folder = Path(settings["folder"])
    status = _watch(worker, settings["lifeline"], awake, settings["parent"])
    status = _end_everything(worker, status)
    for place in places(folder, settings["name"]):
        remove(place)
    if _program_died(settings["lifeline"], settings["parent"]) and NAME.fullmatch(folder.name):
        remove_run(folder)
    os._exit(min(status, BY_SIGNAL - 1) if status >= 0 else BY_SIGNAL - status)


def _become_worker(settings: dict[str, Any], supervisor: int) -> None:
    code = 1
    try:
        os.setsid()
        die_with_parent(supervisor)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from segtui.worker.child import work

        work(settings)
        code = 0
    except BaseException:
        with contextlib.suppress(BaseException):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _watch(worker: int, lifeline: int, awake: int, parent: int) -> int | None:
    """Wait for the worker's end, whose exit code it returns, or the program's, then None."""
    while True:
        ready, _, _ = select.select([lifeline, awake], [], [], LOOK_EVERY_SECONDS)
        if awake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(awake, 4096)
        status = _reap(worker)
        if status is not None:
            return status
        if lifeline in ready or os.getppid() != parent:
            return None


def _program_died(lifeline: int, parent: int) -> bool:
    """Whether the program died instead of letting go, for which a program that lives has time enough."""
    ready, _, _ = select.select([lifeline], [], [], GIVE_UP_SECONDS)
    return os.getppid() != parent or bool(ready and not os.read(lifeline, len(LETTING_GO)))


def _reap(worker: int) -> int | None:
    """Collect the dead; the exit code of the worker where it is among them."""
    found = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            if pid == worker:
                found = os.waitstatus_to_exitcode(status)
    return found


def _end_everything(worker: int, status: int | None) -> int:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(worker, signal.SIGKILL)
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        found = _reap(worker)
        status = found if found is not None else status
        if not _has_children():
            break
        _kill_descendants()
        time.sleep(0.005)
    return -signal.SIGKILL if status is None else status


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _kill_descendants() -> None:
    import psutil

    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
