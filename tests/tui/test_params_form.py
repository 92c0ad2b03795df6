"""The form: fields from a schema, their words and limits, and how they are edited."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from segtui.api.params import ColumnName, Condition, CountOrRange, NumberColumn, Params, SegmentationName
from segtui.api.table import Column, Kind
from segtui.tui.widgets import params_fields, params_values
from segtui.tui.widgets.params_fields import Offers, Takes, fields_of
from segtui.tui.widgets.params_form import ParamsForm
from segtui.tui.widgets.params_rows import FieldRow

HOSTILE = "[red]x[/] \x1b]0;t\x07"


class Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=20, description="Name of the segment")
    when: Condition = Field(min_length=1, description="Who is in it")
    least: int = Field(1, ge=1, le=9, description="Fewest")


class Everything(Params):
    k: CountOrRange = Field(CountOrRange(2, 8), title="Segments", json_schema_extra={"default": "2..8"})
    starts: int = Field(10, ge=1, le=1000, description="Random starts")
    share: float = Field(0.5, gt=0, lt=1, description="A part")
    edge: Literal["above", "below", "between"] = Field("above", description="Which side")
    whole: bool = Field(False, description="All or none")
    day: date | None = Field(None, description="From when on")
    column: NumberColumn = Field("spend", description="What is cut")
    columns: tuple[ColumnName, ...] = Field((), max_length=2, description="What is crossed")
    cuts: tuple[float, ...] = Field((), max_length=3, description="Where")
    before: SegmentationName | None = Field(None, description="Which result")
    code: str = Field("a1", pattern="^[a-z][0-9]$", description="A code")
    rules: tuple[Rule, ...] = Field((), max_length=3, description="Who is who")


COLUMNS = {
    name: Column(name, kind)
    for name, kind in [
        ("id", Kind.IDENTIFIER),
        ("spend", Kind.NUMBER),
        ("orders", Kind.NUMBER),
        ("channel", Kind.CATEGORY),
        (HOSTILE, Kind.TEXT),
    ]
}
OFFERS = Offers(COLUMNS, (), ("rfm",))
FIELDS = {one.name: one for one in fields_of(Everything.model_json_schema(), OFFERS)}


def test_each_declaration_becomes_a_field_that_takes_it() -> None:
    assert {name: one.takes for name, one in FIELDS.items()} == {
        "k": Takes.COUNT,
        "starts": Takes.WHOLE,
        "share": Takes.NUMBER,
        "edge": Takes.ONE,
        "whole": Takes.YES_NO,
        "day": Takes.DAY,
        "column": Takes.ONE,
        "columns": Takes.SEVERAL,
        "cuts": Takes.NUMBERS,
        "before": Takes.ONE,
        "code": Takes.TEXT,
        "rules": Takes.TABLE,
    }
    assert FIELDS["k"].title == "Segments" and FIELDS["starts"].title == "Starts"
    assert list(FIELDS["column"].choices) == ["spend", "orders"]
    assert list(FIELDS["columns"].choices) == list(COLUMNS)
    assert FIELDS["day"].optional and FIELDS["before"].optional and not FIELDS["starts"].optional
    assert "\x1b" not in "".join(FIELDS["columns"].choices.values())
    assert params_fields.defaults(FIELDS.values())["k"] == "2..8"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("k", " 5 ", "5"),
        ("k", "2 .. 6", "2..6"),
        ("k", "AUTO", "auto"),
        ("starts", "1,000", 1000),
        ("share", "0.25", 0.25),
        ("day", "2025-01-31", "2025-01-31"),
        ("day", "", None),
        ("cuts", "30, 90 365.5", [30, 90, 365.5]),
        ("code", "b2", "b2"),
    ],
)
def test_text_is_read_as_the_field_takes_it(name: str, text: str, value: Any) -> None:
    assert params_values.read(FIELDS[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("k", "8..2", "A number, a range such as 2..8, or auto."),
        ("starts", "0", "A whole number from 1 to 1,000."),
        ("starts", "many", "A whole number from 1 to 1,000."),
        ("starts", "1e999", "A whole number from 1 to 1,000."),
        ("share", "1", "A number, above 0 and below 1."),
        ("share", "nan", "A number, above 0 and below 1."),
        ("day", "31.1.2025", "A day, such as 2025-01-31."),
        ("cuts", "1 2 3 4", "Numbers with commas between them, at most 3."),
        ("code", "ab", "Text of the form ^[a-z][0-9]$."),
    ],
)
def test_what_is_outside_the_limits_is_refused_in_words(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        params_values.read(FIELDS[name], text)


def test_a_condition_is_checked_against_the_columns() -> None:
    when = next(one for one in FIELDS["rules"].fields if one.name == "when")
    assert params_values.problem(when, "spend > 10") == ""
    assert "Did you mean spend?" in params_values.problem(when, "spent > 10")
    assert "true or false" in params_values.problem(when, "spend")
    assert params_values.problem(FIELDS["rules"], [{"name": "A"}]) == "Row 1: When is missing."


class FormApp(App[None]):
    """A form alone."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[str] = []

    def compose(self) -> ComposeResult:
        yield ParamsForm()

    def on_mount(self) -> None:
        form = self.query_one(ParamsForm)
        form.set_fields(list(FIELDS.values()), {})
        form.focus()

    def on_params_form_changed(self, changed: ParamsForm.Changed) -> None:
        self.changes.append(changed.name)


def with_form(journey: Callable[[Pilot[None], ParamsForm], Awaitable[None]], size: tuple[int, int] = (60, 40)) -> None:
    async def run() -> None:
        app = FormApp()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await journey(pilot, app.query_one(ParamsForm))

    asyncio.run(run())


async def go_to(pilot: Pilot[None], name: str) -> None:
    await pilot.press("home", *["down"] * list(FIELDS).index(name))


def wrong(form: ParamsForm) -> str:
    line = form.query_one(".wrong", Static)
    return str(line.render()) if line.display else ""


def test_a_line_is_edited_and_checked_while_it_is_typed() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await go_to(pilot, "starts")
        await pilot.press("enter", *["backspace"] * 2, "0")
        assert form.is_editing and wrong(form) == "A whole number from 1 to 1,000."
        await pilot.press("enter")
        assert form.is_editing and form.given == {}
        await pilot.press("backspace", "2", "0", "enter")
        assert not form.is_editing and form.has_focus and form.given == {"starts": 20}
        await pilot.press("enter", "9", "escape")
        assert not form.is_editing and form.given == {"starts": 20} and wrong(form) == ""
        await pilot.press("right", "right", "left")
        assert form.given == {"starts": 21}
        await pilot.press("d")
        assert form.given == {} and form.values["starts"] == 10

    with_form(journey)


def test_choices_are_stepped_listed_and_marked_in_order() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await go_to(pilot, "edge")
        await pilot.press("right", "right", "right")
        assert form.given == {"edge": "between"}
        await pilot.press("enter", "up", "enter")
        assert form.given == {"edge": "below"}
        await go_to(pilot, "whole")
        await pilot.press("enter")
        assert form.values["whole"] is True
        await go_to(pilot, "columns")
        await pilot.press("enter", "down", "down", "space", "up", "space", "enter")
        assert form.values["columns"] == ["orders", "spend"]
        await pilot.press("enter", "home", "space", "enter")
        assert form.is_editing and wrong(form) == "Some of 5, at most 2."
        await pilot.press("escape")
        assert form.values["columns"] == ["orders", "spend"]
        await go_to(pilot, "before")
        await pilot.press("enter", "down", "enter")
        assert form.values["before"] == "rfm"

    with_form(journey)


def test_rows_of_a_table_are_added_filled_moved_and_removed() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await go_to(pilot, "rules")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"Big", "enter")
        await pilot.pause()
        assert form.problem == "Row 1: When is missing."
        await pilot.press(*"spend", "space", ">", "space", "9", "enter")
        await pilot.pause()
        assert form.values["rules"] == [{"name": "Big", "when": "spend > 9"}] and form.problem == ""
        await pilot.press("a")
        await pilot.pause()
        await pilot.press(*"Rest", "enter")
        await pilot.pause()
        await pilot.press("escape", "K")
        await pilot.pause()
        assert [rule.get("name") for rule in form.values["rules"]] == ["Rest", "Big"]
        await pilot.press("x")
        await pilot.pause()
        assert [rule.get("name") for rule in form.values["rules"]] == ["Big"]
        assert Everything.model_validate(form.values).rules[0].when == "spend > 9"

    with_form(journey)


def test_a_click_edits_and_going_elsewhere_keeps_what_is_right() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        rows = list(form.query(FieldRow))
        await pilot.click(rows[1])
        await pilot.click(rows[1])
        await pilot.pause()
        assert form.is_editing
        form.query_one(Input).value = "33"
        await pilot.click(list(form.query(FieldRow))[4])
        await pilot.pause()
        assert not form.is_editing and form.values["starts"] == 33

    with_form(journey)


def test_words_of_who_knows_more_stand_at_the_field_until_it_changes() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        form.say("cuts", "cuts: they ascend.")
        await pilot.pause()
        assert wrong(form) == "cuts: they ascend."
        await go_to(pilot, "cuts")
        await pilot.press("enter", "1", "enter")
        assert wrong(form) == "" and form.values["cuts"] == [1]

    with_form(journey)


def test_everything_is_reached_on_a_small_screen() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await pilot.press("end")
        await pilot.pause()
        cursor = next(row for row in form.query(FieldRow) if row.has_class("-cursor"))
        assert form.region.contains_region(cursor.region)
        help_line = form.query_one(".help", Static)
        assert help_line.region.height > 0 and form.region.contains_region(help_line.region)
        await go_to(pilot, "columns")
        await pilot.press("enter")
        await pilot.pause()
        assert "\x1b" not in str(form.query_one(OptionList).get_option_at_index(4).prompt)

    with_form(journey, (36, 12))


def test_names_with_their_kinds_have_the_whole_width() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await pilot.resize_terminal(36, 24)
        await go_to(pilot, "columns")
        await pilot.press("enter")
        await pilot.pause()
        options = form.query_one(OptionList)
        shown = [str(options.get_option_at_index(place).prompt) for place in range(4)]
        assert shown[3].split() == ["[", "]", "channel", "category"]
        assert max(map(len, shown)) <= options.scrollable_content_region.width

    with_form(journey)


def test_the_key_of_the_default_is_there_where_the_value_is_another() -> None:
    async def journey(pilot: Pilot[None], form: ParamsForm) -> None:
        await go_to(pilot, "edge")
        assert not form.check_action("default", ())
        await pilot.press("right")
        assert form.check_action("default", ())
        await pilot.press("d")
        assert form.given == {} and not form.check_action("default", ())

    with_form(journey)
