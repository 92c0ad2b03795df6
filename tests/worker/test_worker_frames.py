"""Frames in files: written once, private, mapped, and read a page at a time."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from segtui.api.codec import decode, encode
from segtui.api.errors import DataError
from segtui.worker import Worker
from segtui.worker.frames import FrameFile, put


@pytest.fixture
def frame() -> pl.DataFrame:
    return pl.DataFrame({"number": range(1000), "text": [f"row {row}" for row in range(1000)]})


@pytest.mark.parametrize("lazy", [False, True])
def test_a_frame_comes_back_as_it_went(tmp_path: Path, frame: pl.DataFrame, lazy: bool) -> None:
    before = os.umask(0)
    try:
        written = put(frame.lazy() if lazy else frame, tmp_path, "table")
    finally:
        os.umask(before)
    assert written.rows == 1000
    assert written.columns == {"number": "Int64", "text": "String"}
    assert written.path.stat().st_mode & 0o777 == 0o600
    assert written.scan().collect().equals(frame)
    assert decode(encode(written), FrameFile) == written


def test_a_page_is_some_rows_of_some_columns(tmp_path: Path, frame: pl.DataFrame) -> None:
    written = put(frame, tmp_path, "table")
    assert written.page(990, 50, ["text"]).rows() == [(f"row {row}",) for row in range(990, 1000)]
    assert written.page(0, 2).shape == (2, 2)
    assert written.page(5000, 10).height == 0


def test_two_frames_of_one_name_are_two_files(tmp_path: Path, frame: pl.DataFrame) -> None:
    assert put(frame, tmp_path, "table").path != put(frame, tmp_path, "table").path


def test_a_frame_without_rows_or_with_a_hostile_name(tmp_path: Path, frame: pl.DataFrame) -> None:
    assert put(frame.clear(), tmp_path, "none").page(0, 10).height == 0
    for name in ("../table", "", ".hidden", "a/b", "x" * 200):
        with pytest.raises(ValueError, match="no name for a frame"):
            put(frame, tmp_path, name)


def test_nothing_is_left_of_a_write_that_failed(tmp_path: Path, frame: pl.DataFrame) -> None:
    with pytest.raises(pl.exceptions.PolarsError):
        put(frame.lazy().select(pl.col("not there")), tmp_path, "table")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_an_error(tmp_path: Path, frame: pl.DataFrame) -> None:
    written = put(frame, tmp_path, "table")
    written.path.unlink()
    with pytest.raises(DataError, match="no longer there"):
        written.scan()


def test_a_frame_of_a_worker_is_read_here(worker: Worker) -> None:
    kept = worker.submit("worker_jobs:keep", {"text": "x"}, FrameFile).wait()
    assert kept.page(999, 5).rows() == [("x",)]
