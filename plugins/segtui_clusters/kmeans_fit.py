"""The fit of k-means: many starts on at most a sample, the best number of segments of a range, then full passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal

import numpy as np

from segtui.api import Cancelled, PartOfRun, Run
from segtui.api.measures import silhouette_sampled
from segtui_clusters.distances import Spread, cores, nearest, within_of
from segtui_clusters.kmeans_centres import last_digit, means_of, ordered, rounded
from segtui_clusters.kmeans_starts import Passes, exchanged, one_start
from segtui_clusters.lloyd import Points, deviation_of, lloyd, mean_of

Criterion = Literal["silhouette", "calinski-harabasz"]

_LOOSE = 1e-4
"""Passes stop once centres move by less than this share of the variance (squared), as in scikit-learn."""
_GAIN = 2e-5
"""Passes over all customers stop once one lowers the within sum of squares by less than this share: what is left to
gain is then about ten times that, a fiftieth of a per cent."""
_AGREES = 1.001
_EARLY, _EARLY_A_GROUP = 10_000, 1_000
_SILHOUETTE = (2_000, 6_000)


@dataclass(frozen=True)
class Tried:
    """One number of segments: the within sum of squares of the sample, how many starts came within a thousandth of the
    best, by which share exchanges of centres improved on that, and the criteria where several numbers were compared.

    The silhouette was measured at `points` customers against `references`; its error is None where these were all that
    the sample has."""

    k: int
    within: float
    agreed: int
    improved: float
    silhouette: float | None = None
    silhouette_error: float | None = None
    calinski_harabasz: float | None = None
    points: int | None = None
    references: int | None = None


@dataclass(frozen=True)
class Search:
    """What to look for."""

    ks: tuple[int, ...]
    starts: int
    iterations: int
    sample: int
    criterion: Criterion


@dataclass(frozen=True)
class Found:
    """The centres in matrix units, float64, largest group first, and the last digit of each column to which they are
    rounded; the nearest of each row; the sums of squares around the centres and around the mean of all; what was tried;
    how many rows each start saw, and how many the best of them."""

    centres: np.ndarray
    digit: np.ndarray
    labels: np.ndarray
    within: float
    total: float
    tried: tuple[Tried, ...]
    early: int
    sampled: int


class _Team:
    """Threads that work for one fit, and stop when it is cancelled."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(cores())
        self._stop = Event()

    @contextmanager
    def working(self) -> Iterator[_Team]:
        """Waits for all threads at the end."""
        try:
            yield self
        finally:
            self._stop.set()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def pause(self) -> None:
        """Raises Cancelled in a thread whose fit has ended."""
        if self._stop.is_set():
            raise Cancelled

    @property
    def spread(self) -> Spread:
        """Maps over blocks in several threads, results in order."""
        return self._pool.map

    def each(self, work: Callable[[int], Any], count: int, tell: Callable[[float], None]) -> list[Any]:
        """`work` of 0 .. count - 1, results in order; `tell` is called several times a second with the share done."""
        futures = [self._pool.submit(work, number) for number in range(count)]
        waiting = set(futures)
        while waiting:
            tell(1 - len(waiting) / count)
            done, waiting = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
        return [future.result() for future in futures]


def search(matrix: np.ndarray, wanted: Search, run: Run) -> Found:
    """Centres of the groups of `matrix`, shape (n, p), float32. Holds BLAS to one thread, so that products round alike
    on any number of cores; the work itself is spread over blocks and starts."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1), _Team().working() as team:
        return _search(matrix, wanted, team, run)


def _search(matrix: np.ndarray, wanted: Search, team: _Team, run: Run) -> Found:
    run.progress(0.0, "looking at the features")
    sample = _Sample.of(matrix, wanted, run.seed)
    end = 0.6 if sample.is_part else 1.0
    part, several = PartOfRun(run, 0.0, end), len(wanted.ks) > 1
    if several:
        doing = f"{wanted.ks[0]} to {wanted.ks[-1]} segments, {wanted.starts} starts each"
        results = team.each(
            lambda number: _one_k(sample, wanted.ks[-1 - number], wanted, team, run.seed),
            len(wanted.ks),
            lambda done: part.progress(done, doing),
        )[::-1]
    else:
        results = [_one_k(sample, wanted.ks[0], wanted, team, run.seed, part)]
    tried = tuple(one for one, _ in results)
    centres = results[choose(tried, wanted.criterion)][1] + sample.points.mean
    mean = mean_of(matrix, team.spread)
    if sample.is_part:
        points, part = Points(matrix, mean), PartOfRun(run, end, 1.0)
        centres = _full_passes(points, centres, wanted.iterations, sample.variance, team, part)
    deviation = deviation_of(matrix, mean, team.spread)
    centres = means_of(matrix, nearest(matrix, centres, team.spread), len(centres), team.spread)
    digit = last_digit(deviation)
    centres = ordered(matrix, rounded(centres, mean, digit), team.spread)
    labels = nearest(matrix, centres, team.spread)
    within = within_of(matrix, centres, labels, team.spread)
    total = float((deviation**2).sum()) * len(matrix)
    return Found(centres, digit, labels, within, total, tried, len(sample.early), len(sample.points))


@dataclass(frozen=True, eq=False)
class _Sample:
    """The rows that the starts see (`early`), those that the best start then takes (`points`, the same rows where
    there are few), and their mean variance."""

    rows: np.ndarray
    points: Points
    early: Points
    variance: float
    is_part: bool

    @classmethod
    def of(cls, matrix: np.ndarray, wanted: Search, seed: int) -> _Sample:
        random = np.random.default_rng(seed)
        is_part = len(matrix) > wanted.sample
        rows = matrix[np.sort(random.choice(len(matrix), wanted.sample, replace=False))] if is_part else matrix
        points = Points(rows)
        early = points
        most = max(_EARLY, _EARLY_A_GROUP * wanted.ks[0]) if len(wanted.ks) == 1 else _EARLY
        if len(rows) > most:
            early = Points(rows[np.sort(random.choice(len(rows), most, replace=False))], points.mean)
        return cls(rows, points, early, float((deviation_of(rows, points.mean) ** 2).mean()), is_part)


def _one_k(
    sample: _Sample, k: int, wanted: Search, team: _Team, seed: int, run: Run | None = None
) -> tuple[Tried, np.ndarray]:
    """The best centres of k groups, seen from the sample's mean. With a `run` its starts are spread over the team."""
    loose = Passes(wanted.iterations, _LOOSE * sample.variance, team.pause)
    exact = Passes(wanted.iterations, 0.0, team.pause)
    starts = 1 if k == 1 else wanted.starts

    def start(number: int) -> tuple[np.ndarray, float]:
        return one_start(sample.early, k, np.random.default_rng([seed, k, number]), loose)

    if run is None:
        results = [start(number) for number in range(starts)]
    else:
        doing = f"{k} segments, {starts} starts"
        results = team.each(start, starts, lambda done: run.progress(done, doing))
    best = min(range(starts), key=lambda number: (results[number][1], number))
    agreed = sum(within <= results[best][1] * _AGREES for _, within in results)
    spread = map if run is None else team.spread
    centres, lowest = exchanged(sample.early, *results[best], np.random.default_rng([seed, k]), loose, spread)
    if sample.early is not sample.points:
        centres, _ = loose.run(sample.points, centres)
    if not sample.is_part:
        centres, _ = exact.run(sample.points, centres)
    chosen = centres + sample.points.mean
    labels = nearest(sample.rows, chosen)
    within = within_of(sample.rows, chosen, labels)
    gain = 1 - lowest / results[best][1] if results[best][1] > 0 else 0.0
    tried = Tried(k, within, agreed, gain)
    return (_measured(tried, sample, labels, seed) if len(wanted.ks) > 1 else tried), centres


def _measured(tried: Tried, sample: _Sample, labels: np.ndarray, seed: int) -> Tried:
    """The same with the criteria that compare numbers of segments."""
    if tried.k == 1 or len(np.unique(labels)) < 2:
        return tried
    points, references = _SILHOUETTE
    silhouette = silhouette_sampled(sample.rows, labels, seed, points=points, references=references, exact=0)
    n, p = sample.rows.shape
    k, within = tried.k, tried.within
    between = sample.variance * n * p - within
    calinski = (between / (k - 1)) / (within / (n - k)) if within > 0 and n > k else None
    return replace(
        tried,
        silhouette=silhouette.value,
        silhouette_error=None if silhouette.is_exact else silhouette.error,
        points=silhouette.points,
        references=silhouette.references,
        calinski_harabasz=calinski,
    )


def choose(tried: tuple[Tried, ...], criterion: Criterion) -> int:
    """The position of the best number of segments: the highest Calinski-Harabasz index, or the fewest segments whose
    sampled silhouette is within its sampling error of the highest; differences below that are chance."""
    if criterion == "calinski-harabasz":
        known = [(one.calinski_harabasz, -one.k, place) for place, one in enumerate(tried) if one.calinski_harabasz]
        return max(known)[2] if known else 0
    values = [(one.silhouette, one.silhouette_error or 0.0) for one in tried]
    known_values = [(value, error) for value, error in values if value is not None]
    if not known_values:
        return 0
    highest, error = max(known_values)
    return next(place for place, (value, _) in enumerate(values) if value is not None and value >= highest - error)


def _full_passes(
    points: Points, centres: np.ndarray, iterations: int, variance: float, team: _Team, run: Run
) -> np.ndarray:
    moved, _ = lloyd(
        points,
        centres - points.mean,
        iterations=iterations,
        tolerance=_LOOSE * variance,
        gain=_GAIN,
        spread=team.spread,
        between=lambda passes: run.progress(1 - 0.9**passes, "all customers"),
    )
    chosen: np.ndarray = moved + points.mean
    return chosen
