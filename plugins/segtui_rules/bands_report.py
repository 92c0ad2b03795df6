"""What a bands model says of itself: the bands of each column, the cells that were joined, what to be careful with."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from segtui.api import Axis, Block, Figure, Grid, Outcome, Report, Text, Tone, Verdict
from segtui.api.report import About
from segtui.api.text import join_words, safe
from segtui_rules.band_cuts import MOST_PLACES

if TYPE_CHECKING:
    from segtui_rules.bands import BandsModel


_DONE = {
    "quantiles": "cut at quantiles",
    "equal width": "bands of equal width",
    "natural breaks": "cut at natural breaks",
    "fixed": "your own cut points",
    "levels": "its levels",
}


def explain_bands(model: BandsModel) -> Report:
    """The report of a fitted model."""
    blocks: list[Block] = []
    for axis, (column, wanted, customers) in enumerate(
        zip(model.columns, model.wanted, model.band_customers, strict=True)
    ):
        blocks.append(
            Grid(
                Axis(tuple(column.title(band, band) for band in range(column.count + 1)), about=_about(model)),
                Axis(("customers",), decimals=(0,)),
                tuple((count,) for count in customers),
                counts=tuple((count,) for count in _behind(model, customers)),
                title=f"{column.name}: {_DONE[model.how[axis]]}",
            )
        )
        if wanted > column.count:
            figures = {
                "column": Figure("column", column.name),
                "wanted": Figure("bands asked for", wanted),
                "found": Figure("bands found", column.count),
            }
            words = "{column}: of {wanted} bands {found} are left, because many customers share one value."
            blocks.append(Text(words, figures, Tone.WARNING))
    blocks += _joined(model)
    if model.sensitive:
        figures = {"columns": Figure("sensitive columns", join_words(model.sensitive))}
        words = "Handle with care: {columns}. Make sure that law and purpose allow segments by this."
        blocks.append(Verdict(Outcome.WARN, Text(words, figures)))
    return Report("How the bands were cut", tuple(blocks), _notes(model))


def _about(model: BandsModel) -> tuple[About, ...]:
    """The segment that each band of a single column went to, with its level where it has one."""
    if len(model.columns) > 1:
        return ()
    (column,) = model.columns
    segments = [(("", str(code) if code >= 0 else ""),) for code in model.codes[: column.count + 1].tolist()]
    if not column.levels or column.is_flag:
        return tuple(segments)
    levels = [((safe(column.name, 200), safe(level, 200)),) for level in column.levels]
    return tuple((*segment, *level) for segment, level in zip_longest(segments, levels, fillvalue=()))


def _behind(model: BandsModel, customers: tuple[int, ...]) -> tuple[int, ...]:
    """How many customers are behind the number of each band: one could work the smallest part of a segment out of the
    others, and in a cross by the sizes of the segments any cell that is small."""
    if len(model.columns) > 1:
        return tuple(min(count, model.smallest_cell) for count in customers)
    least: dict[int, int] = {}
    codes = model.codes[: len(customers)].tolist()
    for code, count in zip(codes, customers, strict=True):
        if count:
            least[code] = min(count, least.get(code, count))
    return tuple(least[code] if count else 0 for code, count in zip(codes, customers, strict=True))


def _joined(model: BandsModel) -> list[Block]:
    blocks: list[Block] = []
    smallest = Figure("smallest cell", model.smallest)
    if model.joined:
        figures = {"least": smallest, "segments": Figure("segments of several cells", "; ".join(model.joined))}
        words = "Cells with fewer than {least} customers joined their smallest neighbour. Made of several: {segments}."
        blocks.append(Text(words, figures))
    if model.small:
        figures = {"least": smallest, "segments": Figure("small segments", "; ".join(model.small))}
        words = "Below {least} customers, but without a neighbour to join: {segments}."
        blocks.append(Text(words, figures, Tone.WARNING))
    return blocks


def _notes(model: BandsModel) -> tuple[Text, ...]:
    notes = []
    above = [column.name for column in model.columns if column.cuts and column.above]
    if above:
        words = "A value equal to a cut point is below it: {columns}."
        notes.append(Text(words, {"columns": Figure("columns", join_words(above))}))
    if model.thinned:
        words = "Natural breaks were looked for at {places} places among the distinct values of {columns}."
        figures = {"places": Figure("places", MOST_PLACES), "columns": Figure("columns", join_words(model.thinned))}
        notes.append(Text(words, figures))
    if model.unassigned:
        words = "{count} customers have no value in one of the columns, and stay unassigned."
        count = Figure(
            "customers without a value",
            model.unassigned,
            decimals=0,
            customers=model.unassigned,
            about=(("", ""),),
        )
        notes.append(Text(words, {"count": count}))
    return tuple(notes)
