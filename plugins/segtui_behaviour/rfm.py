"""RFM: scores for how recently, how often and for how much a customer bought, and named segments of scores."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from segtui.api import (
    Basis,
    Customers,
    DataError,
    Method,
    Model,
    Needs,
    NeedsError,
    Params,
    Report,
    Role,
    Run,
    Segment,
    UsageError,
    Uses,
)
from segtui_behaviour.rfm_presets import Preset, rule_table
from segtui_behaviour.rfm_report import explain_rfm
from segtui_behaviour.rfm_rules import OTHERS, ScoreRule, cell_codes
from segtui_behaviour.rfm_scores import CutPoints, Edge, nested_cuts, quantile_cuts
from segtui_behaviour.rfm_sql import scores_as_sql

_ROLES = (Role.RECENCY, Role.FREQUENCY, Role.MONETARY)


class RfmRule(BaseModel):
    """One row of a rule table: the scores that belong to a segment. A highest score above the bins means the top."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=80, description="Name of the segment")
    r_low: int = Field(1, ge=1, le=10, description="Lowest recency score")
    r_high: int = Field(10, ge=1, le=10, description="Highest recency score")
    f_low: int = Field(1, ge=1, le=10, description="Lowest frequency score")
    f_high: int = Field(10, ge=1, le=10, description="Highest frequency score")
    m_low: int = Field(1, ge=1, le=10, description="Lowest monetary score")
    m_high: int = Field(10, ge=1, le=10, description="Highest monetary score")

    @model_validator(mode="after")
    def _ordered(self) -> RfmRule:
        if self.r_low > self.r_high or self.f_low > self.f_high or self.m_low > self.m_high:
            raise ValueError("a lowest score lies above its highest")
        return self

    def within(self, bins: tuple[int, int, int], row: int) -> ScoreRule:
        """The rule on these bins. Raises UsageError where it can match no score."""
        r, f, m = (
            (low, min(high, count))
            for low, high, count in zip(
                (self.r_low, self.f_low, self.m_low), (self.r_high, self.f_high, self.m_high), bins, strict=True
            )
        )
        if r[0] > r[1] or f[0] > f[1] or m[0] > m[1]:
            raise UsageError(
                "This rule asks for a score above the highest one.",
                where=f"rules, row {row}",
                next_step="Use more bins or a lower score.",
            )
        return ScoreRule(self.name, r, f, m)


class RfmParams(Params):
    """Parameters of RFM."""

    preset: Preset = Field("ten segments", description="Rule table that names the scores")
    rules: tuple[RfmRule, ...] = Field((), max_length=60, description="Own rule table instead; the first match wins")
    recency_bins: int = Field(5, ge=2, le=10, description="Scores for recency, the highest for the latest")
    frequency_bins: int = Field(5, ge=2, le=10, description="Scores for frequency")
    monetary_bins: int = Field(5, ge=2, le=10, description="Scores for money spent")
    binning: Literal["independent", "nested"] = Field(
        "independent",
        description="Nested: frequency is cut within each recency score, money within each of both",
    )
    edge: Edge = Field(
        "above the cut",
        description="A value passes a cut where it is greater, or as in the R package rfm where it is at least 1 more",
    )
    recency_cuts: tuple[float, ...] = Field((), max_length=9, description="Own cut points in days, ascending")
    frequency_cuts: tuple[float, ...] = Field((), max_length=9, description="Own cut points in orders, ascending")
    monetary_cuts: tuple[float, ...] = Field((), max_length=9, description="Own cut points in money, ascending")

    @field_validator("recency_cuts", "frequency_cuts", "monetary_cuts")
    @classmethod
    def _ascending(cls, cuts: tuple[float, ...]) -> tuple[float, ...]:
        if not all(np.isfinite(cuts)) or any(left >= right for left, right in pairwise(cuts)):
            raise ValueError("cut points are numbers in ascending order, each once")
        return cuts


@dataclass(frozen=True, eq=False)
class RfmModel(Model):
    """Cut points and a rule table. Codes are rows of the rule table; the last code is Others."""

    ordered: ClassVar[bool] = True

    columns: tuple[str, str, str]
    units: tuple[str, str, str]
    cuts: tuple[CutPoints, CutPoints, CutPoints]
    nested: bool
    own_cuts: tuple[bool, bool, bool]
    rules: tuple[ScoreRule, ...]
    table_name: str
    cell_customers: tuple[int, ...]
    unscored: int

    @property
    def bins(self) -> tuple[int, int, int]:
        """How many scores each of the three has."""
        r, f, m = self.cuts
        return r.bins, f.bins, m.bins

    def _cells(self, customers: Customers) -> tuple[np.ndarray, np.ndarray]:
        """The cell of each customer, and whether all three values are there."""
        values, known = measures(customers, self.columns)
        return cells_of(values, self.cuts), known

    def assign(self, customers: Customers) -> pl.Series:
        cells, known = self._cells(customers)
        codes = cell_codes(self.rules, self.bins)[cells]
        return _where_known({"segment": codes}, known).to_series()

    def scores(self, customers: Customers) -> pl.DataFrame:
        """The scores behind the segments: columns R, F and M, Int32, 1 the lowest; null where unassigned."""
        cells, known = self._cells(customers)
        r, f, m = np.unravel_index(cells, self.bins)
        return _where_known({"R": r + 1, "F": f + 1, "M": m + 1}, known)

    def sql(self) -> str:
        return scores_as_sql(self.columns, self.cuts, cell_codes(self.rules, self.bins))

    def explain(self) -> Report:
        return explain_rfm(self)


def _where_known(columns: dict[str, np.ndarray], known: np.ndarray) -> pl.DataFrame:
    frame = pl.DataFrame({name: values.astype(np.int32) for name, values in columns.items()})
    return frame.select(pl.when(pl.Series(known)).then(pl.all()))


def measures(customers: Customers, columns: tuple[str, str, str]) -> tuple[list[np.ndarray], np.ndarray]:
    """Recency, frequency and monetary as float64, 0 where unknown, and whether all three are known and finite."""
    missing = [name for name in columns if name not in customers.frame.columns]
    if missing:
        raise DataError(f"The column {missing[0]} is missing.", next_step="Add it to the recipe.")
    values = [customers.frame.get_column(name).cast(pl.Float64).to_numpy() for name in columns]
    known = np.logical_and.reduce([np.isfinite(value) for value in values])
    return [value if known.all() else np.where(known, value, 0.0) for value in values], known


def cells_of(values: list[np.ndarray], cuts: tuple[CutPoints, CutPoints, CutPoints]) -> np.ndarray:
    """The cell of each customer: ((R - 1) * F bins + F - 1) * M bins + M - 1."""
    r = cuts[0].bins - 1 - cuts[0].passed(values[0])
    f = r * cuts[1].bins + cuts[1].passed(values[1], r)
    cells: np.ndarray = f * cuts[2].bins + cuts[2].passed(values[2], f)
    return cells


class Rfm(Method[RfmParams, RfmModel]):
    """Recency, frequency, monetary."""

    id = "rfm"
    title = "RFM"
    summary = "Scores how recently, how often and for how much customers bought, and names groups of scores."
    basis = Basis.BEHAVIOUR
    needs = Needs(roles=_ROLES)
    Params = RfmParams
    Model = RfmModel

    def fit(self, customers: Customers, params: RfmParams, run: Run) -> RfmModel:
        columns = _columns(customers)
        values, known = measures(customers, columns)
        if not known.any():
            raise DataError(
                "No customer has recency, frequency and monetary all three.",
                next_step="Check the recipe step that makes them.",
            )
        scored = values if known.all() else [value[known] for value in values]
        cuts = _cut_points(scored, params, run)
        bins = (cuts[0].bins, cuts[1].bins, cuts[2].bins)
        if params.rules:
            rules = tuple(rule.within(bins, row) for row, rule in enumerate(params.rules, start=1))
        else:
            rules = rule_table(params.preset, bins)
        cells = cells_of(scored, cuts)
        units = tuple(customers.columns[name].unit for name in columns)
        run.progress(1.0, "scoring")
        return RfmModel(
            segments=_segments(rules, bins),
            uses=Uses(columns=columns),
            columns=columns,
            units=(units[0], units[1], units[2]),
            cuts=cuts,
            nested=params.binning == "nested",
            own_cuts=(bool(params.recency_cuts), bool(params.frequency_cuts), bool(params.monetary_cuts)),
            rules=rules,
            table_name="your own rules" if params.rules else params.preset,
            cell_customers=tuple(np.bincount(cells, minlength=int(np.prod(bins))).tolist()),
            unscored=int(len(known) - known.sum()),
        )


def _columns(customers: Customers) -> tuple[str, str, str]:
    found = [customers.having(role) for role in _ROLES]
    if found[0] is None or found[1] is None or found[2] is None:
        raise NeedsError(Rfm.needs.unmet(customers.columns, rows=len(customers))[0])
    return found[0], found[1], found[2]


def _cut_points(values: list[np.ndarray], params: RfmParams, run: Run) -> tuple[CutPoints, CutPoints, CutPoints]:
    wanted = (
        (params.recency_cuts, params.recency_bins),
        (params.frequency_cuts, params.frequency_bins),
        (params.monetary_cuts, params.monetary_bins),
    )
    cuts: list[CutPoints] = []
    parents = np.zeros(len(values[0]), dtype=np.int64)
    for position, (value, (own, bins)) in enumerate(zip(values, wanted, strict=True)):
        run.progress(position / 4, "cut points")
        if own:
            found = CutPoints((own,))
        elif params.binning == "nested" and cuts:
            parent_bins = int(np.prod([cut.bins for cut in cuts]))
            found = CutPoints(nested_cuts(value, parents, parent_bins, bins), params.edge)
        else:
            found = CutPoints((quantile_cuts(value, bins),), params.edge)
        cuts.append(found)
        if params.binning == "nested" and len(cuts) < len(wanted):
            passed = found.passed(value, parents)
            parents = parents * found.bins + (passed if position else found.bins - 1 - passed)
    return cuts[0], cuts[1], cuts[2]


def _segments(rules: tuple[ScoreRule, ...], bins: tuple[int, int, int]) -> tuple[Segment, ...]:
    """A segment for each name that some cell reaches, and Others where a cell matches no rule."""
    names = [*(rule.name for rule in rules), OTHERS]
    segments = []
    for code in np.unique(cell_codes(rules, bins)).tolist():
        words = " or ".join(rule.words for rule in rules if rule.name == names[code])
        segments.append(Segment(code, names[code], words or "no rule matches"))
    return tuple(segments)
