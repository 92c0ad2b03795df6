"""What the analyses share: labels of segments, and features in words."""

from __future__ import annotations

from collections.abc import Sequence

from segtui.api import Customers, Figure, Segmentation, ShownSegment, Text, Tone
from segtui.api.report import About
from segtui.api.text import join_words, safe
from segtui_evidence.forms import forms_of

MOST_FEATURES = 8
MOST_NAMED = 3


def listed(segmentations: Sequence[Segmentation]) -> str:
    """The segmentations by their ids, or how many they are."""
    names = [safe(one.id, 60) for one in segmentations]
    return join_words(names) if len(names) <= MOST_NAMED else f"{len(names)} segmentations"


def titled(title: str, segmentations: Sequence[Segmentation]) -> str:
    """The title of a report with the segmentations that it is of, so that two reports can be told apart."""
    return f"{title} of {listed(segmentations)}"


def label(segment: ShownSegment) -> str:
    """The letter and the name of a segment."""
    return f"{segment.letter} {safe(segment.name, 60)}"


def about(segmentation: Segmentation, segment: ShownSegment | None) -> About:
    """The customers in a segment, or in none."""
    return ((segmentation.id, "" if segment is None else str(segment.code)),)


def filled_segments(segmentation: Segmentation) -> tuple[ShownSegment, ...]:
    """The segments that have customers, in the shown order."""
    return tuple(segment for segment in segmentation.segments if segment.size)


def heading(segmentation: Segmentation) -> Text:
    """The id of a segmentation as a heading."""
    return Text("{name}", {"name": Figure("segmentation", segmentation.id)}, Tone.HEADING)


def features_in_words(customers: Customers) -> Figure:
    """The features that are measured, in their forms: spend (z) and visits (log z), or spend and visits, both z."""
    forms = forms_of(customers)
    names = [safe(name, 60) for name in forms]
    alike = len(set(forms.values())) == 1 and len(forms) > 1
    if not alike:
        names = [f"{name} ({form})" for name, form in zip(names, forms.values(), strict=True)]
    more = len(names) - MOST_FEATURES
    words = join_words([*names[:MOST_FEATURES], f"{more} more"] if more > 0 else names)
    if alike:
        words += f", {'both' if len(forms) == 2 else 'all'} {next(iter(forms.values()))}"
    return Figure("features", words)


def feature_note(segmentation: Segmentation, customers: Customers) -> Text | None:
    """What to say where a segmentation was made on other features than those measured, None where it was not."""
    own = segmentation.model.uses.scaling
    figures = {"name": Figure("segmentation", segmentation.id)}
    if own is None or not own.features:
        return Text("{name} was made without a feature set, and is measured on one that it was not fitted to.", figures)
    if set(own.columns) != set(customers.features):
        return Text("{name} was made on another feature set than the one measured here.", figures)
    return None
