"""The contract of a method: what it needs, its parameters, its fit, and the Model that the fit returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

import polars as pl

from segtui.api.customers import Customers, Scaling
from segtui.api.params import Params
from segtui.api.report import Report
from segtui.api.run import Run
from segtui.api.table import Column, Kind, Role
from segtui.api.text import join_words

ROLES_IN_WORDS = {
    Role.RECENCY: "days since the last purchase (recency)",
    Role.FREQUENCY: "number of orders (frequency)",
    Role.MONETARY: "amount spent (monetary)",
}


class Basis(StrEnum):
    """What a method segments by; methods are shown in these groups."""

    BEHAVIOUR = "behavioural"
    CLUSTERS = "clustering"
    A_PRIORI = "a-priori"
    SURVEY = "psychographic"
    GEOGRAPHY = "geographic"
    PREDICTIVE = "predictive"
    COMBINED = "combined"


@dataclass(frozen=True)
class Needs:
    """What must be there before a fit. Plain data: the host checks it without loading the plugin.

    `roles`: each must be on a column; `kinds`: at least so many columns of a kind; `tables`: names in
    `Customers.tables`; `rows` and `most_rows`: bounds on the number of customers; `features`: at least so many features
    in the feature set; `feature_kinds`: the kinds these may have (any where empty); `segmentations`: at least so many
    earlier segmentations.
    """

    roles: tuple[Role, ...] = ()
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    rows: int = 1
    most_rows: int | None = None
    features: int = 0
    feature_kinds: tuple[Kind, ...] = ()
    segmentations: int = 0

    def unmet(
        self,
        columns: Mapping[str, Column],
        features: tuple[str, ...] = (),
        tables: tuple[str, ...] = (),
        rows: int = 0,
    ) -> tuple[str, ...]:
        """What is missing, a sentence each with what to do; empty where everything is there."""
        reasons = []
        present = {column.role for column in columns.values()} if self.roles else set()
        absent = [role for role in self.roles if role not in present]
        lacking = [ROLES_IN_WORDS.get(role, f"a column with the role {role}") for role in absent]
        if lacking:
            advice = (
                "Add a file of purchases, or a step that makes one row per customer; or give the roles to columns."
                if set(self.roles) & ROLES_IN_WORDS.keys()
                else "Give the role to a column."
            )
            reasons.append(f"Needs {join_words(lacking)}. {advice}")
        found = Counter(column.kind for column in columns.values()) if self.kinds else Counter()
        for kind, least in self.kinds.items():
            if found[kind] < least:
                reasons.append(f"Needs {least} columns of kind {kind}, and there are {found[kind]}. Set more kinds.")
        reasons += [f"Needs the table {name}. Add it to the project." for name in self.tables if name not in tables]
        if rows < self.rows:
            reasons.append(f"Needs at least {self.rows:,} customers, and there are {rows:,}. Drop fewer rows.")
        if self.most_rows is not None and rows > self.most_rows:
            limit = f"Takes at most {self.most_rows:,} customers"
            reasons.append(f"{limit}, and there are {rows:,}. Choose another method.")
        usable = self._usable(columns, features) if self.features else 0
        if usable < self.features:
            kinds = " or ".join(self.feature_kinds)
            wanted = f"{self.features} feature{'s' if self.features > 1 else ''}"
            what = f"{wanted} of kind {kinds}" if kinds else wanted
            reasons.append(f"Needs at least {what}, and the feature set has {usable}. Choose more features.")
        earlier = sum(column.role is Role.SEGMENT for column in columns.values()) if self.segmentations else 0
        if earlier < self.segmentations:
            wanted = f"Needs {self.segmentations} earlier segmentations"
            reasons.append(f"{wanted}, and there are {earlier}. Run them first.")
        return tuple(reasons)

    def _usable(self, columns: Mapping[str, Column], features: tuple[str, ...]) -> int:
        if not self.feature_kinds:
            return len(features)
        return sum(columns[name].kind in self.feature_kinds for name in features)


@dataclass(frozen=True)
class Segment:
    """One segment of a model. `code` is the method's own, at least 0, and never changes.

    `name` is a default name, empty where the host should name it by what sets it apart; `rule` says in words who is
    in it, empty where there is no rule.
    """

    code: int
    name: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Uses:
    """What a model reads: `columns` of the frame, `tables`, earlier `segmentations`, the scaling where it needs one.

    An earlier segmentation is a column too: one that is read stands in `columns` and in `segmentations`. A model that
    keeps rows or ids of customers says so with `keeps_customers`.
    """

    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    segmentations: tuple[str, ...] = ()
    scaling: Scaling | None = None
    keeps_customers: bool = False


@dataclass(frozen=True, eq=False)
class Model(ABC):
    """What a fit learned. Fields are plain data: numbers, strings, dates, enums, tuples, lists, dicts, arrays, frames,
    and frozen dataclasses of these, each with a type annotation; `segtui.api.codec` saves and loads them.

    `segments` in the order they should be shown where `ordered`, else shown by size.
    """

    segments: tuple[Segment, ...]
    uses: Uses
    ordered: ClassVar[bool] = False

    @abstractmethod
    def assign(self, customers: Customers) -> pl.Series:
        """The segment of each customer: Int32 codes of `segments`, null where unassigned, in the frame's row order.

        Row-wise: each customer's code depends on that customer's row and the model alone.
        """

    def strengths(self, customers: Customers) -> pl.DataFrame | None:  # noqa: ARG002
        """How strongly each customer belongs to each segment: (customers, segments) Float64, rows sum to 1; or None."""
        return None

    def sql(self) -> str | None:
        """A CASE expression over columns of `Customers.frame` that gives the code; None where SQL can't say it."""
        return None

    def explain(self) -> Report | None:
        """What was learned, for a person: cut points, centres, a tree, estimates. A model does not know what its
        segmentation is called, so `about` one of its own segments is (("", code),)."""
        return None


P = TypeVar("P", bound=Params)
M = TypeVar("M", bound=Model)


class Method(ABC, Generic[P, M]):
    """A way to divide customers into segments.

    `id` is a lower-case word, unique among installed methods; `title` and `summary` are for people; `revision` is
    raised when the same input may give other segments than before.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    basis: ClassVar[Basis]
    revision: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    Params: ClassVar[type[Any]]
    Model: ClassVar[type[Any]]

    @abstractmethod
    def fit(self, customers: Customers, params: P, run: Run) -> M:
        """Learn segments. The labels are `model.assign(customers)`, called by the host.

        Raises `DataError` with a sentence and a next step where the data does not allow it.
        """
