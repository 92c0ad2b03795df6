"""The nearest centre as one CASE expression, scaling and imputation included."""

from __future__ import annotations

import numpy as np

from segtui.api import ScaledFeature, Scaling
from segtui.api.customers import FARTHEST
from segtui.api.expression_compile import quoted_name, quoted_text


def nearest_as_sql(scaling: Scaling, centres: np.ndarray) -> str:
    """The code of the nearest centre over the columns of the frame, the lowest code where several are as near.

    The same arithmetic in the same order as the model's own, so that both give the same code.
    """
    inputs = [expression for feature in scaling.features for expression in _scaled(feature)]
    distances = [_distance(inputs, centre) for centre in centres]
    if len(distances) == 1:
        return "CASE WHEN TRUE THEN 0 END"
    arms = " ".join(f"WHEN {distance} THEN {code}" for code, distance in enumerate(distances))
    return f"CASE LEAST({', '.join(distances)}) {arms} END"


def _distance(inputs: list[str], centre: np.ndarray) -> str:
    steps = [f"({value} - {_number(middle)})" for value, middle in zip(inputs, centre, strict=True)]
    return "(" + " + ".join(f"{step} * {step}" for step in steps) + ")"


def _scaled(feature: ScaledFeature) -> list[str]:
    """The columns of the matrix, cut off and rounded to 32 bits as there."""
    columns = []
    for raw, centre, spread in zip(_raw(feature), feature.centre, feature.spread, strict=True):
        scaled = f"({raw} - {_number(centre)}) * {_number(1.0 / spread)}"
        within = f"LEAST(GREATEST({scaled}, {_number(-FARTHEST)}), {_number(FARTHEST)})"
        columns.append(f"CAST(CAST({within} AS REAL) AS DOUBLE PRECISION)")
    return columns


def _raw(feature: ScaledFeature) -> list[str]:
    name = quoted_name(feature.column)
    if feature.levels:
        return [f"CASE WHEN {name} = {quoted_text(level)} THEN 1e0 ELSE 0e0 END" for level in feature.levels]
    number = f"CAST({name} AS DOUBLE PRECISION)"
    # Finite is said so, because DuckDB decides comparisons from a Parquet file's statistics, which leave NaN out.
    filled = f"CASE WHEN {number} - {number} = 0 THEN {number} ELSE {_number(feature.fill)} END"
    return [f"SIGN({filled}) * LN(1e0 + ABS({filled}))" if feature.log else filled]


def _number(value: float) -> str:
    # An exponent makes the number a DOUBLE and not a DECIMAL: the same value bit for bit.
    return f"({value:.16e})"
