"""How it was made: each model's own report, told with names, and safe to leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from segtui.analyse.analyse import analyse
from segtui.api import (
    Account,
    Count,
    Customers,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Kind,
    Method,
    Model,
    QuietRun,
    Report,
    Segmentation,
    ShownSegment,
    Text,
    Tone,
    View,
)
from segtui.api.report import Axis, Bars
from segtui.export.suppression import HIDDEN, Sized, Suppressed, suppressed_delivery
from segtui.segment.fit import fit
from segtui_behaviour.rfm import Rfm
from segtui_clusters.kmeans import KMeans
from segtui_evidence.explained import Explained
from segtui_rules.bands import Bands
from segtui_rules.rules import Rules

from laws import customers_of  # isort: skip

HOSTILE = "[bold]{x}\x1b[31m"


def shop(rows: int = 400) -> Customers:
    random = np.random.default_rng(4)
    return customers_of(
        {
            "recency": random.integers(1, 400, rows),
            "frequency": [40] * 3 + list(random.integers(1, 9, rows - 3)),
            "monetary": [9e4] * 3 + list(random.gamma(2, 100, rows - 3)),
            "region": ["Rare"] * 3 + ["North", "South"] * ((rows - 3) // 2) + ["North"] * ((rows - 3) % 2),
        },
    )


def made(name: str, method: Method[Any, Any], at: Customers, **params: Any) -> Segmentation:
    fitted = fit(method, at, params, QuietRun(seed=1), plugin="x")
    labels = fitted.labels
    sizes = {code: count for code, count in labels.value_counts().iter_rows() if code is not None}
    shown = tuple(
        ShownSegment(one.code, chr(65 + place), f"own {place}", sizes.get(one.code, 0))
        for place, one in enumerate(fitted.model.segments)
    )
    missing = labels.null_count()
    account = Account("customers", len(at), len(at) - missing, (Count("in no segment", missing),))
    return Segmentation(name, method.id, params, "usual", 1, 1, fitted.model, labels, shown, "f", account)


def look(at: Customers, *segmentations: Segmentation) -> Report:
    view = View(at, segmentations, lambda *_: pytest.fail("no refit"))
    return analyse(Explained(), view, {}, QuietRun(), plugin="segtui:segtui_evidence:1")


def grids(report: Report) -> dict[str, Grid]:
    return {block.title: block for block in report.blocks if isinstance(block, Grid)}


def leaving(report: Report, *segmentations: Segmentation) -> Suppressed:
    sized = [Sized(one.id, one.segments, one.account.total - one.account.used) for one in segmentations]
    return suppressed_delivery(sized, [report])


def test_centres_get_the_names_people_gave_and_the_numbers_that_were_tried() -> None:
    at = shop()
    one = made("groups", KMeans(), at, k="2..4", starts=3)
    report = look(at, one)
    assert report.title == "How groups was made"
    heading = report.blocks[0]
    assert isinstance(heading, Text) and heading.tone is Tone.HEADING
    assert heading.figures["name"].value == "groups"
    told = report.blocks[1]
    assert isinstance(told, Figures)
    assert {figure.name: figure.value for figure in told.figures} == {
        "method": "kmeans", "feature set": "usual", "k": "2..4", "starts": 3, "seed": "1"
    }  # fmt: skip
    found = grids(report)
    assert found["Centres"].rows.labels == tuple(f"{part.letter} {part.name}" for part in one.segments)
    assert found["Numbers of segments that were tried"].rows.labels == ("2", "3", "4")


def test_several_are_told_one_after_the_other_with_notes_that_say_whose() -> None:
    at = shop()
    rules = made("mine", Rules(), at, rules=[{"name": "Big", "when": "monetary > 200"}])
    report = look(at, made("rfm", Rfm(), at), rules)
    assert report.title == "How rfm and mine were made"
    headings = [block for block in report.blocks if isinstance(block, Text) and block.tone is Tone.HEADING]
    assert [block.figures["name"].value for block in headings] == ["rfm", "mine"]
    assert any(note.figures.get("name_of_segmentation", Figure("", "")).value == "mine" for note in report.notes)
    assert {"Recency: cut points (recency)", "Customers by rule"} <= grids(report).keys()


class Silent(Model):
    """A model that says nothing of itself."""

    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series([0] * len(customers), dtype=pl.Int32)


def test_a_method_that_says_nothing_of_itself_is_named_so() -> None:
    at = shop()
    one = made(HOSTILE, Rules(), at, rules=[{"name": "Big", "when": "monetary > 200"}])
    silent = replace(one, model=Silent(one.model.segments, one.model.uses))
    report = look(at, silent)
    assert any(isinstance(block, Text) and "says nothing" in block.template for block in report.blocks)
    assert "\x1b" not in report.title


def groups_of(report: Report) -> Iterator[tuple[str, str]]:
    """All that the blocks say they are about."""
    for block in report.blocks:
        match block:
            case Grid() | Heatmap():
                wholes = (*block.rows.about, *block.columns.about)
            case Bars():
                wholes = block.about
            case Flow():
                wholes = (*block.sources_about, *block.targets_about)
            case Figures():
                wholes = tuple(figure.about for figure in block.figures)
            case Text():
                wholes = tuple(figure.about for figure in block.figures.values())
            case _:
                wholes = ()
        for whole in wholes:
            yield from whole


def test_what_is_about_segments_says_of_which_segmentation() -> None:
    at = shop()
    bands = made("by spend", Bands(), at, columns=["monetary"], bands=3)
    found = {name for name, _ in groups_of(look(at, made("k", KMeans(), at, k=2), bands))}
    assert found == {"k", "by spend"}


def test_every_kind_of_block_is_told_of_the_segmentation() -> None:
    at = shop()
    one = made("mine", Rules(), at, rules=[{"name": "Big", "when": "monetary > 200"}])
    whom = (("", "0"),)
    axis = Axis(("x",), about=(whom,))
    own = Report(
        "Own",
        (
            Bars(("x",), (1.0,), (50,), about=(whom,)),
            Heatmap(axis, Axis(("region",), about=((("region", "North"),),)), ((1.0,),), ((50,),)),
            Flow(("x",), ("y",), ((50,),), "", (whom,), ((("other", "1"),),)),
            Figures((Figure("n", 50, customers=50, about=whom),)),
        ),
    )

    class Telling(Silent):
        def explain(self) -> Report:
            return own

    report = look(at, replace(one, model=Telling(one.model.segments, one.model.uses)))
    assert set(groups_of(report)) == {("mine", "0"), ("region", "North"), ("mine: other", "1")}
    assert next(block for block in report.blocks if isinstance(block, Bars)).labels == ("A own 0",)


def test_small_segments_are_hidden_and_the_rules_that_people_wrote_are_not() -> None:
    at = shop()
    rules = [{"name": "Huge", "when": "monetary > 50000"}, {"name": "Often", "when": "frequency > 5"}]
    one = made("mine", Rules(), at, rules=rules)
    assert one.segments[0].size == 3
    passed = leaving(look(at, one), one)
    found = grids(passed.reports[0])
    assert [row[0] for row in found[""].values] == ["monetary > 50000", "frequency > 5", "no rule matches"]
    counted = found["Customers by rule"].values
    assert counted[0] == (HIDDEN, HIDDEN, HIDDEN)
    assert counted[1][:2] == (HIDDEN, HIDDEN), "three of those who match went to the first rule"
    assert [row[2] for row in counted].count(HIDDEN) >= 2
    hidden = [part.customers for part in passed.sizes["mine"].segments]
    assert [size is None for size in hidden] == [row[2] == HIDDEN for row in counted]


def test_a_centre_of_a_few_customers_stays_and_those_of_many_leave() -> None:
    at = shop()
    one = made("groups", KMeans(), at, k=2)
    sizes = {part.size for part in one.segments}
    assert min(sizes) == 3
    (report,) = leaving(look(at, one), one).reports
    assert all(cell == HIDDEN for row in grids(report)["Centres"].values for cell in row), "the other is its complement"
    three = made("three", KMeans(), shop().rows(slice(3, None)), k=3)
    (report,) = leaving(look(shop().rows(slice(3, None)), three), three).reports
    assert min(part.size for part in three.segments) >= 10
    assert not any(cell == HIDDEN for row in grids(report)["Centres"].values for cell in row)


@pytest.mark.parametrize("own", [(), (100.0, 80_000.0)], ids=["found", "own"])
def test_a_cut_point_beside_a_few_customers_stays_unless_people_chose_it(own: tuple[float, ...]) -> None:
    at = shop(40)
    params: Mapping[str, Any] = {"monetary_cuts": own} if own else {"monetary_bins": 5}
    one = made("rfm", Rfm(), at, preset="four quarters", recency_bins=2, frequency_bins=2, **params)
    (report,) = leaving(look(at, one), one).reports
    cuts = next(grid for title, grid in grids(report).items() if title.startswith("Monetary"))
    if own:
        assert cuts.values == (own,)
    else:
        assert set(cuts.values[0]) == {HIDDEN}, "eight customers a score"


def test_every_shipped_method_can_leave() -> None:
    at = shop()
    every = (
        made("rfm", Rfm(), at, binning="nested"),
        made("k", KMeans(), at, k="2..3"),
        made("bands", Bands(), at, columns=["region", "monetary"], bands=2),
        made("rules", Rules(), at, rules=[{"name": "Big", "when": "monetary > 200"}]),
    )
    (report,) = leaving(look(at, *every), *every).reports
    stays = [block for block in report.blocks if isinstance(block, Text) and "stays here" in block.template]
    assert stays == []
    assert at.columns["region"].kind is Kind.CATEGORY
    counted = [grid for grid in grids(report).values() if "customers" in f"{grid.title} {grid.columns.labels}".lower()]
    assert len(counted) == 4
    assert not {1, 2, 3} & {cell for grid in counted for row in grid.values for cell in row}
