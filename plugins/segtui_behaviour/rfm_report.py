"""What an RFM model says of itself: cut points, scores, the rule table and what is odd about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from segtui.api import Axis, Block, Figure, Figures, Grid, Outcome, Report, Text, Tone, Verdict
from segtui_behaviour.rfm_rules import TableCheck, check_table, matching

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
                Figure("customers scored", scored, customers=scored),
                Figure("customers without a score", model.unscored, customers=model.unscored),
                Figure("cut points of money and frequency", "nested" if model.nested else "independent"),
                Figure("rule table", model.table_name),
            )
        ),
        _edge_text(model),
        *_cut_grids(model),
        *_score_blocks(model, customers),
        _rule_grid(model, customers),
        *_verdicts(check),
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
        counts = customers.reshape(parents, -1).sum(axis=1)
        unit = model.units[position]
        labels = ("all customers",) if parents == 1 else tuple(_parent(bins, position, row) for row in range(parents))
        origin = "your own cut points" if model.own_cuts[position] else "cut points"
        grids.append(
            Grid(
                Axis(labels),
                Axis(tuple(f"cut {place}" for place in range(1, cut.bins)), units=(unit,) * (cut.bins - 1)),
                cut.vectors,
                counts=tuple((int(count),) * (cut.bins - 1) for count in counts),
                title=f"{measure}: {origin} ({model.columns[position]})",
            )
        )
    return grids


def _parent(bins: tuple[int, int, int], position: int, row: int) -> str:
    if position == 1:
        return f"R {row + 1}"
    r, f = divmod(row, bins[1])
    return f"R {r + 1}, F {f + 1}"


def _score_blocks(model: RfmModel, customers: np.ndarray) -> list[Block]:
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
            counts=tuple(tuple(count or 0 for count in row) for row in values),
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


def _rule_grid(model: RfmModel, customers: np.ndarray) -> Grid:
    matches = matching(model.rules, model.bins)
    rows: list[str] = []
    values: list[tuple[str | int, ...]] = []
    counts: list[tuple[int, ...]] = []
    first = matches.argmax(axis=0)
    reached = matches.any(axis=0)
    for number, rule in enumerate(model.rules):
        own = reached & (first == number)
        matched, taken = int(customers[matches[number]].sum()), int(customers[own].sum())
        rows.append(rule.name)
        ranges = [f"{low}" if low == high else f"{low}-{high}" for low, high in (rule.r, rule.f, rule.m)]
        values.append((*ranges, int(own.sum()), matched, matched - taken, taken))
        counts.append((matched,) * 5 + (matched - taken, taken))
    gap = ~reached
    if gap.any():
        rows.append(model.segments[-1].name)
        left = int(customers[gap].sum())
        values.append(("", "", "", int(gap.sum()), left, 0, left))
        counts.append((left,) * 7)
    columns = ("R", "F", "M", "cells", "customers who match", "taken by earlier rules", "customers")
    named = Axis(tuple(rows), title="first match wins")
    return Grid(named, Axis(columns), tuple(values), tuple(counts), title="Rule table")


def _verdicts(check: TableCheck) -> list[Block]:
    figures = {
        "gaps": Figure("cells that match nothing", check.gaps),
        "overlaps": Figure("cells that match several rules", check.overlaps),
        "cells": Figure("cells", check.cells),
        "open": Figure("customers whom no rule matches", check.customers_in_gaps, customers=check.customers_in_gaps),
        "twice": Figure(
            "customers whom several rules match", check.customers_in_overlaps, customers=check.customers_in_overlaps
        ),
    }
    outcome = Outcome.WARN if check.gaps or check.overlaps else Outcome.PASS
    blocks: list[Block] = [
        Verdict(
            outcome,
            Text(
                "Of {cells} combinations of scores {gaps} match no rule ({open} customers, in Others) and {overlaps} "
                "match several ({twice} customers, taken by the first).",
                figures,
            ),
        )
    ]
    if check.hidden:
        hidden = {"rules": Figure("rules hidden wholly", ", ".join(check.hidden))}
        words = "Earlier rules hide these wholly, so nobody gets there: {rules}."
        blocks.append(Verdict(Outcome.FAIL, Text(words, hidden)))
    return blocks
