"""Promise 20: however large a table is, little of it is asked for at once.

The promise is in seconds. What takes them is the data that is fetched, so that is what is counted here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frame_table_app import TableApp, driven
from textual.pilot import Pilot

from segtui.tui.widgets.frame_pages import OpenFrame, Page

PAGE = (500, 50)
SAMPLE_CELLS = 40_000
"""What formats and widths of columns are taken from."""


class Asked:
    """The shapes of all that polars was asked for: by pages, and for all else."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: list[tuple[int, int]] = []
        self.others: list[tuple[int, int]] = []
        collect, page = pl.LazyFrame.collect, OpenFrame.page
        now: list[tuple[int, int]] = self.others

        def collecting(frame: pl.LazyFrame, *more: Any, **named: Any) -> Any:
            found = collect(frame, *more, **named)
            now.append(found.shape)
            return found

        def paging(*more: Any) -> Page:
            nonlocal now
            now = self.pages
            try:
                return page(*more)
            finally:
                now = self.others

        monkeypatch.setattr(pl.LazyFrame, "collect", collecting)
        monkeypatch.setattr(OpenFrame, "page", paging)


def tables(kind: str, folder: Path) -> Any:
    """Ten million rows, or ten thousand columns."""
    if kind == "columns":
        return pl.DataFrame({f"c{place}": pl.zeros(2_000, pl.Int8, eager=True) for place in range(10_000)})
    frame = pl.DataFrame({"number": pl.int_range(10_000_000, dtype=pl.Int32, eager=True)})
    if kind == "rows":
        return frame
    path = folder / "rows.arrow"
    frame.write_ipc(path, compression="uncompressed")
    return path if kind == "file" else pl.scan_ipc(path)


@pytest.mark.parametrize("kind", ["rows", "file", "query", "columns"])
def test_a_page_is_all_that_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    source = tables(kind, tmp_path)
    asked = Asked(monkeypatch)

    async def act(app: TableApp, pilot: Pilot[None]) -> None:
        first = len(asked.pages)
        assert 0 < first <= 4, "to draw it first"
        for key in ("pagedown", "end", "ctrl+end", "home", "ctrl+home", "right", "pageup"):
            await pilot.press(key)
            await app.settled(pilot)
        assert len(asked.pages) > first

    driven(act, source)
    assert all(rows <= PAGE[0] and columns <= PAGE[1] for rows, columns in asked.pages), asked.pages
    assert all(rows * columns <= SAMPLE_CELLS for rows, columns in asked.others), asked.others
