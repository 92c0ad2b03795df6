"""Running a polars query while progress is told and a wish to stop is heard."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from segtui.api.run import Run

T = TypeVar("T")
_LOOK_SECONDS = 0.1
_BATCH_ROWS = 50_000


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


@dataclass(frozen=True)
class Written:
    """An Arrow file, its rows, and the nulls in each of its columns."""

    path: Path
    rows: int
    nulls: dict[str, int]

    def scan(self) -> pl.LazyFrame:
        """Its rows."""
        return pl.scan_ipc(self.path, glob=False, hive_partitioning=False)


def written(frame: pl.LazyFrame, path: Path, run: Run, doing: str, expected: int = 0) -> Written:
    """The frame as an uncompressed Arrow IPC file that only its owner may read; `expected` is a guess of its bytes.
    Nulls are counted on the way: reading it all again for that takes as long as a tenth of the writing."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    names = frame.collect_schema().names()
    counts: list[tuple[int, tuple[int, ...]]] = []

    def counted(batch: pl.DataFrame) -> pl.DataFrame:
        counts.append((batch.height, batch.null_count().row(0)))
        return batch

    def share() -> float:
        return path.stat().st_size / expected if expected else 0.5

    def sink() -> Any:
        plan = frame.map_batches(counted, streamable=True, validate_output_schema=False)
        return plan.sink_ipc(path, compression="uncompressed", record_batch_size=_BATCH_ROWS, engine="streaming")

    waited(sink, run, doing, share)
    nulls = [sum(each) for each in zip(*(nulls for _, nulls in counts), strict=True)] or [0] * len(names)
    return Written(path, sum(rows for rows, _ in counts), dict(zip(names, nulls, strict=True)))
