"""The parts of screen 2 without the app: fields of forms, changes of recipes and sets, rows and words."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from segtui.api.errors import DataError
from segtui.api.segmentation import Account, Count
from segtui.api.table import Column, Kind, Role
from segtui.prepare import FeatureSet, Form, Recipe
from segtui.project.document import Document, SegmentationEntry
from segtui.project.facts import CustomersFacts
from segtui.tui.screens import customers_steps as steps
from segtui.tui.widgets.customers_summary import summary
from segtui.tui.widgets.expression_input import ColumnSuggester, said
from segtui.tui.widgets.feature_list import candidates, care_of, forms_of
from segtui.tui.widgets.recipe_list import step_of
from segtui.tui.widgets.step_fields import FormField, How, fields_of

COLUMNS = {
    "customer": Column("customer", Kind.IDENTIFIER, Role.CUSTOMER),
    "order day": Column("order day", Kind.DATE, Role.DATE),
    "amount": Column("amount", Kind.NUMBER, Role.AMOUNT),
}


def keep(where: str) -> object:
    return steps.KINDS["keep"].model_validate({"table": "orders", "where": where})


def recipe(*conditions: str) -> Recipe:
    return Recipe(steps=tuple(keep(where) for where in conditions))  # type: ignore[arg-type]


def wheres(found: Recipe) -> list[str]:
    return [step.where for step in found.steps]  # type: ignore[union-attr]


def field(kind: str, name: str) -> FormField:
    return next(one for one in fields_of(steps.KINDS[kind]) if one.name == name)


def customers(**more: object) -> CustomersFacts:
    columns = {
        "customer": COLUMNS["customer"],
        "recency": Column("recency", Kind.NUMBER, Role.RECENCY),
        "country": Column("country", Kind.CATEGORY),
        "member": Column("member", Kind.FLAG),
        "since": Column("since", Kind.DATE),
        "gender": Column("gender", Kind.CATEGORY, sensitive=True),
    }
    account = Account("rows of orders", 1_200, 1_000, (Count("without a customer", 150), Count("returns", 50)))
    values = {"as_of": date(2025, 1, 1), "notes": (), "columns": columns, "account": account} | more
    return CustomersFacts(
        frame=Path("none"),
        rows=300,
        id="customer",
        recipe=Recipe(),
        feature_sets=(),
        scalings={},
        steps=(),
        fingerprint="",
        **values,  # type: ignore[arg-type]
    )


def test_every_kind_of_step_has_words_and_a_form() -> None:
    assert set(steps.WORDS) == set(steps.KINDS) == {
        "keep", "drop", "deduplicate", "kind", "fill", "map", "derive", "purchases", "join",
    }  # fmt: skip
    for kind in steps.KINDS.values():
        assert steps.summary(kind).endswith(".") and "`" not in steps.summary(kind)
        shown = {one.name for one in fields_of(kind)}
        assert shown == set(kind.model_fields) - {"step", "active"}


@pytest.mark.parametrize(
    ("kind", "name", "how"),
    [
        ("keep", "table", How.TABLE),
        ("keep", "where", How.CONDITION),
        ("deduplicate", "on", How.COLUMNS),
        ("deduplicate", "keep", How.CHOICE),
        ("kind", "kind", How.CHOICE),
        ("kind", "levels", How.TEXTS),
        ("fill", "value", How.VALUE),
        ("map", "values", How.PAIRS),
        ("derive", "column", How.TEXT),
        ("derive", "formula", How.FORMULA),
        ("purchases", "amount", How.COLUMN),
        ("purchases", "returns", How.CONDITION),
        ("purchases", "shares", How.SHARES),
        ("purchases", "descriptors", How.DESCRIPTORS),
        ("purchases", "gaps", How.FLAG),
        ("join", "least_match", How.NUMBER),
    ],
)
def test_a_field_is_edited_as_its_type_says(kind: str, name: str, how: How) -> None:
    assert field(kind, name).how is how


def test_the_key_of_a_join_is_of_two_tables() -> None:
    assert not field("join", "on").of_other
    assert field("join", "other_on").of_other and field("join", "columns").of_other


def test_what_is_typed_becomes_a_value_or_says_what_to_type() -> None:
    assert field("kind", "levels").typed('low, "so, so", high') == ("low", "so, so", "high")
    assert field("kind", "levels").written(("low", "so, so")) == 'low, "so, so"'
    assert field("join", "least_match").typed("0.2") == 0.2
    assert field("purchases", "decimals").typed(" ") is None
    assert field("fill", "value").typed("12", Kind.NUMBER) == 12
    assert field("fill", "value").typed("12", Kind.CATEGORY) == "12"
    assert field("fill", "value").typed("no", Kind.FLAG) is False
    with pytest.raises(ValueError, match="Type a number"):
        field("fill", "value").typed("many", Kind.NUMBER)
    with pytest.raises(ValueError, match="yes or no"):
        field("fill", "value").typed("perhaps", Kind.FLAG)


def test_steps_are_put_in_moved_switched_and_removed() -> None:
    three = recipe("a", "b", "c")
    assert wheres(steps.inserted(three, 1, keep("x"))) == ["a", "x", "b", "c"]
    assert wheres(steps.moved(three, 0, 1)) == ["b", "a", "c"]
    assert wheres(steps.moved(three, 2, -1)) == ["a", "c", "b"]
    assert steps.moved(three, 2, 1) == three and steps.moved(three, 0, -1) == three
    assert wheres(steps.removed(three, 1)) == ["a", "c"]
    assert [step.active for step in steps.toggled(three, 1).steps] == [True, False, True]
    assert steps.same_steps(three, steps.toggled(three, 1)) == 1
    assert steps.same_steps(three, recipe("a", "b")) == 2


def test_what_was_found_is_found_again_once_an_earlier_step_changes() -> None:
    purchases = steps.KINDS["purchases"].model_validate
    values = {"table": "orders", "customer": "customer", "date": "day"}
    asked = purchases({**values, "shares": [{"column": "channel"}]})
    run = purchases({**values, "shares": [{"column": "channel", "levels": ["a", "b"]}], "decimals": 2})
    assert steps.loosened(run) == asked
    two = Recipe(steps=(keep("x"), run))  # type: ignore[arg-type]
    assert steps.found_again(two, 0, [(run, asked)]).steps == (keep("x"), asked)
    assert steps.found_again(two, 2, [(run, asked)]) == two
    assert steps.found_again(two, 0, []) == two, "levels that a person gave stay"


def test_a_new_step_starts_with_the_columns_of_its_roles() -> None:
    tables = {"orders": COLUMNS, "used": COLUMNS, "people": {"id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER)}}
    began = steps.started(steps.KINDS["purchases"], "orders", tables, Recipe())
    assert began == {"table": "orders", "customer": "customer", "date": "order day", "amount": "amount"}
    joined = steps.KINDS["join"].model_validate({"table": "orders", "other": "used", "on": ["customer"]})
    began = steps.started(steps.KINDS["join"], "orders", tables, Recipe(steps=(joined,)))  # type: ignore[arg-type]
    assert began == {"table": "orders", "on": ("customer",), "other": "people", "other_on": ("id",)}
    began = steps.started(steps.KINDS["deduplicate"], "orders", tables, Recipe())
    assert began == {"table": "orders"}, "purchases of one customer are no duplicates"
    began = steps.started(steps.KINDS["deduplicate"], "people", tables, Recipe())
    assert began == {"table": "people", "on": ("id",)}


def test_a_set_keeps_the_order_of_the_columns_whatever_was_chosen_first() -> None:
    found = customers()
    chosen = steps.with_form(FeatureSet(name="a", columns={"member": Form.AS_IS}), "recency", Form.Z, found)
    assert list(chosen.columns) == ["recency", "member"]
    assert list(steps.with_form(chosen, "recency", None, found).columns) == ["member"]


def test_a_renamed_set_is_followed_by_those_that_use_it() -> None:
    old, other = (FeatureSet(name=name, columns={"recency": Form.Z}) for name in ("old", "other"))
    entry = SegmentationEntry(id="one", method="k-means", feature_set="old")
    document = Document(feature_sets=(old, other), segmentations=(entry,))
    changed = steps.with_set(document, "old", old.model_copy(update={"name": "new"}))
    assert [one.name for one in changed.feature_sets] == ["new", "other"]
    assert changed.segmentations[0].feature_set == "new"


def test_only_what_a_set_can_hold_is_offered() -> None:
    found = candidates(customers().columns, "customer")
    assert [column.name for column in found] == ["recency", "country", "member", "gender"]
    assert care_of(found[-1]) == "sensitive" and not care_of(found[0])
    assert Form.LOG_Z in forms_of(found[0]) and Form.LOG_Z not in forms_of(found[1])


def test_the_account_adds_up_in_words() -> None:
    text = summary(customers(), 48, short=False).plain
    assert text.splitlines()[0] == "300 customers" + " " * 19 + "as of 2025-01-01"
    for line in ("  1,200  rows of orders", "= 1,000  used", "+   150  without a customer", "+    50  returns"):
        assert line in text.splitlines()
    short = summary(customers(notes=("[b]x[/b]",)), 90, short=True).plain
    assert "1,200 rows of orders = 1,000 used + 150 without a customer + 50 returns" in short
    assert "! [b]x[/b]" in short


def test_an_error_of_a_run_names_its_step() -> None:
    assert step_of(DataError("No.", where="step 12 of the recipe (keep a), table x")) == 12
    assert step_of(DataError("No.", where="table x")) == step_of(None) == 0


def test_a_condition_is_judged_as_it_is_typed() -> None:
    where = field("keep", "where")
    assert "amount" in said(where, "", COLUMNS).plain
    assert said(where, "amount > 3 and [order day] is missing", COLUMNS).plain == "✓ looks at amount and order day"
    wrong = said(where, "amuont > 3", COLUMNS).plain
    assert "character 1: There is no column amuont. Did you mean amount?" in wrong
    assert (
        "holds" in said(where, "amount = 'x'", COLUMNS).plain or "✓" not in said(where, "amount = 'x'", COLUMNS).plain
    )
    assert "✓" not in said(where, "amount + 1", COLUMNS).plain
    assert "✓" in said(field("derive", "formula"), "amount + 1", COLUMNS).plain


def test_names_are_completed_as_they_are_written() -> None:
    suggest = ColumnSuggester(COLUMNS).get_suggestion
    assert asyncio.run(suggest("customer = '1' and amo")) == "customer = '1' and amount"
    assert asyncio.run(suggest("[ord")) == "[order day]"
    assert asyncio.run(suggest("amount > ")) is None
    assert asyncio.run(suggest("amount is mis")) is None
