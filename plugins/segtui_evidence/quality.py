"""Quality: how well apart the segments lie on the features that are measured."""

from __future__ import annotations

from typing import ClassVar

from segtui.api import (
    Analysis,
    Bars,
    Block,
    Figure,
    Figures,
    Needs,
    Outcome,
    Params,
    PartOfRun,
    Report,
    Run,
    Segmentation,
    Text,
    Tone,
    Verdict,
    View,
)
from segtui.api.measures import Silhouette
from segtui_evidence.measuring import Measured, measured, sampling_note
from segtui_evidence.sizes import lopsided
from segtui_evidence.wording import (
    about,
    feature_note,
    features_in_words,
    filled_segments,
    heading,
    label,
    titled,
)

APART, OVERLAPPING = 0.5, 0.25
"""Kaufman and Rousseeuw 1990, "Finding groups in data": above .5 a reasonable structure, below .25 none to speak of."""


class QualityParams(Params):
    """Nothing to choose."""


class Quality(Analysis[QualityParams]):
    """Silhouette with its error, Calinski-Harabasz, Davies-Bouldin and variance explained, on one feature set."""

    id, title = "quality", "Quality"
    summary = "How well apart the segments lie: silhouette, Calinski-Harabasz, Davies-Bouldin, variance explained."
    needs = Needs(features=1, rows=3)
    segmentations: ClassVar[tuple[int, int | None]] = (1, None)
    Params = QualityParams

    def report(self, view: View, params: QualityParams, run: Run) -> Report:  # noqa: ARG002
        """Measure each segmentation."""
        blocks: list[Block] = [Text("Measured on {features}.", {"features": features_in_words(view.customers)})]
        notes: list[Text] = []
        parts = len(view.segmentations)
        for number, one in enumerate(view.segmentations):
            found = measured(one, view.customers, PartOfRun(run, number / parts, (number + 1) / parts))
            other_features = feature_note(one, view.customers)
            if parts > 1:
                blocks.append(heading(one))
            blocks += _blocks(one, found, other_features is not None)
            notes += [other_features] if other_features else []
            sampled = sampling_note(one, found.silhouette) if found.silhouette else None
            notes += [sampled] if sampled else []
            notes += _left_out(one)
        notes.append(
            Text("All of these measures favour round groups on the features measured, and grow or shrink with them.")
        )
        return Report(titled(self.title, view.segmentations), tuple(blocks), tuple(notes))


def _blocks(segmentation: Segmentation, found: Measured, other_features: bool) -> list[Block]:
    silhouette = found.silhouette
    if silhouette is None:
        words = "{name} has too few segments with customers to measure how far apart they lie."
        return [Text(words, {"name": Figure("segmentation", segmentation.id)}, Tone.WARNING)]
    assigned = segmentation.account.used
    explained = None if found.variance_explained is None else 100 * found.variance_explained
    segments = filled_segments(segmentation)
    return [
        *_verdict(silhouette, segmentation, other_features),
        Figures(
            (
                Figure("silhouette", silhouette.value, decimals=3, customers=assigned),
                *_error(silhouette, assigned),
                Figure("variance explained", explained, "%", 1, assigned),
                Figure("Calinski-Harabasz", found.calinski_harabasz, customers=assigned),
                Figure("Davies-Bouldin", _finite(found.davies_bouldin), decimals=3, customers=assigned),
            )
        ),
        Bars(
            tuple(label(segment) for segment in segments),
            tuple(silhouette.by_segment.get(segment.code, 0.0) for segment in segments),
            tuple(segment.size for segment in segments),
            title="Silhouette by segment",
            about=tuple(about(segmentation, segment) for segment in segments),
        ),
    ]


def _error(silhouette: Silhouette, assigned: int) -> tuple[Figure, ...]:
    """The standard error, where there is one."""
    if silhouette.is_exact:
        return ()
    return (Figure("its standard error", silhouette.error, decimals=4, customers=assigned),)


def _finite(number: float | None) -> float | None:
    return None if number is None or number == float("inf") else number


def _verdict(silhouette: Silhouette, segmentation: Segmentation, other_features: bool) -> tuple[Block, ...]:
    """The verdict, and what to say of the sizes. Far-off few against all others lie apart, and are no division: so no
    segmentation with such sizes passes."""
    lowest, highest = silhouette.value - 2 * silhouette.error, silhouette.value + 2 * silhouette.error
    used, sizes = segmentation.account.used, lopsided(segmentation)
    figures = {"silhouette": Figure("silhouette", silhouette.value, decimals=2, customers=used)}
    if lowest >= APART and sizes:
        outcome, words = (
            Outcome.WARN,
            (
                "The segments lie apart on these features (silhouette {silhouette}), and their sizes say why: a few "
                "customers far from all others give a high silhouette without dividing these others."
            ),
        )
    elif lowest >= APART:
        outcome, words = (
            Outcome.PASS,
            (
                "The segments lie apart on these features (silhouette {silhouette}). Whether they come again on other "
                "customers, and whether they are of use, this does not say."
            ),
        )
    elif highest >= OVERLAPPING:
        outcome, words = (
            Outcome.WARN,
            (
                "The segments overlap (silhouette {silhouette}): their middles differ, and customers near the borders "
                "could as well be in the next segment."
            ),
        )
    elif other_features:
        outcome, words = (
            Outcome.WARN,
            (
                "On these features the segments are hardly apart (silhouette {silhouette}). They were not made to be: "
                "judge them by what they were made for."
            ),
        )
    else:
        outcome, words = (
            Outcome.FAIL,
            ("The segments are hardly apart on these features (silhouette {silhouette}): they cut through one cloud."),
        )
    return (Verdict(outcome, Text(words, figures)), *sizes)


def _left_out(segmentation: Segmentation) -> list[Text]:
    unassigned = segmentation.account.total - segmentation.account.used
    if not unassigned:
        return []
    figures = {
        "name": Figure("segmentation", segmentation.id),
        "unassigned": Figure(
            "in no segment", unassigned, decimals=0, customers=unassigned, about=about(segmentation, None)
        ),
    }
    return [Text("{name}: {unassigned} customers are in no segment, and were left out.", figures)]
