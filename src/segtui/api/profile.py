"""The one Profile of a segmentation: what its segments are like against all customers, used by every screen and report.

Numbers are summed in row order and sorted, never in parallel pieces, so that the same labels give the same profile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from segtui.api.table import Column, Kind, Role, having

EFFECT = 0.5
"""A difference of this many standard deviations sets a segment apart."""
STANDARD_ERRORS = 3.0
"""A difference below this many standard errors may be chance, and is not marked."""
LEAST_CUSTOMERS = 10
"""Segments with fewer known values get no marks."""
TOP_LEVELS = 5
"""So many of the commonest levels of a category are profiled in each segment."""

_FEW_NEGATIVE = 0.05
_NEVER_INDEXED = frozenset({Role.LATITUDE, Role.LONGITUDE})
_NAMES_A_THING = frozenset({Role.CUSTOMER, Role.ORDER})
_Quartiles = tuple[float | None, float | None, float | None]
THREADS = 4
"""Columns are looked at side by side; numpy lets go of the interpreter meanwhile."""


@dataclass(frozen=True)
class NumberFacts:
    """One number column in one group of customers; None where it makes no sense.

    `known` customers have a finite value. `mean` is the share of yes for flags, which have no quartiles (`lower`,
    `median`, `upper`). `index` is 100 for the average of all. `difference` is (mean - mean of all) / standard deviation
    of all. `mark` is 1 or -1 where the column sets the group apart: `difference` is at least `EFFECT`, or the median
    lies at or beyond a quartile of all on the same side; at least `LEAST_CUSTOMERS` values are known; and `difference`
    is at least `STANDARD_ERRORS` standard errors.
    """

    known: int
    mean: float | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    index: float | None = None
    difference: float | None = None
    mark: int = 0


@dataclass(frozen=True)
class LevelFacts:
    """One level of a category in one group: its customers, their `share` of those with a value, the `lift` against
    the share in all (1 = the same), and difference and mark as of a flag."""

    level: str
    customers: int
    share: float
    lift: float
    difference: float | None = None
    mark: int = 0


@dataclass(frozen=True)
class ProfileRow:
    """One group of customers. `numbers` and `levels` are in the order of `Profile.numbers` and `Profile.categories`;
    `levels` holds the commonest levels first. `code` is None for all customers and for the unassigned."""

    code: int | None
    name: str
    size: int
    share: float
    value: float | None
    value_share: float | None
    numbers: tuple[NumberFacts, ...]
    levels: tuple[tuple[LevelFacts, ...], ...]


@dataclass(frozen=True)
class Profile:
    """Segments are rows, columns of the customers are columns. `value` names the column behind the shares of value;
    `unassigned` is None where every customer has a segment."""

    numbers: tuple[Column, ...]
    categories: tuple[Column, ...]
    segments: tuple[ProfileRow, ...]
    all: ProfileRow
    unassigned: ProfileRow | None
    value: str | None


def profile(
    frame: pl.DataFrame,
    columns: Mapping[str, Column],
    labels: pl.Series,
    codes: Sequence[int],
    names: Sequence[str] | None = None,
    value: str | None = None,
) -> Profile:
    """What the segments `codes` of `labels` (null = unassigned) are like, in that order.

    `value` is the column whose sum is the value of a segment, the monetary one where None. Identifiers, dates, text and
    personal columns are left out. Raises ValueError where a label is not one of `codes`.
    """
    there = set(frame.columns)
    numbers = tuple(column for column in columns.values() if _is_number(column) and column.name in there)
    categories = tuple(column for column in columns.values() if _is_category(column) and column.name in there)
    groups = _Groups(labels, codes)
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        cells = list(pool.map(lambda column: _number_facts(_values(frame[column.name]), column, groups), numbers))
    levels = [_level_facts(frame[column.name], groups) for column in categories]
    value = value or having(columns, Role.MONETARY)
    worth = _worth(frame, value, groups)
    titles = [*(names or [str(code) for code in codes]), "unassigned", "all"]

    def row(group: int) -> ProfileRow:
        size = int(groups.sizes[group])
        amount = None if worth is None else worth[group]
        total = None if worth is None else worth[-1]
        return ProfileRow(
            codes[group] if group < len(codes) else None,
            titles[group],
            size,
            size / max(groups.rows, 1),
            amount,
            amount / total if amount is not None and total is not None and total > 0 else None,
            tuple(facts[group] for facts in cells),
            tuple(facts[group] for facts in levels),
        )

    segments = tuple(row(group) for group in range(len(codes)))
    unassigned = row(len(codes)) if groups.sizes[len(codes)] else None
    return Profile(numbers, categories, segments, row(len(codes) + 1), unassigned, value if worth else None)


class _Groups:
    """Customers by group: the segments, then the unassigned; `sizes` ends with all customers."""

    def __init__(self, labels: pl.Series, codes: Sequence[int]) -> None:
        unassigned = len(codes)
        positions = labels.cast(pl.Int64).replace_strict(
            pl.Series(list(codes), dtype=pl.Int64), pl.Series(range(unassigned), dtype=pl.Int64), default=-1
        )
        found = positions.to_numpy()
        if ((found < 0) & labels.is_not_null().to_numpy()).any():
            raise ValueError("a label is not one of the codes")
        self.positions = np.where(found < 0, unassigned, found)
        self.rows, self.count = len(found), unassigned + 1
        sizes = np.bincount(self.positions, minlength=self.count)
        self.sizes = np.append(sizes, self.rows)
        narrow = np.int16 if self.count <= np.iinfo(np.int16).max else np.int64
        self.order = np.argsort(self.positions.astype(narrow), kind="stable")
        ends = np.cumsum(sizes).tolist()
        self.slices = [slice(end - size, end) for end, size in zip(ends, sizes.tolist(), strict=True)]

    def sums(self, values: np.ndarray) -> np.ndarray:
        """By group and in all, summed in row order."""
        by_group = np.bincount(self.positions, weights=values, minlength=self.count)
        return np.append(by_group, by_group.sum())


def _is_number(column: Column) -> bool:
    fits = column.kind in {Kind.NUMBER, Kind.FLAG} and column.personal is None
    return fits and column.role not in _NAMES_A_THING


def _is_category(column: Column) -> bool:
    return column.kind is Kind.CATEGORY and column.personal is None and column.role not in _NAMES_A_THING


def _values(series: pl.Series) -> np.ndarray:
    """Float64, NaN where null or not finite."""
    values = series.cast(pl.Float64, strict=False).to_numpy()
    return np.where(np.isfinite(values), values, np.nan)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _worth(frame: pl.DataFrame, value: str | None, groups: _Groups) -> list[float] | None:
    if value is None or value not in frame.columns or not groups.rows:
        return None
    return [float(total) for total in groups.sums(np.nan_to_num(_values(frame[value]), nan=0.0))]


def _number_facts(values: np.ndarray, column: Column, groups: _Groups) -> list[NumberFacts]:
    """By group, and last for all."""
    known = ~np.isnan(values)
    counts = groups.sums(known.astype(np.float64))
    everything = values[known]
    with np.errstate(all="ignore"):
        means = groups.sums(np.where(known, values, 0.0)) / counts
        constant = not everything.size or everything.min() == everything.max()
        spread = 0.0 if constant else float(np.sqrt(np.square(everything - means[-1]).sum() / counts[-1]))
        differences = (means - means[-1]) / spread if spread > 0 else np.full(len(means), np.nan)
    if column.kind is Kind.FLAG:
        quartiles: list[_Quartiles] = [(None, None, None)] * len(means)
    else:
        quartiles = _quartiles_of_groups(values, known, everything, groups)
    negative = np.count_nonzero(everything < 0) > _FEW_NEGATIVE * everything.size
    indexed = means[-1] > 0 and not negative and column.role not in _NEVER_INDEXED
    return [
        NumberFacts(
            int(counts[group]),
            _finite(means[group]),
            *quartiles[group],
            index=_finite(100 * means[group] / means[-1]) if indexed else None,
            difference=_finite(differences[group]),
            mark=_mark(float(differences[group]), int(counts[group]), quartiles[group][1], quartiles[-1]),
        )
        for group in range(len(means))
    ]


def _quartiles_of_groups(
    values: np.ndarray, known: np.ndarray, everything: np.ndarray, groups: _Groups
) -> list[_Quartiles]:
    """By group, and last for all. Whole numbers of a narrow range are counted, which is quicker than sorting."""
    low = float(everything.min()) if everything.size else 0.0
    width = float(everything.max()) - low + 1 if everything.size else math.inf
    if width * (groups.count + 1) > everything.size or not (everything == np.rint(everything)).all():
        ordered, held = values[groups.order], known[groups.order]
        return [*(_quartiles(ordered[part][held[part]]) for part in groups.slices), _quartiles(everything)]
    cells = groups.positions[known] * int(width) + (everything - low).astype(np.int64)
    counts = np.bincount(cells, minlength=groups.count * int(width)).reshape(groups.count, int(width))
    return [_quartiles_of_counts(low, each) for each in (*counts, counts.sum(axis=0))]


def _quartiles(values: np.ndarray) -> _Quartiles:
    """Lower quartile, median and upper quartile, interpolated (type 7)."""
    last = values.size - 1
    if last < 0:
        return (None, None, None)
    needed = sorted({min(int(place) + step, last) for place in _places(last) for step in (0, 1)})
    ordered = np.partition(values, needed)
    return _interpolated(last, lambda position: float(ordered[position]))


def _quartiles_of_counts(low: float, counts: np.ndarray) -> _Quartiles:
    """The same of whole numbers from `low` on, each so many times."""
    ends = np.cumsum(counts)
    return _interpolated(int(ends[-1]) - 1, lambda position: low + float(np.searchsorted(ends, position, side="right")))


def _places(last: int) -> list[float]:
    return [share * last for share in (0.25, 0.5, 0.75)]


def _interpolated(last: int, value: Callable[[int], float]) -> _Quartiles:
    """Quartiles of values from 0 to `last` in their order, `value` one of them by its position."""
    if last < 0:
        return (None, None, None)
    found = []
    for place in _places(last):
        below = int(place)
        low, high = value(below), value(min(below + 1, last))
        found.append(_finite(low + (high - low) * (place - below)))
    return found[0], found[1], found[2]


def _mark(difference: float, known: int, median: float | None, whole: _Quartiles) -> int:
    if known < LEAST_CUSTOMERS or not abs(difference) * math.sqrt(known) >= STANDARD_ERRORS:
        return 0
    side = 1 if difference > 0 else -1
    if abs(difference) >= EFFECT:
        return side
    lower, middle, upper = whole
    if median is None or lower is None or middle is None or upper is None:
        return 0
    beyond = median >= upper and median > middle if side > 0 else median <= lower and median < middle
    return side if beyond else 0


def _level_facts(series: pl.Series, groups: _Groups) -> list[tuple[LevelFacts, ...]]:
    """By group, and last for all."""
    counts = (
        pl.DataFrame({"group": groups.positions, "level": series.cast(pl.String)})
        .drop_nulls("level")
        .group_by("group", "level")
        .len()
    )
    total = counts.group_by("level").agg(pl.col("len").sum().alias("total"))
    whole = total.select(pl.lit(groups.count, dtype=pl.Int64).alias("group"), "level", len=pl.col("total"))
    counts = pl.concat([counts.cast({"len": pl.Int64}), whole.cast({"len": pl.Int64})])
    top = (
        counts.with_columns(pl.col("len").sum().over("group").alias("known"))
        .sort("group", "len", "level", descending=[False, True, False])
        .group_by("group", maintain_order=True)
        .head(TOP_LEVELS)
        .join(total, on="level", how="left", maintain_order="left")
    )
    everybody = int(total["total"].sum())
    facts: list[list[LevelFacts]] = [[] for _ in range(groups.count + 1)]
    for group, level, customers, known, everywhere in top.select("group", "level", "len", "known", "total").iter_rows():
        share, usual = customers / known, everywhere / everybody
        spread = math.sqrt(usual * (1 - usual))
        difference = (share - usual) / spread if spread > 0 else None
        mark = _mark(difference, known, None, (None, None, None)) if difference is not None else 0
        facts[group].append(LevelFacts(level, customers, share, share / usual, difference, mark))
    return [tuple(group) for group in facts]
