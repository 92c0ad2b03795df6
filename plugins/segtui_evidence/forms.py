"""The forms of features, as feature sets name them, told from how the features were scaled."""

from __future__ import annotations

import math

import polars as pl

from segtui.api import Customers, ScaledFeature

OTHER = "scaled otherwise"


def forms_of(customers: Customers) -> dict[str, str]:
    """By feature: as is, z or robust, or log, log z or log robust after the logarithm."""
    return {feature.column: _form(feature, customers.frame) for feature in customers.scaling.features}


def _form(feature: ScaledFeature, frame: pl.DataFrame) -> str:
    if not any(feature.centre) and set(feature.spread) <= {1.0}:
        return "log" if feature.log else "as is"
    form = next((form for form in ("z", "robust") if _is(form, feature, frame)), OTHER)
    return f"log {form}" if feature.log else form


def _is(form: str, feature: ScaledFeature, frame: pl.DataFrame) -> bool:
    """Whether centre and spread are those that the form has on these customers."""
    centres, spreads = zip(*(_figures(form, raw) for raw in feature.raw()), strict=True)
    found = frame.select(
        *(one.alias(f"centre {place}") for place, one in enumerate(centres)),
        *(one.alias(f"spread {place}") for place, one in enumerate(spreads)),
    ).row(0)
    width = len(centres)
    return all(
        math.isclose(centre, own, rel_tol=1e-6, abs_tol=1e-6 * divisor)
        and (math.isclose(spread, divisor, rel_tol=1e-6) or (divisor == 1.0 and spread < 1e-6))
        for own, divisor, centre, spread in zip(
            feature.centre, feature.spread, found[:width], found[width:], strict=True
        )
    )


def _figures(form: str, raw: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    if form == "z":
        return raw.mean(), raw.std(ddof=0)
    upper, lower = (raw.quantile(share, interpolation="linear") for share in (0.75, 0.25))
    return raw.median(), upper - lower
