"""One block of a report on its way through the privacy gate, once it is settled which groups are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from segtui.api.report import (
    HIDDEN,
    About,
    Additive,
    Axis,
    Bars,
    Block,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Lines,
    Report,
    Scatter,
    Series,
    Text,
    Tone,
    Verdict,
)
from segtui.api.text import join_words
from segtui.export.complements import hidden_cells
from segtui.export.groups import Groups, Told
from segtui.export.rounding import decimals_of, rounded

T = TypeVar("T")
U = TypeVar("U")
Table = tuple[tuple[Any, ...], ...]

_NO_COUNTS = "{what} stays here: it does not say how many customers it is about."
_TOO_FEW = "{what} stays here: it is about too few customers."
_NOBODY: About = ()


def told_by(report: Report) -> Iterator[Told]:
    """All that a report tells of groups of customers: for each table its counts and whom they are about."""
    for block in (*report.blocks, *report.notes):
        match block:
            case Grid() | Heatmap() if block.counts is not None:
                yield _told(block.counts, block.rows.about, block.columns.about)
            case Bars() if block.counts is not None:
                yield _told((block.counts,), (), block.about)
            case Flow():
                yield _told(block.counts, block.sources_about, block.targets_about)
            case Figures() | Text() | Verdict():
                for figure in _figures(block):
                    if figure.customers is not None:
                        yield _told(((figure.customers,),), (), (figure.about,))


def _figures(block: Figures | Text | Verdict) -> Sequence[Figure]:
    if isinstance(block, Figures):
        return block.figures
    text = block.text if isinstance(block, Verdict) else block
    return tuple(text.figures.values())


def _told(counts: Sequence[Sequence[int]], rows: Sequence[About] = (), columns: Sequence[About] = ()) -> Told:
    table = np.asarray(counts, dtype=np.int64).reshape(len(counts), -1)
    return Told(rows or (_NOBODY,) * table.shape[0], columns or (_NOBODY,) * table.shape[1], table)


@dataclass
class BlockGate:
    """The gate for the blocks of one report; `cells` counts what it hid."""

    groups: Groups
    rounding: int
    cells: int = 0

    def block(self, block: Block) -> tuple[Block, ...]:
        match block:
            case Text():
                return (self.text(block),)
            case Verdict():
                return (replace(block, text=self.text(block.text)),)
            case Figures():
                return (replace(block, figures=tuple(self.figure(figure) for figure in block.figures)),)
            case Scatter() if block.customers:
                return (_left_out(block.title, "{what} stays here: each of its points is a customer."),)
            case Flow():
                return (self.flow(block),)
            case Lines():
                return self.lines(block)
            case _ if block.counts is None:
                return (_left_out(block.title, _NO_COUNTS),)
            case Grid():
                return (self.grid(block, block.counts),)
            case Heatmap():
                return (self.heatmap(block, block.counts),)
            case Bars():
                return self.bars(block, block.counts)
            case Scatter():
                return self.scatter(block, block.counts)

    def table(
        self, told: Told, values: Sequence[Sequence[Any]], additive: Additive, units: Sequence[Sequence[str]] = ()
    ) -> tuple[np.ndarray, Table]:
        """What of a table is hidden, and its values as they may leave where they are not."""
        hidden = self._hidden(told, values, additive)
        self.cells += int(hidden.sum())
        if not self.rounding:
            return hidden, tuple(map(tuple, values))
        groups = self.groups
        named = units or (("",) * told.counts.shape[1],) * told.counts.shape[0]
        return hidden, rounded(values, told.counts, groups.whole(told), groups.parts(told), named, self.rounding)

    def _hidden(self, told: Told, values: Sequence[Sequence[Any]], additive: Additive) -> np.ndarray:
        counts, groups = told.counts, self.groups
        small = (counts > 0) & (counts < groups.threshold)
        known = groups.hidden(told)
        linked = groups.linked(told)
        if not linked.all():
            known |= ~linked & np.isin(counts, list(groups.alike))
            missing = groups.total - counts
            telling = np.isin(counts, list(groups.telling)) | ((missing > 0) & (missing < groups.threshold))
            for row, column in np.argwhere(telling & ~linked & ~known).tolist():
                known[row, column] = self._is_told(values[row][column], int(counts[row, column]))
            known |= hidden_cells(counts, additive, groups.threshold, known)
        return np.asarray(small | known)

    def _is_told(self, value: object, count: int) -> bool:
        """True where the value is the count itself, or its share of all customers in per cent."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return value == count or abs(value * self.groups.total / 100 - count) < 0.5

    def text(self, text: Text) -> Text:
        return replace(text, figures={name: self.figure(figure) for name, figure in text.figures.items()})

    def figure(self, figure: Figure) -> Figure:
        if figure.customers is None:
            return figure
        told = _told(((figure.customers,),), (), (figure.about,))
        hidden, ((value,),) = self.table(told, ((figure.value,),), Additive.NO, ((figure.unit,),))
        if hidden.any():
            return replace(figure, value=HIDDEN, unit="", customers=None, about=_NOBODY)
        decimals = decimals_of((value,), figure.decimals) if self.rounding else figure.decimals
        return replace(figure, value=value, decimals=decimals, customers=None, about=_NOBODY)

    def grid(self, grid: Grid, counts: Sequence[Sequence[int]]) -> Grid:
        told = _told(counts, grid.rows.about, grid.columns.about)
        hidden, values = self.table(told, grid.values, grid.additive, _units(grid.rows, grid.columns))
        shown = _where(hidden, values, HIDDEN)
        return replace(
            grid,
            rows=self.axis(grid.rows, shown),
            columns=self.axis(grid.columns, tuple(zip(*shown, strict=True))),
            values=shown,
            counts=None,
            marks=None if grid.marks is None else _where(hidden, grid.marks, 0),
        )

    def axis(self, axis: Axis, lines: Table) -> Axis:
        """The rows or the columns of a grid, `lines` the values of each."""
        if not (self.rounding and axis.decimals and lines):
            return replace(axis, about=())
        decimals = tuple(decimals_of(line, own) for line, own in zip(lines, axis.decimals, strict=True))
        return replace(axis, decimals=decimals, about=())

    def heatmap(self, heatmap: Heatmap, counts: Sequence[Sequence[int]]) -> Heatmap:
        told = _told(counts, heatmap.rows.about, heatmap.columns.about)
        hidden, values = self.table(told, heatmap.values, Additive.NO, _units(heatmap.rows, heatmap.columns))
        return replace(
            heatmap,
            rows=replace(heatmap.rows, about=()),
            columns=replace(heatmap.columns, about=()),
            values=_where(hidden, values, HIDDEN),
            counts=None,
        )

    def flow(self, flow: Flow) -> Block:
        told = _told(flow.counts, flow.sources_about, flow.targets_about)
        hidden, counts = self.table(told, flow.counts, Additive.BOTH)
        if not hidden.any():
            return replace(flow, counts=counts, sources_about=(), targets_about=())
        axes = (
            Axis(flow.sources, title="from \\ to"),
            Axis(flow.targets, decimals=(0,) * len(flow.targets)),
        )
        return Grid(*axes, _where(hidden, counts, HIDDEN), additive=Additive.BOTH, title=flow.title)

    def bars(self, bars: Bars, counts: Sequence[int]) -> tuple[Block, ...]:
        additive = Additive.NO if bars.additive is Additive.NO else Additive.ROWS
        told = _told((counts,), (), bars.about)
        units = ((bars.unit,) * len(bars.labels),)
        (hidden,), (values,) = self.table(told, (bars.values,), additive, units)
        if not hidden.any():
            return (replace(bars, values=values, counts=None, about=()),)
        if hidden.all():
            return (_left_out(bars.title, _TOO_FEW),)
        gone = Figure("hidden bars", join_words(_kept(~hidden, bars.labels)))
        note = Text("Hidden here: {bars}.", {"bars": gone}, Tone.NOTE)
        shown = replace(bars, labels=_kept(hidden, bars.labels), values=_kept(hidden, values), counts=None, about=())
        return (shown, note)

    def lines(self, lines: Lines) -> tuple[Block, ...]:
        kept = tuple(self.series(series, series.counts) for series in lines.series if series.counts is not None)
        left = [series.name for series in lines.series if series.counts is None]
        if not kept:
            return (_left_out(lines.title or lines.y_title, _NO_COUNTS),)
        note = (_left_out(join_words(left), _NO_COUNTS),) if left else ()
        return (replace(lines, series=kept), *note)

    def series(self, series: Series, counts: Sequence[int]) -> Series:
        told = _told((counts,))
        hidden, values = self.table(told, (series.values,), Additive.NO)

        def without(bound: tuple[float | None, ...] | None) -> tuple[float | None, ...] | None:
            if bound is None:
                return None
            shown = BlockGate(self.groups, self.rounding).table(told, (bound,), Additive.NO)[1]
            return _where(hidden, shown, None)[0]

        low, high = without(series.low), without(series.high)
        return replace(series, values=_where(hidden, values, None)[0], low=low, high=high, counts=None)

    def scatter(self, scatter: Scatter, counts: Sequence[int]) -> tuple[Block, ...]:
        told = _told((counts,))
        across, x = self.table(told, (scatter.x,), Additive.NO)
        up, y = BlockGate(self.groups, self.rounding).table(told, (scatter.y,), Additive.NO)
        hidden = across[0] | up[0]
        self.cells += int(hidden.sum() - across.sum())
        if hidden.all():
            return (_left_out(scatter.title, _TOO_FEW),)
        groups = _kept(hidden, scatter.groups) if scatter.groups else ()
        return (replace(scatter, x=_kept(hidden, x[0]), y=_kept(hidden, y[0]), groups=groups, counts=None),)


def _units(rows: Axis, columns: Axis) -> Sequence[Sequence[str]]:
    """The unit of each cell: that of its column, or of its row where the columns have none."""
    if columns.units:
        return (columns.units,) * len(rows.labels)
    return tuple((unit,) * len(columns.labels) for unit in rows.units or ("",) * len(rows.labels))


def _left_out(title: str, words: str) -> Text:
    return Text(words, {"what": Figure("left out", title or "A part of this report")}, Tone.NOTE)


def _where(hidden: np.ndarray, values: Sequence[Sequence[T]], instead: U) -> tuple[tuple[T | U, ...], ...]:
    rows: list[list[T | U]] = [list(row) for row in values]
    for row, column in np.argwhere(hidden).tolist():
        rows[row][column] = instead
    return tuple(map(tuple, rows))


def _kept(hidden: np.ndarray, values: Sequence[T]) -> tuple[T, ...]:
    return tuple(value for gone, value in zip(hidden.tolist(), values, strict=True) if not gone)
