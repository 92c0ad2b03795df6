"""Checks of a plugin's manners: it stops when asked, says how far it is, and leaves the machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import threadpoolctl

from segtui.api.errors import Cancelled
from segtui.api.run import QuietRun
from segtui.testing.case import Case, require_same
from segtui.testing.printed import kept
from segtui.testing.watching import watched
from segtui.testing.work import Failed, LeftOut, Work, require

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


def progress_called(case: Work) -> None:
    """It calls run.progress, with a share from 0 to 1 and words."""
    case.works()
    run = _Watched()
    case.work(run)
    require(bool(run.told), f"{case.doing} never calls run.progress, so nobody can stop it.")
    shares = [done for done, _ in run.told]
    require(all(isinstance(done, (int, float)) and 0 <= done <= 1 for done in shares), "A share is not from 0 to 1.")
    require(all(isinstance(doing, str) for _, doing in run.told), "What it is doing is not a text.")


def cancel(case: Work) -> None:
    """Cancelled, raised by the first, a middle or the last run.progress, leaves it at once."""
    case.works()
    quiet = _Watched()
    case.work(quiet)
    calls = len(quiet.told)
    if not calls:
        raise LeftOut(f"{case.doing} never calls run.progress.")
    for number in sorted({1, (calls + 1) // 2, calls}):
        run = _Watched(cancel_at=number)
        try:
            case.work(run)
        except Cancelled:
            late = time.monotonic() - (run.asked or time.monotonic()) > SECONDS_TO_STOP
            require(not run.after and not late, f"{case.doing} goes on after it was asked to stop.")
            continue
        except _GaveUp:
            raise Failed(f"{case.doing} swallows Cancelled and goes on.") from None
        except Exception as error:
            raise Failed(f"{case.doing} turns Cancelled into {type(error).__name__}.") from error
        require(run.asked is None, f"{case.doing} swallows Cancelled and returns.")


def threads(case: Case) -> None:
    """The labels are the same with one thread of BLAS and OpenMP and with two."""
    found = []
    for limit in (1, 2):
        with threadpoolctl.threadpool_limits(limit):
            found.append(case.labels(case.sound(), case.customers))
    require_same(found[0], found[1], "With one thread and with two")


def no_network(case: Work) -> None:
    """It opens no connection and looks up no name."""
    left_out: LeftOut | None = None
    with watched() as seen:
        try:
            case.works()
        except LeftOut as caught:
            left_out = caught
    require(not seen.network, f"It reaches for the network ({seen.network[0] if seen.network else ''}).")
    if left_out:
        raise left_out


def nothing_written(case: Work) -> None:
    """It writes no files but where it is told to, and leaves none behind."""
    with watched():  # what an import or a first call makes once, such as compiled code, is not asked about
        case.works()
    with watched() as seen:
        case.works()
    require(not seen.files, f"It writes or changes {', '.join(sorted(set(seen.files))[:3])}.")


def nothing_printed(case: Work) -> None:
    """It prints nothing and warns of nothing."""
    case.works()
    with kept() as printed:
        case.work(QuietRun())
    require(not printed, f"It prints or warns: {' '.join(printed)[:200]!r}")


def light_import(case: Work) -> None:
    """Importing the plugin loads none of scikit-learn, scipy, pandas and Textual; its work may."""
    module = type(case.item).__module__
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
    require(not loaded, f"Importing it loads {', '.join(loaded)}; import them where they are used.")
