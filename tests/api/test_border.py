"""The border on paper: each sketch runs through the real rooms, keeps the contract, and imports the border alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import border_sketches as sketches
import duckdb
import numpy as np
import polars as pl
import pytest

from segtui.analyse.analyse import analyse
from segtui.api import (
    Account,
    Analysis,
    Column,
    Customers,
    Figure,
    Figures,
    Flow,
    Grid,
    Kind,
    Method,
    Model,
    NeedsError,
    Outcome,
    QuietRun,
    Report,
    Role,
    Run,
    ScaledFeature,
    Scaling,
    Segmentation,
    ShownSegment,
    Table,
    Verdict,
    View,
)
from segtui.api.codec import decode, encode
from segtui.api.measures import contingency
from segtui.segment.fit import Fitted, fit

PLUGIN = "sketches:border:0"
ALLOWED = {"numpy", "polars", "pydantic", "segtui"}
PUBLIC = {"segtui.api", "segtui.api.measures", "segtui.api.expression", "segtui.api.profile", "segtui.api.text"}
VALUES = (
    "1111:20 1112:2 1121:9 1122:2 1211:6 1212:1 1221:4 1222:1 "
    "2111:38 2112:7 2121:24 2122:6 2211:25 2212:6 2221:23 2222:42"
)


def shop(rows: int = 400, seed: int = 0, rich: float = 0.3) -> Customers:
    """Two planted groups, told apart by spend and channel, with nulls and two earlier segmentations."""
    random = np.random.default_rng(seed)
    group = random.random(rows) < rich
    spend = pl.Series(np.where(group, random.normal(500, 40, rows), random.normal(90, 15, rows)).round(2))
    channel = np.where(group, "online", random.choice(["store", "phone's"], rows))
    frame = pl.DataFrame(
        {
            "id": [f"C{number:05d}" for number in range(rows)],
            "spend": spend.set(pl.Series(random.random(rows) < 0.05), None),
            "channel": pl.Series(channel).set(pl.Series(random.random(rows) < 0.05), None),
            "value class": pl.Series(np.where(group, "high", "low")),
            "taste": pl.Series(random.choice(["a", "b", "c"], rows)).set(pl.Series(random.random(rows) < 0.02), None),
            "latitude": random.normal(48.85, 0.2, rows),
            "longitude": random.normal(2.35, 0.2, rows),
        }
    )
    levels = ("online", "phone's", "store")
    columns = {
        "id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER),
        "spend": Column("spend", Kind.NUMBER, Role.MONETARY, unit="EUR"),
        "channel": Column("channel", Kind.CATEGORY, levels=levels),
        "value class": Column("value class", Kind.CATEGORY, Role.SEGMENT, levels=("high", "low")),
        "taste": Column("taste", Kind.CATEGORY, Role.SEGMENT, levels=("a", "b", "c")),
        "latitude": Column("latitude", Kind.NUMBER, Role.LATITUDE),
        "longitude": Column("longitude", Kind.NUMBER, Role.LONGITUDE),
    }
    scaling = Scaling(
        (
            ScaledFeature("spend", fill=100.0, centre=(200.0,), spread=(150.0,)),
            ScaledFeature("channel", centre=(0.3, 0.3, 0.4), spread=(0.5, 0.5, 0.5), levels=levels),
        )
    )
    sites = pl.LazyFrame({"shop": ["Paris", "Versailles", "?"], "lat": [48.8566, 48.8, None], "lon": [2.3522, 2.13, 1]})
    described = {
        "shop": Column("shop", Kind.IDENTIFIER),
        "lat": Column("lat", Kind.NUMBER, Role.LATITUDE),
        "lon": Column("lon", Kind.NUMBER, Role.LONGITUDE),
    }
    tables = {"sites": Table("sites", sites, described, 3)}
    return Customers(frame, "id", columns, ("spend", "channel"), scaling, tables=tables)


def survey(patterns: str) -> Customers:
    """One row per respondent from "1111:20 1112:2": answers 1 or 2, and how many gave them."""
    pairs = [pair.split(":") for pair in patterns.split()]
    rows = [tuple(pattern) for pattern, count in pairs for _ in range(int(count))]
    items = [f"q{number + 1}" for number in range(len(rows[0]))]
    frame = pl.DataFrame(rows, schema=items, orient="row").with_row_index("id").cast({"id": pl.String})
    columns = {name: Column(name, Kind.CATEGORY, levels=("1", "2")) for name in items}
    features = tuple(ScaledFeature(name, levels=("1", "2"), centre=(0, 0), spread=(1, 1)) for name in items)
    return Customers(
        frame, "id", {"id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER), **columns}, tuple(items), Scaling(features)
    )


def fitted(method: Method[Any, Any], customers: Customers, seed: int = 42, **params: object) -> Fitted:
    """The fit of the real room, and the laws of a Model beyond those it checks."""
    found = fit(method, customers, params, QuietRun(seed), plugin=PLUGIN)
    half = len(customers) // 2
    parts = [found.model.assign(customers.rows(slice(*part))) for part in ((0, half), (half, len(customers)))]
    assert pl.concat(parts).equals(found.labels, null_equal=True)
    assert len(found.model.assign(customers.rows(slice(0, 0)))) == 0
    again = fit(method, customers, params, QuietRun(seed), plugin=PLUGIN)
    assert encode(again.model) == encode(found.model)
    returned: Model = decode(encode(found.model), method.Model)
    assert returned.assign(customers).equals(found.labels, null_equal=True)
    return found


def as_segmentation(found: Fitted, method: Method[Any, Any], **params: object) -> Segmentation:
    sizes = dict(found.labels.drop_nulls().value_counts().iter_rows())
    segments = tuple(
        ShownSegment(one.code, "?", one.name or f"segment {one.code}", sizes.get(one.code, 0), one.rule)
        for one in found.model.segments
    )
    count = len(found.labels)
    account = Account("customers", count, count)
    return Segmentation(
        method.id, method.id, params, "", 42, 1, found.model, found.labels, segments, "", account, found.notes
    )


def view_of(customers: Customers, *methods: tuple[Method[Any, Any], Mapping[str, object]]) -> View:
    """A view as project will make it: `refit` gives customers that were drawn twice an id of their own."""
    known = {method.id: (method, params) for method, params in methods}

    def refit(segmentation: Segmentation, rows: np.ndarray, seed: int, run: Run) -> Model:
        method, params = known[segmentation.method]
        drawn = customers.rows(rows)
        ids = pl.int_range(pl.len()).cast(pl.String).alias(customers.id)
        drawn = drawn.replacing(drawn.frame.with_columns(ids))
        quiet = QuietRun(seed)
        run.progress(0.5)
        return fit(method, drawn, params, quiet, plugin=PLUGIN).model

    made = tuple(
        as_segmentation(fit(method, customers, params, QuietRun(), plugin=PLUGIN), method, **params)
        for method, params in methods
    )
    return View(customers, made, refit)


def said(analysis: Analysis[Any], view: View, seed: int = 42, **params: object) -> Report:
    report = analyse(analysis, view, params, QuietRun(seed), plugin=PLUGIN)
    assert decode(encode(report), Report) == report
    assert encode(analyse(analysis, view, params, QuietRun(seed), plugin=PLUGIN)) == encode(report)
    return report


def figures(report: Report) -> dict[str, Figure]:
    return {one.name: one for block in report.blocks if isinstance(block, Figures) for one in block.figures}


def outcomes(report: Report) -> dict[object, Outcome]:
    verdicts = [block for block in report.blocks if isinstance(block, Verdict)]
    return {one.text.figures["name"].value: one.outcome for one in verdicts}


def in_sql(model: Model, customers: Customers, folder: Path) -> list[int | None]:
    path = folder / "customers.parquet"
    customers.frame.write_parquet(path)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {model.sql()} FROM read_parquet(?)", [str(path)]).fetchall()
        return [row[0] for row in found]


def test_the_sketches_import_the_border_alone() -> None:
    tree = ast.parse(Path(sketches.__file__).read_text())
    inside_fit = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "fit"
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        else:
            continue
        for name in names:
            root = name.partition(".")[0]
            heavy = {"sklearn", "scipy"} if id(node) in inside_fit else set()
            assert root in ALLOWED | heavy | sys.stdlib_module_names, name
            assert root != "segtui" or name in PUBLIC, name


def test_cross_counts_are_the_contingency_table(tmp_path: Path) -> None:
    customers = shop()
    found = fitted(sketches.Cross(), customers)
    first, second = (
        sketches.level_codes(customers.frame[name], customers.columns[name].levels) for name in ("value class", "taste")
    )
    table = contingency(first, second)
    sizes = dict(found.labels.drop_nulls().value_counts().iter_rows())
    counted = [sizes.get(found.model.codes[cell], 0) for cell in np.ndindex(2, 3)]  # type: ignore[attr-defined]
    assert counted == table.table.ravel().tolist()
    assert found.labels.null_count() == table.left_out
    assert in_sql(found.model, customers, tmp_path) == found.labels.to_list()


def test_cross_of_equal_inputs_gives_the_input_back_and_small_cells_go_together() -> None:
    customers = shop()
    same = fitted(sketches.Cross(), customers, columns=("taste", "taste"))
    codes = sketches.level_codes(customers.frame["taste"], ("a", "b", "c"))
    table = contingency(codes, same.labels).table
    assert np.count_nonzero(table) == 3
    least = 60
    found = fitted(sketches.Cross(), customers, smallest=least)
    sizes = dict(found.labels.drop_nulls().value_counts().iter_rows())
    assert all(count >= least for code, count in sizes.items() if code)
    assert sizes[0]


def test_cross_of_a_level_it_never_saw_is_unassigned() -> None:
    customers = shop()
    model = fitted(sketches.Cross(), customers).model
    new = customers.replacing(customers.frame.head(2).with_columns(taste=pl.lit("new")))
    assert model.assign(new).null_count() == 2


@pytest.mark.parametrize("target", ["", "taste"])
def test_tree_explains_an_earlier_segmentation_and_says_it_in_sql(target: str, tmp_path: Path) -> None:
    customers = shop()
    found = fitted(sketches.Tree(), customers, smallest=20, target=target)
    assert in_sql(found.model, customers, tmp_path) == found.labels.to_list()
    assert found.labels.null_count() == 0
    if not target:
        purity = contingency(found.labels, sketches.level_codes(customers.frame["value class"], ("high", "low"))).table
        assert purity.max(axis=1).sum() / purity.sum() > 0.98


def test_tree_sends_a_level_it_never_saw_nowhere_and_imputes_nulls(tmp_path: Path) -> None:
    customers = shop()
    customers = customers.replacing(customers.frame.with_columns(spend=pl.lit(1.0)))
    model = fitted(sketches.Tree(), customers, smallest=20).model
    frame = customers.frame.head(2).with_columns(channel=pl.Series(["new", None], dtype=pl.String))
    labels = model.assign(customers.replacing(frame))
    assert labels.is_null().to_list() == [True, False]
    assert in_sql(model, customers.replacing(frame), tmp_path) == labels.to_list()


def test_tree_of_one_leaf() -> None:
    found = fitted(sketches.Tree(), shop(40), smallest=30)
    assert len(found.model.segments) == 1


@pytest.mark.parametrize(("classes", "likelihood"), [(1, -543.6498), (2, -504.4677), (3, -503.3011)])
def test_lca_reaches_the_published_likelihoods(classes: int, likelihood: float) -> None:
    found = fitted(sketches.Lca(), survey(VALUES), classes=classes, starts=2)
    assert isinstance(found.model, sketches.LcaModel)
    assert round(found.model.likelihood, 4) == likelihood
    strengths = found.model.strengths(survey(VALUES)).to_numpy()
    assert np.allclose(strengths.sum(axis=1), 1)
    assert strengths.argmax(axis=1).tolist() == found.labels.to_list()
    assert np.allclose(strengths.mean(axis=0), found.model.shares, atol=1e-3)


def test_lca_takes_missing_answers_as_unknown() -> None:
    customers = survey(VALUES)
    frame = customers.frame.with_columns(pl.when(pl.int_range(pl.len()) % 7 > 0).then("q1").alias("q1"))
    found = fitted(sketches.Lca(), customers.replacing(frame), classes=2)
    blank = frame.head(2).with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in customers.features)
    blank = blank.with_columns(q1=pl.Series([None, "new"], dtype=pl.String))
    strengths = found.model.strengths(customers.replacing(blank))
    assert isinstance(found.model, sketches.LcaModel)
    assert strengths is not None
    assert np.allclose(strengths.to_numpy(), found.model.shares)
    assert found.model.assign(customers.replacing(blank)).null_count() == 2
    report = found.model.explain()
    assert isinstance(report, Report)
    assert len(report.blocks) == 5


def test_geography_knows_city_pairs() -> None:
    here = np.array([48.8566, 40.7128, np.nan])
    there = np.array([2.3522, -74.0060, 0.0])
    london = sketches.kilometres(here, there, 51.5074, -0.1278)
    assert london[:2].round(1).tolist() == [343.6, 5570.2]
    assert np.isnan(london[2])
    quarter = sketches.kilometres(np.array([0.0]), np.array([0.0]), 90.0, 0.0)[0]
    assert quarter == pytest.approx(np.pi / 2 * 6371.0088)


def test_geography_assigns_new_customers_without_the_sites() -> None:
    customers = shop()
    found = fitted(sketches.Geography(), customers, bands=(5.0, 20.0))
    frame = customers.frame.head(4).with_columns(
        latitude=pl.Series([48.8566, 48.8, 51.5, None]), longitude=pl.Series([2.3522, 2.0, -0.1, 2.0])
    )
    alone = Customers(frame, "id", customers.columns)
    assert found.model.assign(alone).to_list() == [0, 1, 2, None]


def test_geography_needs_sites_with_coordinates() -> None:
    customers = shop(20)
    with pytest.raises(NeedsError, match="Needs the table sites"):
        fit(sketches.Geography(), Customers(customers.frame, "id", customers.columns), {}, QuietRun(), plugin=PLUGIN)
    bare = {"sites": Table("sites", pl.LazyFrame({"x": [1.0]}), {"x": Column("x", Kind.NUMBER)}, 1)}
    with pytest.raises(NeedsError, match="no coordinates"):
        fit(
            sketches.Geography(),
            Customers(customers.frame, "id", customers.columns, tables=bare),
            {},
            QuietRun(),
            plugin=PLUGIN,
        )


def test_drift_finds_what_moved() -> None:
    method = (sketches.Tree(), {"smallest": 20})
    before = view_of(shop(1_000, 1), method)
    same, moved = shop(1_000, 2), shop(1_000, 3, rich=0.7)
    model = before.segmentations[0].model
    for customers, expected in ((same, Outcome.PASS), (moved, Outcome.FAIL)):
        labels = model.assign(customers)
        one = as_segmentation(Fitted(model, labels, 0.0), method[0])
        report = said(sketches.Drift(), View(customers, (one,), before.refit, before))
        found = outcomes(report)
        assert list(found) == ["spend", "channel", "segments of tree"]
        assert set(found.values()) == {expected}


def test_drift_of_nothing_is_zero_and_without_a_baseline_is_refused() -> None:
    view = view_of(shop(), (sketches.Tree(), {"smallest": 20}))
    report = said(sketches.Drift(), View(view.customers, view.segmentations, view.refit, view))
    (table,) = (block for block in report.blocks if isinstance(block, Grid))
    assert set(table.values) == {(0.0,)}
    with pytest.raises(NeedsError, match="no baseline"):
        said(sketches.Drift(), view)


def test_ab_gives_the_published_z_and_p() -> None:
    yes = [True] * 5 + [False] * 78 + [True] * 12 + [False] * 87
    frame = pl.DataFrame({"id": [str(n) for n in range(182)], "arm": ["A"] * 83 + ["B"] * 99, "bought": yes})
    columns = {
        "id": Column("id", Kind.IDENTIFIER, Role.CUSTOMER),
        "arm": Column("arm", Kind.CATEGORY, Role.TREATMENT),
        "bought": Column("bought", Kind.FLAG, Role.TARGET),
    }
    view = view_of(Customers(frame, "id", columns))
    found = figures(said(sketches.AbTest(), view))
    assert round(float(str(found["z"].value)), 4) == -1.4078
    assert round(float(str(found["p"].value)), 4) == 0.1592
    with pytest.raises(NeedsError, match="target"):
        said(sketches.AbTest(), view_of(shop()))
    with pytest.raises(NeedsError, match="Choose none"):
        said(sketches.AbTest(), view_of(shop(), (sketches.Cross(), {})))


def test_stability_refits_on_drawn_customers() -> None:
    view = view_of(shop(), (sketches.Tree(), {"smallest": 20, "depth": 1}))
    report = said(sketches.Stability(), view, resamples=3)
    assert float(str(figures(report)["mean adjusted Rand"].value)) > 0.9
    (verdict,) = (block for block in report.blocks if isinstance(block, Verdict))
    assert verdict.outcome is Outcome.PASS
    (moved,) = (block for block in report.blocks if isinstance(block, Flow))
    assert sum(map(sum, moved.counts)) == len(view.customers)
    noise = view_of(shop(), (sketches.Tree(), {"smallest": 20, "target": "taste"}))
    (verdict,) = (
        block for block in said(sketches.Stability(), noise, resamples=3).blocks if isinstance(block, Verdict)
    )
    assert verdict.outcome is Outcome.WARN


def test_drift_of_a_feature_that_was_empty() -> None:
    view = view_of(shop())
    frame = view.customers.frame.with_columns(spend=pl.lit(None, dtype=pl.Float64))
    empty = View(view.customers.replacing(frame), (), view.refit)
    report = said(sketches.Drift(), View(view.customers, (), view.refit, empty))
    assert outcomes(report)["spend"] is Outcome.FAIL
