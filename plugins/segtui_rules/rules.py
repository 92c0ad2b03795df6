"""Rules: named conditions in order, the first that matches wins, and everyone else is a segment too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from segtui.api import (
    Axis,
    Basis,
    Block,
    Condition,
    Customers,
    DataError,
    Figure,
    Grid,
    Method,
    Model,
    Outcome,
    Params,
    Report,
    Run,
    Segment,
    Text,
    UsageError,
    Uses,
    Verdict,
)
from segtui.api.expression import Expression, ExpressionError, parse_condition
from segtui.api.text import safe


class Rule(BaseModel):
    """One row of the table of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=80, description="Name of the segment")
    when: Condition = Field(min_length=1, description="Condition that its customers meet")


class RulesParams(Params):
    """Parameters of rules."""

    rules: tuple[Rule, ...] = Field((), max_length=200, description="Names and conditions; the first match wins")
    others: str = Field("Everyone else", min_length=1, max_length=80, description="Name of those whom no rule matches")


@dataclass(frozen=True)
class NamedCondition:
    """A rule as written, and how many customers of the fit it matched alone and took as the first."""

    name: str
    when: str
    matched: int
    taken: int


@dataclass(frozen=True, eq=False)
class RulesModel(Model):
    """Conditions in order. Codes are their positions; the last code is everyone else."""

    ordered: ClassVar[bool] = True

    rules: tuple[NamedCondition, ...]
    kinds: tuple[tuple[str, str], ...]
    customers: int

    @cached_property
    def conditions(self) -> tuple[Expression, ...]:
        """The conditions, parsed and checked against the kinds of the columns of the fit."""
        return tuple(parse_condition(rule.when).check(dict(self.kinds)) for rule in self.rules)

    def assign(self, customers: Customers) -> pl.Series:
        missing = [name for name in self.uses.columns if name not in customers.frame.columns]
        if missing:
            raise DataError(
                f"The column {safe(missing[0], 60)} is missing, and a rule needs it.", next_step="Add it to the recipe."
            )
        return customers.frame.select(_first_match(self.conditions)).to_series()

    def sql(self) -> str:
        arms = [f"WHEN {condition.sql()} THEN {code}" for code, condition in enumerate(self.conditions)]
        return f"CASE {' '.join(arms)} ELSE {len(arms)} END"

    def explain(self) -> Report:
        rest = self.customers - sum(rule.taken for rule in self.rules)
        counted = [(rule.matched, rule.matched - rule.taken, rule.taken) for rule in self.rules]
        counted.append((rest, 0, rest))
        least = min((count for row in counted for count in row if count), default=0)
        names = tuple(segment.name for segment in self.segments)
        return Report(
            "Rules, the first match wins",
            (
                Grid(
                    Axis(names),
                    Axis(("rule",)),
                    tuple((when,) for when in (*(rule.when for rule in self.rules), "no rule matches")),
                    counts=((0,),) * len(names),
                ),
                Grid(
                    Axis(names, about=tuple((("", str(segment.code)),) for segment in self.segments)),
                    Axis(("customers who match", "taken by earlier rules", "customers"), decimals=(0, 0, 0)),
                    tuple(counted),
                    # Who matches a rule is in several segments: with their sizes one could work out a small one.
                    counts=tuple((least, least, own) for *_, own in counted),
                    title="Customers by rule",
                ),
                *self._verdicts(rest),
            ),
            (Text("A rule whose result is unknown, because a value is missing, does not match."),),
        )

    def _verdicts(self, rest: int) -> list[Block]:
        figures = {
            "others": Figure(
                "customers whom no rule matches",
                rest,
                decimals=0,
                customers=rest,
                about=(("", str(self.segments[-1].code)),),
            ),
            "all": Figure("customers", self.customers, decimals=0, customers=self.customers),
        }
        outcome = Outcome.WARN if rest == self.customers else Outcome.PASS
        blocks: list[Block] = [Verdict(outcome, Text("{others} of {all} customers meet no rule.", figures))]
        nobody = [rule.name for rule in self.rules if not rule.matched]
        hidden = [rule.name for rule in self.rules if rule.matched and not rule.taken]
        for names, words in (
            (nobody, "These rules match nobody: {rules}."),
            (hidden, "Earlier rules take everyone whom these match: {rules}."),
        ):
            if names:
                text = Text(words, {"rules": Figure("rules", ", ".join(names))})
                blocks.append(Verdict(Outcome.WARN, text))
        return blocks


def _first_match(conditions: tuple[Expression, ...]) -> pl.Expr:
    """The position of the first condition that is true; unknown is not true."""
    arms = [
        pl.when(condition.polars().fill_null(False)).then(pl.lit(code, pl.Int32))
        for code, condition in enumerate(conditions)
    ]
    return pl.coalesce(*arms, pl.lit(len(conditions), pl.Int32)).alias("segment")


class Rules(Method[RulesParams, RulesModel]):
    """Named conditions."""

    id = "rules"
    title = "Rules"
    summary = "Named conditions in order; the first that a customer meets decides."
    basis = Basis.A_PRIORI
    Params = RulesParams
    Model = RulesModel

    def fit(self, customers: Customers, params: RulesParams, run: Run) -> RulesModel:
        if not params.rules:
            raise UsageError("There are no rules yet.", where="rules", next_step="Give a name and a condition.")
        kinds = {name: str(column.kind) for name, column in customers.columns.items()}
        conditions = tuple(_checked(rule, row, kinds) for row, rule in enumerate(params.rules, start=1))
        matched = []
        for row, condition in enumerate(conditions):
            run.progress(row / len(conditions), "matching")
            matched.append(customers.frame.select(condition.polars().fill_null(False).sum()).item())
        codes = customers.frame.select(_first_match(conditions)).to_series()
        taken = np.bincount(codes.to_numpy(), minlength=len(conditions) + 1)
        columns = tuple(dict.fromkeys(name for condition in conditions for name in condition.columns))
        names = [rule.name for rule in params.rules]
        return RulesModel(
            segments=(
                *(Segment(code, rule.name, rule.when) for code, rule in enumerate(params.rules)),
                Segment(len(names), params.others, "no rule matches"),
            ),
            uses=Uses(columns=columns, segmentations=customers.segmentations(columns)),
            rules=tuple(
                NamedCondition(rule.name, rule.when, alone, first)
                for rule, alone, first in zip(params.rules, matched, taken.tolist(), strict=False)
            ),
            kinds=tuple((name, kinds[name]) for name in columns),
            customers=len(customers),
        )


def _checked(rule: Rule, row: int, kinds: dict[str, str]) -> Expression:
    try:
        return parse_condition(rule.when).check(kinds)
    except ExpressionError as error:
        raise UsageError(error.what, where=f"rules, row {row}, {error.where}", next_step=error.next_step) from None
