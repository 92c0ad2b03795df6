"""The table over a frame: every row and column is reached, cells say what the frame holds, whatever it holds."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frame_table_app import TableApp, driven
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from segtui.tui.widgets.frame_pages import PAGE_ROWS, OpenFrame, Page
from segtui.tui.widgets.frame_table import ColumnLook, FrameTable

Driver = Pilot[None]
TEN_MILLION = 10_000_000


def _orders(rows: int = 1_000) -> pl.DataFrame:
    number = pl.int_range(0, rows)
    return pl.select(
        order=number.cast(pl.String).str.zfill(8),
        amount=number / 4.0,
        quantity=number * 7,
        channel=pl.when(number % 2 == 0).then(pl.lit("online")),
    )


def test_cells_say_what_the_frame_holds() -> None:
    async def act(app: TableApp, _: Driver) -> None:
        assert [line.split() for line in app.rows()[:3]] == [
            ["00000000", "0.00", "0", "online"],
            ["00000001", "0.25", "7", "–"],
            ["00000002", "0.50", "14", "online"],
        ]
        assert app.header()[0].split() == ["order", "amount", "quantity", "channel"]
        assert app.table.row_range == "rows 1–21 of 1,000"

    driven(act, _orders())


def test_every_kind_of_value_is_written_for_readers() -> None:
    frame = pl.DataFrame(
        {
            "whole": [1234567, -5],
            "float": [1234.5, float("nan")],
            "day": [date(2024, 2, 29), None],
            "moment": [datetime(2024, 2, 29, 8, 30), datetime(2024, 2, 29)],
            "flag": [True, False],
            "list": [[1, 2], []],
        }
    )

    async def act(app: TableApp, _: Driver) -> None:
        first, second = (" ".join(line.split()) for line in app.rows()[:2])
        assert first == "1,234,567 1,234.5 2024-02-29 2024-02-29 08:30 yes [1, 2]"
        assert second == "-5 NaN – 2024-02-29 00:00 no []"

    driven(act, frame)


def test_values_beyond_the_calendar_are_said_to_be_so() -> None:
    far = pl.DataFrame({"day": [2**30], "moment": [2**62]}, schema={"day": pl.Int32, "moment": pl.Int64})
    frame = far.select(pl.col("day").cast(pl.Date), pl.col("moment").cast(pl.Datetime("us")))

    async def act(app: TableApp, _: Driver) -> None:
        assert app.rows()[0].split("  ")[0].strip() == "not in years 1 to 9999"
        assert app.rows()[0].count("not in years") == 2

    driven(act, frame)


@pytest.mark.parametrize("kind", ["in memory", "lazy"])
def test_the_last_of_ten_million_rows_is_reached(kind: str) -> None:
    numbers = pl.int_range(0, TEN_MILLION, eager=True).alias("number").to_frame()
    source = numbers if kind == "in memory" else numbers.lazy()

    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("G")
        await app.settled(pilot)
        assert app.table.row_range == "rows 9,999,980–10,000,000 of 10,000,000"
        assert [line.strip() for line in app.rows()] == [f"{row:,}" for row in range(9_999_979, TEN_MILLION)]
        assert app.table.cursor_row == TEN_MILLION - 1
        await pilot.press("g")
        await app.settled(pilot)
        assert app.rows()[0].strip() == "0"
        app.table.scroll_to(y=5_000_000, animate=False)
        await app.settled(pilot)
        assert app.rows()[0].strip() == "5,000,000"

    driven(act, source)


@pytest.mark.slow
def test_the_last_row_of_a_file_of_ten_million_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "long.arrow"
    _orders(TEN_MILLION).write_ipc(path, compression="uncompressed")

    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("G")
        await app.settled(pilot)
        assert app.rows()[-1].split() == ["09999999", "2,499,999.75", "69,999,993", "–"]

    driven(act, path)


def test_a_file_is_shown_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "data[1].arrow"
    frame = _orders(3 * PAGE_ROWS)
    frame.write_ipc(path, compression="uncompressed")

    async def act(app: TableApp, pilot: Driver) -> None:
        shown = []
        while True:
            shown += [line.split()[0] for line in app.rows()]
            if app.table.scroll_offset.y == app.table.max_scroll_y:
                break
            await pilot.press("pagedown")
            await app.settled(pilot)
        assert sorted(set(shown)) == frame["order"].to_list()

    driven(act, path)


def test_ten_thousand_columns_are_reached_one_by_one_and_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wide.arrow"
    number = pl.int_range(0, 30)
    pl.select(**{f"q{column}": number + column for column in range(10_000)}).write_ipc(path)

    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("end")
        await app.settled(pilot)
        assert app.table.cursor_column == "q9999"
        assert app.rows()[1].replace("│", " ").split()[0] == "1", "the first column stays"
        assert app.rows()[1].split()[-1] == "10,000"
        await pilot.press("left")
        assert app.table.cursor_column == "q9998"
        app.table.move_to_column("q5000")
        await app.settled(pilot)
        names, values = (line.replace("│", " ").split() for line in (app.header()[0], app.rows()[0]))
        assert values[names.index("q5000")] == "5,000"

    driven(act, path)


def test_walking_right_shows_every_column_whole() -> None:
    frame = pl.DataFrame({f"column {number}": [10**number] for number in range(18)})

    async def act(app: TableApp, pilot: Driver) -> None:
        for number in range(18):
            assert app.table.cursor_column == f"column {number}"
            assert f" {10**number:,} " in f"{app.rows()[0]} "
            await pilot.press("right")
        await pilot.press("home")
        assert app.table.cursor_column == "column 0"

    driven(act, frame, size=(60, 10))


def test_a_cut_number_is_never_shown() -> None:
    frame = pl.DataFrame({"name": ["x" * 20], "amount": [123456789]})

    async def act(app: TableApp, _: Driver) -> None:
        assert "123" not in app.rows()[0]
        assert "…" in app.rows()[0]

    driven(act, frame, size=(31, 8))


def test_numbers_larger_than_those_of_the_sample_get_room() -> None:
    frame = pl.DataFrame({"number": [1] * 2_000 + [123_456_789_012] + [1] * 2_000})

    async def act(app: TableApp, pilot: Driver) -> None:
        app.table.move_cursor(row=2_000)
        await app.settled(pilot)
        assert "123,456,789,012" in "".join(app.rows())

    driven(act, frame)


def test_decimals_are_the_same_for_a_whole_column_and_a_small_number_is_never_zero() -> None:
    frame = pl.DataFrame({"given": [1.5, 2.25, 0.0001], "found": [1.0, 20.5, 3.25]})

    async def act(app: TableApp, _: Driver) -> None:
        assert [line.split() for line in app.rows()[:3]] == [["1.50", "1.00"], ["2.25", "20.50"], ["0.0001", "3.25"]]
        assert len({line.rstrip().rfind(".") for line in app.rows()[:3]}) == 1

    driven(act, frame, [ColumnLook("given", decimals=2), ColumnLook("found")])


def test_wide_characters_stay_in_line() -> None:
    texts = ["plain", "日本茶 煎茶", "👩 lady", "e\u0301te\u0301", "한국어", "👨\u200d👩\u200d👧", "日" * 50]
    frame = pl.DataFrame({"text": texts, "next": ["|"] * len(texts)})

    async def act(app: TableApp, _: Driver) -> None:
        lines = app.rows()[: len(texts)]
        assert len({cell_len(line[: line.index("|")]) for line in lines}) == 1
        assert {cell_len(line) for line in lines} == {app.table.scrollable_size.width}
        assert "…" in lines[-1]

    driven(act, frame)


def test_hostile_text_is_inert_in_cells_and_headers() -> None:
    hostile = [chr(code) for code in range(0xA0)] + [
        "\u202etxt.exe",
        "\u2066a\u2069",
        "\ufeff\u200b",
        "\u2028line",
        "[/]",
        "[/nope]",
        "[red]x[/red]",
        "[@click=app.quit]x[/]",
        "[link=http://example.com]x[/link]",
        ":smile:",
        "\x1b]52;c;AAAA\x07",
        "\x9b2J",
        "a\tb\nc",
    ]
    harmful = {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]} | set("\u202e\u2066\u2069\ufeff\u200b\u2028")
    frame = pl.DataFrame({"text": hostile})
    names = pl.DataFrame({name: [1] for name in hostile if name})

    async def cells(app: TableApp, _: Driver) -> None:
        seen = "".join(app.rows())
        assert not harmful & set(seen)
        for literal in ("[/nope]", "[red]x[/red]", "[@click=app.quit]x[/]", ":smile:", "␛]52;c;AAAA␇", "a␉b␊c"):
            assert literal in seen
        assert "<202E>txt.exe" in seen and "<009B>2J" in seen
        for strip in app.table.render_lines(app.table.size.region):
            assert not any(segment.style and (segment.style.meta or segment.style.link) for segment in strip)

    async def headers(app: TableApp, _: Driver) -> None:
        seen = "".join(app.header())
        assert not harmful & set(seen)
        assert seen.count("[/nope] [") == 1 and seen.count("[/nope]") == 2 and seen.count("[@click=app.quit]x[…") == 1

    driven(cells, frame, size=(80, 200))
    driven(headers, names, [ColumnLook(name, name, name[:1]) for name in names.columns], size=(2_000, 8))


def test_names_that_polars_takes_for_patterns_are_only_names() -> None:
    frame = pl.DataFrame({"*": [1], "^.*$": [2], "": [3]})

    async def act(app: TableApp, _: Driver) -> None:
        assert app.rows()[0].split() == ["1", "2", "3"]

    driven(act, frame)
    driven(act, frame.lazy())


def test_a_huge_cell_is_cut() -> None:
    frame = pl.DataFrame({"text": ["x" * 1_000_000] * 50, "bytes": [b"y" * 1_000_000] * 50})

    async def act(app: TableApp, _: Driver) -> None:
        assert {len(line) for line in app.rows()} == {app.table.scrollable_size.width}
        assert app.rows()[0].split()[0] == "x" * 31 + "…"

    driven(act, frame)


def test_the_cursor_says_where_it_is_and_what_was_chosen() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("down", "right", "enter")
        moved = [(type(one), one.row, one.column) for one in app.sent if isinstance(one, FrameTable._CellMessage)]
        assert moved == [
            (FrameTable.CursorMoved, 0, "order"),
            (FrameTable.CursorMoved, 1, "order"),
            (FrameTable.CursorMoved, 1, "amount"),
            (FrameTable.Selected, 1, "amount"),
        ]
        app.sent.clear()
        await pilot.press("up", "up", "left", "left")
        assert len(app.sent) == 2, "nothing moves beyond the edges"

    driven(act, _orders())


def test_the_mouse_moves_the_cursor_and_the_wheel_the_view() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.click(FrameTable, offset=(14, 5))
        assert (app.table.cursor_row, app.table.cursor_column) == (2, "amount")
        await pilot.click(FrameTable, offset=(2, 0))
        assert (app.table.cursor_row, app.table.cursor_column) == (2, "order"), "the header chooses a column"
        await pilot.click(FrameTable, offset=(75, 5))
        assert app.table.cursor_column == "order", "beside the table there is no column"
        await pilot.click(FrameTable, offset=(14, 7), times=2)
        assert isinstance(app.sent[-1], FrameTable.Selected)
        await pilot._post_mouse_events([events.MouseScrollDown], FrameTable, offset=(5, 5))
        assert app.table.scroll_offset.y > 0
        assert app.table.cursor_row == 4, "the wheel leaves the cursor where it is"

    driven(act, _orders())


@pytest.mark.parametrize(
    ("wheel", "back", "keys"),
    [
        (events.MouseScrollRight, events.MouseScrollLeft, {}),
        (events.MouseScrollDown, events.MouseScrollUp, {"shift": True}),
        (events.MouseScrollDown, events.MouseScrollUp, {"control": True}),
    ],
)
def test_the_wheel_sideways_moves_by_whole_columns(wheel: Any, back: Any, keys: dict[str, bool]) -> None:
    frame = pl.DataFrame({f"c{number}": ["a text of some length"] for number in range(20)})

    async def act(app: TableApp, pilot: Driver) -> None:
        for number in (2, 3, 4):
            await pilot._post_mouse_events([wheel], FrameTable, offset=(30, 5), **keys)
            assert app.header()[0].replace("│", " ").split()[:2] == ["c0", f"c{number}"]
        await pilot._post_mouse_events([back], FrameTable, offset=(30, 5), **keys)
        assert app.header()[0].replace("│", " ").split()[:2] == ["c0", "c3"]
        assert app.table.cursor_column == "c0"

    driven(act, frame)


def test_the_cursor_is_drawn_where_it_is_and_nowhere_else() -> None:
    def drawn(app: TableApp) -> list[int]:
        cursor = app.table.get_component_rich_style("frame-table--cursor").bgcolor
        strips = app.table.render_lines(app.table.scrollable_size.region)
        return [
            y
            for y, strip in enumerate(strips)
            if any(segment.style and segment.style.bgcolor == cursor for segment in strip)
        ]

    async def act(app: TableApp, pilot: Driver) -> None:
        assert drawn(app) == [3]
        for keys, lines in ((["down"], [4]), (["right", "down"], [5]), (["pagedown"], [5]), (["up"] * 4, [3])):
            await pilot.press(*keys)
            assert drawn(app) == lines
        await pilot.press("G")
        assert drawn(app) == [23]

    driven(act, _orders())


def test_paging_moves_view_and_cursor_together() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("down", "pagedown")
        assert (app.table.cursor_row, app.table.row_range) == (22, "rows 22–42 of 1,000")
        await pilot.press("pageup")
        assert (app.table.cursor_row, app.table.row_range) == (1, "rows 1–21 of 1,000")
        await pilot.press("pagedown", "G", "pagedown")
        assert (app.table.cursor_row, app.table.row_range) == (999, "rows 980–1,000 of 1,000")

    driven(act, _orders())


def test_without_a_cursor_keys_scroll() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("down", "down")
        assert app.table.row_range == "rows 3–23 of 1,000"
        await pilot.press("G")
        assert app.table.row_range == "rows 980–1,000 of 1,000"
        app.sent.clear()
        await pilot.press("enter")
        assert app.sent == []

    driven(act, _orders(), cursor="none")


def test_a_row_cursor_covers_the_row() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("down")
        strips = app.table.render_lines(app.table.scrollable_size.region)
        backgrounds = [{segment.style.bgcolor for segment in strip if segment.style} for strip in strips[3:6]]
        assert len(backgrounds[1]) == 1
        assert backgrounds[1] != backgrounds[0] == backgrounds[2]

    driven(act, _orders(), cursor="row")


def test_row_numbers_and_marks() -> None:
    async def act(app: TableApp, _: Driver) -> None:
        assert [line.split()[0] for line in app.rows()[:2]] == ["1", "2"]
        assert "amount !" in app.header()[0]
        app.table.mark_columns({"order": "!"})
        assert "order !" in app.header()[0] and "amount !" not in app.header()[0]

    driven(act, _orders(), [ColumnLook("order"), ColumnLook("amount", mark="!")], row_numbers=True)


def test_a_name_has_room_for_its_mark_whenever_it_comes() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        app.table.mark_columns({"order_date": "!"})
        assert app.header()[0].split() == ["order_date", "!", "next"]
        app.table.set_frame(pl.DataFrame({"order_date": [1], "next": [2]}))
        app.table.mark_columns({"order_date": "!"})
        await app.settled(pilot)
        assert app.header()[0].split() == ["order_date", "!", "next"]

    driven(act, pl.DataFrame({"order_date": ["2024-01-02"], "next": ["x"]}))


def test_a_chosen_column_is_waited_for() -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        app.table.set_frame(pl.DataFrame({f"c{number}": ["text"] for number in range(100)}))
        app.table.move_to_column("c60")
        app.table.mark_columns({"c60": "!"})
        await app.settled(pilot)
        assert app.table.cursor_column == "c60"
        assert "c60 !" in app.header()[0]

    driven(act)


@pytest.mark.parametrize("size", [(20, 6), (1, 1), (200, 60), (4, 4)])
def test_any_size_of_window_is_drawn(size: tuple[int, int]) -> None:
    async def act(app: TableApp, pilot: Driver) -> None:
        await pilot.press("G", "end")
        await pilot.resize_terminal(*size)
        await app.settled(pilot)
        assert all(cell_len(line) == app.table.scrollable_size.width for line in app.lines())
        await pilot.press("down", "left", "pagedown")
        await pilot.resize_terminal(80, 24)
        await app.settled(pilot)
        assert app.rows()[-1].replace("│", " ").split()[0] == "00000999"

    driven(act, _orders(), row_numbers=False)


def test_frames_without_rows_or_columns_say_so() -> None:
    async def no_rows(app: TableApp, pilot: Driver) -> None:
        assert app.rows()[0].strip() == "No rows."
        assert app.header()[0].split() == ["order", "amount", "quantity", "channel"]
        assert app.table.row_range == "no rows"
        await pilot.press("down", "G", "right", "enter", "pagedown")
        assert app.table.cursor_column == "amount"

    async def no_columns(app: TableApp, pilot: Driver) -> None:
        assert app.lines()[0].strip() == "No columns."
        await pilot.press("down", "G", "right", "enter")
        assert app.table.cursor_column is None

    async def nothing(app: TableApp, pilot: Driver) -> None:
        await pilot.press("down", "G", "right", "enter")
        assert app.table.row_range == ""
        assert app.sent == []

    driven(no_rows, _orders().head(0))
    driven(no_rows, _orders().head(0).lazy())
    driven(no_columns, pl.DataFrame())
    driven(nothing)


def test_what_can_not_be_read_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.arrow"
    damaged.write_bytes(b"ARROW1 but not really")

    async def act(app: TableApp, pilot: Driver) -> None:
        for path in (damaged, tmp_path / "missing.arrow"):
            app.sent.clear()
            app.table.set_frame(path)
            await app.settled(pilot)
            assert app.lines()[0].strip() == "This table can't be read."
            assert [type(one) for one in app.sent] == [FrameTable.Unreadable]

    driven(act)


@pytest.mark.parametrize("instead", [None, "damaged", "another"])
def test_a_file_that_goes_while_it_is_shown_is_said(tmp_path: Path, instead: str | None) -> None:
    path, other = tmp_path / "shown.arrow", tmp_path / "other.arrow"
    _orders(5_000).write_ipc(path, compression="uncompressed")
    if instead == "damaged":
        other.write_bytes(path.read_bytes()[:-2_000])
    else:
        pl.DataFrame({"order": [1.5] * 5_000}).write_ipc(other, compression="uncompressed")

    async def act(app: TableApp, pilot: Driver) -> None:
        if instead:
            other.replace(path)
        else:
            path.unlink()
        await pilot.press("G")
        await app.settled(pilot)
        assert app.rows()[-1].split() == ["?", "?", "?", "?"]
        assert any(isinstance(one, FrameTable.Unreadable) for one in app.sent)

    driven(act, path)


class _Gate:
    """Holds up the reading of pages, and counts it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.open.set()
        self.read: list[int] = []
        read_page = OpenFrame.page

        def held(frame: OpenFrame, row_block: int, *rest: Any) -> Page:
            self.read.append(row_block)
            assert self.open.wait(30)
            return read_page(frame, row_block, *rest)

        monkeypatch.setattr(OpenFrame, "page", held)


def test_a_page_scrolled_past_while_it_is_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _Gate(monkeypatch)

    async def act(app: TableApp, pilot: Driver) -> None:
        gate.open.clear()
        gate.read.clear()
        app.table.scroll_to(y=50_000, animate=False)
        await pilot.pause()
        assert app.rows()[0].split() == ["·"] * 4, "cells wait while the page is read"
        for row in (60_000, 70_000, 80_000):
            app.table.scroll_to(y=row, animate=False)
            await pilot.pause()
        gate.open.set()
        await app.settled(pilot)
        assert app.rows()[0].split()[0] == "00080000"
        assert sorted(gate.read) == [250, 399, 400, 401], "pages passed by are never read"
        app.table.scroll_to(y=50_000, animate=False)
        await app.settled(pilot)
        assert app.rows()[0].split()[0] == "00050000"
        assert gate.read.count(250) == 2, "the page that came too late was dropped"

    driven(act, _orders(100_000).lazy())


def test_the_app_answers_while_a_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _Gate(monkeypatch)

    async def act(app: TableApp, pilot: Driver) -> None:
        gate.open.clear()
        await pilot.press("G", "up", "up")
        assert app.table.cursor_row == 9_997
        app.table.set_frame(_orders(50).lazy())
        gate.open.set()
        await app.settled(pilot)
        assert app.table.row_range == "rows 1–21 of 50"
        assert app.rows()[0].split()[0] == "00000000"

    driven(act, _orders(10_000).lazy())
