"""The privacy gate for reports: small cells are hidden, and so is whatever would let one solve for them.

Every hidden cell looks the same, whether it is small or hides a small one: to tell them apart would say more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from segtui.api.errors import UsageError
from segtui.api.report import (
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
from segtui.api.text import join_words, plural
from segtui.export.complements import hidden_cells

T = TypeVar("T")
U = TypeVar("U")

HIDDEN = "hidden"
"""What stands in a grid or a figure for a value that does not leave."""
THRESHOLD = 10
LEAST_THRESHOLD = 5


def suppressed(report: Report, threshold: int = THRESHOLD) -> Report:
    """The report as it may leave; called once, on the report as its analysis made it.

    Cells with 1 to `threshold` - 1 customers are hidden, with complements where cells add up to a shown total: in grids
    and figures the value is `HIDDEN`, in heatmaps and lines None; bars and points are left out. A flow with hidden
    cells becomes a grid. Blocks without counts, and points that are customers, are replaced by a note. Counts stay
    here, all of them: they would say of a hidden cell what the cell does not. A last note says what was hidden.

    Raises UsageError where `threshold` is below 5.
    """
    if threshold < LEAST_THRESHOLD:
        raise UsageError(
            f"Cells of fewer than {LEAST_THRESHOLD} customers never leave.",
            next_step=f"Choose a threshold of {THRESHOLD}, or of {LEAST_THRESHOLD} at least.",
        )
    gate = _Gate(threshold)
    blocks = tuple(part for block in report.blocks for part in gate.block(block))
    notes = tuple(gate.text(note) for note in report.notes)
    return replace(report, blocks=blocks, notes=(*notes, *gate.account()))


@dataclass
class _Gate:
    """One report on its way through."""

    threshold: int
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
                return (_left_out(block.title, "{what} stays here: it does not say how many customers it is about."),)
            case Grid():
                return (self.grid(block, block.counts),)
            case Heatmap():
                hidden = self.hide(block.counts, Additive.NO)
                values = _where(hidden, block.values, None)
                return (replace(block, values=values, counts=None),)
            case Bars():
                return self.bars(block, block.counts)
            case Scatter():
                return self.scatter(block, block.counts)

    def hide(self, counts: Sequence[Sequence[int]], additive: Additive) -> np.ndarray:
        hidden = hidden_cells(np.asarray(counts, dtype=np.int64).reshape(len(counts), -1), additive, self.threshold)
        self.cells += int(hidden.sum())
        return hidden

    def is_small(self, customers: int | None) -> bool:
        return customers is not None and 0 < customers < self.threshold

    def text(self, text: Text) -> Text:
        return replace(text, figures={name: self.figure(figure) for name, figure in text.figures.items()})

    def figure(self, figure: Figure) -> Figure:
        if not self.is_small(figure.customers):
            return replace(figure, customers=None)
        self.cells += 1
        return replace(figure, value=HIDDEN, unit="", customers=None)

    def grid(self, grid: Grid, counts: Sequence[Sequence[int]]) -> Grid:
        hidden = self.hide(counts, grid.additive)
        marks = None if grid.marks is None else _where(hidden, grid.marks, 0)
        return replace(grid, values=_where(hidden, grid.values, HIDDEN), counts=None, marks=marks)

    def flow(self, flow: Flow) -> Block:
        hidden = self.hide(flow.counts, Additive.BOTH)
        if not hidden.any():
            return flow
        axes = (
            Axis(flow.sources, title="from \\ to"),
            Axis(flow.targets, decimals=(0,) * len(flow.targets)),
        )
        return Grid(*axes, _where(hidden, flow.counts, HIDDEN), additive=Additive.BOTH, title=flow.title)

    def bars(self, bars: Bars, counts: Sequence[int]) -> tuple[Block, ...]:
        additive = Additive.NO if bars.additive is Additive.NO else Additive.ROWS
        hidden = self.hide((counts,), additive)[0]
        if not hidden.any():
            return (replace(bars, counts=None),)
        gone = Figure("hidden bars", join_words(_kept(~hidden, bars.labels)))
        note = Text("Hidden here: {bars}.", {"bars": gone}, Tone.NOTE)
        if hidden.all():
            return (_left_out(bars.title, "{what} stays here: it is about too few customers."),)
        shown = replace(bars, labels=_kept(hidden, bars.labels), values=_kept(hidden, bars.values), counts=None)
        return (shown, note)

    def lines(self, lines: Lines) -> tuple[Block, ...]:
        kept = tuple(self.series(series, series.counts) for series in lines.series if series.counts is not None)
        left = [series.name for series in lines.series if series.counts is None]
        words = "{what} stays here: it does not say how many customers it is about."
        if not kept:
            return (_left_out(lines.title or lines.y_title, words),)
        note = (_left_out(join_words(left), words),) if left else ()
        return (replace(lines, series=kept), *note)

    def series(self, series: Series, counts: Sequence[int]) -> Series:
        hidden = self.hide((counts,), Additive.NO)

        def without(values: tuple[float | None, ...] | None) -> tuple[float | None, ...] | None:
            return None if values is None else _where(hidden, (values,), None)[0]

        values = _where(hidden, (series.values,), None)[0]
        return replace(series, values=values, low=without(series.low), high=without(series.high), counts=None)

    def scatter(self, scatter: Scatter, counts: Sequence[int]) -> tuple[Block, ...]:
        hidden = self.hide((counts,), Additive.NO)[0]
        if hidden.all():
            return (_left_out(scatter.title, "{what} stays here: it is about too few customers."),)
        groups = _kept(hidden, scatter.groups) if scatter.groups else ()
        x, y = _kept(hidden, scatter.x), _kept(hidden, scatter.y)
        return (replace(scatter, x=x, y=y, groups=groups, counts=None),)

    def account(self) -> tuple[Text, ...]:
        if not self.cells:
            return ()
        figures = {
            "threshold": Figure("threshold", self.threshold, decimals=0),
            "cells": Figure("hidden values", plural(self.cells, "value")),
        }
        words = "Hidden: {cells}, about fewer than {threshold} customers or such that they would reveal one that is."
        return (Text(words, figures, Tone.NOTE),)


def _left_out(title: str, words: str) -> Text:
    return Text(words, {"what": Figure("left out", title or "A part of this report")}, Tone.NOTE)


def _where(hidden: np.ndarray, values: Sequence[Sequence[T]], instead: U) -> tuple[tuple[T | U, ...], ...]:
    return tuple(
        tuple(instead if gone else value for gone, value in zip(gone_row, row, strict=True))
        for gone_row, row in zip(hidden.tolist(), values, strict=True)
    )


def _kept(hidden: np.ndarray, values: Sequence[T]) -> tuple[T, ...]:
    return tuple(value for gone, value in zip(hidden.tolist(), values, strict=True) if not gone)
