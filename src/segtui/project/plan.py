"""The plan in a saved model: how its input comes about from files, so that next year's files can go the same way."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pydantic import BaseModel, ConfigDict

from segtui.api.errors import ModelError
from segtui.prepare import Recipe
from segtui.project.facts import SourceFacts
from segtui.read import Reading


class PlannedSource(BaseModel):
    """A source by the name the recipe uses, and how it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    reading: Reading


class Plan(BaseModel):
    """Sources and recipe, everything in them written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[PlannedSource, ...]
    recipe: Recipe


def plan_of(sources: Sequence[SourceFacts], recipe: Recipe, columns: Collection[str]) -> Plan:
    """The plan behind customers that were made by `recipe` from `sources`, for a model that reads `columns`.

    Unused sources are left out, and so are the values of categories that the model does not read: it is handed on, and
    a rare value can point at a person.
    """
    used = {step.table for step in recipe.steps} | {step.other for step in recipe.steps if step.step == "join"}
    used |= {recipe.customers} if recipe.customers else set()
    planned = [
        PlannedSource(name=facts.name, reading=_without_values(facts.reading, columns))
        for facts in sources
        if facts.name in used
    ]
    return Plan(sources=tuple(planned), recipe=recipe)


def _without_values(reading: Reading, kept: Collection[str]) -> Reading:
    columns = {
        name: column if name in kept else column.model_copy(update={"levels": (), "ordered": False})
        for name, column in reading.columns.items()
    }
    return reading.model_copy(update={"columns": columns})


def read_plan(plan: object, where: str) -> Plan:
    """The plan of a model file. Raises ModelError where it is none."""
    try:
        return Plan.model_validate(plan)
    except ValueError:
        raise ModelError(
            "The model does not say how its input is made from files.", where=where, next_step="Fit it again."
        ) from None
