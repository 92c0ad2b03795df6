"""The measures of one segmentation on one feature set; None where it has too few segments for them."""

from __future__ import annotations

from dataclasses import dataclass

from segtui.api import Customers, DataError, Figure, Run, Segmentation, Text
from segtui.api.measures import Silhouette, calinski_harabasz, davies_bouldin, silhouette_sampled, variance_explained


@dataclass(frozen=True)
class Measured:
    """How well apart the segments lie."""

    silhouette: Silhouette | None
    calinski_harabasz: float | None
    davies_bouldin: float | None
    variance_explained: float | None


def measured(segmentation: Segmentation, customers: Customers, run: Run) -> Measured:
    """All measures, on the features of the customers."""
    matrix, labels = customers.matrix, segmentation.labels
    try:
        run.progress(0.0, "silhouette")
        silhouette = silhouette_sampled(matrix, labels, run.seed)
        run.progress(0.7, "other measures")
        ratio = calinski_harabasz(matrix, labels)
    except DataError:
        return Measured(None, None, None, None)
    likeness = davies_bouldin(matrix, labels)
    explained = variance_explained(matrix, labels)
    run.progress(1.0)
    return Measured(silhouette, ratio, likeness, explained)


def sampling_note(segmentation: Segmentation, silhouette: Silhouette) -> Text | None:
    """How the silhouette was sampled, None where it is exact."""
    if silhouette.is_exact:
        return None
    return Text(
        "{name}: the silhouette was measured at {points} customers against {references}, drawn with the seed; "
        "its standard error is {error}.",
        {
            "name": Figure("segmentation", segmentation.id),
            "points": Figure("customers measured", silhouette.points, decimals=0),
            "references": Figure("customers measured against", silhouette.references, decimals=0),
            "error": Figure("standard error", silhouette.error, decimals=4),
        },
    )
