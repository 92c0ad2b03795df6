"""Steps on rows and columns, and joins: what they do, what they count, what they refuse."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from recipe_tables import made, rows, table

from segtui.api import DataError, Kind, Role
from segtui.api.expression import ExpressionError
from segtui.prepare import Recipe

PEOPLE = {"id": ["01", "02", "03", "04"], "age": [30, None, 51, 18], "land": ["DE", "Germany", "FR", None]}


def people(**more: object) -> object:
    return table("people", PEOPLE | more, {"id": Role.CUSTOMER})  # type: ignore[arg-type]


def test_keep_drops_what_is_unknown_and_drop_keeps_it(tmp_path: Path) -> None:
    kept = made(tmp_path, people(), steps=[{"step": "keep", "table": "people", "where": "age > 20"}])
    assert rows(kept, "id") == [("01",), ("03",)]
    assert kept.account.dropped[0].text == "not age > 20"
    left = made(tmp_path, people(), steps=[{"step": "drop", "table": "people", "where": "age > 20"}])
    assert rows(left, "id") == [("02",), ("04",)]


def test_each_row_is_dropped_for_its_first_reason(tmp_path: Path) -> None:
    steps = [
        {"step": "drop", "table": "people", "where": "age is missing", "reason": "without an age"},
        {"step": "keep", "table": "people", "where": "age >= 30", "reason": "under thirty"},
    ]
    found = made(tmp_path, people(), steps=steps)
    assert [(step.rows_in, step.rows_out) for step in found.steps] == [(4, 3), (3, 2)]
    assert {part.text: part.rows for part in found.account.dropped} == {"without an age": 1, "under thirty": 1}
    assert found.account.used == 2


def test_a_step_that_is_switched_off_does_nothing(tmp_path: Path) -> None:
    steps = [{"step": "keep", "table": "people", "where": "age > 20", "active": False}]
    assert len(made(tmp_path, people(), steps=steps).customers) == 4


def test_fill_counts_and_remembers_what_it_found(tmp_path: Path) -> None:
    steps = [
        {"step": "fill", "table": "people", "column": "age", "by": "median"},
        {"step": "fill", "table": "people", "column": "land", "value": "unknown"},
    ]
    found = made(tmp_path, people(), steps=steps)
    assert rows(found, "age", "land") == [(30, "DE"), (30, "Germany"), (51, "FR"), (18, "unknown")]
    assert [step.changed for step in found.steps] == [1, 1]
    assert found.recipe.steps[0].model_dump()["value"] == 30.0
    assert found.recipe.steps[0].model_dump()["by"] == "value"


def test_the_most_frequent_value_of_equals_is_the_first(tmp_path: Path) -> None:
    steps = [{"step": "fill", "table": "people", "column": "land", "by": "most frequent"}]
    assert rows(made(tmp_path, people(), steps=steps), "land")[3] == ("DE",)


def test_map_names_and_counts(tmp_path: Path) -> None:
    step = {"step": "map", "table": "people", "column": "land", "values": {"Germany": "DE"}}
    found = made(tmp_path, people(), steps=[step])
    assert rows(found, "land") == [("DE",), ("DE",), ("FR",), (None,)]
    assert found.steps[0].changed == 1
    others = made(
        tmp_path, people(), steps=[step | {"otherwise": "other", "values": {"DE": "home", "Germany": "home"}}]
    )
    assert rows(others, "land") == [("home",), ("home",), ("other",), (None,)]


def test_derive_keeps_decimals_that_the_formula_tells(tmp_path: Path) -> None:
    goods = table("goods", {"price": [0.1, 0.29], "pieces": [3, 3]}, pieces=_whole("pieces"))
    found = made(
        tmp_path, goods, steps=[{"step": "derive", "table": "goods", "column": "sum", "formula": "price * pieces"}]
    )
    assert rows(found, "sum") == [(0.3,), (0.87,)]
    assert found.customers.columns["sum"].decimals == 2


def test_set_kind_counts_what_it_can_not_read(tmp_path: Path) -> None:
    text = table("people", {"born": ["1990-01-02", "no", None]})
    step = {"step": "kind", "table": "people", "column": "born", "kind": "date", "date_format": "%Y-%m-%d"}
    found = made(tmp_path, text, steps=[step])
    assert rows(found, "born") == [(date(1990, 1, 2),), (None,), (None,)]
    assert found.steps[0].notes == ("1 values could not be read so and are missing now",)
    assert found.customers.columns["born"].kind is Kind.DATE


def test_deduplicate_says_which_row_stays(tmp_path: Path) -> None:
    twice = table(
        "people",
        {
            "id": ["1", "2", "1", None, None, "2"],
            "age": [None, 5, 7, 1, 2, None],
            "land": ["a", None, "b", "c", "d", None],
        },
        {"id": Role.CUSTOMER},
    )
    drop = {"step": "drop", "table": "people", "where": "id is missing"}
    for keep, expected in (("first", [None, 5]), ("last", [7, None]), ("most complete", [7, 5])):
        step = {"step": "deduplicate", "table": "people", "on": ["id"], "keep": keep}
        found = made(tmp_path, twice, steps=[step, drop])
        assert dict(rows(found, "id", "age")) == dict(zip("12", expected, strict=True)), keep
        assert found.steps[0].rows_out == 4


def test_exact_duplicates_go(tmp_path: Path) -> None:
    twice = table("people", {"id": ["1", "2", "1"], "age": [3, 4, 3]}, {"id": Role.CUSTOMER})
    found = made(tmp_path, twice, steps=[{"step": "deduplicate", "table": "people"}])
    assert rows(found, "id") == [("1",), ("2",)]
    assert found.account.dropped[0].rows == 1


def test_join_states_its_match(tmp_path: Path) -> None:
    more = table(
        "crm", {"key": ["01", "02", "03", "09"], "tier": ["gold", "none", "gold", "none"], "age": [1, 2, 3, 4]}
    )
    step = {"step": "join", "table": "people", "other": "crm", "on": ["id"], "other_on": ["key"], "least_match": 0.7}
    found = made(tmp_path, people(), more, steps=[step])
    assert rows(found, "id", "tier", "age (crm)") == [
        ("01", "gold", 1),
        ("02", "none", 2),
        ("03", "gold", 3),
        ("04", None, None),
    ]
    assert found.steps[0].notes == ("3 matched, 1 without a record, 1 unused record",)


def test_join_refuses_to_multiply_customers(tmp_path: Path) -> None:
    more = table("crm", {"key": ["01", "01", "02"], "tier": ["a", "b", "c"]})
    step = {"step": "join", "table": "people", "other": "crm", "on": ["id"], "other_on": ["key"], "least_match": 0}
    with pytest.raises(DataError, match=r"2 rows of crm share .* multiply") as caught:
        made(tmp_path, people(), more, steps=[step])
    assert "deduplicates crm on key" in caught.value.next_step


def test_join_refuses_few_matches_unless_told(tmp_path: Path) -> None:
    more = table("crm", {"key": ["01"], "tier": ["a"]})
    step = {"step": "join", "table": "people", "other": "crm", "on": ["id"], "other_on": ["key"]}
    with pytest.raises(DataError, match=r"Only 25.0 % .*1 of 4"):
        made(tmp_path, people(), more, steps=[step])
    assert len(made(tmp_path, people(), more, steps=[step | {"least_match": 0.2}]).customers) == 4


def test_ids_must_be_there_and_once(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="repeat a id"):
        made(tmp_path, table("people", {"id": ["1", "1"]}, {"id": Role.CUSTOMER}))
    with pytest.raises(DataError, match="have no id"):
        made(tmp_path, table("people", {"id": ["1", None]}, {"id": Role.CUSTOMER}))
    with pytest.raises(DataError, match="leaves no customers"):
        made(tmp_path, people(), steps=[{"step": "keep", "table": "people", "where": "age > 99"}])


def test_without_a_customer_column_the_row_number_is_the_id(tmp_path: Path) -> None:
    found = made(tmp_path, table("survey", {"q1": [1, 5, 3]}))
    assert rows(found, "row", "q1") == [("1", 1), ("2", 5), ("3", 3)]
    assert "number of the row" in found.notes[0]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"step": "keep", "table": "peple", "where": "age > 1"}, "Did you mean people"),
        ({"step": "keep", "table": "people", "where": "agee > 1"}, "agee"),
        ({"step": "fill", "table": "people", "column": "lnad", "value": "x"}, "Did you mean land"),
        ({"step": "fill", "table": "people", "column": "age", "value": "x"}, "another kind"),
        ({"step": "map", "table": "people", "column": "age", "values": {"1": "2"}}, "Only text"),
    ],
)
def test_errors_name_the_step_and_what_is_near(tmp_path: Path, step: dict[str, object], message: str) -> None:
    with pytest.raises((DataError, ExpressionError)) as caught:
        made(tmp_path, people(), steps=[step])
    assert message in str(caught.value)
    assert caught.value.where.startswith("step 1 of the recipe")
    described = caught.value.where.partition("(")[2].partition(")")[0]
    assert caught.value.where.count(described) == 1


def test_a_resolved_recipe_gives_the_same_again(tmp_path: Path) -> None:
    steps = [{"step": "fill", "table": "people", "column": "age", "by": "mean"}]
    first = made(tmp_path, people(), steps=steps)
    again = Recipe.model_validate_json(first.recipe.model_dump_json())
    assert again == first.recipe
    second = made(tmp_path, people(age=[1, None, 1, 1]), **again.model_dump())
    assert rows(second, "age")[1] == (33.0,)


def _whole(name: str) -> object:
    from segtui.api import Column

    return Column(name, Kind.NUMBER, decimals=0)
