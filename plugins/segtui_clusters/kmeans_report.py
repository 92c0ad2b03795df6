"""What a k-means model says of itself: centres in the client's units, what was tried, how sure the starts were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from segtui.api import Axis, Block, Figure, Figures, Grid, Report, Text, Tone
from segtui.api.report import About
from segtui.api.text import safe
from segtui_clusters.kmeans_tried import SQUARES, comparison
from segtui_clusters.kmeans_units import in_per_cent, in_units

if TYPE_CHECKING:
    from segtui_clusters.kmeans import KMeansModel
    from segtui_clusters.kmeans_fit import Tried


def explain_kmeans(model: KMeansModel) -> Report:
    """The report of a fitted model."""
    chosen = next((one for one in model.tried if one.k == len(model.segments)), model.tried[-1])
    customers = sum(model.sizes)
    explained = 1 - model.within / model.total if model.total else 0.0
    blocks: list[Block] = [
        Figures(
            (
                Figure("segments", len(model.segments)),
                Figure("within sum of squares", model.within, decimals=SQUARES, customers=customers),
                Figure("variance explained", 100 * explained, "%", 1, customers),
            )
        ),
        _agreement(model, chosen),
        _centres(model),
    ]
    if len(model.tried) > 1:
        blocks += comparison(model.tried, model.criterion, model.sampled, customers)
    return Report("How k-means found its groups", tuple(blocks), _notes(model, customers))


def _agreement(model: KMeansModel, chosen: Tried) -> Text:
    figures = {
        "agreed": Figure("starts that agreed", chosen.agreed),
        "starts": Figure("starts", 1 if chosen.k == 1 else model.starts),
        "near": Figure("tolerance", 0.1, "%", 1),
        "improved": Figure("lowered by exchanges", 100 * chosen.improved, "%", 4),
    }
    words = "{agreed} of {starts} starts came within {near} of the lowest within sum of squares among them."
    if chosen.improved > 0:
        words += " Moving single centres of the best start lowered it by another {improved}."
    if chosen.agreed == 1 and chosen.k > 1 and model.starts > 1:
        return Text(f"{words} The groups depend on the start: try more starts.", figures, Tone.WARNING)
    return Text(words, figures)


def _centres(model: KMeansModel) -> Grid:
    """In the client's units; levels of categories and the yes of flags as per cent, about those who have it."""
    columns: list[list[float]] = []
    counts: list[list[int]] = []
    names: list[str] = []
    units: list[str] = []
    about: list[About] = []
    at = 0
    for feature, unit in zip(model.scaling.features, model.units, strict=True):
        own = slice(at, at + len(feature.names))
        at = own.stop
        is_flag = feature.column in model.flags
        names += feature.names
        if not (feature.levels or is_flag):
            columns += in_units(feature, model.centres[:, own], model.digit[own]).T.tolist()
            counts.append(list(model.sizes))
            units.append(unit)
            about.append(())
            continue
        shares = in_per_cent(feature, model.centres[:, own], model.digit[own]).T
        columns += shares.tolist()
        counts += np.rint(shares * model.sizes / 100).astype(int).tolist()
        units += ["%"] * len(feature.names)
        having = ("yes",) if is_flag else feature.levels
        about += [((safe(feature.column, 200), safe(level, 200)),) for level in having]
    return Grid(
        Axis(
            tuple(f"segment {code}" for code in range(len(model.centres))),
            about=tuple((("", str(code)),) for code in range(len(model.centres))),
        ),
        Axis(tuple(names), units=tuple(units), about=tuple(about)),
        tuple(zip(*columns, strict=True)),
        counts=tuple(zip(*counts, strict=True)),
        title="Centres",
    )


def _taken_part(model: KMeansModel, customers: int) -> Text:
    figures = {
        "early": Figure("customers that each start saw", model.early),
        "sample": Figure("sample", model.sampled),
        "all": Figure("customers", customers),
    }
    if model.sampled < customers:
        words = "Each start saw {early} customers drawn with the seed; the best one took {sample}, and then all {all}."
    elif model.early < customers:
        words = "Each start saw {early} customers drawn with the seed; the best one then took all {all}."
    else:
        words = "Each start saw all {all} customers: there was no sample."
    return Text(words, figures)


def _notes(model: KMeansModel, customers: int) -> tuple[Text, ...]:
    notes = [_taken_part(model, customers)]
    if len(model.tried) == 1:
        notes.append(Text("Only one number of segments was tried, so the criterion decided nothing."))
    categories = [feature.column for feature in model.scaling.features if feature.levels]
    if categories:
        notes.append(
            Text(
                "k-means needs numbers, so each level of these categories became a column of yes and no: {columns}.",
                {"columns": Figure("categories", ", ".join(categories))},
            )
        )
    if any(feature.log for feature in model.scaling.features):
        notes.append(Text("Features taken as logarithms show the centre turned back, which lies below the mean."))
    notes.append(
        Text(
            "Strengths are the shares of one over the squared distance to each centre, the membership of fuzzy c-means "
            "with its usual exponent."
        )
    )
    return tuple(notes)
