"""What the analyses share: labels of segments, and features in words."""

from __future__ import annotations

from segtui.api import Customers, Figure, Segmentation, ShownSegment, Text, Tone
from segtui.api.text import join_words, safe

MOST_FEATURES = 8


def label(segment: ShownSegment) -> str:
    """The letter and the name of a segment."""
    return f"{segment.letter} {safe(segment.name, 60)}"


def filled_segments(segmentation: Segmentation) -> tuple[ShownSegment, ...]:
    """The segments that have customers, in the shown order."""
    return tuple(segment for segment in segmentation.segments if segment.size)


def heading(segmentation: Segmentation) -> Text:
    """The id of a segmentation as a heading."""
    return Text("{name}", {"name": Figure("segmentation", segmentation.id)}, Tone.HEADING)


def features_in_words(customers: Customers) -> Figure:
    """The features that are measured."""
    names = [safe(name, 60) for name in customers.features]
    more = len(names) - MOST_FEATURES
    listed = [*names[:MOST_FEATURES], f"{more} more"] if more > 0 else names
    return Figure("features", join_words(listed))


def feature_note(segmentation: Segmentation, customers: Customers) -> Text | None:
    """What to say where a segmentation was made on other features than those measured, None where it was not."""
    own = segmentation.model.uses.scaling
    figures = {"name": Figure("segmentation", segmentation.id)}
    if own is None or not own.features:
        return Text("{name} was made without a feature set, and is measured on one that it was not fitted to.", figures)
    if set(own.columns) != set(customers.features):
        return Text("{name} was made on another feature set than the one measured here.", figures)
    return None
