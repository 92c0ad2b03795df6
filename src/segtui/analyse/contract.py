"""The contract of a Report: every rule is checked, and a ContractError names the plugin, the block and the rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import get_args

from segtui.api import codec
from segtui.api.calling import broken
from segtui.api.report import (
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
    Text,
    Verdict,
)

MOST_BLOCKS = 1_000
LONGEST_LABEL = 500
LONGEST_TEXT = 20_000
MOST_DECIMALS = 15

_KNOWN: tuple[type, ...] = get_args(Block)
_LONG = frozenset({"template", "value", "values"})
"""Fields whose words are paragraphs or values; all others are labels."""
_DRAWN = (Bars, Heatmap, Lines, Scatter)
"""Blocks in which a number is a place or a shade."""

_Table = Sequence[Sequence[object]]
_Shape = tuple[int, int]


def check_report(report: object, plugin: str) -> Report:
    """The report as plain data that nobody else holds. Raises ContractError with the first rule it breaks."""
    if type(report) is not Report:
        broken(plugin, f"report returns a Report, and it returned a {type(report).__name__}")
    if not isinstance(report.blocks, tuple) or not 1 <= len(report.blocks) <= MOST_BLOCKS:
        broken(plugin, f"the blocks of a report are a tuple of 1 to {MOST_BLOCKS:,} of them")
    for number, block in enumerate(report.blocks, 1):
        if type(block) not in _KNOWN:
            broken(plugin, f"the blocks of a report are known ones, and block {number} is a {type(block).__name__}")
    try:
        plain: Report = codec.decode(codec.encode(report), Report)
    except codec.CodecError as error:
        broken(plugin, f"a report is plain data that fits the types of its fields ({error.what.rstrip('.')})")
    for problem in _lengths(plain.title, "title"):
        broken(plugin, f"{problem} (the title of the report)")
    for what, blocks in (("block", plain.blocks), ("note", plain.notes)):
        for number, block in enumerate(blocks, 1):
            for problem in _problems(block):
                broken(plugin, f"{problem} ({what} {number}, {_called(block)})")
    return plain


def _called(block: Block) -> str:
    return f"a {type(block).__name__}"


def _problems(block: Block) -> Iterator[str]:
    """The rules that a block breaks."""
    for name, leaf in _leaves(block, ""):
        if isinstance(leaf, str):
            yield from _lengths(leaf, name)
        elif isinstance(leaf, float) and math.isnan(leaf):
            yield "an unknown number is None, and never NaN"
        elif isinstance(leaf, float) and math.isinf(leaf) and isinstance(block, _DRAWN):
            yield "numbers that are drawn are finite"
    yield from _block_problems(block)


def _block_problems(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield from _text(block)
        case Verdict():
            yield from _text(block.text)
        case Figures():
            for figure in block.figures:
                yield from _figure(figure)
        case Grid():
            yield from _table(block.rows, block.columns, block.values, block.counts)
            yield from _marks(block)
        case Heatmap():
            yield from _table(block.rows, block.columns, block.values, block.counts)
        case Bars():
            yield from _same_length("a bar has a label", len(block.labels), (block.values,))
            rule = "a bar says whom it is about, or none does"
            yield from _same_length(rule, len(block.labels), (block.about or block.labels,))
            yield from _row_of_counts(block.counts, len(block.labels))
        case Lines():
            yield from _lines(block)
        case Scatter():
            yield from _same_length("a point has an x and a y", len(block.x), (block.y,))
            yield from _same_length("each point has a group, or none has", len(block.x), (block.groups or block.x,))
            yield from _row_of_counts(block.counts, len(block.x))
        case Flow():
            yield from _counts(block.counts, (len(block.sources), len(block.targets)))
            rule = "a flow says of each source or target whom it is about, or of none"
            yield from _same_length(rule, len(block.sources), (block.sources_about or block.sources,))
            yield from _same_length(rule, len(block.targets), (block.targets_about or block.targets,))


def _text(text: Text) -> Iterator[str]:
    if set("{}") & set(re.sub(r"\{\w+\}", "", text.template)):
        yield "braces in a text are placeholders such as {size}"
    for figure in text.figures.values():
        yield from _figure(figure)


def _figure(figure: Figure) -> Iterator[str]:
    if figure.customers is not None and figure.customers < 0:
        yield "the customers behind a figure are not negative"
    yield from _decimals((figure.decimals,))


def _decimals(decimals: Sequence[int | None]) -> Iterator[str]:
    if any(one is not None and not 0 <= one <= MOST_DECIMALS for one in decimals):
        yield f"decimals are None or from 0 to {MOST_DECIMALS}"


def _axis(axis: Axis) -> Iterator[str]:
    if any(len(each) not in (0, len(axis.labels)) for each in (axis.units, axis.decimals, axis.about)):
        yield "an axis has units, decimals and whom it is about for each of its labels, or none at all"
    yield from _decimals(axis.decimals)


def _table(rows: Axis, columns: Axis, values: _Table, counts: Sequence[Sequence[int]] | None) -> Iterator[str]:
    yield from _axis(rows)
    yield from _axis(columns)
    shape = (len(rows.labels), len(columns.labels))
    if not _has(values, shape):
        yield "values have a row for each label of the rows, and in it one for each label of the columns"
    if counts is not None:
        yield from _counts(counts, shape)


def _marks(grid: Grid) -> Iterator[str]:
    if grid.marks is None:
        return
    if not _has(grid.marks, (len(grid.rows.labels), len(grid.columns.labels))):
        yield "marks have the shape of the values"
    if any(mark not in (-1, 0, 1) for row in grid.marks for mark in row):
        yield "marks are -1, 0 or 1"


def _lines(lines: Lines) -> Iterator[str]:
    for series in lines.series:
        band = [bound for bound in (series.low, series.high) if bound is not None]
        yield from _same_length("a series has a value for each x", len(lines.x), (series.values, *band))
        if len(band) == 1:
            yield "the band of a series has both bounds"
        yield from _row_of_counts(series.counts, len(lines.x))


def _row_of_counts(counts: Sequence[int] | None, length: int) -> Iterator[str]:
    if counts is not None:
        yield from _counts((counts,), (1, length))


def _counts(counts: Sequence[Sequence[int]], shape: _Shape) -> Iterator[str]:
    if not _has(counts, shape):
        yield "counts say for each cell, bar, point or flow how many customers are behind it"
    if any(count < 0 for row in counts for count in row):
        yield "counts of customers are not negative"


def _same_length(rule: str, length: int, rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if any(len(row) != length for row in rows):
        yield rule


def _has(table: _Table, shape: _Shape) -> bool:
    return len(table) == shape[0] and all(len(row) == shape[1] for row in table)


def _lengths(word: str, field: str) -> Iterator[str]:
    longest = LONGEST_TEXT if field in _LONG else LONGEST_LABEL
    if len(word) > longest:
        yield f"texts have at most {LONGEST_TEXT:,} characters, titles, names, labels and units {LONGEST_LABEL}"


def _leaves(value: object, name: str) -> Iterator[tuple[str, object]]:
    """The words and numbers in a block, with the name of the field they are in."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(key, name)
            yield from _leaves(item, name)
    elif isinstance(value, tuple):
        for item in value:
            yield from _leaves(item, name)
    else:
        yield name, value
