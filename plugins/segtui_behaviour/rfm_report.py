"""What an RFM model says of itself: cut points, scores, the rule table and what is odd about them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from segtui.api import Additive, Axis, Block, Figure, Figures, Grid, Outcome, Report, Text, Tone, Verdict
from segtui.api.report import About
from segtui_behaviour.rfm_rules import TableCheck, cell_codes, check_table, matching

if TYPE_CHECKING:
    from segtui_behaviour.rfm import RfmModel

_MEASURES = ("Recency", "Frequency", "Monetary")


def explain_rfm(model: RfmModel) -> Report:
    """The report of a fitted model."""
    customers = np.asarray(model.cell_customers)
    scored = int(customers.sum())
    check = check_table(model.rules, model.bins, customers)
    blocks: list[Block] = [
        Figures(
            (
                Figure("customers scored", scored, decimals=0, customers=scored),
                Figure(
                    "customers without a score",
                    model.unscored,
                    decimals=0,
                    customers=model.unscored,
                    about=(("", ""),),
                ),
                Figure("cut points of money and frequency", "nested" if model.nested else "independent"),
                Figure("rule table", model.table_name),
            )
        ),
        _edge_text(model),
        *_cut_grids(model),
        *_score_blocks(model, customers),
        *_rule_grids(model, customers),
        *_verdicts(check, _segment_of(model, model.segments[-1].name), _smallest_segment(model, customers)),
    ]
    return Report("How RFM scored and named", tuple(blocks))


def _edge_text(model: RfmModel) -> Text:
    if any(cut.edge == "rfm package" for cut in model.cuts):
        return Text(
            "A value passes a cut point where it is at least {one} more, as in the R package rfm. Where values have "
            "fractions, those between a cut point and {one} more stay below it.",
            {"one": Figure("step", 1)},
        )
    return Text(
        "A value passes a cut point where it is greater. Equal values always have the same score. The R package rfm "
        "cuts one unit higher, so that a few customers next to a cut point score lower there."
    )


def _cut_grids(model: RfmModel) -> list[Block]:
    grids: list[Block] = []
    customers = np.asarray(model.cell_customers)
    bins = model.bins
    for position, (measure, cut) in enumerate(zip(_MEASURES, model.cuts, strict=True)):
        parents = len(cut.vectors)
        unit = model.units[position]
        labels = ("all customers",) if parents == 1 else tuple(_parent(bins, position, row) for row in range(parents))
        own = model.own_cuts[position]
        grids.append(
            Grid(
                Axis(labels),
                Axis(tuple(f"cut {place}" for place in range(1, cut.bins)), units=(unit,) * (cut.bins - 1)),
                cut.vectors,
                counts=_beside_cuts(customers.reshape(bins), position, parents, own),
                title=f"{measure}: {'your own cut points' if own else 'cut points'} ({model.columns[position]})",
            )
        )
    return grids


def _beside_cuts(cube: np.ndarray, position: int, parents: int, own: bool) -> tuple[tuple[int, ...], ...]:
    """How many customers are behind each cut point: the fewer of the two scores that it parts. Nobody where people
    chose it. Recency scores fall as days rise, so that its first cut parts the two highest scores."""
    bins = cube.shape[position]
    if own:
        return ((0,) * (bins - 1),) * parents
    if parents == 1:
        by_score = cube.sum(axis=tuple(axis for axis in range(3) if axis != position))[None, :]
    else:
        by_score = cube.sum(axis=tuple(range(position + 1, 3))).reshape(parents, bins)
    scores = by_score[:, ::-1] if position == 0 else by_score
    return tuple(tuple(_least(*pair) for pair in pairwise(row)) for row in scores.tolist())


def _parent(bins: tuple[int, int, int], position: int, row: int) -> str:
    if position == 1:
        return f"R {row + 1}"
    r, f = divmod(row, bins[1])
    return f"R {r + 1}, F {f + 1}"


def _smallest_segment(model: RfmModel, customers: np.ndarray) -> int:
    """How many customers it has. One could work these out by what is told of scores and rules, since segments are made
    of them: so nothing that is counted across segments is about more."""
    return _least(*np.bincount(cell_codes(model.rules, model.bins), weights=customers).astype(int).tolist())


def _score_blocks(model: RfmModel, customers: np.ndarray) -> list[Block]:
    smallest = _smallest_segment(model, customers)
    most = max(model.bins)
    cube = customers.reshape(model.bins)
    values, empty = [], []
    for axis, measure in enumerate(_MEASURES):
        others = tuple(other for other in range(3) if other != axis)
        counts = cube.sum(axis=others).tolist()
        empty += [f"{measure} {score}" for score, count in enumerate(counts, start=1) if count == 0]
        values.append(tuple(counts) + (None,) * (most - len(counts)))
    blocks: list[Block] = [
        Grid(
            Axis(_MEASURES, title="score"),
            Axis(tuple(str(score) for score in range(1, most + 1))),
            tuple(values),
            counts=tuple(tuple(min(count or 0, smallest) for count in row) for row in values),
            additive=Additive.ROWS,
            title="Customers by score",
        )
    ]
    if empty:
        blocks.append(
            Text(
                "Nobody has these scores, because many customers share one value and cut points fall together: "
                "{scores}. Rules that ask for them alone stay empty.",
                {"scores": Figure("empty scores", ", ".join(empty))},
                Tone.WARNING,
            )
        )
    return blocks


def _rule_grids(model: RfmModel, customers: np.ndarray) -> list[Block]:
    """The rules as they are written, and the customers of each."""
    matches = matching(model.rules, model.bins)
    first, reached = matches.argmax(axis=0), matches.any(axis=0)
    rules: list[tuple[str | int, ...]] = []
    counted: list[tuple[int, int, int]] = []
    for number, rule in enumerate(model.rules):
        own = reached & (first == number)
        matched, taken = int(customers[matches[number]].sum()), int(customers[own].sum())
        ranges = [f"{low}" if low == high else f"{low}-{high}" for low, high in (rule.r, rule.f, rule.m)]
        rules.append((*ranges, int(own.sum())))
        counted.append((matched, matched - taken, taken))
    names = [rule.name for rule in model.rules]
    if not reached.all():
        left = int(customers[~reached].sum())
        names.append(model.segments[-1].name)
        rules.append(("", "", "", int((~reached).sum())))
        counted.append((left, 0, left))
    columns = ("customers who match", "taken by earlier rules", "customers")
    order = "first match wins"
    return [
        Grid(
            Axis(tuple(names), title=order),
            Axis(("R", "F", "M", "cells")),
            tuple(rules),
            counts=((0,) * 4,) * len(rules),
            title="Rule table",
        ),
        Grid(
            Axis(tuple(names), title=order, about=tuple(_segment_of(model, name) for name in names)),
            Axis(columns, decimals=(0, 0, 0)),
            tuple(counted),
            counts=_behind(names, counted),
            title="Customers by rule",
        ),
    ]


def _segment_of(model: RfmModel, name: str) -> About:
    """The segment of that name; rules that nobody can reach have none."""
    return next(((("", str(segment.code)),) for segment in model.segments if segment.name == name), ())


def _behind(names: list[str], counted: list[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Who matches a rule is in several segments, and a rule's part of a segment is what its other rules leave: so none
    of these numbers is about more customers than the smallest of them."""
    least = _least(*(count for row in counted for count in row))
    parts: dict[str, int] = {}
    for name, (_, _, own) in zip(names, counted, strict=True):
        parts[name] = _least(parts.get(name, 0), own)
    return tuple((least, least, parts[name]) for name in names)


def _least(*counts: int) -> int:
    """The least that is not zero."""
    return min((count for count in counts if count), default=0)


def _verdicts(check: TableCheck, others: About, smallest: int) -> list[Block]:
    figures = {
        "gaps": Figure("cells that match nothing", check.gaps),
        "overlaps": Figure("cells that match several rules", check.overlaps),
        "cells": Figure("cells", check.cells),
        "open": Figure(
            "customers whom no rule matches",
            check.customers_in_gaps,
            decimals=0,
            customers=check.customers_in_gaps,
            about=others if check.gaps else (),
        ),
        "twice": Figure(
            "customers whom several rules match",
            check.customers_in_overlaps,
            decimals=0,
            customers=min(check.customers_in_overlaps, smallest),
        ),
    }
    outcome = Outcome.WARN if check.gaps or check.overlaps else Outcome.PASS
    blocks: list[Block] = [
        Verdict(
            outcome,
            Text(
                "Of {cells} combinations of scores {gaps} match no rule (customers with these, in Others: {open}) and "
                "{overlaps} match several (customers with these, taken by the first: {twice}).",
                figures,
            ),
        )
    ]
    if check.hidden:
        hidden = {"rules": Figure("rules hidden wholly", ", ".join(check.hidden))}
        words = "Earlier rules hide these wholly, so nobody gets there: {rules}."
        blocks.append(Verdict(Outcome.FAIL, Text(words, hidden)))
    return blocks
