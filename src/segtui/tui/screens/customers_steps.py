"""Changes of a recipe and of feature sets, each a new value; the screen puts them into the project."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, get_args

from segtui.api.table import Column, Role, having
from segtui.prepare import FeatureSet, Form, Recipe
from segtui.prepare.recipe import AnyStep
from segtui.prepare.steps.join import Join
from segtui.prepare.steps.purchases import Purchases
from segtui.prepare.steps.step import Step
from segtui.project.document import Document
from segtui.project.facts import CustomersFacts

KINDS: Mapping[str, type[Step]] = {kind.model_fields["step"].default: kind for kind in get_args(get_args(AnyStep)[0])}
"""The kinds of steps, by the word for each in a project file."""

WORDS: Mapping[str, str] = {
    "keep": "rows that meet a condition",
    "drop": "rows that meet a condition",
    "deduplicate": "one row of those that are equal",
    "kind": "say what a column holds",
    "fill": "missing values",
    "map": "values to others, such as spellings",
    "derive": "a column by a formula",
    "purchases": "one row per customer, from orders",
    "join": "columns of another table",
}
"""What each kind of step works on, for a list of them."""


def summary(kind: type[Step]) -> str:
    """What a kind of step does, in a sentence or two."""
    words = " ".join((kind.__doc__ or "").split())
    return re.sub(r"`(\w+)`", lambda name: name[1].replace("_", " "), words)


def inserted(recipe: Recipe, at: int, step: Any) -> Recipe:
    """A step put in before the one at a place, from 0."""
    return recipe.model_copy(update={"steps": (*recipe.steps[:at], step, *recipe.steps[at:])})


def replaced(recipe: Recipe, at: int, step: Any) -> Recipe:
    """Another step in the place of one."""
    return recipe.model_copy(update={"steps": (*recipe.steps[:at], step, *recipe.steps[at + 1 :])})


def removed(recipe: Recipe, at: int) -> Recipe:
    """The recipe without a step."""
    return recipe.model_copy(update={"steps": (*recipe.steps[:at], *recipe.steps[at + 1 :])})


def moved(recipe: Recipe, at: int, by: int) -> Recipe:
    """A step moved up or down; the same where it can't go further."""
    if not 0 <= at + by < len(recipe.steps):
        return recipe
    return inserted(removed(recipe, at), at + by, recipe.steps[at])


def toggled(recipe: Recipe, at: int) -> Recipe:
    """A step switched on or off."""
    step = recipe.steps[at]
    return replaced(recipe, at, step.model_copy(update={"active": not step.active}))


def same_steps(recipe: Recipe, other: Recipe) -> int:
    """How many steps from the first on are equal in both."""
    pairs = zip(recipe.steps, other.steps, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def loosened(step: Any) -> Any:
    """A proposed step without what was found in running it, so that it is found again."""
    if isinstance(step, Purchases):
        shares = tuple(share.model_copy(update={"levels": ()}) for share in step.shares)
        return step.model_copy(update={"shares": shares, "decimals": None})
    return step.model_copy(update={"columns": ()}) if isinstance(step, Join) else step


def as_asked(step: Any, found: Sequence[tuple[Any, Any]]) -> Any:
    """The step as a person asked for it, of pairs of steps as they were run and as they were asked for."""
    return next((asked for run, asked in found if run == step), step)


def found_again(recipe: Recipe, first: int, found: Sequence[tuple[Any, Any]]) -> Recipe:
    """The recipe whose steps from a place on look anew for what they found before."""
    later = tuple(as_asked(step, found) for step in recipe.steps[first:])
    return recipe.model_copy(update={"steps": (*recipe.steps[:first], *later)})


def started(kind: type[Step], table: str, tables: Mapping[str, Mapping[str, Column]], recipe: Recipe) -> dict[str, Any]:
    """What a new step starts with: columns by the roles they have; for a join a table that is not used yet, and its
    key. Purchases of one customer are no duplicates, so a step that drops these starts with all columns there."""
    columns = tables.get(table, {})
    values: dict[str, Any] = {"table": table}
    for name in kind.model_fields:
        if name in {str(role) for role in Role}:
            found = having(columns, Role(name))
            values |= {name: found} if found else {}
    key = having(columns, Role.CUSTOMER)
    of_purchases = having(columns, Role.ORDER) or having(columns, Role.DATE)
    if "on" in kind.model_fields and key and not (kind is KINDS["deduplicate"] and of_purchases):
        values["on"] = (key,)
    if "other" in kind.model_fields and kind is KINDS["join"]:
        used = {step.other for step in recipe.steps if step.step == "join"}
        others = sorted((name for name in tables if name != table), key=lambda name: name in used)
        values |= {"other": others[0]} if others else {}
        theirs = having(tables[others[0]], Role.CUSTOMER) if others else None
        values |= {"other_on": (theirs,)} if theirs and theirs != key else {}
    return values


def with_sets(document: Document, sets: Sequence[FeatureSet]) -> Document:
    """The project with other feature sets."""
    return document.replacing(feature_sets=tuple(sets))


def with_set(document: Document, name: str, chosen: FeatureSet) -> Document:
    """The project with another set in the place of the one of that name; segmentations that use it follow its name."""
    sets = [chosen if old.name == name else old for old in document.feature_sets]
    entries = tuple(
        entry.model_copy(update={"feature_set": chosen.name}) if entry.feature_set == name else entry
        for entry in document.segmentations
    )
    return with_sets(document, sets).replacing(segmentations=entries)


def with_form(chosen: FeatureSet, column: str, form: Form | None, customers: CustomersFacts) -> FeatureSet:
    """The set with a column in another form, or without it; columns stand in the order of the customers' columns."""
    columns = {**chosen.columns, column: form}
    order = {name: place for place, name in enumerate(customers.columns)}
    known = sorted((name for name in columns if name in order), key=order.__getitem__)
    ordered = [*known, *(name for name in columns if name not in order)]
    return FeatureSet(name=chosen.name, columns={name: kept for name in ordered if (kept := columns[name]) is not None})
