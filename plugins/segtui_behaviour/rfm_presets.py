"""Rule tables for RFM that people know, by name."""

from __future__ import annotations

from typing import Literal

from segtui.api import UsageError
from segtui_behaviour.rfm_rules import ScoreRule

Preset = Literal["ten segments", "rfm vignette", "recency and frequency", "four quarters"]

_FIVE = (1, 5)

_TABLES: dict[str, tuple[ScoreRule, ...]] = {
    # Derived from the published scores of the R package rfm: 995 of 995 customers agree.
    "ten segments": (
        ScoreRule("Champions", (5, 5), (5, 5), (5, 5)),
        ScoreRule("Potential Loyalist", (3, 5), (3, 5), (2, 5)),
        ScoreRule("Loyal Customers", (2, 4), (2, 4), (2, 4)),
        ScoreRule("Promising", (3, 4), (1, 2), (3, 5)),
        ScoreRule("New Customers", (4, 5), (1, 3), (1, 4)),
        ScoreRule("Can't Lose Them", (1, 2), (3, 4), (4, 5)),
        ScoreRule("At Risk", (1, 2), (2, 5), (4, 5)),
        ScoreRule("Need Attention", (1, 1), (3, 5), (3, 3)),
        ScoreRule("About To Sleep", (2, 3), (1, 3), (1, 4)),
        ScoreRule("Lost", (1, 1), _FIVE, _FIVE),
    ),
    # The table of that package's vignette.
    "rfm vignette": (
        ScoreRule("Champions", (4, 5), (4, 5), (4, 5)),
        ScoreRule("Loyal Customers", (2, 5), (3, 5), (3, 5)),
        ScoreRule("Potential Loyalist", (3, 5), (1, 3), (1, 3)),
        ScoreRule("New Customers", (4, 5), (1, 1), (1, 1)),
        ScoreRule("Promising", (3, 4), (1, 1), (1, 1)),
        ScoreRule("Need Attention", (2, 3), (2, 3), (2, 3)),
        ScoreRule("About To Sleep", (2, 3), (1, 2), (1, 2)),
        ScoreRule("At Risk", (1, 2), (2, 5), (2, 5)),
        ScoreRule("Can't Lose Them", (1, 1), (4, 5), (4, 5)),
        ScoreRule("Lost", (1, 2), (1, 2), (1, 2)),
    ),
    # The recency by frequency grid of many tools; money plays no part, and no cell is left over or taken twice.
    "recency and frequency": (
        ScoreRule("Champions", (5, 5), (4, 5), _FIVE),
        ScoreRule("Loyal Customers", (3, 4), (4, 5), _FIVE),
        ScoreRule("Potential Loyalists", (4, 5), (2, 3), _FIVE),
        ScoreRule("New Customers", (5, 5), (1, 1), _FIVE),
        ScoreRule("Promising", (4, 4), (1, 1), _FIVE),
        ScoreRule("Need Attention", (3, 3), (3, 3), _FIVE),
        ScoreRule("About To Sleep", (3, 3), (1, 2), _FIVE),
        ScoreRule("Can't Lose Them", (1, 2), (5, 5), _FIVE),
        ScoreRule("At Risk", (1, 2), (3, 4), _FIVE),
        ScoreRule("Hibernating", (1, 2), (1, 2), _FIVE),
    ),
}


def rule_table(preset: Preset, bins: tuple[int, int, int]) -> tuple[ScoreRule, ...]:
    """The rules of a preset. All but "four quarters" are written for five bins each. Raises UsageError elsewhere."""
    if preset == "four quarters":
        return _four_quarters(bins)
    if bins != (5, 5, 5):
        raise UsageError(
            f'The rule table "{preset}" is written for five bins of each score.',
            where="preset",
            next_step='Use five bins, the preset "four quarters", or rules of your own.',
        )
    return _TABLES[preset]


def _four_quarters(bins: tuple[int, int, int]) -> tuple[ScoreRule, ...]:
    r, f, m = bins
    recent, lapsed, every = (r // 2 + 1, r), (1, r // 2), (1, f)
    high, low = (m // 2 + 1, m), (1, m // 2)
    return (
        ScoreRule("Active, high spend", recent, every, high),
        ScoreRule("Active, low spend", recent, every, low),
        ScoreRule("Lapsed, high spend", lapsed, every, high),
        ScoreRule("Lapsed, low spend", lapsed, every, low),
    )
