"""RFM as one CASE expression."""

from __future__ import annotations

import numpy as np

from segtui.api.expression_compile import quoted_name
from segtui_behaviour.rfm_scores import CutPoints


def scores_as_sql(columns: tuple[str, str, str], cuts: tuple[CutPoints, ...], codes: np.ndarray) -> str:
    """The code of a customer over the three columns; NULL where one of them is NULL or not finite."""
    names = [quoted_name(column) for column in columns]
    # Not BETWEEN the largest doubles: DuckDB decides that from a Parquet file's statistics, which leave NaN out.
    known = " AND ".join(f"{name} - {name} = 0" for name in names)
    return f"CASE WHEN {known} THEN {_branch(names, cuts, codes, 0, 0)} END"


def _branch(names: list[str], cuts: tuple[CutPoints, ...], codes: np.ndarray, level: int, parent: int) -> str:
    """From the highest bin down, so that each bin needs one comparison; neighbours with one outcome become one."""
    if level == len(cuts):
        return str(codes[parent])
    cut = cuts[level]
    vector = cut.vectors[parent if len(cut.vectors) > 1 else 0]
    outcomes = []
    for passed in range(cut.bins):
        position = cut.bins - 1 - passed if level == 0 else passed
        outcomes.append(_branch(names, cuts, codes, level + 1, parent * cut.bins + position))
    arms = []
    for passed in range(cut.bins - 1, 0, -1):
        if outcomes[passed] != outcomes[passed - 1]:
            arms.append(f"WHEN {_passes(names[level], vector[passed - 1], cut)} THEN {outcomes[passed]}")
    return f"CASE {' '.join(arms)} ELSE {outcomes[0]} END" if arms else outcomes[0]


def _passes(name: str, cut: float, cuts: CutPoints) -> str:
    # An exponent makes the number a DOUBLE and not a DECIMAL: the same value bit for bit.
    return f"{name} > {cut:.16e}" if cuts.edge == "above the cut" else f"{name} >= {cut + 1:.16e}"
