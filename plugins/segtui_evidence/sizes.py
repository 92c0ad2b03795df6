"""Sizes that make a segmentation hard to use, whatever the measures say."""

from __future__ import annotations

from segtui.api import Figure, Segmentation, ShownSegment, Text, Tone
from segtui_evidence.wording import about, filled_segments, label

NEARLY_ALL = 0.9
"""A segment with more than this share of the customers leaves them as good as undivided."""
FEWEST, LEAST_SHARE = 30, 0.01
"""A segment below either is hardly substantial, one of Kotler's conditions of a useful segment (large enough to be
worth serving); and a mean of fewer than 30 customers follows single ones."""


def lopsided(segmentation: Segmentation) -> tuple[Text, ...]:
    """A sentence for a segment that holds nearly all customers, and one for the smallest where it is very small."""
    used, segments = segmentation.account.used, filled_segments(segmentation)
    if not segments:
        return ()
    said = []
    largest, smallest = (pick(segments, key=lambda one: one.size) for pick in (max, min))
    if largest.size > NEARLY_ALL * used:
        words = "{segment} has {size} of {all} customers: hardly anybody is divided."
        said.append(_sized(words, segmentation, largest))
    few = [one for one in segments if one.size < max(FEWEST, LEAST_SHARE * used)]
    if few:
        words = "{segment} has {size} of {all} customers: too few to plan for, unless each of them counts."
        said.append(_sized(words, segmentation, smallest, len(few) - 1))
    return tuple(said)


def _sized(words: str, segmentation: Segmentation, segment: ShownSegment, others: int = 0) -> Text:
    whom, size = about(segmentation, segment), segment.size
    used = segmentation.account.used
    figures = {
        "segment": Figure("segment", label(segment)),
        "size": Figure("customers", size, decimals=0, customers=size, about=whom),
        "all": Figure("customers in segments", used, decimals=0, customers=used),
        "others": Figure("others as small", others, decimals=0),
        "fewest": Figure("fewest customers", FEWEST, decimals=0),
        "least": Figure("least share", 100 * LEAST_SHARE, "%", 0),
    }
    if others:
        words += " Below {fewest} customers or {least} of all are {others} more."
    return Text(words, figures, Tone.WARNING)
