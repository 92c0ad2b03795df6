"""The numbers of segments that were tried, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from segtui.api import Axis, Block, Figure, Grid, Lines, Series, Text

if TYPE_CHECKING:
    from segtui_clusters.kmeans_fit import Tried

SQUARES = 4
"""Decimals of a sum of squares, the same wherever it stands."""


def comparison(tried: tuple[Tried, ...], criterion: str, sampled: int, customers: int) -> list[Block]:
    """What each number came to, on which customers, and why one was taken."""
    return [
        Text(_taken(tried, criterion)),
        *_measured(tried, sampled, customers),
        *_peaks(tried, criterion),
        _table(tried, customers),
        *_lines(tried, customers),
    ]


def _has_error(tried: tuple[Tried, ...]) -> bool:
    return any(one.silhouette_error is not None for one in tried)


def _taken(tried: tuple[Tried, ...], criterion: str) -> str:
    if criterion != "silhouette":
        return "Taken: the number of segments with the highest Calinski-Harabasz index."
    if not _has_error(tried):
        return "Taken: the number of segments with the highest silhouette."
    return (
        "Taken: the fewest segments whose silhouette is within its sampling error of the highest. Differences below "
        "that error are chance, and fewer segments are easier to act on."
    )


def _measured(tried: tuple[Tried, ...], sampled: int, customers: int) -> list[Block]:
    """On which customers the table stands."""
    points = max((one.points or 0 for one in tried), default=0)
    if not points:
        return []
    figures = {
        "all": Figure("customers", customers),
        "sample": Figure("sample", sampled),
        "points": Figure("customers measured", points),
        "references": Figure("customers measured against", max(one.references or 0 for one in tried)),
    }
    words = "Measured on all {all} customers"
    if sampled < customers:
        words = "Measured on {sample} of the {all} customers, drawn with the seed"
    if _has_error(tried):
        words += "; the silhouette at {points} of them against {references}, with its standard error"
    return [Text(f"{words}.", figures)]


def _table(tried: tuple[Tried, ...], customers: int) -> Grid:
    columns = {
        "within sum of squares": (SQUARES, [one.within for one in tried]),
        "starts that agreed": (0, [one.agreed for one in tried]),
        "silhouette": (3, [one.silhouette for one in tried]),
        "its error": (4, [one.silhouette_error for one in tried]),
        "Calinski-Harabasz": (None, [one.calinski_harabasz for one in tried]),
    }
    if not _has_error(tried):
        del columns["its error"]
    decimals, values = zip(*columns.values(), strict=True)
    return Grid(
        Axis(tuple(str(one.k) for one in tried), title="segments"),
        Axis(tuple(columns), decimals=decimals),
        tuple(zip(*values, strict=True)),
        counts=((customers,) * len(columns),) * len(tried),
        title="Numbers of segments that were tried",
    )


def _lines(tried: tuple[Tried, ...], customers: int) -> list[Block]:
    ks = tuple(float(one.k) for one in tried)
    counts = (customers,) * len(tried)
    within = Series("within", tuple(one.within for one in tried), counts=counts)
    silhouette = Series("silhouette", tuple(one.silhouette for one in tried), counts=counts)
    if _has_error(tried):
        silhouette = replace(silhouette, low=_moved(tried, -1), high=_moved(tried, 1))
    return [
        Lines(ks, (within,), "segments", "sum of squares"),
        Lines(ks, (silhouette,), "segments", "silhouette"),
    ]


def _moved(tried: tuple[Tried, ...], errors: int) -> tuple[float | None, ...]:
    """The silhouettes, so many of their errors higher."""
    return tuple(
        None if one.silhouette is None else one.silhouette + errors * (one.silhouette_error or 0.0) for one in tried
    )


def _peaks(tried: tuple[Tried, ...], criterion: str) -> list[Block]:
    """Numbers of segments that stand out from their neighbours: often the better answer than two large groups."""
    values = [one.silhouette if criterion == "silhouette" else one.calinski_harabasz for one in tried]
    peaks = [
        str(tried[place].k)
        for place in range(1, len(tried) - 1)
        if (value := values[place]) is not None
        and all(other is not None and value > other for other in (values[place - 1], values[place + 1]))
    ]
    if not peaks:
        return []
    figures = {"peaks": Figure("numbers of segments that stand out", ", ".join(peaks)), "by": Figure("by", criterion)}
    return [
        Text(
            "By {by} these numbers of segments stand out from their neighbours, and are worth a look: {peaks}.", figures
        )
    ]
