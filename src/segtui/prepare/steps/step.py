"""What every step of a recipe is: data in a project file, and one piece of work on a table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from segtui.api.errors import DataError
from segtui.api.params import Choice, TableName
from segtui.api.table import Column
from segtui.api.text import close_matches, join_words, safe
from segtui.prepare.working import Working

Formula = Annotated[str, Choice("formula")]
"""A formula in the language of `segtui.api.expression`."""
OtherColumn = Annotated[str, Choice("column of the other table")]
Columns = Mapping[str, Column]


@dataclass
class Bench:
    """What steps work on: all tables by name, and the day the customers are looked at, which the first step that needs
    it finds where it is not given. `today` bounds what counts as past."""

    tables: Mapping[str, Working]
    as_of: date | None
    today: date

    @property
    def last_day(self) -> date:
        """The last day whose purchases count."""
        return self.as_of or self.today

    def table(self, name: str) -> Working:
        """The table of that name. Raises DataError where there is none."""
        found = self.tables.get(name)
        if found is None:
            near = close_matches(name, self.tables, most=1)
            known = join_words(safe(table, 60) for table in self.tables)
            advice = f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {known}."
            raise DataError(f"There is no table {safe(name, 60)}.", where="recipe", next_step=advice)
        return found


class Step(BaseModel):
    """A step. `active` False switches it off; `portable` says whether it runs on any engine, or on polars alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    table: TableName = Field(description="the table it works on")
    active: bool = Field(True, description="false leaves the step out")

    @property
    def portable(self) -> bool:
        """Whether it is written in what every engine has, so that it runs where the data lives."""
        return True

    @abstractmethod
    def describe(self) -> str:
        """The step in a few words, as it stands in the list."""

    def columns_after(self, tables: Mapping[str, Columns]) -> dict[str, Column]:
        """The columns of its table once it is done, of those that all tables had before; no data is looked at."""
        return dict(tables[self.table])

    @abstractmethod
    def apply(self, bench: Bench, number: int) -> Self:
        """Do it. Returns the step with all that was found out in doing it (levels, fills) written down, so that the
        returned step does the same to next year's data."""
