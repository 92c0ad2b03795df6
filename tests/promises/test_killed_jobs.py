"""Promises 17 and 21: what a job was writing when it was stopped or killed is gone at once, and all else is there."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from command import Command

from segtui.api.errors import Cancelled, DataError, LimitError, SegtuiError
from segtui.prepare import FeatureSet, Form
from segtui.project.document import SegmentationEntry
from segtui.project.facts import LocatedSource
from segtui.project.session import Session
from segtui.read import Reading

ROWS = 1_500_000
NEVER_ENDS = """
import ctypes
from segtui.api import Exporter, Params, hookimpl

class NoParams(Params):
    pass

class NeverEnds(Exporter[NoParams]):
    id, title, summary, Params = "never", "Never", "Never ends.", NoParams

    def file_names(self, title, segmentations, params):
        return ("never.txt",)

    def write(self, delivery, folder, params, run):
        (folder / "never.txt").write_text("CANARY")
        ctypes.PyDLL(None).sleep(1000)

@hookimpl
def segtui_exporters():
    return [NeverEnds()]
"""


@pytest.fixture
def session(orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Orders that were read, prepared and segmented."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Session.new() as session:
        session.add_source(orders)
        session.segment(SegmentationEntry(id="rfm", method="rfm"))
        yield session


def frames(session: Session) -> dict[Path, int]:
    """The files that jobs left for use, with their sizes."""
    jobs = session.workers.folder.glob("job-*")
    return {path: path.stat().st_size for job in jobs for path in job.rglob("*") if path.is_file()}


def being_written(folder: Path, pattern: str, before: Iterable[Path] = ()) -> bool:
    """Whether a file that was not there before holds something by now."""
    try:
        return any(path.stat().st_size for path in folder.glob(pattern) if path.is_file() and path not in before)
    except FileNotFoundError:
        return False


def stopped(session: Session, stop: str, work: Callable[[], object], writes: Callable[[], bool]) -> list[type]:
    """What is raised by work on data that is stopped as soon as it writes."""
    raised: list[type] = []

    def working() -> None:
        try:
            work()
        except SegtuiError as told:
            raised.append(type(told))

    thread = threading.Thread(target=working)
    thread.start()
    while not writes() and thread.is_alive():
        time.sleep(0.001)
    if stop == "cancelled":
        session.asking.cancel("job")
    else:
        os.kill(session.workers.job.pid or 0, signal.SIGKILL)
    thread.join(timeout=30)
    return raised


@pytest.mark.parametrize(("stop", "error"), [("cancelled", Cancelled), ("killed", LimitError)])
def test_a_reading_that_is_stopped_leaves_no_half_of_a_frame(
    session: Session, tmp_path: Path, stop: str, error: type[SegtuiError]
) -> None:
    lines = pl.DataFrame({"customer_id": pl.int_range(ROWS, eager=True) % 40 + 1, "amount": 1.5, "note": "CANARY"})
    lines.write_csv(tmp_path / "lines.csv")
    before, earlier = frames(session), session.sources
    session.add_source(tmp_path / "lines.csv")
    place = session.workers.folder
    assert stopped(session, stop, session.read, lambda: being_written(place, "job-*/**/*.arrow", before)) == [error]
    assert frames(session) == before
    assert session.customers is not None
    assert session.table(earlier[0]).collect().height > session.table(session.customers).collect().height == 30
    assert [facts.rows for facts in session.read()][1] == ROWS
    session.change(session.document.replacing(sources=session.document.sources[:1]))
    assert session.analyse("profile", ["rfm"], {}).blocks


@pytest.mark.parametrize(("stop", "error"), [("cancelled", Cancelled), ("killed", LimitError)])
def test_scores_that_are_stopped_leave_no_half_of_a_file(
    session: Session, tmp_path: Path, stop: str, error: type[SegtuiError]
) -> None:
    session.deliver(tmp_path / "out")
    orders = pl.read_csv(tmp_path / "orders.csv", infer_schema=False)
    many = pl.concat(orders.with_columns(pl.col("customer_id") + f"-{copy}") for copy in range(5_000))
    many.write_parquet(tmp_path / "next.parquet")
    (tmp_path / "scores").mkdir()
    files = [LocatedSource("next", tmp_path / "next.parquet")]
    work = partial(session.score, tmp_path / "out" / "rfm.segmodel", files, out=tmp_path / "scores" / "next.xlsx")
    assert stopped(session, stop, work, lambda: being_written(tmp_path / "scores", "**/*")) == [error]
    assert list((tmp_path / "scores").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_export_that_is_stopped_leaves_nothing_where_it_goes(segtui: Command, orders: Path, number: int) -> None:
    (segtui.folder / "plugins").mkdir()
    (segtui.folder / "plugins" / "never_ends.py").write_text(NEVER_ENDS)
    words = ("-m", "rfm", "--out", "out", "--as", "csv", "--as", "never", "--plugin-dir", "plugins")
    program = segtui.start("segment", orders.name, *words)
    while not being_written(segtui.folder, "out/.segtui-*/never.txt"):
        assert program.poll() is None
        time.sleep(0.01)
    assert list((segtui.folder / "out").glob(".segtui-*/rfm.csv"))
    program.send_signal(number)
    program.communicate(timeout=30)
    until = time.monotonic() + 10
    while segtui.left() and time.monotonic() < until:
        time.sleep(0.02)
    assert list((segtui.folder / "out").iterdir()) == []


def test_what_a_job_read_before_it_failed_is_read_again(session: Session, tmp_path: Path) -> None:
    """Its frames went with it, so that nothing of it may be taken for read."""
    (tmp_path / "towns.csv").write_text("customer_id,town\n" + "".join(f"{n:05},T{n % 3}\n" for n in range(1, 31)))
    before = frames(session)
    session.add_source(tmp_path / "towns.csv", reading=Reading(tolerant=True))
    broken = session.add_source(tmp_path / "gone.csv")
    with pytest.raises(SegtuiError):
        session.read()
    assert frames(session) == before
    sources = tuple(source for source in session.document.sources if source != broken)
    session.change(session.document.replacing(sources=sources))
    towns = session.read()[1]
    assert session.table(towns).collect().height == towns.rows == 30


def test_customers_that_could_not_be_made_leave_nothing(session: Session) -> None:
    before = frames(session)
    session.set_feature_set(FeatureSet(name="none such", columns={"no_such_column": Form.Z}))
    with pytest.raises(DataError):
        session.prepare()
    assert frames(session) == before
