"""An attacker who knows every count that leaves, every sum, every size, and that counts are not negative.

He thinks of customers as cells of (segments of each segmentation, levels of each column); all that is told is the sum
of some of these cells, or the least and the most that it can be where it was rounded. A hidden group is safe where sums
of its cells differ among the worlds that fit what was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from segtui.api.report import About, Bars, Block, Figure, Figures, Flow, Grid, Heatmap, Report, Text, Verdict
from segtui.export import Suppressed
from segtui.export.rounding import to_multiple, to_step
from segtui.export.suppression import HIDDEN

NOWHERE = ""


@dataclass
class Attacker:
    """`world` holds a column of codes for each segmentation and column, "" where there is none."""

    world: pl.DataFrame
    told: list[tuple[np.ndarray, float, float]] = field(default_factory=list)
    hidden: set[About] = field(default_factory=set)
    pair: tuple[str, str] = ("one", "two")
    flag: str = "member"
    category: str = "town"
    moved_is_told: bool = False
    rounding: int = 0

    def __post_init__(self) -> None:
        names = self.world.columns
        self.codes = [sorted({NOWHERE, *self.world[name].to_list()}) for name in names]
        shape = tuple(len(codes) for codes in self.codes)
        self.truth = np.zeros(shape)
        for row in self.world.iter_rows():
            self.truth[tuple(codes.index(code) for codes, code in zip(self.codes, row, strict=True))] += 1
        self.axis = {name: at for at, name in enumerate(names)}
        everyone = float(self.truth.sum())
        self.told.append((np.ones(shape, dtype=bool).ravel(), everyone, everyone))

    def learn(self, cells: np.ndarray) -> None:
        """How many customers are in these cells, or which numbers are rounded to the one that he sees."""
        count = int(self.truth[cells].sum())
        self.learn_where(cells, lambda each: to_multiple(each, self.rounding) == to_multiple(count, self.rounding))

    def learn_where(self, cells: np.ndarray, fits: Callable[[int], bool]) -> None:
        """That the number of customers in these cells is one that fits."""
        count = least = most = int(self.truth[cells].sum())
        assert fits(count), "what leaves is true"
        while least > 0 and fits(least - 1):
            least -= 1
        while self.rounding and fits(most + 1):
            most += 1
        self.told.append((cells.ravel(), float(least), float(most)))

    def cells(self, about: About) -> np.ndarray:
        """Which cells of the world hold those whom something is about."""
        mask = np.ones(self.truth.shape, dtype=bool)
        for name, code in about:
            at = self.axis[name]
            own = np.array([each == code for each in self.codes[at]])
            mask &= own.reshape([-1 if axis == at else 1 for axis in range(mask.ndim)])
        return mask

    def has(self, name: str) -> np.ndarray:
        return ~self.cells(((name, NOWHERE),))

    def see(self, about: About, is_hidden: bool) -> None:
        if is_hidden:
            self.hidden.add(about)
        elif about:
            self.learn(self.cells(about))

    def read_sizes(self, leaving: Suppressed) -> None:
        for name, sizes in leaving.sizes.items():
            for part in sizes.segments:
                assert (part.customers is None) == (part.share is None)
                self.see(((name, str(part.code)),), part.customers is None)
            self.see(((name, NOWHERE),), sizes.unassigned is None)

    def read(self, before: Report, after: Report) -> None:
        """Take each value that was not hidden for its count, which is more than most of them tell."""
        left = list(after.blocks)
        for block in before.blocks:
            found = left.pop(0)
            if isinstance(block, Bars) and isinstance(found, Text):
                found = Bars((), ())
            elif isinstance(block, Bars) and len(found.labels) < len(block.labels):
                left.pop(0)
            self._block(block, found)
        assert not left

    def _block(self, block: Block, found: Any) -> None:
        match block:
            case Text() | Verdict() | Figures():
                for old, new in zip(figures(block), figures(found), strict=True):
                    self._figure(old, new)
            case Grid() if block.title == "Measures":
                self._measures(block, found)
            case Grid() | Heatmap():
                rows = block.rows.about or ((),) * len(block.rows.labels)
                columns = block.columns.about or ((),) * len(block.columns.labels)
                for row, down in enumerate(rows):
                    for column, across in enumerate(columns):
                        value = found.values[row][column]
                        if block.values[row][column] is None:
                            continue
                        gone = value == HIDDEN or value is None
                        about = (*down, *across)
                        self.see(about, gone)
                        if not gone and self.rounding:
                            self._check_rounded(block, row, column, value, about)
                        if not gone and block.columns.labels[column] == "in either":
                            first, second = about
                            self.learn(
                                self.cells((first,)) & self.has(second[0]) | self.cells((second,)) & self.has(first[0])
                            )
                        if not gone and len(about) > 1 and block.values[row][column] != block.counts[row][column]:
                            self._knows_share(about, block.columns.labels[column])
            case Bars():
                for label, about in zip(block.labels, block.about, strict=True):
                    self.see(about, label not in found.labels)
            case Flow():
                values = found.counts if isinstance(found, Flow) else found.values
                for row, first in enumerate(block.sources_about):
                    for column, second in enumerate(block.targets_about):
                        self.see((*first, *second), values[row][column] == HIDDEN)

    def _check_rounded(self, block: Grid | Heatmap, row: int, column: int, value: Any, about: About) -> None:
        """A count is a multiple; a share of all customers tells in which of its steps they are."""
        old, count = block.values[row][column], block.counts[row][column]
        if old == count:
            assert value == to_multiple(count, self.rounding)
        elif block.title == "Sizes" and block.columns.labels[column] == "share":
            everyone = int(self.truth.sum())
            self.learn_where(
                self.cells(about), lambda each: to_step(100 * (each / everyone), everyone, self.rounding) == value
            )

    def _knows_share(self, about: About, title: str) -> None:
        """A share of those with a value tells how many have one, and an index what the share is of all."""
        column = about[-1][0]
        if column in (self.flag, self.category):
            self.learn(self.cells(about[:-1]) & self.has(column))
        if column == self.category and title == "index":
            self.learn(self.cells(about[-1:]))
            self.learn(self.has(column))

    def _figure(self, old: Figure, new: Figure) -> None:
        gone = new.value == HIDDEN
        if old.about:
            self.see(old.about, gone)
            if not gone and len(old.about) > 1:
                self._knows_share(old.about, "")
        elif not gone and old.name in ("customers in both", "left out"):
            self.learn(self.has(self.pair[0]) & self.has(self.pair[1]))
        elif not gone and old.name == "customers outside the matched segments":
            self.moved_is_told = True

    def _measures(self, old: Grid, new: Grid) -> None:
        for column, name in enumerate(old.columns.labels):
            if new.values[1][column] != HIDDEN:
                self.learn(self.cells(((name, NOWHERE),)))
            if new.values[2][column] != HIDDEN:
                sizes = {
                    code: self.truth[self.cells(((name, code),))].sum() for code in self.codes[self.axis[name]] if code
                }
                self.learn(self.cells(((name, max(sizes, key=lambda code: sizes[code], default=NOWHERE)),)))

    def small_groups(self, threshold: int) -> Iterator[About]:
        """Every small segment, level, yes and no, and every small part of a segment that is in another or in these."""
        divisions = {
            name: [code for code in self.codes[at] if code != NOWHERE or name in self.pair]
            for name, at in self.axis.items()
        }
        singles: list[About] = [((name, code),) for name, codes in divisions.items() for code in codes]
        pairs: list[About] = [
            ((first, one), (second, other))
            for first in self.pair
            for second in divisions
            if first < second
            for one in divisions[first]
            for other in divisions[second]
        ]
        return (about for about in singles + pairs if 0 < self.truth[self.cells(about)].sum() < threshold)

    def narrowest(self, threshold: int, of: Sequence[str] = ()) -> tuple[float, About]:
        """The least width of what he finds possible for the size of a small group, and which group that is."""
        facts = {(cells.tobytes(), least, most): (cells, least, most) for cells, least, most in self.told}.values()
        known = csr_matrix(np.array([cells for cells, _, _ in facts], dtype=float))
        low, high = (np.array([one[end] for one in facts]) for end in (1, 2))
        exact = low == high
        told = {"A_eq": known[exact], "b_eq": low[exact]}
        if not exact.all():
            told |= {"A_ub": vstack([known[~exact], -known[~exact]]), "b_ub": [*high[~exact], *-low[~exact]]}
        least: tuple[float, About] = (np.inf, ())
        for about in self.small_groups(threshold):
            if of and not {name for name, _ in about} <= {*of}:
                continue
            aim = self.cells(about).ravel().astype(float)
            ends = [linprog(sign * aim, **told, method="highs") for sign in (1, -1)]
            assert all(end.status in (0, 3) for end in ends), [end.message for end in ends]
            least = min(least, (-ends[1].fun - ends[0].fun, about))
        return least


def figures(block: Any) -> tuple[Figure, ...]:
    if isinstance(block, Figures):
        return block.figures
    text = block.text if isinstance(block, Verdict) else block
    return tuple(text.figures.values())
