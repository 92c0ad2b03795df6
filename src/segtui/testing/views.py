"""Made-up views for analyses: customers with segmentations of them, an earlier state where one is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl

from segtui.api.analysis import Analysis, View
from segtui.api.customers import Customers
from segtui.api.method import Model, Segment, Uses
from segtui.api.run import Run
from segtui.api.segmentation import Account, Count, Segmentation, ShownSegment, letter
from segtui.testing.customers import ROWS, customers_for

COLUMNS = ("monetary", "recency", "frequency", "age")
NAMES = ("Größte <Umsätze>", "the middle", "low", "nobody")


@dataclass(frozen=True, eq=False)
class Bands(Model):
    """Three bands of a number, and a segment with nobody in it; the very lowest are in none."""

    ordered: ClassVar[bool] = True

    column: str
    cuts: tuple[float, float, float]

    def assign(self, customers: Customers) -> pl.Series:
        """The band of each customer."""
        number = customers.frame[self.column].cast(pl.Float64)
        lowest, middle, high = (number > cut for cut in self.cuts)
        codes = pl.select(
            pl.when(high).then(0).when(middle).then(1).when(lowest).then(2).otherwise(None).cast(pl.Int32)
        )
        return codes.to_series().alias("segment")


def view_for(analysis: Analysis[Any], rows: int = ROWS, seed: int = 7) -> View:
    """A view that meets the needs of `analysis`, except for tables: with two segmentations where it takes them, and
    with an earlier state where it needs one."""
    baseline = _view(analysis, rows, seed + 1, None) if analysis.baseline else None
    return _view(analysis, rows, seed, baseline)


def _view(analysis: Analysis[Any], rows: int, seed: int, baseline: View | None) -> View:
    customers = customers_for(analysis.needs, rows, seed)
    least, most = analysis.segmentations
    wanted = max(least, analysis.needs.segmentations, 2 if most is None else min(2, most))
    made = tuple(_made(customers, COLUMNS[number % len(COLUMNS)], number) for number in range(wanted))

    def refit(segmentation: Segmentation, drawn: np.ndarray, _seed: int, _run: Run) -> Model:
        model = segmentation.model
        return _fitted(customers.rows(drawn), model.column) if isinstance(model, Bands) else model

    return View(customers, made, refit, baseline)


def _fitted(customers: Customers, column: str) -> Bands:
    number = customers.frame[column].cast(pl.Float64)
    cuts = [number.quantile(share) or 0.0 for share in (0.02, 0.5, 0.8)]
    segments = tuple(Segment(code, name) for code, name in enumerate(NAMES))
    return Bands(segments, Uses(columns=(column,)), column, (cuts[0], cuts[1], cuts[2]))


def _made(customers: Customers, column: str, number: int) -> Segmentation:
    model = _fitted(customers, column)
    labels = model.assign(customers)
    sizes = [int((labels == code).sum()) for code in range(len(NAMES))]
    shown = tuple(
        ShownSegment(code, letter(code), name, size) for code, (name, size) in enumerate(zip(NAMES, sizes, strict=True))
    )
    dropped = (Count("in no segment", labels.null_count()),)
    account = Account("customers", len(customers), len(customers) - labels.null_count(), dropped)
    return Segmentation(
        f"by_{column}_{number}",
        "bands",
        {"column": column},
        "behaviour",
        42,
        1,
        model,
        labels,
        shown,
        f"{number:064d}",
        account,
    )
