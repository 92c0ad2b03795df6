"""Where bands of a number are cut: evenly in number of customers, in width, or at natural breaks."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

How = Literal["quantiles", "equal width", "natural breaks", "fixed"]

MOST_PLACES = 5_000
"""Natural breaks are looked for at this many places at most; with more distinct values, at evenly spread ones."""


def cuts_of(values: np.ndarray, how: How, bands: int) -> tuple[float, ...]:
    """Ascending cut points that divide finite `values` (at least one) into at most `bands` bands, none of them empty.

    Fewer where equal values make cuts fall together. A value belongs above a cut of "equal width" from the cut on, and
    above the others where it is greater.
    """
    ordered = pl.Series(values).sort().to_numpy().astype(np.float64)
    if how == "equal width":
        low, high = float(ordered[0]), float(ordered[-1])
        cuts = [low + (high - low) * (part / bands) for part in range(1, bands)]
        return _that_divide(ordered, cuts, "left")
    if how == "natural breaks":
        return natural_breaks(ordered, bands)[1:-1]
    return _that_divide(ordered, [_quantile(ordered, part, bands) for part in range(1, bands)], "right")


def _quantile(ordered: np.ndarray, part: int, parts: int) -> float:
    """The quantile of type 7 (linear between neighbours) at `part` / `parts`."""
    below, rest = divmod((len(ordered) - 1) * part, parts)
    low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    return min(low + (high - low) * (rest / parts), high) if rest else low


def _that_divide(ordered: np.ndarray, cuts: list[float], side: Literal["left", "right"]) -> tuple[float, ...]:
    """The cuts with customers between each other, before the first and after the last."""
    kept, before = [], 0
    for cut in cuts:
        below = int(np.searchsorted(ordered, cut, side=side))
        if before < below < len(ordered):
            kept.append(cut)
            before = below
    return tuple(kept)


def natural_breaks(ordered: np.ndarray, classes: int) -> tuple[float, ...]:
    """The breaks of Fisher and Jenks: the least value, then the greatest of each class, so that the sum of squared
    distances to the class means is the least possible (exact, by dynamic programming over distinct values).

    With more than `MOST_PLACES` distinct values breaks are looked for at evenly spread ones first, then at all values
    around those found; what a class adds up to is exact all the same.
    """
    values, counts = np.unique(ordered, return_counts=True)
    classes = min(classes, len(values))
    largest = float(np.abs(values).max()) or 1.0
    scaled = values / largest
    scaled -= scaled.mean()
    sums = np.cumsum([counts, scaled * counts, scaled * scaled * counts], axis=1)
    places = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_PLACES)).round().astype(np.int64))
    found = _best_places(sums, places, classes)
    if len(places) < len(values):
        step = len(values) // MOST_PLACES + 1
        around = (found[:, None] + np.arange(-step, step + 1)).ravel()
        nearby = np.concatenate([places[:: 1 + MOST_PLACES // 500], around.clip(0, len(values) - 1), [len(values) - 1]])
        found = _best_places(sums, np.unique(nearby), classes)
    return (float(values[0]), *values[found].tolist())


def _best_places(sums: np.ndarray, places: np.ndarray, classes: int) -> np.ndarray:
    """The last place of each class; `sums` are running sums of weights, values and squares, `places` those allowed."""
    weight, first, second = np.hstack([np.zeros((3, 1)), sums[:, places]])

    def cost(start: np.ndarray | int, end: np.ndarray | int) -> np.ndarray:
        total = first[end] - first[start]
        return np.asarray((second[end] - second[start]) - total * total / (weight[end] - weight[start]))

    count = len(places)
    best = np.concatenate([[0.0], cost(0, np.arange(1, count + 1))])
    choices = []
    for used in range(2, classes + 1):
        following = np.full(count + 1, np.inf)
        choice = np.zeros(count + 1, dtype=np.int64)
        for end in range(used, count + 1):
            starts = np.arange(used - 1, end)
            total = best[starts] + cost(starts, end)
            least = int(total.argmin())
            following[end], choice[end] = total[least], starts[least]
        best = following
        choices.append(choice)
    ends = [count]
    for choice in reversed(choices):
        ends.append(int(choice[ends[-1]]))
    found: np.ndarray = places[np.array(ends[::-1]) - 1]
    return found
