"""Cells of a cross of bands: small ones join the smallest neighbour until none is too small."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from segtui.api.text import join_words
from segtui_rules.band_column import BandedColumn

Cell = tuple[int, ...]
_SHOWN = 3


@dataclass(frozen=True)
class Group:
    """Cells that form one segment, in their order, and their customers."""

    cells: tuple[Cell, ...]
    customers: int

    def name(self, columns: tuple[BandedColumn, ...]) -> str:
        """By its bands where the cells form a block (columns of which it has all bands left out), else cell by cell."""
        sides = [tuple(sorted({cell[axis] for cell in self.cells})) for axis in range(len(columns))]
        if np.prod([len(side) for side in sides]) == len(self.cells):
            named = [
                column.titles(side)
                for column, side in zip(columns, sides, strict=True)
                if len(columns) == 1 or side != tuple(range(column.count)) or column.count == 1
            ]
            return " × ".join(named) or "everyone with values"
        names = [
            " × ".join(column.titles((band,)) for column, band in zip(columns, cell, strict=True))
            for cell in self.cells[:_SHOWN]
        ]
        if len(self.cells) > _SHOWN:
            names.append(f"{len(self.cells) - _SHOWN} more cells")
        return join_words(names, "or")


def grouped(counts: np.ndarray, columns: tuple[BandedColumn, ...], with_missing: np.ndarray, least: int) -> list[Group]:
    """The cells in groups of at least `least` customers, in the order of their first cell.

    `counts` has one axis a column, with its ordinary bands and then missing; `with_missing` says for which columns
    missing takes part. Neighbours differ in one column, by one band where its bands have an order and in any way where
    they have none; missing is nobody's neighbour in its own column. The smallest group goes first, to its smallest
    neighbour; a group without neighbours stays small.
    """
    sides = [range(column.count + bool(missing)) for column, missing in zip(columns, with_missing, strict=True)]
    cells = list(product(*sides))
    group_of = {cell: number for number, cell in enumerate(cells)}
    members = {number: [cell] for number, cell in enumerate(cells)}
    sizes = {number: int(counts[cell]) for number, cell in enumerate(cells)}
    around = {number: {group_of[other] for other in _neighbours(cell, columns)} for number, cell in enumerate(cells)}
    waiting = {number for number, size in sizes.items() if size < least}
    while waiting:
        small = min(waiting, key=lambda number: (sizes[number], number))
        waiting.discard(small)
        if sizes[small] >= least or not around[small]:
            continue
        into = min(around[small], key=lambda number: (sizes[number], number))
        members[into] += members.pop(small)
        sizes[into] += sizes.pop(small)
        for other in around.pop(small):
            around[other].discard(small)
            if other != into:
                around[other].add(into)
                around[into].add(other)
        if sizes[into] < least:
            waiting.add(into)
    groups = [Group(tuple(sorted(found)), sizes[number]) for number, found in members.items()]
    return sorted(groups, key=lambda group: group.cells[0])


def _neighbours(cell: Cell, columns: tuple[BandedColumn, ...]) -> list[Cell]:
    found = []
    for axis, column in enumerate(columns):
        here = cell[axis]
        if here == column.count:
            continue
        others = (here - 1, here + 1) if column.ordered else range(column.count)
        found += [
            (*cell[:axis], other, *cell[axis + 1 :]) for other in others if 0 <= other < column.count and other != here
        ]
    return found
