"""How it was made: what each method says of its own model, such as cut points, centres, or the numbers it tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from segtui.api import (
    Analysis,
    Axis,
    Bars,
    Block,
    Customers,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Params,
    Report,
    Run,
    Segmentation,
    Text,
    Tone,
    Verdict,
    View,
)
from segtui.api.report import About
from segtui.api.text import safe
from segtui_evidence.wording import label, listed

LONGEST_SETTING = 120


class ExplainedParams(Params):
    """Nothing to choose."""


class Explained(Analysis[ExplainedParams]):
    """What each model says of itself, with the segments as people named them."""

    id, title = "explain", "How it was made"
    summary = "What each method says of its segments: cut points, centres, rules, the numbers of segments it tried."
    segmentations: ClassVar[tuple[int, int | None]] = (1, None)
    Params = ExplainedParams

    def report(self, view: View, params: ExplainedParams, run: Run) -> Report:  # noqa: ARG002
        """One part for each segmentation; its notes say whose they are."""
        blocks: list[Block] = []
        notes: list[Text] = []
        parts = len(view.segmentations)
        for number, one in enumerate(view.segmentations):
            run.progress(number / parts, "asking models")
            own = one.model.explain()
            blocks += [_heading(one, own), _made_with(one)]
            if own is None:
                blocks.append(Text("The method says nothing of how it found these segments."))
                continue
            named = _Named(one, view.customers)
            blocks += [named.block(block) for block in own.blocks]
            notes += [_of(one, note) if parts > 1 else note for note in map(named.text, own.notes)]
        notes.append(
            Text("These are the customers that the method was fitted on, and the figures that it kept of the fit.")
        )
        title = f"How {listed(view.segmentations)} {'was' if parts == 1 else 'were'} made"
        return Report(title, tuple(blocks), tuple(notes))


def _heading(one: Segmentation, own: Report | None) -> Text:
    figures = {"name": Figure("segmentation", one.id)}
    if own is None:
        return Text("{name}", figures, Tone.HEADING)
    return Text("{name}: {what}", {**figures, "what": Figure("report", own.title)}, Tone.HEADING)


def _made_with(one: Segmentation) -> Figures:
    """The method and what it was told; tables of rules and the like are in its own words further down."""
    settings = [_setting(safe(name, 60).replace("_", " "), value) for name, value in one.params.items()]
    feature_set = (Figure("feature set", safe(one.feature_set, 60)),) if one.feature_set else ()
    named = (Figure("method", safe(one.method, 60)), *feature_set, *filter(None, settings))
    return Figures((*named, Figure("seed", str(one.seed))))


def _setting(name: str, value: object) -> Figure | None:
    if isinstance(value, bool):
        return Figure(name, "yes" if value else "no")
    if isinstance(value, int):
        return Figure(name, value, decimals=0)
    if isinstance(value, float):
        return Figure(name, value)
    return Figure(name, safe(value, LONGEST_SETTING)) if isinstance(value, str) and value else None


def _of(one: Segmentation, note: Text) -> Text:
    """A note with the name of its segmentation before it."""
    return replace(
        note,
        template="{name_of_segmentation}: " + note.template,
        figures={"name_of_segmentation": Figure("segmentation", one.id), **note.figures},
    )


@dataclass(frozen=True)
class _Named:
    """Blocks of a model's own report, told of the segmentation by its name.

    A model knows its segments by their codes alone: here they get their letters and names, and what is `about` them, or
    about other groups that only this model knows, says of which segmentation, as the privacy gate needs it.
    """

    segmentation: Segmentation
    customers: Customers

    def block(self, block: Block) -> Block:
        match block:
            case Text():
                return self.text(block)
            case Verdict():
                return replace(block, text=self.text(block.text))
            case Figures():
                return replace(block, figures=tuple(map(self.figure, block.figures)))
            case Grid() | Heatmap():
                return replace(block, rows=self.axis(block.rows), columns=self.axis(block.columns))
            case Bars():
                return replace(
                    block, labels=self.labels(block.labels, block.about), about=tuple(map(self.about, block.about))
                )
            case Flow():
                return replace(
                    block,
                    sources_about=tuple(map(self.about, block.sources_about)),
                    targets_about=tuple(map(self.about, block.targets_about)),
                )
        return block

    def text(self, text: Text) -> Text:
        return replace(text, figures={name: self.figure(figure) for name, figure in text.figures.items()})

    def figure(self, figure: Figure) -> Figure:
        return replace(figure, about=self.about(figure.about))

    def axis(self, axis: Axis) -> Axis:
        return replace(axis, labels=self.labels(axis.labels, axis.about), about=tuple(map(self.about, axis.about)))

    def labels(self, labels: tuple[str, ...], about: tuple[About, ...]) -> tuple[str, ...]:
        """Letter and name where a label stands for one segment."""
        if not about:
            return labels
        shown: dict[About, str] = {(("", str(one.code)),): label(one) for one in self.segmentation.segments}
        return tuple(shown.get(whom, own) for own, whom in zip(labels, about, strict=True))

    def about(self, whom: About) -> About:
        return tuple((self._place(name), code) for name, code in whom)

    def _place(self, name: str) -> str:
        if not name:
            return self.segmentation.id
        columns = {safe(column, 200) for column in self.customers.columns}
        return name if name in columns else f"{self.segmentation.id}: {name}"
