"""Feature sets: which columns describe customers to a method, in which form; and the scaling fitted to them, once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from segtui.api.customers import ScaledFeature, Scaling
from segtui.api.errors import DataError
from segtui.api.table import Column, Kind, Role
from segtui.api.text import close_matches, join_words, safe

MOST_LEVELS = 50
LIKELY_LEVELS = 12
SKEWED = 1.0
SMALLEST_SPREAD = 1e-100
BEHAVIOUR = (Role.RECENCY, Role.FREQUENCY, Role.MONETARY)
NEVER_FEATURES = {Role.CUSTOMER, Role.ORDER, Role.LATITUDE, Role.LONGITUDE, Role.TARGET, Role.TREATMENT, Role.POSTCODE}


class Form(StrEnum):
    """How a feature enters: its own values, centred and divided (z by mean and standard deviation, robust by median and
    interquartile range), after the logarithm of one plus the value or not."""

    AS_IS = "as is"
    LOG = "log"
    Z = "z"
    LOG_Z = "log z"
    ROBUST = "robust"
    LOG_ROBUST = "log robust"

    @property
    def logs(self) -> bool:
        """Whether the logarithm is taken first."""
        return self in (Form.LOG, Form.LOG_Z, Form.LOG_ROBUST)


class Feature(BaseModel):
    """One feature: a column and its form. Categories become one 0/1 column for each of their values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    form: Form = Form.Z


class FeatureSet(BaseModel):
    """A named set of features, column = form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    columns: Mapping[str, Form] = Field(description='column = "z", "log z", "robust", "log robust", "log" or "as is"')

    @property
    def features(self) -> tuple[Feature, ...]:
        """Its features in order."""
        return tuple(Feature(column=column, form=form) for column, form in self.columns.items())


def fit_scaling(frame: pl.DataFrame, columns: Mapping[str, Column], chosen: FeatureSet) -> Scaling:
    """The scaling of a feature set, fitted on these customers. Raises DataError where a column can't be one."""
    for feature in chosen.features:
        _require(feature, columns, chosen.name)
    bare = [_bare(frame, feature, columns[feature.column]) for feature in chosen.features]
    figures: dict[str, pl.Expr] = {}
    for place, (scaled, feature) in enumerate(zip(bare, chosen.features, strict=True)):
        for number, raw in enumerate(scaled.raw()):
            figures |= _figures(f"{place} {number}", raw, feature.form)
    found = frame.select(**figures).row(0, named=True) if figures else {}
    fitted = []
    for place, (scaled, feature) in enumerate(zip(bare, chosen.features, strict=True)):
        if feature.form in (Form.AS_IS, Form.LOG):
            width = len(scaled.names)
            centre, spread = (0.0,) * width, (1.0,) * width
        else:
            parts = [f"{place} {number}" for number in range(len(scaled.names))]
            centre = tuple(_nine_digits(found[f"{part} centre"]) for part in parts)
            spread = tuple(_spread(found[f"{part} spread"]) for part in parts)
        fitted.append(
            ScaledFeature(scaled.column, scaled.log, scaled.fill, centre=centre, spread=spread, levels=scaled.levels)
        )
    return Scaling(tuple(fitted))


def _require(feature: Feature, columns: Mapping[str, Column], name: str) -> None:
    where = f"feature set {safe(name, 60)}"
    if feature.column not in columns:
        near = close_matches(feature.column, columns, most=1)
        known = join_words(safe(name, 60) for name, column in columns.items() if _usable(column))
        advice = f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {known}."
        raise DataError(f"There is no column {safe(feature.column, 60)}.", where=where, next_step=advice)
    kind = columns[feature.column].kind
    if kind not in (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY):
        raise DataError(
            f"The column {safe(feature.column, 60)} holds a {kind}, and features are numbers, flags or categories.",
            where=where,
            next_step="Set its kind, or derive a number from it.",
        )


def _bare(frame: pl.DataFrame, feature: Feature, column: Column) -> ScaledFeature:
    """The feature with its fill and levels, before it is centred."""
    values = frame[feature.column]
    if column.kind is Kind.CATEGORY:
        levels = column.levels or tuple(sorted(str(level) for level in values.drop_nulls().unique().to_list()))
        if len(levels) > MOST_LEVELS:
            raise DataError(
                f"The column {safe(feature.column, 60)} has {len(levels):,} values, more than the {MOST_LEVELS} "
                "that can become features.",
                next_step="Map its values to fewer, or leave it out.",
            )
        return ScaledFeature(feature.column, levels=levels, centre=(), spread=())
    numbers = values.cast(pl.Float64)
    fill = numbers.filter(numbers.is_finite()).median()
    return ScaledFeature(feature.column, log=feature.form.logs, fill=_nine_digits(fill))


def _figures(name: str, raw: pl.Expr, form: Form) -> dict[str, pl.Expr]:
    if form in (Form.AS_IS, Form.LOG):
        return {}
    if form in (Form.ROBUST, Form.LOG_ROBUST):
        spread = raw.quantile(0.75, interpolation="linear") - raw.quantile(0.25, interpolation="linear")
        return {f"{name} centre": raw.median(), f"{name} spread": spread}
    return {f"{name} centre": raw.mean(), f"{name} spread": raw.std(ddof=0)}


def _spread(value: Any) -> float:
    """What to divide by: 1 where a column does not vary."""
    spread = _nine_digits(value)
    return spread if spread > SMALLEST_SPREAD else 1.0


def _nine_digits(value: Any) -> float:
    """Sums of floats differ in their last digits from run to run; nine digits are the same."""
    return float(f"{float(value or 0.0):.9g}")


def propose_features(frame: pl.DataFrame, columns: Mapping[str, Column]) -> FeatureSet:
    """A feature set to start from: behaviour where there are purchases, else answers, else numbers, else categories.

    Left out are ids, personal and sensitive columns, columns that never vary, and sums that others already say.
    """
    usable = {name: column for name, column in columns.items() if _usable(column) and _varies(frame[name])}
    if any(column.role is Role.RECENCY for column in columns.values()):
        chosen = [name for name, column in usable.items() if column.role in BEHAVIOUR] + _shares(frame, usable)
        return FeatureSet(name="behaviour", columns={name: _form(frame, name, columns[name]) for name in chosen})
    flags = [name for name, column in usable.items() if column.kind is Kind.FLAG]
    numbers = [name for name, column in usable.items() if column.kind is Kind.NUMBER]
    if len(flags) >= 5 and len(flags) >= 2 * len(numbers):
        return FeatureSet(name="answers", columns=dict.fromkeys(flags, Form.AS_IS))
    if numbers:
        return FeatureSet(name="numbers", columns={name: _form(frame, name, columns[name]) for name in numbers})
    few = [name for name, column in usable.items() if column.kind is Kind.CATEGORY]
    few = [name for name in few if len(columns[name].levels) <= LIKELY_LEVELS and columns[name].levels]
    return FeatureSet(name="answers", columns=dict.fromkeys(flags + few, Form.AS_IS))


def _shares(frame: pl.DataFrame, usable: Mapping[str, Column]) -> list[str]:
    """The shares by the first column that has them, without the smallest, which the others tell already."""
    shares = [column for column in usable.values() if column.unit == "share"]
    first = [column.name for column in shares if column.reason == shares[0].reason]
    means = {name: frame[name].mean() or 0.0 for name in first}
    smallest = min(means, key=lambda name: means[name], default="")
    return [name for name in first if name != smallest]


def _usable(column: Column) -> bool:
    return not column.personal and not column.sensitive and column.role not in NEVER_FEATURES


def _varies(values: pl.Series) -> bool:
    """Whether there are two different values, without counting them all."""
    return values.min() != values.max()


def _form(frame: pl.DataFrame, name: str, column: Column) -> Form:
    """Skewed amounts and counts get their logarithm first; shares and days don't."""
    if column.unit in ("share", "days") or column.kind is not Kind.NUMBER:
        return Form.Z
    skew = frame[name].cast(pl.Float64).skew()
    return Form.LOG_Z if skew is not None and skew > SKEWED else Form.Z
