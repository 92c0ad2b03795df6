"""Running a polars query while progress is told and a wish to stop is heard."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from segtui.api.run import Run

T = TypeVar("T")
_LOOK_SECONDS = 0.1


def waited(work: Callable[[], T], run: Run, doing: str, share: Callable[[], float] | None = None) -> T:
    """`work()` in a thread of its own; `share` says how far it is. Raises what `work` raises, or `Cancelled`."""
    result: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            result.append(work())
        except BaseException as raised:
            failure.append(raised)

    thread = threading.Thread(target=target, daemon=True, name="segtui read")
    run.progress(0.0, doing)
    thread.start()
    done = 0.0
    while True:
        thread.join(_LOOK_SECONDS)
        if not thread.is_alive():
            break
        done = min(share(), 0.99) if share else done + (0.95 - done) * 0.02
        run.progress(done, doing)
    if failure:
        raise failure[0]
    run.progress(1.0, doing)
    return result[0]


def collected(frame: pl.LazyFrame, run: Run, doing: str) -> pl.DataFrame:
    """The frame, by the streaming engine."""
    return waited(lambda: frame.collect(engine="streaming"), run, doing)


def written(frame: pl.LazyFrame, path: Path, run: Run, doing: str, expected: int = 0) -> Path:
    """The frame as an uncompressed Arrow IPC file that only its owner may read; `expected` is a guess of its bytes."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))

    def share() -> float:
        return path.stat().st_size / expected if expected else 0.5

    def sink() -> Any:
        return frame.sink_ipc(path, compression="uncompressed", engine="streaming")

    waited(sink, run, doing, share)
    return path
