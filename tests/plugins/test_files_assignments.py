"""Promise 59: no spreadsheet takes a cell or a header for a formula, and the source can be had again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segtui.api import Delivery, LimitError, QuietRun
from segtui_files.assignments import Assignments, AssignmentsParams
from segtui_files.neutral import neutral, neutralised, restored

DANGEROUS = [
    "=1+1",
    "+49 30",
    "-5",
    "@sum",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "'=1",
]
HARMLESS = ["", "007", "a=b", "'", "'quoted'", "Anna", "ü", "1-2", "– none"]


def written(frame: pl.DataFrame, folder: Path, **params: Any) -> Path:
    what = Delivery("shop", (), {"rfm": frame.lazy()}, ())
    (path,) = Assignments().write(what, folder, AssignmentsParams(**params), QuietRun())
    return path


def test_what_is_dangerous() -> None:
    assert [neutral(text) for text in DANGEROUS] == [f"'{text}" for text in DANGEROUS]
    assert [neutral(text) for text in HARMLESS] == HARMLESS


@given(st.text(alphabet="'=+-@\t\r\n\x00＝ a1\ufeff", max_size=6))
def test_it_can_be_undone_and_frames_agree(text: str) -> None:
    assert restored(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝"))
    assert neutralised(pl.LazyFrame({"a": [text]})).collect()["a"].to_list() == [neutral(text)]


def test_csv_goes_round_and_numbers_are_untouched(tmp_path: Path) -> None:
    frame = pl.DataFrame({"=id": [*DANGEROUS, *HARMLESS, None], "n": [-1.5] * 24}).with_columns(
        pl.col("=id").fill_null("x").cast(pl.Categorical).alias("+c")
    )
    path = written(frame, tmp_path)
    found = pl.read_csv(path, infer_schema=False)
    assert found.columns == ["'=id", "n", "'+c"]
    assert found["n"].to_list() == ["-1.5"] * 24
    assert [restored(text or "") for text in found["'=id"]][:-1] == frame["=id"].to_list()[:-1]
    assert path.stat().st_mode & 0o777 == 0o600


def test_raw_and_parquet_leave_text_as_it_is(tmp_path: Path) -> None:
    frame = pl.DataFrame({"=id": ["=1+1"]})
    assert written(frame, tmp_path, raw=True).read_text() == "=id\n=1+1\n"
    assert pl.read_parquet(written(frame, tmp_path, form="parquet")).equals(frame)


@pytest.mark.parametrize("raw", [True, False])
def test_xlsx_holds_text_as_text_the_same_each_time(tmp_path: Path, raw: bool) -> None:
    texts = ["007", "=1+1", "http://x.example", "ü", None]
    frame = pl.DataFrame({"id": texts, "segment_code": [1, 2, None, 4, 5]})
    path = written(frame, tmp_path, form="xlsx", raw=raw)
    found = fastexcel.read_excel(path).load_sheet(0).to_polars()
    assert found["id"].to_list() == ["007", "=1+1" if raw else "'=1+1", "http://x.example", "ü", None]
    assert found["segment_code"].to_list() == [1, 2, None, 4, 5]
    before = path.read_bytes()
    assert b"hyperlink" not in before and written(frame, tmp_path, form="xlsx", raw=raw).read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_text_too_long_for_a_cell_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="32,767"):
        written(pl.DataFrame({"id": ["x" * 40_000]}), tmp_path, form="xlsx")
