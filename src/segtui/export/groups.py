"""Which groups of customers are hidden in all that leaves together, settled before any block is touched.

A group that is hidden anywhere is hidden everywhere, and so is what is about a part of it. Each segmentation is a line
that adds up to all customers: a small segment is hidden with another one, "in no segment" among them. Two groups that
are crossed (segments by segments, segments by levels or by yes and no) are a table: its margins are the sizes of the
groups, and what the table leaves out is a row and a column more, which a reader could work out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from segtui.api.report import About, Additive
from segtui.export.complements import hidden_cells

UNTOLD = -1
"""Stands for a count that nothing tells."""

_Pair = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """Counts of customers, (rows, columns), and whom each row and each column is about."""

    rows: Sequence[About]
    columns: Sequence[About]
    counts: np.ndarray


@dataclass
class Groups:
    """All groups of one delivery: hidden or not, by where customers are divided (a segmentation or a column).

    `sizes` and `tables` hold counts, `lines` and `crossed` what is hidden of them; `alike` the sizes of hidden groups
    that are not small, and `telling` counts from which one could work out a hidden one.
    """

    threshold: int
    total: int
    places: dict[str, dict[str, int]]
    sizes: dict[str, np.ndarray]
    tables: dict[_Pair, np.ndarray]
    lines: dict[str, np.ndarray] = field(default_factory=dict)
    crossed: dict[_Pair, np.ndarray] = field(default_factory=dict)
    alike: set[int] = field(default_factory=set)
    telling: set[int] = field(default_factory=set)

    def is_hidden(self, division: str, code: str) -> bool:
        """Whether one group is."""
        return bool(self.lines[division][self.places[division][code]])

    def whole(self, told: Told) -> np.ndarray:
        """How many customers a share in each cell is a share of, so far as one knows: at least so many as it counts."""
        whole = told.counts.copy()
        for piece in _pieces(told, self.places):
            found = np.full((len(piece.rows), len(piece.columns)), self.total)
            for division, codes in piece.codes.items() if len(piece.codes) > 1 else ():
                sizes = self.sizes[division][codes]
                found = np.minimum(found, np.where(sizes == UNTOLD, self.total, sizes))
            whole[np.ix_(piece.rows, piece.columns)] = found
        return whole

    def parts(self, told: Told) -> np.ndarray:
        """A bool for each cell: True where it is about the part of one group that is in another."""
        depth = np.array([len(about) for about in told.rows])[:, None] + [len(about) for about in told.columns]
        return np.asarray(depth > 1)

    def linked(self, told: Told) -> np.ndarray:
        """A bool for each cell: True where it says whom it is about, and they are among the groups settled here."""
        linked = np.zeros(told.counts.shape, dtype=bool)
        for piece in _pieces(told, self.places):
            linked[np.ix_(piece.rows, piece.columns)] = len(piece.codes) < 3
        return linked

    def hidden(self, told: Told) -> np.ndarray:
        """A bool for each cell: True where it is about a hidden group, or about a part of one."""
        hidden = np.zeros(told.counts.shape, dtype=bool)
        for piece in _pieces(told, self.places):
            found = np.zeros((len(piece.rows), len(piece.columns)), dtype=bool)
            for division, codes in piece.codes.items():
                found |= self.lines[division][codes]
            for first, second in combinations(sorted(piece.codes), 2):
                if (first, second) in self.crossed:
                    found |= self.crossed[first, second][piece.codes[first], piece.codes[second]]
            hidden[np.ix_(piece.rows, piece.columns)] = found
        return hidden


def settled(sizes: Mapping[str, Mapping[str, int]], told: Sequence[Told], threshold: int) -> Groups:
    """Settle what is hidden, of segmentations whose `sizes` leave and of everything that blocks tell.

    `sizes` by segmentation and code, "" for in no segment.
    """
    places = _places(sizes, told)
    known = {name: np.full(len(codes), UNTOLD, dtype=np.int64) for name, codes in places.items()}
    tables: dict[_Pair, np.ndarray] = {}
    for one in told:
        for piece in _pieces(one, places):
            _gather(piece, one.counts[np.ix_(piece.rows, piece.columns)], known, tables)
    for name, own in sizes.items():
        known[name][[places[name][code] for code in own]] = list(own.values())
    sums = (int(np.maximum(each, 0).sum()) for name, each in known.items() if name in sizes or not sizes)
    everyone = max(sums, default=0)
    groups = Groups(threshold, everyone, places, known, tables)
    for name, each in known.items():
        groups.lines[name] = _line(groups, each)
    margins = _margins(known, tables)
    for (first, second), table in tables.items():
        groups.crossed[first, second] = _table(groups, margins, first, second, table)
    return groups


@dataclass(frozen=True)
class _Piece:
    """Rows and columns whose cells are about the same divisions; `codes` of each as an array that broadcasts."""

    rows: np.ndarray
    columns: np.ndarray
    codes: Mapping[str, np.ndarray]


def _pieces(told: Told, places: Mapping[str, Mapping[str, int]]) -> Iterator[_Piece]:
    for down, rows in _alike(told.rows).items():
        for across, columns in _alike(told.columns).items():
            divisions = (*down, *across)
            if not divisions or len(set(divisions)) < len(divisions):
                continue
            codes = {}
            for at, name in enumerate(down):
                codes[name] = np.array([places[name][told.rows[row][at][1]] for row in rows])[:, None]
            for at, name in enumerate(across):
                codes[name] = np.array([places[name][told.columns[column][at][1]] for column in columns])[None, :]
            yield _Piece(np.array(rows), np.array(columns), codes)


def _alike(abouts: Sequence[About]) -> dict[tuple[str, ...], list[int]]:
    """Positions by the divisions that they are about."""
    found: dict[tuple[str, ...], list[int]] = {}
    for position, about in enumerate(abouts):
        found.setdefault(tuple(name for name, _ in about), []).append(position)
    return found


def _places(sizes: Mapping[str, Mapping[str, int]], told: Sequence[Told]) -> dict[str, dict[str, int]]:
    """A place for each code of each division."""
    places: dict[str, dict[str, int]] = {}
    for division, own in sizes.items():
        for code in own:
            codes = places.setdefault(division, {})
            codes.setdefault(code, len(codes))
    for one in told:
        for about in (*one.rows, *one.columns):
            for division, code in about:
                codes = places.setdefault(division, {})
                codes.setdefault(code, len(codes))
    return places


def _gather(
    piece: _Piece, counts: np.ndarray, known: Mapping[str, np.ndarray], tables: dict[_Pair, np.ndarray]
) -> None:
    """Keep the counts of the piece, the largest where a group is told of twice: some miss those without a value."""
    names = sorted(piece.codes)
    if len(names) == 1:
        np.maximum.at(known[names[0]], np.broadcast_to(piece.codes[names[0]], counts.shape), counts)
    if len(names) == 2:
        first, second = names
        if (first, second) not in tables:
            tables[first, second] = np.full((len(known[first]), len(known[second])), UNTOLD, dtype=np.int64)
        at = np.broadcast_arrays(piece.codes[first], piece.codes[second], counts)
        np.maximum.at(tables[first, second], (at[0], at[1]), counts)


def _line(groups: Groups, sizes: np.ndarray) -> np.ndarray:
    """What is hidden of groups that, with those in none of them, are all customers."""
    counts = np.maximum(sizes, 0)
    rest = groups.total - int(counts.sum())
    already = sizes == UNTOLD
    if rest > 0:
        counts, already = np.append(counts, rest), np.append(already, True)
    hidden = hidden_cells(counts[None, :], Additive.ROWS, groups.threshold, already[None, :])[0]
    hidden = hidden[: len(sizes)] & (sizes != UNTOLD)
    for size in sizes[hidden & (sizes > 0)].tolist():
        groups.telling.add(groups.total - size)
        if size >= groups.threshold:
            groups.alike.add(size)
    return np.asarray(hidden)


def _margins(sizes: Mapping[str, np.ndarray], tables: Mapping[_Pair, np.ndarray]) -> dict[str, np.ndarray]:
    """The sizes of groups, and where nothing tells one the most that the tables of it add up to."""
    margins = {name: each.copy() for name, each in sizes.items()}
    for pair, table in tables.items():
        for axis, name in enumerate(pair):
            sums = np.where(table == UNTOLD, 0, table).sum(axis=1 - axis)
            sums = np.where((table != UNTOLD).any(axis=1 - axis), sums, UNTOLD)
            margins[name] = np.where(sizes[name] == UNTOLD, np.maximum(margins[name], sums), margins[name])
    return margins


def _table(groups: Groups, margins: Mapping[str, np.ndarray], first: str, second: str, table: np.ndarray) -> np.ndarray:
    """What is hidden of a table, `UNTOLD` where a cell is nowhere shown."""
    shown = table != UNTOLD
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    shown = shown[np.ix_(rows, columns)]
    counts = np.where(shown, table[np.ix_(rows, columns)], 0)
    down, across = margins[first], margins[second]
    beside = np.where(down[rows] == UNTOLD, 0, np.maximum(down[rows] - counts.sum(axis=1), 0))
    below = np.where(across[columns] == UNTOLD, 0, np.maximum(across[columns] - counts.sum(axis=0), 0))
    others = np.delete(down, rows)
    corner = max(int(np.maximum(others, 0).sum()) - int(below.sum()), 0)
    whole = np.block([[counts, beside[:, None]], [below[None, :], np.array([[corner]])]])
    already = np.zeros(whole.shape, dtype=bool)
    already[:-1, :-1] = ~shown | groups.lines[first][rows][:, None] | groups.lines[second][columns][None, :]
    already[-1, :] = already[:, -1] = True
    # A corner that can change would change the sum of the table, which is told.
    never = np.zeros(whole.shape, dtype=bool)
    never[-1, -1] = True
    small = np.asarray((whole > 0) & (whole < groups.threshold))
    if not shown.all() and small.any():
        if (groups.sizes[first][rows] != UNTOLD).all():
            already[_company(whole, small, already), :] = True
        else:
            already[:, _company(whole.T, small.T, already.T)] = True
    hidden = hidden_cells(whole, Additive.BOTH, groups.threshold, already, never)
    # Where nothing in the table can change without its sum, the table is hidden whole, and its sum must be too.
    if 0 < corner < groups.threshold or hidden[:-1, :-1].all():
        groups.telling |= {int(counts.sum()), groups.total - int(counts.sum())}
    found = np.zeros(table.shape, dtype=bool)
    found[np.ix_(rows, columns)] = hidden[:-1, :-1]
    return found


def _company(counts: np.ndarray, small: np.ndarray, already: np.ndarray) -> int:
    """The row to hide whole where some cells are nowhere shown, so that one can't know where what is missing lies.

    Whatever shifts within a row with a small cell, this one can shift the other way. The last row and column stand for
    what the table leaves out.
    """
    levels = np.asarray(small.any(axis=0))[:-1]
    covered: np.ndarray = (counts[:-1, :-1] > 0) @ levels.astype(np.int64)
    gone = already[:-1, :-1].all(axis=1) & (covered > 0)
    return int(np.lexsort((counts[:-1].sum(axis=1), small[:-1].sum(axis=1), -covered, ~gone))[0])
