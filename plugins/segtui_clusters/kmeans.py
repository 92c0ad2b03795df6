"""k-means: groups around centres on scaled numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from segtui.api import (
    Basis,
    CountOrRange,
    Customers,
    DataError,
    Kind,
    Method,
    Model,
    Needs,
    NeedsError,
    Params,
    Report,
    Run,
    Scaling,
    Segment,
    Uses,
)
from segtui_clusters.distances import memberships, nearest
from segtui_clusters.kmeans_fit import Criterion, Search, Tried, search
from segtui_clusters.kmeans_report import explain_kmeans
from segtui_clusters.kmeans_sql import nearest_as_sql

_AUTO = (2, 8)


class KMeansParams(Params):
    """Parameters of k-means."""

    k: CountOrRange = Field(
        CountOrRange(*_AUTO),
        title="Segments",
        description="Number of segments, or a range of which the best is taken",
        json_schema_extra={"default": "2..8"},
    )
    starts: int = Field(10, ge=1, le=1_000, description="Random starts; the best one is kept")
    iterations: int = Field(300, ge=1, le=10_000, description="Most passes over the data for each start")
    criterion: Criterion = Field("silhouette", description="What makes a number of segments of the range the best")
    sample: int = Field(
        50_000, ge=1_000, le=10_000_000, description="Customers that the starts see; all take part later"
    )


@dataclass(frozen=True, eq=False)
class KMeansModel(Model):
    """Centres in matrix units, one row a segment, the code its position: the largest group of the fit first; `digit` is
    the last digit of each column to which they are rounded."""

    ordered: ClassVar[bool] = False

    centres: np.ndarray
    digit: np.ndarray
    sizes: tuple[int, ...]
    within: float
    total: float
    tried: tuple[Tried, ...]
    criterion: Criterion
    starts: int
    early: int
    sampled: int
    units: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def scaling(self) -> Scaling:
        """How the features become numbers, as fitted."""
        assert self.uses.scaling is not None
        return self.uses.scaling

    def assign(self, customers: Customers) -> pl.Series:
        labels = [nearest(block, self.centres) for block in customers.blocks(self.scaling)]
        return pl.Series("segment", np.concatenate(labels) if labels else [], dtype=pl.Int32)

    def strengths(self, customers: Customers) -> pl.DataFrame:
        """Shares of 1 / squared distance to the centres, the membership of fuzzy c-means with exponent 2."""
        shares = [memberships(block, self.centres) for block in customers.blocks(self.scaling)]
        names = [str(segment.code) for segment in self.segments]
        whole = np.concatenate(shares) if shares else np.empty((0, len(names)))
        return pl.DataFrame(whole, schema=dict.fromkeys(names, pl.Float64))

    def sql(self) -> str:
        return nearest_as_sql(self.scaling, self.centres)

    def explain(self) -> Report:
        return explain_kmeans(self)


class KMeans(Method[KMeansParams, KMeansModel]):
    """k-means with many starts."""

    id = "kmeans"
    title = "k-means"
    summary = "Groups of similar customers around a centre, on scaled numbers."
    basis = Basis.CLUSTERS
    needs = Needs(features=1, feature_kinds=(Kind.NUMBER, Kind.FLAG), rows=2)
    Params = KMeansParams
    Model = KMeansModel

    def fit(self, customers: Customers, params: KMeansParams, run: Run) -> KMeansModel:
        unmet = self.needs.unmet(customers.columns, customers.features, rows=len(customers))
        if unmet:
            raise NeedsError(unmet[0])
        matrix = customers.matrix
        ks = _possible(params.k.within(*_AUTO), _distinct(matrix, params.k.within(*_AUTO)[-1]))
        wanted = Search(ks, params.starts, params.iterations, params.sample, params.criterion)
        found = search(matrix, wanted, run)
        return KMeansModel(
            segments=tuple(Segment(code) for code in range(len(found.centres))),
            uses=Uses(columns=customers.scaling.columns, scaling=customers.scaling),
            centres=found.centres,
            digit=found.digit,
            sizes=tuple(np.bincount(found.labels, minlength=len(found.centres)).tolist()),
            within=found.within,
            total=found.total,
            tried=found.tried,
            criterion=params.criterion,
            starts=params.starts,
            early=found.early,
            sampled=found.sampled,
            units=tuple(customers.columns[name].unit for name in customers.scaling.columns),
            flags=tuple(one for one in customers.scaling.columns if customers.columns[one].kind is Kind.FLAG),
        )


def _distinct(matrix: np.ndarray, most: int) -> int:
    """How many distinct rows there are, counted no further than needed to know that there are `most`."""
    first = len(np.unique(matrix[:10_000], axis=0))
    return first if first >= most or len(matrix) <= 10_000 else pl.DataFrame(matrix).unique().height


def _possible(ks: range, distinct: int) -> tuple[int, ...]:
    """The numbers of segments that so many distinct customers allow. Raises DataError where there are none."""
    possible = tuple(k for k in ks if k <= distinct)
    if possible:
        return possible
    if distinct == 1:
        raise DataError(
            "All customers are the same in these features, so they can't be divided.",
            next_step="Choose features in which customers differ.",
        )
    raise DataError(
        f"There are only {distinct:,} different customers in these features, too few for {ks[0]:,} segments.",
        next_step=f"Ask for at most {distinct:,}, or choose more features.",
    )
