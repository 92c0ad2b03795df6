"""Running a polars query while progress is told and a wish to stop is heard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from segtui.api.run import Run
from segtui.api.writing import private_file

T = TypeVar("T")
Questions = Callable[[pl.LazyFrame], Sequence[pl.LazyFrame]]
"""Makes of a frame queries with one row each."""
_ROWS = "\x1frows"
_LOOK_SECONDS = 0.1
_BATCH_ROWS = 50_000


def no_questions(_frame: pl.LazyFrame) -> Sequence[pl.LazyFrame]:
    """Asks nothing."""
    return ()


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


def answered(frame: pl.LazyFrame, asked: Questions, run: Run, doing: str) -> dict[str, Any]:
    """What each query that `asked` makes of the frame has in its one row, by name, in one pass over the frame."""
    queries = asked(frame.cache())
    return _rows(waited(lambda: pl.collect_all(queries, engine="streaming"), run, doing))


@dataclass(frozen=True)
class Written:
    """An Arrow file, its rows, the nulls in each of its columns, and the answers to what was asked on the way."""

    path: Path
    rows: int
    nulls: dict[str, int]
    answers: dict[str, Any]

    def scan(self) -> pl.LazyFrame:
        """Its rows."""
        return pl.scan_ipc(self.path, glob=False, hive_partitioning=False)


def written(
    frame: pl.LazyFrame, path: Path, run: Run, doing: str, expected: int = 0, asked: Questions = no_questions
) -> Written:
    """The frame as an uncompressed Arrow IPC file that only its owner may read; `expected` is a guess of its bytes.
    What is asked of the rows is answered on the way: reading them all again takes as long as a third of the writing."""
    names = frame.collect_schema().names()

    def share() -> float:
        return path.stat().st_size / expected if expected else 0.5

    def sink() -> list[pl.DataFrame]:
        once = frame.cache()
        counts = once.select(pl.len().alias(_ROWS), pl.all().null_count())
        with private_file(path) as file:
            rows = once.sink_ipc(file, compression="uncompressed", record_batch_size=_BATCH_ROWS, lazy=True)
            return pl.collect_all([rows, counts, *asked(once)], engine="streaming")

    _, counts, *answers = waited(sink, run, doing, share)
    nulls = counts.row(0, named=True)
    rows = nulls.pop(_ROWS)
    return Written(path, rows, {name: nulls[name] for name in names}, _rows(answers))


def _rows(answers: Iterable[pl.DataFrame]) -> dict[str, Any]:
    return {name: value for each in answers for name, value in each.row(0, named=True).items()}
