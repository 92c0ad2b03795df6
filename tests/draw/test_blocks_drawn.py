"""Blocks as lines: what each shows at two widths, that nothing is too wide, and that hostile text stays text."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from sample_blocks import BLOCKS, text_of

from segtui.api.report import Additive, Axis, Bars, Figure, Figures, Flow, Grid, Heatmap, Lines, Scatter, Series, Text
from segtui.draw.block import draw_block
from segtui.draw.line import letter_of, plain

DRAWN = Path(__file__).parent / "drawn"
HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07",
    "\x9b2J\x00\x7f",
    "user\u202egnp.exe",
    "a\u200bb\ufeff",
    "a\tb\nc\rd",
    "[@click=app.quit]x[/]",
    "[link=http://x]y[/link]",
    "[/nope]",
    ":smile:",
    "{x}",
    "x" * 5_000,
)


@pytest.mark.parametrize("width", [44, 100])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_drawn_as_it_was_approved(name: str, width: int) -> None:
    approved = (DRAWN / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert "\n".join(text_of(BLOCKS[name], width)) + "\n" == approved


@pytest.mark.parametrize("name", BLOCKS)
def test_no_line_is_wider_than_asked(name: str) -> None:
    for width in range(36, 140, 3):
        assert max(cell_len(plain(line)) for line in draw_block(BLOCKS[name], width)) <= max(width, 36), width


def harmed(value: object, text: str) -> object:
    """A block with every label, title, unit and word replaced."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(harmed(one, text) for one in value)
    if isinstance(value, dict):
        return {key: harmed(one, text) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"template", "tone", "outcome", "additive", "about", "sources_about", "targets_about"}
        changed = {one.name: harmed(getattr(value, one.name), text) for one in fields(value) if one.name not in kept}
        return replace(value, **changed)
    return value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", BLOCKS)
def test_hostile_text_is_inert(name: str, text: str) -> None:
    block = harmed(BLOCKS[name], text)
    for width in (36, 100):
        shown = "".join(text_of(block, width))
        assert not {one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
        assert max(cell_len(plain(line)) for line in draw_block(block, width)) <= width


def test_a_template_with_controls_is_inert() -> None:
    assert text_of(Text("a\x1b[31mred\u202e".replace("31", "")), 60) == ["a␛[mred<202E>"]


def test_a_wide_grid_repeats_its_first_column_and_says_which_columns_follow() -> None:
    names = tuple(f"column {place}" for place in range(20))
    grid = Grid(Axis(("one", "two")), Axis(names), ((1.0,) * 20, (2.0,) * 20))
    lines = text_of(grid, 60)
    assert lines[0].startswith("columns 1 to ") and lines[0].endswith(" of 20")
    assert sum(line.startswith("one") for line in lines) == sum("of 20" in line for line in lines) > 1
    assert sum(line.split().count("1") for line in lines if line.startswith("one")) == 20


def test_a_long_grid_says_how_many_rows_are_not_shown() -> None:
    grid = Grid(Axis(tuple(f"row {place}" for place in range(700))), Axis(("a",)), ((1,),) * 700)
    lines = text_of(grid, 80)
    assert lines[-1] == "200 more rows not shown here"
    assert sum(line.startswith("row ") for line in lines) == 500


def test_a_grid_of_many_columns_says_how_many_are_not_shown() -> None:
    grid = Grid(Axis(("a",)), Axis(tuple(f"c{place}" for place in range(130))), ((1,) * 130,))
    assert text_of(grid, 80)[-1] == "30 more columns not shown here"


def test_sums_leave_out_what_is_hidden() -> None:
    rows, columns = Axis(("a", "b")), Axis(("x", "y"))
    grid = Grid(rows, columns, ((1, "hidden"), (2, 3)), additive=Additive.COLUMNS)
    assert text_of(grid, 60)[-1].split() == ["sum", "3", "–"]


def test_shown_percentages_add_up() -> None:
    lines = text_of(Bars(("a", "b", "c"), (100 / 3,) * 3, unit="%", additive=Additive.COLUMNS), 80)
    assert sum(float(line.split()[-1]) for line in lines[1:]) == pytest.approx(100.0)


def test_the_parts_of_a_column_add_up_and_so_do_its_totals() -> None:
    grid = Grid(
        Axis(("a", "b", "c")),
        Axis(("customers", "share"), units=("", "%"), decimals=(0, 1)),
        ((1, 100 / 3), (1, 100 / 3), (1, 100 / 3)),
        additive=Additive.COLUMNS,
    )
    lines = text_of(grid, 80)
    assert [line.split()[-1] for line in lines[3:6]] == ["33.4", "33.3", "33.3"]
    assert lines[-1].split() == ["sum", "3", "100.0"]
    both = Grid(Axis(("a", "b")), Axis(("c", "d")), ((1, 2), (3, 4)), additive=Additive.BOTH)
    assert [line.split()[-1] for line in text_of(both, 80)[2:4]] == ["3", "7"]
    assert text_of(both, 80)[-1].split() == ["sum", "4", "6", "10"]


def test_a_long_name_takes_the_room_that_the_columns_leave() -> None:
    name = "B Potential Loyalist = C Recent, frequent, high spend"
    grid = Grid(Axis((name,)), Axis(("in both",)), ((727,),))
    assert text_of(grid, 100)[-1].split("  ")[0] == name
    assert len(text_of(grid, 50)) == len(text_of(grid, 100)) + 1


def test_words_are_wrapped_narrower_where_the_table_then_stays_in_one_piece() -> None:
    lines = text_of(BLOCKS["sums"], 80)
    assert lines[1].split() == ["rule", "customers", "share"]
    assert next(line for line in lines if line.startswith("A ")).split()[-2:] == ["412", "6.8"]
    assert any(line.strip() == "online or in a store" for line in lines)
    assert text_of(BLOCKS["sums"], 60)[1] == "column 1 of 3"


def test_a_small_bar_is_still_seen() -> None:
    lines = text_of(Bars(("much", "little", "none"), (1e6, 1.0, 0.0)), 80)
    assert ["▏" in line or "█" in line for line in lines] == [True, True, False]


def test_values_far_from_the_middle_are_marked_without_colour() -> None:
    lines = text_of(Heatmap(Axis(("a",)), Axis(("p", "q", "r", "s")), ((200.0, 130.0, 100.0, 20.0),), middle=100.0), 80)
    assert lines[2].split() == ["a", "200▲", "130△", "100", "20▼"]


def test_series_have_marks_of_their_own() -> None:
    lines = Lines((1.0, 2.0), tuple(Series(f"s{place}", (float(place), 0.0)) for place in range(10)))
    legend = " ".join(text_of(lines, 96)[:3]).split()
    marks = [legend[legend.index(f"s{place}") - 1] for place in range(10)]
    assert len(set(marks)) == 10


@pytest.mark.parametrize(
    "block",
    [
        Lines((), ()), Lines((1.0,), (Series("a", (None,)),)), Scatter((), ()), Flow((), (), ()),
        Flow(("a",), ("b",), ((0,),)), Bars((), ()), Figures(()), Grid(Axis(()), Axis(()), ()),
        Grid(Axis(("a",)), Axis(()), ((),)), Heatmap(Axis(("a",)), Axis(("b",)), ((None,),)),
    ],
)  # fmt: skip
def test_a_block_without_anything_in_it_is_drawn(block: object) -> None:
    for width in (36, 120):
        lines = text_of(block, width)
        assert all(len(line) <= width for line in lines) and not any("nan" in line for line in lines)


@pytest.mark.parametrize(
    "values",
    [
        (5.0,), (0.0, 0.0), (1e-12, 2e-12), (0.0, 5e-324), (1e20, 3e20), (1e20, 1e20 + 16384), (-1e9, 1e9),
        (1e6, 1e6 + 1e-3), (-1.7e308, 1.7e308),
    ],
)  # fmt: skip
def test_a_line_of_any_size_has_ticks(values: tuple[float, ...]) -> None:
    x = tuple(float(place) for place in range(len(values)))
    lines = text_of(Lines(x, (Series("", values),), "x", "y"), 60)
    assert sum("┤" in line for line in lines) >= 2
    assert any("┬" in line for line in lines)


def test_numbers_at_the_end_of_what_is_known_are_drawn() -> None:
    most = (-1.7e308, 0.0, 1.7e308)
    heat = text_of(Heatmap(Axis(("a",)), Axis(("x", "y", "z")), (most,)), 60)
    assert "▼" in heat[2] and "▲" in heat[2]
    assert "█" in text_of(Bars(("a", "b", "c"), most), 60)[2]
    assert text_of(Scatter(most, most), 60)[-1] == "3 points"


@pytest.mark.parametrize("days", [0, 3, 40, 200, 1_000, 20_000, 3_000_000])
def test_dates_of_any_reach_have_ticks(days: int) -> None:
    first = date(1, 1, 1)
    x = (first, date.fromordinal(first.toordinal() + days)) if days else (first,)
    lines = text_of(Lines(x, (Series("", (1.0, 2.0)[: len(x)]),)), 60)
    assert any("┬" in line for line in lines)


def test_series_of_one_letter_have_marks_of_their_own_too() -> None:
    legend = text_of(Lines((1.0, 2.0), tuple(Series(name, (1.0, 2.0)) for name in ("A low", "A high"))), 96)[0]
    assert legend == "● A low    ■ A high"


def test_wide_characters_keep_the_columns() -> None:
    grid = Grid(Axis(("客户", "abc")), Axis(("数", "n")), ((1, 2), (3, 4)))
    assert len({cell_len(line) for line in text_of(grid, 60)[1:]}) == 1


def test_only_labels_about_segments_have_letters_in_colour() -> None:
    assert letter_of("AB New") == ("AB", 27)
    about = ((("kmeans", "0"),), (("region", ""),))
    drawn = draw_block(Grid(Axis(("A One", "A Two"), about=about), Axis(("n",)), ((1,), (2,))), 60)
    assert [[piece.look for piece in line if "segment" in piece.look] for line in drawn[-2:]] == [
        ["strong segment-1"], []
    ]  # fmt: skip


def test_a_figure_of_no_value_has_no_unit() -> None:
    assert text_of(Figures((Figure("spent", None, "EUR"),)), 60) == ["spent", "–"]
