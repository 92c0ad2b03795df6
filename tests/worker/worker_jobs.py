"""Functions that the tests run in workers."""

# ruff: noqa: ARG001 - every job is handed its run

from __future__ import annotations

import ctypes
import decimal
import json
import locale
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from segtui import plugins
from segtui.api import DataError


class Colour(StrEnum):
    """Something typed."""

    RED = "red"


@dataclass(frozen=True)
class Parcel:
    """Something typed that holds something typed."""

    colour: Colour
    day: date
    sizes: tuple[int, ...]


def add(run: Any, left: int, right: int) -> int:
    return left + right


def turn(run: Any, parcel: Parcel) -> Parcel:
    return Parcel(parcel.colour, parcel.day, parcel.sizes[::-1])


def frame_height(run: Any, frame: pl.DataFrame) -> int:
    return frame.height


def wrong_result(run: Any) -> Any:
    return "seven"


def no_plain_data(run: Any) -> Any:
    return object()


def count_up(run: Any, steps: int, pause: float) -> int:
    for step in range(steps):
        run.progress(step / steps, f"step {step}")
        time.sleep(pause)
    return steps


def odd_progress(run: Any) -> None:
    for done in (0.25, float("nan"), -3.0, 7.0):
        run.progress(done, "\x1b[31mred\x1b[0m " + "x" * 1000)
        time.sleep(0.06)


def lonely_progress(run: Any) -> None:
    for step in range(50):
        run.progress(step / 100, f"step {step}")
    time.sleep(0.4)


def data_error(run: Any) -> None:
    raise DataError("No customers are left.", where="orders.csv", next_step="Drop fewer rows.")


def inner_error(run: Any) -> None:
    raise ValueError("CANARY-VALUE")


def fit(run: Any, method: str) -> Any:
    registry = plugins.load(run.plugin_folders, only={method})
    return registry.method(method).fit(None, None, run)


def catalogue(run: Any, folders: tuple[Path, ...], fatal: dict[str, str]) -> plugins.Catalogue:
    return plugins.load(folders, fatal=fatal, marker=run.run_folder / "loading").catalogue


def polars_memory(run: Any, rows: int) -> float:
    return float(pl.Series(range(1000)).sample(rows, with_replacement=True).cast(pl.Float64).sort().sum())


def numpy_memory(run: Any, rows: int) -> float:
    return float(np.ones(rows).sum())


def no_room(run: Any) -> None:
    raise OSError(28, "No space left on device", "CANARY-VALUE")


def sleep(run: Any, seconds: float) -> None:
    time.sleep(seconds)


def pid(run: Any) -> int:
    return os.getpid()


def keep(run: Any, text: str) -> Path:
    """Leave `text` wherever a job may leave something, and stay."""
    print(text)
    Path("on_the_desk.txt").write_text(text)
    (Path(os.environ["TMPDIR"]) / "temporary.txt").write_text(text)
    path = Path(run.folder) / "kept.arrow"
    pl.DataFrame({"name": [text] * 1000}).write_ipc(path, compression="uncompressed")
    return path


def keep_and_hang(run: Any, text: str) -> None:
    keep(run, text)
    (run.run_folder / "kept").touch()
    ctypes.PyDLL(None).sleep(1000)


def write_then(run: Any, end: str) -> Path:
    """Write into the folder of the job, say so, and come to an end."""
    path = Path(run.folder) / "deeper" / "frame.arrow"
    path.parent.mkdir()
    pl.DataFrame({"name": ["CANARY-VALUE"] * 1000}).write_ipc(path, compression="uncompressed")
    (run.run_folder / "written").touch()
    if end == "hangs":
        ctypes.PyDLL(None).sleep(1000)
    elif end == "listens":
        while True:
            run.progress(0.5)
            time.sleep(0.01)
    elif end == "aborts":
        os.abort()
    elif end == "panics":
        raise pl.exceptions.PanicException
    elif end == "needs too much memory":
        np.ones(10**12)
    elif end == "fails":
        raise DataError("There are no rows.")
    elif end == "leaves a thread":
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return path


def breed(run: Any, fails: bool) -> list[int]:
    """Start a child, one in a session of its own, and an orphan; leave their process ids in a file."""
    (Path(os.environ["TMPDIR"]) / "temporary.txt").write_text("left")
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    bred = [subprocess.Popen(sleeper).pid, subprocess.Popen(sleeper, start_new_session=True).pid]
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        orphan = os.fork()
        if orphan:
            os.write(tell, str(orphan).encode())
            os._exit(0)
        time.sleep(600)
    os.waitpid(child, 0)
    bred.append(int(os.read(told, 20)))
    (run.run_folder / "bred.json").write_text(json.dumps(bred))
    if fails:
        raise DataError("There are no rows.")
    return bred


def state(run: Any) -> dict[str, str]:
    """Everything that a job could have changed for the next."""
    os.umask(mask := os.umask(0))
    return {
        "cwd": str(Path.cwd()),
        "desk": str(sorted(Path.cwd().iterdir())),
        "environment": repr(sorted(os.environ.items())),
        "timezone": repr(time.tzname),
        "umask": oct(mask),
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": repr([(number, signal.getsignal(number)) for number in sorted(signal.valid_signals())]),
        "mask": repr(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "random": repr(random.random()),
        "numpy": repr(np.random.random()),
        "floats": repr((np.geterr(), np.get_printoptions())),
        "decimal": repr(decimal.getcontext().prec),
        "warnings": repr(warnings.filters[:20]),
        "logging": repr((logging.root.handlers, logging.root.level, logging.root.manager.disable)),
        "recursion": repr(sys.getrecursionlimit()),
        "path": repr(sys.path),
        "hook": repr(sys.excepthook),
        "streams": repr((sys.stdout.fileno(), sys.stderr.fileno(), sys.stdin.fileno())),
    }


def surroundings(run: Any) -> dict[str, Any]:
    """Where a job is, and what it can see."""
    import resource

    return {
        "cwd": str(Path.cwd()),
        "path": list(sys.path),
        "environment": dict(os.environ),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "session": os.getsid(0) == os.getpid(),
        "main": getattr(sys.modules["__main__"], "__file__", ""),
        "threads": pl.thread_pool_size(),
        "descriptors": [str(Path(f"/proc/self/fd/{number}").readlink()) for number in (0, 1, 2)],
    }
