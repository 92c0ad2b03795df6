"""What a k-means model says of itself: centres in the client's units, what was tried, how sure the starts were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from segtui.api import Axis, Block, Figure, Figures, Grid, Lines, Report, Series, Text, Tone
from segtui.api.report import About
from segtui.api.text import safe

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
                Figure("within sum of squares", model.within, decimals=4, customers=customers),
                Figure("variance explained", 100 * explained, "%", 1, customers),
            )
        ),
        _agreement(model, chosen),
        _centres(model),
    ]
    if len(model.tried) > 1:
        blocks += _range(model.tried, model.criterion, customers)
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
        width = len(feature.names)
        values = feature.unscale(model.centres[:, at : at + width]).T
        at += width
        is_flag = feature.column in model.flags
        names += feature.names
        if not (feature.levels or is_flag):
            columns += values.tolist()
            counts.append(list(model.sizes))
            units.append(unit)
            about.append(())
            continue
        columns += (100 * values).tolist()
        counts += np.rint(np.clip(values, 0, 1) * model.sizes).astype(int).tolist()
        units += ["%"] * width
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


def _range(tried: tuple[Tried, ...], criterion: str, customers: int) -> list[Block]:
    ks = tuple(float(one.k) for one in tried)
    counts = (customers,) * len(tried)
    silhouettes = tuple(one.silhouette for one in tried)
    errors = [one.silhouette_error or 0.0 for one in tried]
    columns = ("within sum of squares", "starts that agreed", "silhouette", "its error", "Calinski-Harabasz")
    words = (
        "Taken: the fewest segments whose silhouette, measured on a sample, is within its sampling error of the "
        "highest. Differences below that error are chance, and fewer segments are easier to act on."
        if criterion == "silhouette"
        else "Taken: the number of segments with the highest Calinski-Harabasz index."
    )
    return [
        Text(words),
        *_peaks(tried, criterion),
        Grid(
            Axis(tuple(str(one.k) for one in tried), title="segments"),
            Axis(columns, decimals=(None, 0, 3, 4, None)),
            tuple(
                (one.within, one.agreed, one.silhouette, one.silhouette_error, one.calinski_harabasz) for one in tried
            ),
            counts=tuple((customers,) * len(columns) for _ in tried),
            title="Numbers of segments that were tried",
        ),
        Lines(ks, (Series("within", tuple(one.within for one in tried), counts=counts),), "segments", "sum of squares"),
        Lines(
            ks,
            (
                Series(
                    "silhouette",
                    silhouettes,
                    low=tuple(None if s is None else s - e for s, e in zip(silhouettes, errors, strict=True)),
                    high=tuple(None if s is None else s + e for s, e in zip(silhouettes, errors, strict=True)),
                    counts=counts,
                ),
            ),
            "segments",
            "silhouette",
        ),
    ]


def _peaks(tried: tuple[Tried, ...], criterion: str) -> list[Block]:
    """Numbers of segments that stand out from their neighbours: often the better answer than two large groups."""
    values = [one.silhouette if criterion == "silhouette" else one.calinski_harabasz for one in tried]
    peaks = [
        str(tried[place].k)
        for place in range(1, len(tried) - 1)
        if (value := values[place]) is not None
        and all(other is not None and value > other for other in (values[place - 1], values[place + 1]))
    ]
    if not peaks:
        return []
    figures = {"peaks": Figure("numbers of segments that stand out", ", ".join(peaks)), "by": Figure("by", criterion)}
    return [
        Text(
            "By {by} these numbers of segments stand out from their neighbours, and are worth a look: {peaks}.", figures
        )
    ]


def _notes(model: KMeansModel, customers: int) -> tuple[Text, ...]:
    notes = []
    if model.sampled < customers:
        notes.append(
            Text(
                "The starts, and the comparison of numbers of segments, saw {sample} customers drawn with the seed; "
                "the best start then took all {all}.",
                {"sample": Figure("sample", model.sampled), "all": Figure("customers", customers)},
            )
        )
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
