"""Made-up deliveries for exporters: what is hidden, empty, strangely named, and every kind of block."""

from __future__ import annotations

from datetime import date

import polars as pl

from segtui.api.files import Delivery, LeavingSegment, LeavingSegmentation
from segtui.api.report import (
    Axis,
    Bars,
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

ROWS = 60
NAMES = ("=1+1", "Größte <b>Umsätze</b> '客户' | \"x\"")
IDS = ("rfm", "../Größe & k")


def delivery_for() -> Delivery:
    """Two segmentations, one with hidden numbers, the assignments of both, and a report with every kind of block."""
    return Delivery(
        title="A delivery / of the kit",
        segmentations=(_segmentation(IDS[0], False), _segmentation(IDS[1], True)),
        assignments={name: _assignments(number) for number, name in enumerate(IDS)},
        reports=(_report(),),
        manifest={"segtui": "0", "seed": 42, "inputs": [{"name": "orders", "rows": ROWS}], "account": {}, "steps": []},
        brief="Who buys, and who no longer does?",
        made=date(2025, 1, 1),
        chosen=IDS[0],
    )


def _segmentation(name: str, hidden: bool) -> LeavingSegmentation:
    sizes: list[tuple[int | None, float | None]] = [(40, 40 / ROWS), (None, None) if hidden else (18, 18 / ROWS)]
    segments = tuple(
        LeavingSegment(code, "AB"[code], NAMES[code], *sizes[code], rule="above 5" if code else "", description="")
        for code in range(2)
    )
    params = {"bins": [5, 5, 5], "as_of": None}
    unassigned = None if hidden else 2
    return LeavingSegmentation(name, "rfm", "RFM", params, "", 42, ROWS, segments, unassigned, ("2 values imputed.",))


def _assignments(number: int) -> pl.LazyFrame:
    codes = [None if row < 2 else (row + number) % 2 for row in range(ROWS)]
    ids = [f"{row:05d}" if row % 7 else f"@Ä{row}" for row in range(ROWS)]
    names = [None if code is None else NAMES[code] for code in codes]
    return pl.LazyFrame(
        {"customer": ids, "segment": codes, "segment_name": names},
        schema={"customer": pl.String, "segment": pl.Int32, "segment_name": pl.String},
    )


def _report() -> Report:
    share = Figure("share", 0.667, "share", 3, 40)
    rows, columns = Axis(NAMES, "segment"), Axis(("customers", "spent"), units=("", "EUR"), decimals=(0, 2))
    return Report(
        "What was found",
        (
            Text("Segments", tone=Tone.HEADING),
            Text("The largest holds {share} of the customers.", {"share": share}),
            Figures((share, Figure("day", date(2025, 1, 1)), Figure("spent", "hidden", "EUR")), "Figures"),
            Grid(rows, columns, ((40, 12.5), ("hidden", None)), marks=((1, 0), (0, -1)), title="Profile"),
            Bars(NAMES, (40.0, 18.0), unit="customers", title="Sizes"),
            Heatmap(rows, columns, ((0.5, None), ("hidden", 0.0)), title="Shades"),
            Lines((1.0, 2.0), (Series("a", (1.0, None), (0.5, None), (1.5, None)),), "x", "y", "Lines"),
            Lines((date(2024, 1, 1), date(2025, 1, 1)), (Series("b", (1.0, 2.0)),), title="Time"),
            Scatter((1.0, 2.0), (3.0, 4.0), NAMES, title="Points"),
            Flow(NAMES, NAMES, ((20, 20), (8, 10)), "From one to the other"),
            Verdict(Outcome.WARN, Text("It holds {share}.", {"share": share})),
        ),
        (Text("Small numbers are hidden.", tone=Tone.NOTE),),
    )
