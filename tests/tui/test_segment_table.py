"""The table of segments: what it shows at three widths, how the cursor and the columns move, what it says."""

from __future__ import annotations

import re

import polars as pl
import pytest
from textual.pilot import Pilot
from textual.widgets import Static
from widget_app import WidgetApp, run, screen_lines

from segtui.api.profile import Profile, profile
from segtui.api.segmentation import ShownSegment, letter
from segtui.api.table import Column, Kind
from segtui.tui.widgets.segment_names import SegmentNames
from segtui.tui.widgets.segment_table import SegmentTable


def segments_of(sizes: list[int], names: list[str] | None = None) -> tuple[ShownSegment, ...]:
    return tuple(
        ShownSegment(10 + place, letter(place), names[place] if names else f"Name {place}", size)
        for place, size in enumerate(sizes)
    )


def profiled(sizes: list[int], unassigned: int = 0, numbers: int = 2) -> Profile:
    """Customers whose first number rises with the segment, and of whom the last half says yes."""
    labels = [10 + place for place, size in enumerate(sizes) for _ in range(size)] + [None] * unassigned
    rows = len(labels)
    frame = pl.DataFrame(
        {
            "monetary": [float(100 * (label or 0)) + row % 7 for row, label in enumerate(labels)],
            "online_share": [row >= rows / 2 for row in range(rows)],
            **{f"number {place}": [float(row % (place + 2)) for row in range(rows)] for place in range(numbers)},
        }
    )
    columns = {name: Column(name, Kind.NUMBER) for name in frame.columns}
    columns["monetary"] = Column("monetary", Kind.NUMBER, unit="EUR")
    columns["online_share"] = Column("online_share", Kind.FLAG)
    return profile(frame, columns, pl.Series(labels, dtype=pl.Int32), [10 + place for place in range(len(sizes))])


def table(sizes: list[int], names: list[str] | None = None, **options: int) -> SegmentTable:
    made = SegmentTable()
    made.set_segments(segments_of(sizes, names), profiled(sizes, **options))
    return made


async def lines(pilot: Pilot[None]) -> list[str]:
    await pilot.pause()
    return [line.rstrip() for line in screen_lines(pilot)]


def test_rows_shares_and_all() -> None:
    shown = run(table([40, 30, 29], unassigned=1), lines, (100, 20))
    assert shown[0].split() == ["online"]
    assert shown[1].split() == ["customers", "share", "monetary", "share", "number", "0", "number", "1"]
    assert shown[2].split() == ["%", "EUR", "%"]
    rows = [re.sub(r"[█▉▊▋▌▍▎▏]+", "", line).split() for line in shown[4:9]]
    assert rows[0][:5] == ["▸A", "Name", "0", "40", "40.0"]
    assert rows[1][:5] == ["B", "Name", "1", "30", "30.0"]
    assert rows[3][:5] == ["in", "no", "segment", "1", "1.0"]
    assert shown[8].startswith("───")
    assert shown[9].split()[:3] == ["all", "100", "100.0"]
    assert shown[5].count("▲") + shown[5].count("▼") + shown[4].count("▼") >= 1


def test_shares_add_up_to_a_hundred() -> None:
    shown = run(table([1, 1, 1]), lines, (100, 20))
    shares = [float(line.split()[4]) for line in shown[4:7]]
    assert sum(shares) == pytest.approx(100.0)


def test_an_empty_segment_is_shown_as_empty() -> None:
    sizes = [5, 0]
    shown = run(table(sizes), lines, (100, 20))
    assert shown[5].split()[:4] == ["B", "Name", "1", "0"]
    assert "–" in shown[5]


LONG = "Hardly online, mostly store"


@pytest.mark.parametrize(("width", "is_whole"), [(120, True), (64, True), (40, False)])
def test_a_name_is_whole_where_two_columns_fit_beside_it(width: int, is_whole: bool) -> None:
    made = table([40, 30], [LONG, "Low"])
    shown = run(made, lines, (width, 20))
    assert (f"A {LONG}" in "\n".join(shown)) is is_whole
    assert len(re.findall(r"monetary|share", "\n".join(shown[:2]))) >= 2, "its share and a column of figures"


def test_whether_the_name_under_the_cursor_is_cut_is_told() -> None:
    async def cut(pilot: Pilot[None]) -> list[bool]:
        found = list[bool]()
        for width, key in ((120, "up"), (40, "up"), (40, "down")):
            await pilot.resize_terminal(width, 20)
            await pilot.press(key)
            await pilot.pause()
            found.append(pilot.app.query_one(SegmentTable).cuts_name)
        return found

    made = table([40, 30], [LONG, "Low"])
    assert run(made, cut, (120, 20)) == [False, True, False]


@pytest.mark.parametrize(
    ("rule", "description", "told"),
    [
        ("Low", "", ""),
        ("", "", ""),
        ("spend under 9", "", "A  spend under 9"),
        ("Low", "Rarely here", "A  Rarely here"),
        ("spend under 9", "Rarely here", "A  Rarely here\nspend under 9"),
    ],
)
def test_nothing_is_said_twice_of_a_segment(rule: str, description: str, told: str) -> None:
    names = SegmentNames()

    async def about(pilot: Pilot[None]) -> str:
        names.set_segments([ShownSegment(10, "A", "Low", 40, rule, description)], profiled([40]), ())
        await pilot.pause()
        line = pilot.app.query_one(".about", Static)
        return str(line.render()) if line.display else ""

    assert run(names, about, (100, 20)) == told


@pytest.mark.parametrize("height", [30, 12])
def test_what_sets_the_segment_under_the_cursor_apart_stands_below_where_there_is_room(height: int) -> None:
    names = SegmentNames()

    async def moved(pilot: Pilot[None]) -> tuple[list[str], list[str]]:
        names.set_segments(segments_of([40, 40]), profiled([40, 40]), ())
        first = await lines(pilot)
        names.query_one(SegmentTable).focus()
        await pilot.press("down")
        return first, await lines(pilot)

    first, second = run(names, moved, (80, height))
    assert any("what sets A apart" in line for line in first) == (height == 30)
    assert any("what sets B apart" in line for line in second) == (height == 30)
    if height == 30:
        low, high = (next(line for line in shown[9:] if "monetary" in line) for shown in (first, second))
        assert "▼" in low and "▲" in high and "EUR" in low


def test_names_of_columns_are_broken_between_words_alone() -> None:
    sizes = [40, 30]
    labels = pl.Series([10] * 40 + [11] * 30, dtype=pl.Int32)
    columns = ("MonthlyCharges", "Dependents", "InvoiceNo", "average_basket_value", "a" * 30)
    frame = pl.DataFrame({name: [float(row) for row in range(70)] for name in columns})
    made = SegmentTable()
    found = profile(frame, {name: Column(name, Kind.NUMBER) for name in columns}, labels, [10, 11])
    made.set_segments(segments_of(sizes), found)
    words = " ".join(run(made, lines, (160, 20))[:3]).split()
    assert {"Monthly", "Charges", "Dependents", "InvoiceNo", "average", "basket", "value"} <= set(words)


def test_names_stay_while_columns_scroll() -> None:
    async def moved(pilot: Pilot[None]) -> list[list[str]]:
        seen = [await lines(pilot)]
        for _ in range(30):
            await pilot.press("right")
        seen.append(await lines(pilot))
        for _ in range(30):
            await pilot.press("left")
        return [*seen, await lines(pilot)]

    first, last, again = run(table([9, 8], numbers=12), moved, (60, 20))
    assert first == again
    assert [line[:12] for line in first[4:6]] == [line[:12] for line in last[4:6]]
    assert "monetary" in first[1] and "monetary" not in "".join(last)
    assert re.search(r"^ columns 1 to \d+ of 15 →$", first[8]) and re.search(r"^ ← columns \d+ to 15 of 15$", last[8])
    assert "customers" in "".join(last)


def test_columns_of_the_feature_set_come_first() -> None:
    made = SegmentTable()
    made.set_segments(segments_of([5, 5]), profiled([5, 5]), ["number 1", "online_share"])
    shown = run(made, lines, (100, 20))
    assert " ".join(shown[1].split()) == "customers share number 1 share monetary number 0"


def test_the_cursor_moves_and_tells() -> None:
    made = table([9, 8, 7])

    async def moved(pilot: Pilot[None]) -> list[object]:
        app = pilot.app
        assert isinstance(app, WidgetApp)
        for key in ("down", "down", "down", "up", "enter", "home", "end", "enter"):
            await pilot.press(key)
        await pilot.pause()
        return app.messages

    told = [(type(one).__name__, one.code) for one in run(made, moved)]
    assert told == [
        ("RowHighlighted", 10), ("RowHighlighted", 11), ("RowHighlighted", 12), ("RowHighlighted", 11),
        ("RowChosen", 11),
        ("RowHighlighted", 10), ("RowHighlighted", 12), ("RowChosen", 12),
    ]  # fmt: skip


def test_a_click_moves_and_two_choose() -> None:
    made = table([9, 8, 7])

    async def clicked(pilot: Pilot[None]) -> list[object]:
        app = pilot.app
        assert isinstance(app, WidgetApp)
        await pilot.click(SegmentTable, offset=(5, 5))
        await pilot.click(SegmentTable, offset=(5, 6), times=2)
        await pilot.click(SegmentTable, offset=(5, 1))
        await pilot.pause()
        return app.messages

    told = [(type(one).__name__, one.code) for one in run(made, clicked)]
    assert told[1:] == [("RowHighlighted", 11), ("RowHighlighted", 12), ("RowChosen", 12)]


def test_the_cursor_stays_on_its_segment() -> None:
    made = table([9, 8, 7])

    async def renewed(pilot: Pilot[None]) -> tuple[int | None, int | None]:
        await pilot.press("down")
        made.set_segments(tuple(reversed(segments_of([9, 8]))), profiled([9, 8]))
        before = made.code
        made.set_segments(segments_of([9]), profiled([9]))
        return before, made.code

    assert run(made, renewed) == (11, 10)


def test_many_rows_scroll_between_head_and_all() -> None:
    made = table([3] * 40)

    async def scrolled(pilot: Pilot[None]) -> tuple[list[str], list[str]]:
        before = await lines(pilot)
        await pilot.press("end")
        return before, await lines(pilot)

    before, after = run(made, scrolled, (90, 16))
    assert before[:4] == after[:4]
    assert "all" in before[15] and "all" in after[15]
    assert before[4].startswith("▸A ") and after[13].startswith("▸AN ")


def test_more_numbers_than_fit_are_told() -> None:
    shown = run(table([5, 5], numbers=60), lines, (90, 16))
    assert any("12 more numbers in the profile, not shown here" in line for line in shown)


def test_hostile_names_are_inert() -> None:
    names = ["[/nope]\x1b[2J\u202e", "[@click=app.quit]x[/]"]
    shown = run(table([5, 5], names), lines, (120, 16))
    assert "[/nope]␛[2J<202E>" in shown[4]
    assert "[@click=app.quit]x[/]" in shown[5]


def test_without_segments_it_says_so() -> None:
    async def chosen(pilot: Pilot[None]) -> list[str]:
        await pilot.press("down", "enter", "right", "end")
        return await lines(pilot)

    assert run(SegmentTable("Run a method first."), chosen)[0].strip() == "Run a method first."


@pytest.mark.parametrize("width", [36, 40, 60, 80, 120])
def test_nothing_is_wider_than_the_screen(width: int) -> None:
    made = table([400, 30, 2], ["A name that is longer than any name should be"] * 3, numbers=9)

    async def resized(pilot: Pilot[None]) -> list[str]:
        await pilot.resize_terminal(width, 20)
        return await lines(pilot)

    shown = run(made, resized, (100, 20))
    assert all(len(line) <= width for line in shown)
    assert all(letter(place) in shown[4 + place][:3] for place in range(3))
