"""The first rows of a file: there before it is read, looked at by a process that may die of them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from journeys import settled
from textual.pilot import Pilot
from widget_app import run

from segtui.project.begin import begin
from segtui.tui.app import SegtuiApp
from segtui.tui.pane import State
from segtui.tui.peek import COLUMNS, ROWS, peek
from segtui.tui.peeked import FirstRows, PeekedColumn
from segtui.tui.peeking import Peeking
from segtui.tui.starting import Starting
from segtui.tui.widgets.first_rows import FirstRowsTable

IN_A_PROCESS = """
import asyncio, json, os, sys
from pathlib import Path
from segtui.tui import peek, peeking
{before}
looking = peeking.Peeking.start(Path(sys.argv[1]))
print(json.dumps(asyncio.run(looking.first_rows())))
try: os.waitpid(-1, 0)
except ChildProcessError: print("no process is left")
"""


def shown(pilot: Pilot[None]) -> list[str]:
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def in_a_process(path: Path, before: str = "") -> object:
    code = IN_A_PROCESS.format(before=before)
    ended = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    found, left = ended.stdout.splitlines()
    assert (left, ended.stderr) == ("no process is left", "")
    return json.loads(found)


def some() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer": ["00123", "\x1b[2J", None],
            "amount": [1234.5, -2.25, 0.0],
            "day": pl.Series([date(2024, 1, 31), None, date(1999, 12, 1)]),
        }
    )


def check(found: FirstRows | None) -> None:
    assert found is not None
    assert [column.name for column in found.columns] == ["customer", "amount", "day"]
    customer, amount, day = found.columns
    assert customer.texts == ["00123", "␛[2J", None]
    assert (amount.texts, amount.is_right_aligned, amount.is_whole) == (["1,234.50", "-2.25", "0.00"], True, True)
    assert (day.texts, day.widest) == (["2024-01-31", None, "1999-12-01"], 10)


def test_parquet_and_arrow(tmp_path: Path) -> None:
    for write in (some().write_parquet, some().write_ipc):
        write(tmp_path / "some")
        check(peek(tmp_path / "some"))


def test_what_a_column_holds_is_said_in_words(tmp_path: Path) -> None:
    some().with_columns(member=pl.lit(True), size=pl.lit("L", pl.Categorical), tags=pl.lit([1])).write_parquet(
        tmp_path / "some"
    )
    found = peek(tmp_path / "some")
    assert found is not None
    assert [column.detail for column in found.columns] == ["text", "number", "date", "yes or no", "text", ""]


def test_a_whole_number_may_be_an_id_and_stands_as_it_is(tmp_path: Path) -> None:
    pl.DataFrame({"id": [17850, None], "amount": [1234.5, 2.25]}).write_parquet(tmp_path / "some")
    found = peek(tmp_path / "some")
    assert found is not None
    assert [column.texts for column in found.columns] == [["17850", None], ["1,234.50", "2.25"]]


def test_delimited_text_is_shown_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("customer;amount\n00123;1,50\n00124\n\x1b[2J;x\n")
    found = peek(path)
    assert found is not None
    assert [column.texts for column in found.columns] == [["00123", "00124", "␛[2J"], ["1,50", None, "x"]]


def test_no_more_is_taken_than_can_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pl.DataFrame({f"c{number}": range(500) for number in range(500)}).write_parquet(path)
    found = peek(path)
    assert found is not None
    assert (len(found.columns), found.rows, found.columns[-1].texts[-1]) == (COLUMNS, ROWS, str(ROWS - 1))


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "empty", "damaged", "bytes", "project"])
def test_nothing_is_shown_of_anything_else(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("shop.segtui.toml" if kind == "project" else "file.csv")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind != "missing":
        contents = {"empty": b"", "damaged": b"PAR1" + b"x" * 200, "bytes": b"a,b\n1,\0\n", "project": b"name = 'a'"}
        path.write_bytes(contents[kind])
    assert peek(path) is None


def test_a_process_looks_and_leaves(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    some().write_parquet(path)
    columns, rows = in_a_process(path)  # type: ignore[misc]
    check(FirstRows(tuple(PeekedColumn(*column) for column in columns), rows))


@pytest.mark.parametrize(
    "fault", ["os.abort()", "1 / 0", "print('torn', flush=True)", "os.write(1, b'torn') < 0 or None"]
)
def test_what_kills_it_or_makes_it_print_harms_nobody(tmp_path: Path, fault: str) -> None:
    assert in_a_process(tmp_path / "any.csv", f"peek.peek = lambda path: {fault}") is None


def test_whole_columns_are_shown_and_numbers_never_cut() -> None:
    texts = ["a long text that is cut somewhere", None]
    columns = (
        PeekedColumn("name", "String", False, False, 33, [*texts]),
        PeekedColumn("amount", "Float64", True, True, 9, ["12,345.50", "1.00"]),
        PeekedColumn("more", "Int64", True, True, 6, ["123456", "7"]),
    )

    async def steps(pilot: Pilot[None]) -> list[list[str]]:
        seen = [shown(pilot)]
        await pilot.resize_terminal(49, 5)
        await pilot.pause()
        return [*seen, shown(pilot)]

    wide, narrow = run(FirstRowsTable(FirstRows(columns, 2)), steps, (60, 6))
    assert wide[:2] == [
        f" {'name':32}  {'amount':>9}  {'more':>6}",
        f" {'String':32}  {'Float64':>9}  {'Int64':>6}",
    ]
    assert wide[3] == " a long text that is cut somewhe…  12,345.50  123456"
    assert wide[4] == f" {'–':32}  {'1.00':>9}  {'7':>6}"
    assert narrow[3] == " a long text that is cut somewhe…  12,345.50"


LOADED = """
import sys
import {module}
print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{*{heavy!r}}}))
"""


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("segtui.tui.launch", ["polars", "numpy", "pydantic", "textual", "rich"]),
        ("segtui.tui.app", ["polars", "numpy", "pydantic", "sklearn", "scipy", "segtui_clusters"]),
        ("segtui.tui.peek", ["numpy", "pydantic", "textual"]),
    ],
)
def test_nothing_is_imported_that_can_wait(module: str, heavy: list[str]) -> None:
    code = LOADED.format(module=module, heavy=heavy)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


class Looked(Peeking):
    """One that has found the rows already."""

    def __init__(self, found: FirstRows | None) -> None:
        super().__init__(0, -1)
        self._found = found

    async def first_rows(self) -> FirstRows | None:
        return self._found


def test_the_app_shows_them_until_the_file_is_read(
    tmp_path: Path, app_on: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app_on  # which makes a private home
    path = tmp_path / "some.parquet"
    some().write_parquet(path)
    open_it = Starting._open
    monkeypatch.setattr(Starting, "_open", lambda _starting: None)

    async def steps() -> None:
        app = SegtuiApp([path], begun=begin(), peeking=Looked(peek(path)))
        try:
            async with app.run_test(size=(120, 40)) as pilot:
                while not app.query(FirstRowsTable):
                    await pilot.pause(0.02)
                assert app.query_one(FirstRowsTable).first_rows == peek(path)
                open_it(app.starting)
                await settled(pilot, lambda app: app.panes["data"].state is State.READY)
                assert app.first_rows is None
                assert not any(table.first_rows for table in app.query(FirstRowsTable))
        finally:
            if app.opened is not None:
                await asyncio.to_thread(app.opened.close)

    asyncio.run(steps())
