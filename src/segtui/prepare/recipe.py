"""A Recipe: the steps that turn tables into customers, as they stand in a project file."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from segtui.prepare.steps.columns import Derive, Fill, MapValues, SetKind
from segtui.prepare.steps.join import Join
from segtui.prepare.steps.purchases import Purchases
from segtui.prepare.steps.rows import Deduplicate, Drop, Keep

AnyStep = Annotated[
    Keep | Drop | Deduplicate | SetKind | Fill | MapValues | Derive | Purchases | Join, Field(discriminator="step")
]


class Recipe(BaseModel):
    """Steps in order, the day the customers are looked at, and the table that holds them at the end.

    Without `as_of` it is the day after the last purchase that is not in the future; `customers` is the table of the
    last step where not given, and `id` its column with the role customer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date | None = Field(None, description="the day the customers are looked at")
    customers: str | None = Field(None, description="the table that holds one row per customer at the end")
    id: str | None = Field(None, description="its column of customers")
    steps: tuple[AnyStep, ...] = Field((), description="what is done, in order")

    @property
    def needs_as_of(self) -> bool:
        """Whether a step looks at purchases from a day."""
        return any(isinstance(step, Purchases) and step.active for step in self.steps)
