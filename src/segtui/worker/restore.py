"""What a job may have changed of its process, and how it is put back before the next."""

from __future__ import annotations

import contextlib
import decimal
import gc
import locale
import logging
import os
import random
import shutil
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np


class Surroundings:
    """A snapshot of the state of the process; `restore` goes back to it."""

    def __init__(self, desk: Path, temporary: Path) -> None:
        self.desk, self.temporary = desk, temporary
        """The working directory of jobs and their temporary folder, empty at the start of each."""
        os.chdir(desk)
        self._environment = dict(os.environ)
        self._locale = locale.setlocale(locale.LC_ALL)
        self._signals = {number: signal.getsignal(number) for number in signal.valid_signals()}
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self._umask = os.umask(0o077)
        os.umask(self._umask)
        self._path, self._recursion = list(sys.path), sys.getrecursionlimit()
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, sys.displayhook)
        self._filters, self._show = list(warnings.filters), warnings.showwarning
        self._logging = (logging.root.level, list(logging.root.handlers), logging.root.manager.disable)
        self._decimal = decimal.getcontext().copy()
        self._floats, self._shown = np.geterr(), np.get_printoptions()
        self._threads = set(threading.enumerate())

    def seed(self, seed: int) -> None:
        """The global random numbers start alike in every job, for code that uses them in spite of the contract."""
        random.seed(seed)
        np.random.seed(seed % 2**32)

    def restore(self) -> bool:
        """Put everything back; False where something can't be, and the process should be replaced."""
        try:
            self._restore_signals()
            self._restore_process()
            self._restore_python()
        except BaseException:
            return False
        threads = [thread for thread in threading.enumerate() if thread not in self._threads and thread.is_alive()]
        return not threads and not _has_left_processes()

    def _restore_signals(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._signals.items():
            if handler is not None and signal.getsignal(number) is not handler:
                with contextlib.suppress(OSError):
                    signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def _restore_process(self) -> None:
        os.umask(self._umask)
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
            time.tzset()
        if locale.setlocale(locale.LC_ALL) != self._locale:
            locale.setlocale(locale.LC_ALL, self._locale)
        for folder in (self.desk, self.temporary):
            _empty(folder)
        os.chdir(self.desk)

    def _restore_python(self) -> None:
        sys.path[:] = self._path
        sys.setrecursionlimit(self._recursion)
        sys.excepthook, threading.excepthook, sys.unraisablehook, sys.displayhook = self._hooks
        sys.settrace(None)
        sys.setprofile(None)
        warnings.filters[:] = self._filters  # type: ignore[index]
        warnings.showwarning = self._show
        level, handlers, disabled = self._logging
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        logging.disable(disabled)
        decimal.setcontext(self._decimal.copy())
        np.seterr(**self._floats)
        np.set_printoptions(**self._shown)
        gc.enable()


def _empty(folder: Path) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink(missing_ok=True)


def _has_left_processes() -> bool:
    """Whether something that a job started still runs: as a child, or as an orphan that the supervisor took in."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
        return True
    return bool(set(_children(os.getppid())) - {os.getpid()})


def _children(parent: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    import psutil

    with contextlib.suppress(psutil.Error):
        return [process.pid for process in psutil.Process(parent).children()]
    return []
