"""The rule table of RFM: ranges of scores with names, and what it leaves open, takes twice or never reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

OTHERS = "Others"


@dataclass(frozen=True)
class ScoreRule:
    """A segment's name and the lowest and highest score of recency, frequency and monetary that belong to it."""

    name: str
    r: tuple[int, int]
    f: tuple[int, int]
    m: tuple[int, int]

    @property
    def words(self) -> str:
        """The rule as people write it."""
        return ", ".join(
            f"{letter} {low}" if low == high else f"{letter} {low} to {high}"
            for letter, (low, high) in zip("RFM", (self.r, self.f, self.m), strict=True)
        )


def matching(rules: tuple[ScoreRule, ...], bins: tuple[int, int, int]) -> np.ndarray:
    """Which rule matches which cell: shape (rules, R * F * M bins), bool; cells in the order of `cell_codes`."""
    r, f, m = np.meshgrid(*(np.arange(1, count + 1) for count in bins), indexing="ij")
    found = np.zeros((len(rules), r.size), dtype=bool)
    for row, rule in zip(found, rules, strict=True):
        inside = [(rule.r, r), (rule.f, f), (rule.m, m)]
        row[:] = np.logical_and.reduce([(low <= score) & (score <= high) for (low, high), score in inside]).ravel()
    return found


def cell_codes(rules: tuple[ScoreRule, ...], bins: tuple[int, int, int]) -> np.ndarray:
    """The code of each cell, int32: the first rule that matches, or the number of rules (Others). Rules of one name
    are one segment, with the code of the first. The cell of scores r, f, m is
    ((r - 1) * F bins + f - 1) * M bins + m - 1."""
    names = [*(rule.name for rule in rules), OTHERS]
    found = np.vstack([matching(rules, bins), np.ones((1, int(np.prod(bins))), dtype=bool)])
    codes = np.array([names.index(name) for name in names], dtype=np.int32)
    by_cell: np.ndarray = codes[found.argmax(axis=0)]
    return by_cell


@dataclass(frozen=True)
class TableCheck:
    """What a rule table leaves open (`gaps`) and takes more than once (`overlaps`), in cells and in customers, and the
    names of rules that earlier ones hide wholly."""

    cells: int
    gaps: int
    overlaps: int
    customers_in_gaps: int
    customers_in_overlaps: int
    hidden: tuple[str, ...]


def check_table(rules: tuple[ScoreRule, ...], bins: tuple[int, int, int], customers: np.ndarray) -> TableCheck:
    """Check a rule table against the number of customers in each cell."""
    found = matching(rules, bins)
    matches = found.sum(axis=0)
    first = set(found.argmax(axis=0)[matches > 0].tolist())
    return TableCheck(
        cells=matches.size,
        gaps=int((matches == 0).sum()),
        overlaps=int((matches > 1).sum()),
        customers_in_gaps=int(customers[matches == 0].sum()),
        customers_in_overlaps=int(customers[matches > 1].sum()),
        hidden=tuple(rule.name for code, rule in enumerate(rules) if code not in first),
    )
