"""Profile, quality and comparison: every report keeps the contract, and measures equal scikit-learn's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    calinski_harabasz_score,
    davies_bouldin_score,
    silhouette_samples,
    silhouette_score,
)

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
    Flow,
    Grid,
    Heatmap,
    Kind,
    Model,
    NeedsError,
    Outcome,
    QuietRun,
    Report,
    Role,
    ScaledFeature,
    Scaling,
    Segment,
    Segmentation,
    ShownSegment,
    Text,
    Tone,
    Uses,
    Verdict,
    View,
)
from segtui.prepare.features import FeatureSet, Form, fit_scaling
from segtui_evidence import segtui_analyses
from segtui_evidence.comparison import Comparison, best_matching
from segtui_evidence.profile import Profiled
from segtui_evidence.quality import Quality

SCALING = Scaling((ScaledFeature("spend"), ScaledFeature("visits")))
ROWS = 600


@dataclass(frozen=True, eq=False)
class Fixed(Model):
    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series([0] * len(customers), dtype=pl.Int32)


def customers(apart: float = 10.0) -> Customers:
    random = np.random.default_rng(1)
    centre = np.repeat([0.0, 1.0, 2.0], ROWS // 3) * apart
    frame = pl.DataFrame(
        {
            "id": [f"{row:05}" for row in range(ROWS)],
            "spend": centre + random.normal(size=ROWS),
            "visits": centre + random.normal(size=ROWS),
            "member": centre > apart / 2,
            "town": ["Köln" if value else "Bonn {0}" for value in centre],
        }
    )
    columns = [
        Column("id", Kind.IDENTIFIER, Role.CUSTOMER),
        Column("spend", Kind.NUMBER, Role.MONETARY, unit="EUR"),
        Column("visits", Kind.NUMBER),
        Column("member", Kind.FLAG),
        Column("town", Kind.CATEGORY, levels=("Köln", "Bonn {0}")),
    ]
    return Customers(frame, "id", {one.name: one for one in columns}, ("spend", "visits"), SCALING)


def segmentation(name: str, labels: list[int | None], scaling: Scaling | None = SCALING) -> Segmentation:
    codes = sorted({code for code in labels if code is not None})
    empty = max(codes) + 1
    segments = tuple(
        ShownSegment(code, chr(65 + place), f"group {code}", labels.count(code))
        for place, code in enumerate([*codes, empty])
    )
    unassigned = labels.count(None)
    account = Account("customers", len(labels), len(labels) - unassigned, (Count("in no segment", unassigned),))
    model = Fixed(tuple(Segment(one.code) for one in segments), Uses(scaling=scaling))
    series = pl.Series(labels, dtype=pl.Int32)
    return Segmentation(name, "fixed", {}, "set", 1, 1, model, series, segments, "f", account)


TRUE = segmentation("true", [0] * 200 + [1] * 200 + [2] * 200)
SHIFTED = segmentation("shifted {x}", [None] * 10 + [2] * 140 + [0] * 200 + [1] * 250, scaling=None)


def look(analysis: Analysis[Any], *segmentations: Segmentation, at: Customers | None = None, **params: Any) -> Report:
    view = View(customers() if at is None else at, segmentations, lambda *_: pytest.fail("no refit"))
    return analyse(analysis, view, params, QuietRun(seed=3), plugin="segtui:segtui_evidence:1")


def figure(report: Report, name: str) -> float:
    found = [one for block in report.blocks if isinstance(block, Figures) for one in block.figures]
    value = next(one.value for one in found if one.name == name)
    assert isinstance(value, (int, float))
    return value


def blocks(report: Report, kind: type[Any]) -> list[Any]:
    return [block for block in report.blocks if isinstance(block, kind)]


def test_the_analyses_are_offered_with_parameters_described() -> None:
    found = list(segtui_analyses())
    assert [one.id for one in found] == ["profile", "quality", "comparison", "explain"]
    assert all(field.description for one in found for field in one.Params.model_fields.values())


@pytest.mark.parametrize("analysis", [Profiled(), Quality(), Comparison()], ids=lambda one: one.id)
def test_every_block_of_customers_has_counts(analysis: Analysis[Any]) -> None:
    report = look(analysis, TRUE, SHIFTED)
    for block in report.blocks:
        if isinstance(block, (Grid, Bars, Heatmap, Flow)):
            assert block.counts is not None
    assert report.notes


def test_quality_equals_scikit_learn() -> None:
    report, matrix, labels = look(Quality(), TRUE), customers().matrix, TRUE.labels.to_numpy()
    assert figure(report, "silhouette") == pytest.approx(silhouette_score(matrix, labels), abs=1e-5)
    assert figure(report, "Calinski-Harabasz") == pytest.approx(calinski_harabasz_score(matrix, labels), rel=1e-5)
    assert figure(report, "Davies-Bouldin") == pytest.approx(davies_bouldin_score(matrix, labels), rel=1e-5)
    bars = blocks(report, Bars)[0]
    own = silhouette_samples(matrix, labels)
    assert bars.values == pytest.approx([own[labels == code].mean() for code in (0, 1, 2)], abs=1e-5)
    assert bars.counts == (200, 200, 200)
    assert blocks(report, Verdict)[0].outcome is Outcome.PASS


@pytest.mark.parametrize(("few", "outcome"), [(8, Outcome.WARN), (29, Outcome.WARN), (60, Outcome.PASS)])
def test_a_few_far_from_all_others_do_not_pass(few: int, outcome: Outcome) -> None:
    near, found = ROWS - few, customers(apart=0.0)
    far = pl.when(pl.int_range(pl.len()) >= near).then(1_000.0).otherwise(0.0)
    at = found.replacing(found.frame.with_columns(pl.col("spend") + far))
    report = look(Quality(), segmentation("few", [0] * near + [1] * few), at=at)
    assert figure(report, "silhouette") > 0.9
    (verdict,) = blocks(report, Verdict)
    assert verdict.outcome is outcome
    said = {
        name: one.value
        for text in blocks(report, Text)
        if text.tone is Tone.WARNING
        for name, one in text.figures.items()
    }
    if few < 30:
        assert said["size"] == few
    assert bool(said) is (outcome is Outcome.WARN)


def test_sizes_are_said_beside_any_verdict_and_counted() -> None:
    labels = [0] * 20 + [1] * 10 + [2] * (ROWS - 30)
    report = look(Quality(), segmentation("small", labels), at=customers(apart=0.0))
    nearly_all, small = (text for text in blocks(report, Text) if text.tone is Tone.WARNING)
    assert (nearly_all.figures["size"].value, nearly_all.figures["all"].value) == (570, 600)
    assert nearly_all.figures["size"].customers == 570
    assert (small.figures["size"].value, small.figures["others"].value) == (10, 1)
    assert small.figures["size"].about == (("small", "1"),)


def test_a_sentence_says_the_number_that_stands_in_the_table() -> None:
    """Tables round shares so that they add up: a sentence that rounded one alone would say another number."""
    thirds = segmentation("thirds", [0] * 2 + [1] * 300 + [2] * 100 + [None] * 198)
    report = look(Profiled(), thirds)
    sizes, bars, opening = blocks(report, Grid)[0], blocks(report, Bars)[0], blocks(report, Text)[0]
    assert opening.figures["size"].value == sizes.values[1][0] == 300
    assert "%" not in {opening.figures[name].unit for name in opening.figures}
    assert bars.labels == sizes.rows.labels and bars.labels[-1] == "in no segment"
    assert bars.values == tuple(row[1] for row in sizes.values), "both are rounded from the same list"


def test_titles_say_which() -> None:
    assert look(Profiled(), TRUE).title == "Profile of true"
    assert look(Comparison(), TRUE, SHIFTED).title == "Comparison of true and shifted {x}"
    four = [segmentation(f"s{number}", TRUE.labels.to_list()) for number in range(4)]
    assert look(Quality(), *four).title == "Quality of 4 segmentations"


def test_quality_does_not_oversell() -> None:
    close = customers(apart=0.0)
    assert blocks(look(Quality(), TRUE, at=close), Verdict)[0].outcome is Outcome.FAIL
    rules = segmentation("rules", [0, 1, 2] * 200, scaling=None)
    report = look(Quality(), rules, at=close)
    assert blocks(report, Verdict)[0].outcome is Outcome.WARN
    assert any("without a feature set" in note.template for note in report.notes)


def test_quality_says_what_can_not_be_measured_and_what_was_left_out() -> None:
    report = look(Quality(), segmentation("one", [0] * ROWS), SHIFTED)
    assert any("too few segments" in block.template for block in blocks(report, Text))
    assert any("left out" in note.template for note in report.notes)


def test_a_sample_is_told_with_its_error() -> None:
    found = customers()
    many = found.replacing(pl.concat([found.frame] * 40))
    labels = [label for _ in range(40) for label in TRUE.labels.to_list()]
    report = look(Quality(), segmentation("many", labels), at=many)
    note = next(note for note in report.notes if "drawn with the seed" in note.template)
    assert note.figures["error"].value > 0  # type: ignore[operator]
    exact = silhouette_score(found.matrix, TRUE.labels.to_numpy())
    assert abs(figure(report, "silhouette") - exact) < 5 * figure(report, "its standard error") + 1e-3


def in_forms(**forms: str) -> Customers:
    """The customers with a feature set as the app fits it."""
    found = customers()
    frame = found.frame.with_columns(visits=pl.col("spend").abs() ** 3, same=1.5)
    columns = {**found.columns, "same": Column("same", Kind.NUMBER)}
    chosen = FeatureSet(name="set", columns={name: Form(form.replace("_", " ")) for name, form in forms.items()})
    return Customers(frame, "id", columns, tuple(forms), fit_scaling(frame, columns, chosen))


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        ({"spend": "z", "visits": "log_z"}, "spend (z) and visits (log z)"),
        ({"spend": "robust", "visits": "log_robust", "town": "z"}, "spend (robust), visits (log robust) and town (z)"),
        ({"spend": "as_is", "visits": "log", "same": "z"}, "spend (as is), visits (log) and same (z)"),
        ({"spend": "log_z"}, "spend (log z)"),
        ({"spend": "z", "member": "z"}, "spend and member, both z"),
        ({"spend": "as_is", "visits": "as_is", "member": "as_is"}, "spend, visits and member, all as is"),
    ],
)
@pytest.mark.parametrize("analysis", [Quality(), Comparison()], ids=lambda one: one.id)
def test_features_are_named_in_the_form_the_set_gives_them(
    analysis: Analysis[Any], forms: dict[str, str], words: str
) -> None:
    report = look(analysis, TRUE, SHIFTED, at=in_forms(**forms))
    opening = blocks(report, Text)[0]
    assert opening.filled(lambda one: str(one.value)) == f"Measured on {words}."


def test_features_of_another_scaling_get_no_form_that_is_not_theirs() -> None:
    other = Scaling((ScaledFeature("spend", centre=(3.0,), spread=(2.0,)), ScaledFeature("visits")))
    at = Customers(customers().frame, "id", customers().columns, ("spend", "visits"), other)
    opening = blocks(look(Quality(), TRUE, at=at), Text)[0]
    assert opening.figures["features"].value == "spend (scaled otherwise) and visits (as is)"


def test_features_are_needed() -> None:
    bare = Customers(customers().frame, "id", customers().columns)
    with pytest.raises(NeedsError, match="feature"):
        look(Quality(), TRUE, at=bare)
    assert look(Profiled(), TRUE, at=bare).blocks


def test_comparison_equals_scikit_learn() -> None:
    report = look(Comparison(), TRUE, SHIFTED)
    both = SHIFTED.labels.is_not_null().to_numpy()
    left, right = TRUE.labels.to_numpy()[both], SHIFTED.labels.drop_nulls().to_numpy()
    assert figure(report, "adjusted Rand") == pytest.approx(adjusted_rand_score(left, right))
    assert figure(report, "adjusted mutual information") == pytest.approx(adjusted_mutual_info_score(left, right))
    assert figure(report, "customers in both") == ROWS - 10


def test_the_error_of_the_silhouette_stands_only_where_something_was_sampled() -> None:
    found, labels = customers(), TRUE.labels.to_list()
    exact = blocks(look(Comparison(), TRUE, SHIFTED), Grid)[0]
    assert not [name for name in exact.rows.labels if "error" in name]
    many = found.replacing(pl.concat([found.frame] * 40))
    drawn = segmentation("drawn", labels * 40)
    few = segmentation("few", [*labels, *[None] * (ROWS * 39)])
    grid = blocks(look(Comparison(), drawn, few, at=many), Grid)[0]
    place = grid.rows.labels.index("standard error of the silhouette")
    error, none = grid.values[place]
    assert error > 0 and none is None
    assert grid.rows.decimals[place] == 3 and grid.rows.units[place + 1] == "%"
    assert grid.counts[place] == (ROWS * 40, ROWS)


def test_comparison_crosses_matches_and_follows() -> None:
    report = look(Comparison(), TRUE, SHIFTED)
    crossed = next(grid for grid in blocks(report, Grid) if "largest share" in grid.title)
    assert (
        crossed.values == crossed.counts == ((0, 50, 140), (200, 0, 0), (0, 200, 0))
        or sum(map(sum, crossed.counts)) == ROWS - 10
    )
    for row, marks in zip(crossed.counts, crossed.marks, strict=True):
        assert [count == max(row) for count in row] == [bool(mark) for mark in marks]
    flow = blocks(report, Flow)[0]
    assert flow.counts == crossed.counts
    text = next(block for block in blocks(report, Text) if "elsewhere" in block.template)
    table = np.array(crossed.counts)
    assert text.figures["moved"].value == ROWS - 10 - sum(table[pair] for pair in best_matching(table))


def test_comparing_a_segmentation_with_itself_finds_nobody_moved() -> None:
    report = look(Comparison(), TRUE, segmentation("same", TRUE.labels.to_list()))
    assert figure(report, "adjusted Rand") == pytest.approx(1)
    assert figure(report, "adjusted mutual information") == pytest.approx(1)
    assert next(b for b in blocks(report, Text) if "elsewhere" in b.template).figures["moved"].value == 0


def test_two_segmentations_without_a_customer_in_common() -> None:
    half = ROWS // 2
    first = segmentation("first", [0, 1] * (half // 2) + [None] * half)
    second = segmentation("second", [None] * half + [0, 1] * (half // 2))
    assert any("No customer" in block.template for block in blocks(look(Comparison(), first, second), Text))


def test_profile_says_sizes_shares_and_what_sets_apart() -> None:
    report, frame = look(Profiled(), TRUE), customers().frame
    sizes = next(grid for grid in blocks(report, Grid) if grid.title == "Sizes")
    assert [row[0] for row in sizes.values] == [200, 200, 200]
    assert sum(row[3] for row in sizes.values) == pytest.approx(100)
    means = next(grid for grid in blocks(report, Grid) if grid.title == "Means")
    assert means.values[-1][0] == pytest.approx(frame["spend"].mean())
    assert means.values[0][0] == pytest.approx(frame["spend"][:200].mean())
    assert means.columns.units[:3] == ("EUR", "", "%")
    assert means.marks[0][0] == -1
    assert means.marks[2][0] == 1
    quartiles = next(grid for grid in blocks(report, Grid) if grid.title == "Quartiles of spend")
    assert quartiles.values[-1] == pytest.approx(np.quantile(frame["spend"], [0.25, 0.5, 0.75]))
    levels = next(grid for grid in blocks(report, Grid) if grid.title == "Commonest levels of town")
    assert levels.rows.labels[0] == "A group 0 · Bonn {0}"
    assert levels.values[0] == pytest.approx((200, 100, 300))
    assert any("{name_a} low ({own_a}, all {all_a})" in block.template for block in blocks(report, Text))


def test_profile_counts_the_unassigned_and_keeps_to_its_limits() -> None:
    report = look(Profiled(), SHIFTED, columns=1, categories=0)
    sizes = next(grid for grid in blocks(report, Grid) if grid.title == "Sizes")
    assert sizes.rows.labels[-1] == "in no segment"
    assert sum(row[0] for row in sizes.values) == ROWS
    assert next(grid for grid in blocks(report, Grid) if grid.title == "Means").columns.labels == ("spend",)
    assert not [grid for grid in blocks(report, Grid) if grid.title.startswith("Commonest")]


def test_the_same_input_gives_the_same_report() -> None:
    assert look(Comparison(), TRUE, SHIFTED) == look(Comparison(), TRUE, SHIFTED)


def test_a_text_is_filled_once_and_refuses_stray_braces() -> None:
    text = Text("{name} has {size}.", {"name": Figure("name", "{size}"), "size": Figure("size", 3)})
    assert text.filled(lambda one: str(one.value)) == "{size} has 3."
    with pytest.raises(ValueError, match="braces"):
        Text("It is {.").filled(lambda one: str(one.value))
