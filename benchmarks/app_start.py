"""How fast the app opens: `segtui FILE` in a terminal of 120 x 40, against the smallest app of the library it is made
with.

Time passes from the start of the command to the first bytes that show the frame, and to those that show the first row
of the file. The other side has a header, a line of text and a footer, and shows no data: its first paint stands against
both. Not equal: segtui starts the process that will read the file, and keeps one more process that gives the terminal
back. Its list of plugins is there from an earlier run, as it is for a person from the second start on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import purchases_data
from benchmarks.line import OURS, Line, Must, Place
from benchmarks.measuring import ROOT, Runs
from benchmarks.side import Clock, command

OTHER = "minimal app"
COLUMNS, ROWS = 120, 40
ON_THE_RAIL, IN_THE_MINIMAL_APP = "Customers", "minimal"
SEQUENCE = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")
GIVE_UP, LEAVING = 60.0, 10.0


def lines(place: Place) -> list[Line]:
    """One with a small file, one with many rows."""
    rows = place.rows(10_000_000, 50_000)
    many = place.made(f"purchases-{rows}.parquet", lambda path: purchases_data.write_parquet(path, rows))
    return [
        _line(place, "a sample file", ROOT / "sample_data" / "orders.parquet"),
        _line(place, f"{rows:,} rows of Parquet", many),
    ]


def _line(place: Place, opened: str, source: Path) -> Line:
    cache = str(place.data / "app-start-cache")
    commands = {
        OURS: command(__name__, "segtui", source=str(source), cache=cache),
        OTHER: command(__name__, "minimal_app"),
    }
    musts = [
        Must("the frame takes", lambda ours, other: _median(ours, "frame") / _median(other, "frame"), 1.3),
        Must("the first rows take", lambda ours, other: _median(ours, "rows") / _median(other, "frame"), 2.0),
    ]
    return Line(f"the app opens {opened}", commands, {OTHER: musts}, rounds=15)


def _median(runs: Runs, figure: str) -> float:
    found: float = statistics.median(run.figures[figure] for run in runs.runs)
    return found


def segtui(clock: Clock, source: str, cache: str) -> Mapping[str, float]:
    """Until the rail is there, and the first value of the file."""
    import polars as pl

    first = str(pl.scan_parquet(source).head(1).collect().row(0)[0])
    words = [sys.executable, "-m", "segtui", source]
    frame, rows = _seen(clock, words, [ON_THE_RAIL, first], XDG_CACHE_HOME=cache)
    return {"frame": frame, "rows": rows}


def minimal_app(clock: Clock) -> Mapping[str, float]:
    """Until its line of text is there."""
    (frame,) = _seen(clock, [sys.executable, "-m", "benchmarks.minimal_app"], [IN_THE_MINIMAL_APP])
    return {"frame": frame}


def _seen(clock: Clock, words: Sequence[str], wanted: Sequence[str], **more: str) -> list[float]:
    """Start a command on a terminal of its own; after how many seconds each of `wanted` was written there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **more}
    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as state:
        environment["XDG_STATE_HOME"] = state
        began = time.perf_counter()
        with clock:
            process = subprocess.Popen(
                words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT, start_new_session=True
            )
            os.close(theirs)
            found = _times(ours, [word.encode() for word in wanted], began)
        process.send_signal(signal.SIGTERM)
        _until_it_has_left(process, ours)
    return found


def _times(terminal: int, wanted: Sequence[bytes], began: float) -> list[float]:
    written = b""
    found: dict[bytes, float] = {}
    while len(found) < len(wanted):
        if not select.select([terminal], [], [], GIVE_UP)[0]:
            raise RuntimeError(f"not all of {wanted} were shown")
        written += os.read(terminal, 65_536)
        text, now = SEQUENCE.sub(b"", written), time.perf_counter() - began
        found |= {word: now for word in wanted if word in text and word not in found}
    return [found[word] for word in wanted]


def _until_it_has_left(process: subprocess.Popen[bytes], terminal: int) -> None:
    """What it still writes has to be read, or it would wait."""
    end = time.monotonic() + LEAVING
    while process.poll() is None and time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            with contextlib.suppress(OSError):
                os.read(terminal, 65_536)
    if process.poll() is None:
        process.kill()
    process.wait()
    os.close(terminal)
