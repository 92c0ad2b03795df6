"""One block of each kind, as an analysis would make them, and the text of a block."""

from __future__ import annotations

from datetime import date

from segtui.api.report import (
    Additive,
    Axis,
    Bars,
    Block,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Lines,
    Outcome,
    Report,
    Scatter,
    Series,
    Text,
    Tone,
    Verdict,
)
from segtui.draw.block import draw_block
from segtui.draw.line import plain

SEGMENTS = ("A Frequent, high spend", "B Steady, online", "C Occasional, store", "D Lapsed, low spend")
WHOM = tuple((("kmeans", str(code)),) for code in range(4))
NAMES = ("recency", "frequency", "monetary", "online share")

BLOCKS: dict[str, Block] = {
    "heading": Text("Sizes", tone=Tone.HEADING),
    "body": Text(
        "{customers} customers in {segments} segments; the largest is {largest}, and {share} of the customers who "
        "bought in the last year are in it.",
        {
            "customers": Figure("customers", 6021),
            "segments": Figure("segments", 4),
            "largest": Figure("the largest", SEGMENTS[2]),
            "share": Figure("share", 37.1, "%", 1),
        },
    ),
    "note": Text("Measured on a sample.", tone=Tone.NOTE),
    "warning": Text("{name} is a small segment.", {"name": Figure("segment", SEGMENTS[0])}, Tone.WARNING),
    "figures": Figures(
        (
            Figure("customers", 6021),
            Figure("silhouette", 0.412, decimals=2),
            Figure("largest segment", 37.1, "%", 1),
            Figure("monetary of all", None, "EUR"),
            Figure("as of", date(2025, 1, 1)),
        ),
        "In short",
    ),
    "grid": Grid(
        Axis((*SEGMENTS, "all"), about=(*WHOM, ())),
        Axis(NAMES, units=("days", "orders", "EUR", "%")),
        (
            (12.4, 38.2, 4123.5, 44.0),
            (31.0, 9.1, 610.0, 92.0),
            (88.0, 3.04, 190.0, 8.0),
            (301.0, 1.0, 55.3, None),
            (118.0, 6.0, 512.0, 49.0),
        ),
        marks=((-1, 1, 1, 0), (0, 0, 0, 1), (0, 0, 0, -1), (1, -1, -1, 0), (0, 0, 0, 0)),
        title="Means",
    ),
    "sums": Grid(
        Axis(SEGMENTS, about=WHOM),
        Axis(("rule", "customers", "share"), units=("", "", "%"), decimals=(None, 0, 1)),
        (
            ("at least 20 orders in the last year, online or in a store", 412, 6.85),
            ("half of the orders online", 1877, 31.17),
            ("all others", 2232, 37.07),
            ("no order for 200 days", 1500, 24.91),
        ),
        additive=Additive.COLUMNS,
        title="Rules",
    ),
    "bars": Bars(SEGMENTS, (6.85, 31.17, 37.07, 24.91), (412, 1877, 2232, 1500), "%", Additive.COLUMNS, "Shares", WHOM),
    "bars_below_zero": Bars(("Returns", "New", "Discounts"), (-120.0, 240.0, 12.5), unit="EUR", title="Change"),
    "heatmap": Heatmap(
        Axis(SEGMENTS, about=WHOM),
        Axis(NAMES),
        ((-1.1, 1.9, 2.4, -0.1), (-0.6, 0.3, 0.1, 1.3), (-0.2, -0.3, -0.2, -1.2), (1.4, -0.5, -0.4, None)),
        title="Difference from all",
    ),
    "heatmap_as_it_leaves": Heatmap(
        Axis(SEGMENTS), Axis(NAMES[:2]), ((-1.1, 1.9), ("hidden", 0.3), (-0.2, None), (1.4, "hidden")), title="Left"
    ),
    "lines": Lines(
        tuple(date(2024, month, 1) for month in range(1, 13)),
        (
            Series("orders", (4.0, 5.0, 7.0, 8.0, 9.0, 8.5, 7.0, 6.0, None, 5.0, 6.0, 9.5)),
            Series("returns", (1.0,) * 12, (0.5,) * 12, (2.0,) * 12),
        ),
        "month",
        "a day",
        "By month",
    ),
    "scatter": Scatter(
        (0.0, 1.0, 5.0, 6.0, 9.0),
        (0.0, 2.0, 4.0, 5.0, 1.0),
        (*SEGMENTS[:2], *SEGMENTS[1:]),
        (10, 20, 30, 40, 50),
        x_title="first axis",
        y_title="second axis",
        title="On two axes",
    ),
    "flow": Flow(
        SEGMENTS[:3], ("A Champions", "B Loyal"), ((391, 21), (102, 733), (0, 104)), "Who moved", WHOM[:3], WHOM[:2]
    ),
    "pass": Verdict(Outcome.PASS, Text("Each holds at least {share}.", {"share": Figure("share", 6.8, "%", 1)})),
    "warn": Verdict(Outcome.WARN, Text("The border between two of them is soft, and should not decide who gets what.")),
    "fail": Verdict(Outcome.FAIL, Text("No difference is beyond chance.")),
}

REPORT = Report("Four segments", tuple(BLOCKS.values()), (Text("The silhouette is from a sample."),))


def text_of(block: Block, width: int) -> list[str]:
    """The lines of a block as text."""
    return [plain(line).rstrip() for line in draw_block(block, width)]
