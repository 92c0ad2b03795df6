"""Promise 52 over a whole delivery: no small group can be solved for from all that leaves together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
import pytest
from differencing import NOWHERE, Attacker
from hypothesis import given, settings
from hypothesis import strategies as st

from segtui.analyse.analyse import analyse
from segtui.api import (
    Account,
    Analysis,
    Bars,
    Column,
    Count,
    Customers,
    Figure,
    Figures,
    Grid,
    Heatmap,
    Kind,
    Model,
    QuietRun,
    Report,
    ScaledFeature,
    Scaling,
    Segment,
    Segmentation,
    ShownSegment,
    UsageError,
    Uses,
    View,
)
from segtui.draw.line import plain
from segtui.draw.report import draw_report
from segtui.export import Sized, suppressed_delivery
from segtui.export.rounding import to_step
from segtui.export.suppression import HIDDEN
from segtui_evidence.comparison import Comparison
from segtui_evidence.profile import Profiled
from segtui_evidence.quality import Quality

SCALING = Scaling((ScaledFeature("spend"),))
TOWNS = ("Köln", "Bonn", "Ulm", "Jena")


@dataclass(frozen=True, eq=False)
class Fixed(Model):
    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series([0] * len(customers), dtype=pl.Int32)


def customers(member: np.ndarray, town: np.ndarray) -> Customers:
    """Flags are 1, 0 or -1 for unknown, towns their place or -1 for unknown."""
    rows = len(member)
    frame = pl.DataFrame(
        {
            "id": [f"{row:05}" for row in range(rows)],
            "spend": np.random.default_rng(3).normal(100, 20, rows) + member,
            "member": [None if one < 0 else bool(one) for one in member.tolist()],
            "town": [None if one < 0 else TOWNS[one] for one in town.tolist()],
        },
        schema_overrides={"member": pl.Boolean, "town": pl.String},
    )
    columns = [
        Column("id", Kind.IDENTIFIER),
        Column("spend", Kind.NUMBER),
        Column("member", Kind.FLAG),
        Column("town", Kind.CATEGORY, levels=TOWNS),
    ]
    return Customers(frame, "id", {one.name: one for one in columns}, ("spend",), SCALING)


def segmentation(name: str, labels: np.ndarray) -> Segmentation:
    """Labels below 0 are in no segment."""
    found = labels.tolist()
    segments = tuple(
        ShownSegment(code, chr(65 + code), f"{name} {code}", found.count(code))
        for code in range(max(found, default=0) + 1)
    )
    nowhere = sum(one < 0 for one in found)
    account = Account("customers", len(found), len(found) - nowhere, (Count("in no segment", nowhere),))
    model = Fixed(tuple(Segment(one.code) for one in segments), Uses(scaling=SCALING))
    series = pl.Series([None if one < 0 else one for one in found], dtype=pl.Int32)
    return Segmentation(name, "fixed", {}, "set", 1, 1, model, series, segments, "f", account)


def sized(one: Segmentation) -> Sized:
    return Sized(one.id, one.segments, one.account.total - one.account.used)


ANALYSES: tuple[Analysis[Any], ...] = (Profiled(), Quality(), Comparison())


def reports(people: Customers, made: list[Segmentation], analyses: Sequence[Analysis[Any]] = ANALYSES) -> list[Report]:
    view = View(people, tuple(made), lambda *_: pytest.fail("no refit"))
    return [analyse(analysis, view, {}, QuietRun(seed=3), plugin="segtui:segtui_evidence:1") for analysis in analyses]


def attacked(
    people: Customers,
    made: list[Segmentation],
    threshold: int,
    analyses: Sequence[Analysis[Any]] = ANALYSES,
    rounding: int = 0,
) -> Attacker:
    """An attacker who read the whole delivery."""
    before = reports(people, made, analyses)
    leaving = suppressed_delivery([sized(one) for one in made], before, threshold, rounding)

    def codes(series: pl.Series) -> pl.Series:
        return series.cast(pl.String).fill_null(NOWHERE)

    member = people.frame["member"].replace_strict({True: "yes", False: "no"}, default=NOWHERE, return_dtype=pl.String)
    world = {one.id: codes(one.labels) for one in made}
    attacker = Attacker(
        pl.DataFrame({**world, "member": member, "town": codes(people.frame["town"])}), rounding=rounding
    )
    attacker.read_sizes(leaving)
    for old, new in zip(before, leaving.reports, strict=True):
        attacker.read(old, new)
    return attacker


def drawn(seed: int, rows: int) -> tuple[Customers, list[Segmentation]]:
    """Customers whose segments, flags and towns go together, with small groups and unknown values among them."""
    random = np.random.default_rng(seed)

    def labels(groups: int, least: int) -> np.ndarray:
        weights = random.dirichlet(np.full(groups - least, random.choice([0.3, 1.0])))
        return random.choice(np.arange(least, groups), rows, p=weights)

    one, two = (
        labels(random.integers(2, 5), random.choice([-1, 0])),
        labels(random.integers(2, 5), random.choice([-1, 0])),
    )
    together = random.random(rows) < random.choice([0.0, 0.7, 0.97])
    two = np.where(together, np.minimum(np.maximum(one, two.min()), two.max()), two)
    member = np.where(
        random.random(rows) < random.choice([0.0, 0.05]), -1, random.random(rows) < random.choice([0.03, 0.5, 0.97])
    )
    town = random.choice(np.arange(-random.integers(0, 2), 4), rows)
    town = np.where(random.random(rows) < 0.6, np.clip(one, town.min(), 3), town)
    return customers(member.astype(int), town), [segmentation("one", one), segmentation("two", two)]


@pytest.mark.parametrize("seed", [9, 20, 25, 31, 86])
def test_deliveries_that_were_solved_once(seed: int) -> None:
    """Each of these gave a small group away while tables were protected one by one."""
    people, made = drawn(seed, [60, 200, 900][seed % 3])
    width, about = attacked(people, made, [5, 10][seed % 2]).narrowest([5, 10][seed % 2])
    assert width >= 1, about


@pytest.mark.parametrize("seed", range(24))
def test_no_small_group_can_be_solved_for_from_all_reports_together(seed: int) -> None:
    people, made = drawn(seed, [60, 200, 900][seed % 3])
    width, about = attacked(people, made, [5, 10][seed % 2]).narrowest([5, 10][seed % 2])
    assert width >= 1, about


@pytest.mark.parametrize("seed", range(8))
def test_what_is_rounded_is_true_and_gives_no_small_group_away(seed: int) -> None:
    people, made = drawn(seed, [60, 200, 900][seed % 3])
    width, about = attacked(people, made, 10, rounding=[5, 10][seed % 2]).narrowest(10)
    assert width >= 5, about


@pytest.mark.parametrize(("seed", "rows"), [(8708, 900), (168, 30)])
def test_who_is_in_none_of_two_segmentations_is_not_told_by_who_moved(seed: int, rows: int) -> None:
    people, made = drawn(seed, rows)
    width, about = attacked(people, made, 5, (Comparison(), Quality())).narrowest(5, of=("one", "two"))
    assert width >= 1, about


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([30, 60, 200, 900]), st.sampled_from([5, 10]))
def test_no_small_group_can_be_solved_for_from_comparisons(seed: int, rows: int, threshold: int) -> None:
    people, made = drawn(seed, rows)
    attacker = attacked(people, made, threshold, (Comparison(), Quality()))
    width, about = attacker.narrowest(threshold, of=("one", "two"))
    assert width >= 1, about


def tiny() -> tuple[Customers, list[Segmentation]]:
    """Segments of 311, 97 and 7 customers, and ones of 205 and 210."""
    random = np.random.default_rng(1)
    one = np.repeat([0, 1, 2], [311, 97, 7])
    two = np.repeat([0, 1], [205, 210])
    return customers(random.integers(0, 2, 415), random.integers(0, 4, 415)), [
        segmentation("one", one),
        segmentation("two", two),
    ]


def test_a_hidden_segment_takes_another_with_it_and_both_are_hidden_everywhere() -> None:
    people, made = tiny()
    before = reports(people, made)
    leaving = suppressed_delivery([sized(each) for each in made], before)
    assert [each.customers for each in leaving.sizes["one"].segments] == [311, None, None]
    assert [each.share for each in leaving.sizes["one"].segments] == [311 / 415, None, None]
    assert [each.customers for each in leaving.sizes["two"].segments] == [205, 210]
    assert leaving.sizes["one"].unassigned == 0 and leaving.sizes["one"].customers == 415
    assert leaving.notes[0].figures["cells"].value == "2 values"
    profiled = leaving.reports[0]
    grids = [block for block in profiled.blocks if isinstance(block, (Grid, Heatmap))]
    rows = [row for block in grids for row in zip(block.rows.labels, block.values, strict=True)]
    mine = [values for label, values in rows if label.startswith(("B one", "C one"))]
    assert len(mine) >= 10
    assert all(value in (HIDDEN, None) for values in mine for value in values)
    assert any(HIDDEN not in values for label, values in rows if label.startswith("A one"))


def test_charts_and_json_hold_nothing_of_hidden_groups() -> None:
    people, made = tiny()
    before = reports(people, made)
    leaving = suppressed_delivery([sized(each) for each in made], before)
    text = json.dumps([asdict(report) for report in leaving.reports], default=str)
    for old in before[0].blocks:
        if isinstance(old, Bars) and old.about[0][0][0] == "one":
            (chart,) = [
                block for block in leaving.reports[0].blocks if isinstance(block, Bars) and "A one 0" in block.labels
            ]
            assert chart.labels == ("A one 0",) and chart.counts is None and chart.about == ()
            assert all(repr(value) in json.dumps(old.values) and repr(value) not in text for value in old.values[1:])
        if isinstance(old, Heatmap) and old.rows.about[0][0][0] == "one":
            hidden = [repr(value) for values in old.values[1:] for value in values if value]
            assert hidden and not [value for value in hidden if value in text]
    assert '"about": [[' not in text
    assert not any(block["counts"] for report in json.loads(text) for block in report["blocks"] if block.get("counts"))


def test_counts_that_tell_of_a_hidden_group_are_hidden_where_nothing_says_whom_they_are_about() -> None:
    parts = (ShownSegment(0, "A", "a", 311), ShownSegment(1, "B", "b", 97), ShownSegment(2, "C", "c", 7))
    figures = Figures(
        (
            Figure("of b", 12.5, customers=97),
            Figure("all but c", 408, customers=408),
            Figure("mean of all but c", 3.25, customers=408),
            Figure("share of all but c", 100 * 408 / 415, "%", customers=408),
        )
    )
    (report,) = suppressed_delivery([Sized("one", parts)], [Report("r", (figures,))]).reports
    (block,) = report.blocks
    assert isinstance(block, Figures)
    assert [figure.value for figure in block.figures] == [HIDDEN, HIDDEN, 3.25, HIDDEN]


def test_rounding() -> None:
    people, made = tiny()
    leaving = suppressed_delivery([sized(each) for each in made], reports(people, made), rounding=10)
    assert [each.customers for each in leaving.sizes["two"].segments] == [210, 210]
    assert [each.share for each in leaving.sizes["two"].segments] == [0.5, 0.5]
    assert leaving.sizes["one"].customers == 420
    assert leaving.notes[-1].figures["rounding"].value == 10
    profiled, _, compared = leaving.reports
    assert profiled.notes[-1].template.startswith("Rounded")
    sizes = [block for block in profiled.blocks if isinstance(block, Grid) and block.title == "Sizes"]
    assert sizes[0].values == ((310, 75.0), (HIDDEN, HIDDEN), (HIDDEN, HIDDEN))
    assert sizes[1].values == ((210, 50.0), (210, 50.0))
    assert {each.columns.decimals for each in sizes} == {(0, 0)}, "a decimal would say that nothing was rounded"
    assert "50.0" not in "\n".join(plain(line) for line in draw_report(profiled, 100))
    assert compared.blocks[1].columns.decimals == () and compared.blocks[1].rows.decimals[3] == 3
    flow = next(block for block in compared.blocks if getattr(block, "title", "") == "Who moved")
    assert isinstance(flow, Grid)
    numbers = [value for row in flow.values for value in row if value != HIDDEN]
    assert all(isinstance(value, int) and value % 10 == 0 for value in numbers)
    means = next(block for block in profiled.blocks if isinstance(block, Grid) and block.title == "Means")
    spend = [row[0] for row in means.values if row[0] != HIDDEN]
    assert spend == [float(f"{value:.4g}") for value in spend]


@pytest.mark.parametrize(("percentage", "whole", "step"), [(33.4, 10_000, 33.0), (33.4, 415, 34.0), (33.4, 60, 30.0)])
def test_shares_move_in_steps_of_at_least_so_many_customers(percentage: float, whole: int, step: float) -> None:
    assert to_step(percentage, whole, 5) == step


def test_a_rounding_below_zero_or_beyond_reason_is_refused() -> None:
    for rounding in (-1, 1_001):
        with pytest.raises(UsageError):
            suppressed_delivery((), (), rounding=rounding)
