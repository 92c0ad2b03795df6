"""Checks of a plugin's manners: it stops when asked, says how far it is, and leaves the machine alone."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import threadpoolctl

from segtui.api.errors import Cancelled
from segtui.testing.case import Case, Failed, LeftOut, require, require_same
from segtui.testing.printed import kept

HEAVY = ("sklearn", "scipy", "pandas", "textual")
SECONDS_TO_STOP = 2.0
SECONDS_TO_IMPORT = 60
IMPORT = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sys.modules, sep='\\n')"


class _GaveUp(BaseException):
    """Ends a fit that does not stop; no Exception, so that it is less likely to be swallowed."""


class _Watched:
    """A Run that keeps what it is told, and from call number `cancel_at` on asks to stop."""

    def __init__(self, cancel_at: int | None = None) -> None:
        self.seed = 42
        self.told: list[tuple[Any, Any]] = []
        self.asked: float | None = None
        self.after = 0
        self._cancel_at = cancel_at

    def progress(self, done: float, doing: str = "") -> None:
        """Keep it, or raise Cancelled."""
        self.told.append((done, doing))
        if self._cancel_at is None or len(self.told) < self._cancel_at:
            return
        if self.asked is None:
            self.asked = time.monotonic()
        else:
            self.after += 1
            if time.monotonic() - self.asked > SECONDS_TO_STOP or self.after > 100:
                raise _GaveUp
        raise Cancelled


def progress_called(case: Case) -> None:
    """fit calls run.progress, with a share from 0 to 1 and words."""
    case.sound()
    run = _Watched()
    case.fit(run)
    require(bool(run.told), "fit never calls run.progress, so nobody can stop it.")
    shares = [done for done, _ in run.told]
    require(all(isinstance(done, (int, float)) and 0 <= done <= 1 for done in shares), "A share is not from 0 to 1.")
    require(all(isinstance(doing, str) for _, doing in run.told), "What it is doing is not a text.")


def cancel(case: Case) -> None:
    """Cancelled, raised by the first, a middle or the last run.progress, leaves fit at once."""
    case.sound()
    quiet = _Watched()
    case.fit(quiet)
    calls = len(quiet.told)
    if not calls:
        raise LeftOut("fit never calls run.progress; see progress_called.")
    for number in sorted({1, (calls + 1) // 2, calls}):
        run = _Watched(cancel_at=number)
        try:
            case.fit(run)
        except Cancelled:
            late = time.monotonic() - (run.asked or time.monotonic()) > SECONDS_TO_STOP
            require(not run.after and not late, "fit goes on after it was asked to stop.")
            continue
        except _GaveUp:
            raise Failed("fit swallows Cancelled and goes on.") from None
        except Exception as error:
            raise Failed(f"fit turns Cancelled into {type(error).__name__}.") from error
        require(run.asked is None, "fit swallows Cancelled and returns.")


def threads(case: Case) -> None:
    """The labels are the same with one thread of BLAS and OpenMP and with two."""
    found = []
    for limit in (1, 2):
        with threadpoolctl.threadpool_limits(limit):
            found.append(case.labels(case.sound(), case.customers))
    require_same(found[0], found[1], "With one thread and with two")


def no_network(case: Case) -> None:
    """fit and assign open no connection and look up no name."""
    tried: list[str] = []

    def refuse(*_: object, **__: object) -> NoReturn:
        tried.append("network")
        raise OSError("there is no network in this check")

    names = ("connect", "connect_ex", "sendto")
    with contextlib.ExitStack() as patches:
        for name in names:
            patches.enter_context(_patched(socket.socket, name, refuse))
        for name in ("create_connection", "getaddrinfo", "gethostbyname"):
            patches.enter_context(_patched(socket, name, refuse))
        error: LeftOut | None = None
        try:
            case.sound()
        except LeftOut as caught:
            error = caught
    require(not tried, f"It reaches for the network ({len(tried)} times).")
    if error:
        raise error


def nothing_printed(case: Case) -> None:
    """fit, assign and explain print nothing and warn of nothing."""
    case.sound()
    with kept() as said:
        model = case.fit()
        case.labels(model, case.customers)
        model.explain()
    require(not said, f"It prints or warns: {' '.join(said)[:200]!r}")


def light_import(case: Case) -> None:
    """Importing the plugin loads none of scikit-learn, scipy, pandas and Textual; fit may."""
    module = type(case.method).__module__
    top = sys.modules.get(module.partition(".")[0])
    file = getattr(top, "__file__", None)
    if module == "__main__" or not file:
        raise LeftOut(f"The module {module} can't be imported by its name.")
    place = Path(file).parent.parent if Path(file).name == "__init__.py" else Path(file).parent
    path = os.pathsep.join([*(entry for entry in sys.path if entry), str(place)])
    try:
        ended = subprocess.run(
            [sys.executable, "-c", IMPORT, module],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_IMPORT,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"Importing it takes more than {SECONDS_TO_IMPORT} s.") from None
    if ended.returncode:
        raise LeftOut(f"The module {module} can't be imported alone: {ended.stderr.strip().splitlines()[-1:]}")
    loaded = sorted({name.partition(".")[0] for name in ended.stdout.split()} & {*HEAVY})
    require(not loaded, f"Importing it loads {', '.join(loaded)}; import them inside fit.")


@contextlib.contextmanager
def _patched(owner: Any, name: str, replacement: Any) -> Iterator[None]:
    own = name in vars(owner)
    before = getattr(owner, name)
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        setattr(owner, name, before) if own else delattr(owner, name)
