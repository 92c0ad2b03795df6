"""Promise 52 where the reports on how segments were made leave too: what a method kept gives no small group away.

The attacker knows how the method works: which scores, bands or rules each segment is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from differencing import NOWHERE, Attacker
from test_suppression_delivery import attacked, drawn

from segtui.analyse.analyse import analyse
from segtui.api import (
    Account,
    Column,
    Count,
    Customers,
    Figures,
    Grid,
    Kind,
    Method,
    QuietRun,
    Report,
    Role,
    ScaledFeature,
    Scaling,
    Segmentation,
    ShownSegment,
    Text,
    Verdict,
    View,
)
from segtui.export import Sized, suppressed_delivery
from segtui.export.suppression import HIDDEN
from segtui.segment.fit import fit
from segtui_behaviour.rfm import Rfm, RfmModel
from segtui_behaviour.rfm_rules import matching
from segtui_clusters.kmeans import KMeans
from segtui_evidence.comparison import Comparison
from segtui_evidence.explained import Explained
from segtui_evidence.profile import Profiled
from segtui_evidence.quality import Quality
from segtui_rules.bands import Bands, BandsModel
from segtui_rules.rules import Rules

ROLES = {"recency": Role.RECENCY, "frequency": Role.FREQUENCY, "monetary": Role.MONETARY}
ANALYSES = (Profiled(), Explained())


def buyers(seed: int, rows: int) -> Customers:
    """Customers with few different numbers of orders, and towns of which one is rare."""
    random = np.random.default_rng(seed)
    town = random.choice(["Köln", "Bonn", "Ulm", "Jena"], rows, p=random.dirichlet([3, 3, 1, 0.3]))
    frame = pl.DataFrame(
        {
            "id": [f"c{row}" for row in range(rows)],
            "recency": random.integers(1, 300, rows).astype(float),
            "frequency": random.geometric(random.uniform(0.15, 0.6), rows).astype(float),
            "monetary": random.gamma(2, 100, rows).round(2),
            "town": town,
            "age": [None if one < 20 else int(one) for one in random.integers(18, 90, rows).tolist()],
        }
    )
    kinds = {"id": Kind.IDENTIFIER, "town": Kind.CATEGORY}
    columns = {name: Column(name, kinds.get(name, Kind.NUMBER), ROLES.get(name)) for name in frame.columns}
    scaling = Scaling((ScaledFeature("recency"), ScaledFeature("frequency")))
    return Customers(frame, "id", columns, scaling.columns, scaling)


def made(method: Method[Any, Any], at: Customers, **params: Any) -> Segmentation:
    found = fit(method, at, params, QuietRun(seed=1), plugin="x")
    sizes = {code: count for code, count in found.labels.value_counts().iter_rows() if code is not None}
    shown = tuple(
        ShownSegment(one.code, chr(65 + place), f"own {place}", sizes.get(one.code, 0))
        for place, one in enumerate(found.model.segments)
    )
    missing = found.labels.null_count()
    account = Account("customers", len(at), len(at) - missing, (Count("in no segment", missing),))
    return Segmentation("one", method.id, params, "set", 1, 1, found.model, found.labels, shown, "f", account)


def told(at: Customers, one: Segmentation, threshold: int) -> tuple[Any, list[Report]]:
    view = View(at, (one,), lambda *_: pytest.fail("no refit"))
    before = [analyse(each, view, {}, QuietRun(seed=3), plugin="p") for each in ANALYSES]
    sized = Sized("one", one.segments, one.account.total - one.account.used)
    return suppressed_delivery([sized], before, threshold), before


def attacker_on(one: Segmentation, parts: pl.DataFrame, of: Any, leaving: Any) -> Attacker:
    """He reads the sizes of the segments; `parts` are scores or bands by customer, `of` the code for each of them."""
    codes = one.labels.cast(pl.String).fill_null(NOWHERE).alias("one")
    world = pl.DataFrame([codes, *(parts[name].fill_null(NOWHERE) for name in parts.columns)])
    attacker = Attacker(world, pair=("one", "one"))
    attacker.learn(~np.vectorize(of)(*np.meshgrid(*attacker.codes, indexing="ij")))
    attacker.read_sizes(leaving)
    return attacker


def grids(report: Report) -> dict[str, Grid]:
    return {block.title: block for block in report.blocks if isinstance(block, Grid)}


def read_rules(attacker: Attacker, grid: Grid, matched: np.ndarray) -> None:
    """The three numbers of each rule, of which `matched` says whom it matches."""
    for place, row in enumerate(grid.values):
        own = matched[place] & ~np.any(matched[:place], axis=0)
        for value, cells in zip(row, (matched[place], matched[place] & ~own, own), strict=True):
            if value != HIDDEN:
                assert value == attacker.truth[cells].sum()
                attacker.learn(cells)


def scored(at: Customers, one: Segmentation, threshold: int) -> Attacker:
    model = one.model
    assert isinstance(model, RfmModel)
    scores = model.scores(at).cast(pl.String)
    matches = matching(model.rules, model.bins).reshape(-1, *model.bins)
    names = [rule.name for rule in model.rules]
    code = {name: segment.code for segment in model.segments for name in [segment.name]}

    def is_possible(segment: str, f: str, m: str, r: str) -> bool:
        if NOWHERE in (segment, r, f, m):
            return {segment, r, f, m} == {NOWHERE}
        own = matches[:, int(r) - 1, int(f) - 1, int(m) - 1]
        return int(segment) == code[names[int(own.argmax())] if own.any() else model.segments[-1].name]

    parts = scores.select("F", "M", "R")
    leaving, _ = told(at, one, threshold)
    attacker = attacker_on(one, parts, is_possible, leaving)
    found = grids(leaving.reports[1])
    for letter, row in zip("RFM", found["Customers by score"].values, strict=True):
        for score, value in enumerate(row, 1):
            if isinstance(value, int):
                cells = attacker.cells(((letter, str(score)),))
                assert value == attacker.truth[cells].sum()
                attacker.learn(cells)

    def between(letter: str, low: int, high: int) -> np.ndarray:
        return np.any([attacker.cells(((letter, str(score)),)) for score in range(low, high + 1)], axis=0)

    matched = [between("R", *one.r) & between("F", *one.f) & between("M", *one.m) for one in model.rules]
    rows = found["Customers by rule"]
    if len(rows.rows.labels) > len(matched):
        matched.append(attacker.has("R") & ~np.any(matched, axis=0))
    read_rules(attacker, rows, np.array(matched))
    for name in ("customers scored", "customers without a score"):
        if figure_of(leaving.reports[1], name) != HIDDEN:
            attacker.learn(attacker.has("R"))
    if figure_of(leaving.reports[1], "customers whom several rules match") != HIDDEN:
        attacker.learn(np.sum(matched[: len(model.rules)], axis=0) > 1)
    return attacker


def figure_of(report: Report, name: str) -> Any:
    for block in report.blocks:
        match block:
            case Figures():
                figures = block.figures
            case Text():
                figures = tuple(block.figures.values())
            case Verdict():
                figures = tuple(block.text.figures.values())
            case _:
                continue
        for figure in figures:
            if figure.name == name:
                return figure.value
    return pytest.fail(name)


@pytest.mark.parametrize("seed", range(10))
def test_scores_and_rules_of_rfm(seed: int) -> None:
    at = buyers(seed, [120, 300, 900][seed % 3])
    params: dict[str, Any] = {} if seed % 2 else {"binning": "nested"}
    one, threshold = made(Rfm(), at, **params), [10, 5][seed % 2]
    attacker = scored(at, one, threshold)
    for name in ("one", "R", "F", "M"):
        width, about = attacker.narrowest(threshold, of=(name,))
        assert width >= 1, about


def banded(at: Customers, one: Segmentation, threshold: int) -> Attacker:
    model = one.model
    assert isinstance(model, BandsModel)
    placed = {column.name: [str(band) for band in column.bands(at).tolist()] for column in model.columns}

    def is_possible(segment: str, *bands: str) -> bool:
        if NOWHERE in bands:
            return False
        code = model.codes[tuple(map(int, bands))]
        return bool((NOWHERE if code < 0 else str(code)) == segment)

    leaving, _ = told(at, one, threshold)
    attacker = attacker_on(one, pl.DataFrame(placed), is_possible, leaving)
    found = {title.partition(":")[0]: grid for title, grid in grids(leaving.reports[1]).items()}
    for column in model.columns:
        for band, (value,) in enumerate(found[column.name].values):
            cells = attacker.cells(((column.name, str(band)),))
            if value != HIDDEN:
                assert value == attacker.truth[cells].sum()
                attacker.learn(cells)
    if len(model.columns) == 1 and model.columns[0].levels:
        learn_levels(attacker, grids(leaving.reports[0])["Commonest levels of town"], model)
    return attacker


def learn_levels(attacker: Attacker, grid: Grid, model: BandsModel) -> None:
    """What the profile tells of the towns in each segment."""
    for label, row in zip(grid.rows.labels, grid.values, strict=True):
        if row[0] != HIDDEN:
            segment, _, town = label.partition(" · ")
            place = ord(segment[0]) - 65
            band = model.columns[0].levels.index(town)
            attacker.learn(attacker.cells((("one", str(place)), ("town", str(band)))))


BANDS = (
    {"columns": ["monetary"], "how": "equal width", "bands": 6},
    {"columns": ["monetary"], "how": "equal width", "bands": 6, "smallest": 25},
    {"columns": ["age", "monetary"], "how": "equal width", "bands": 4, "missing": "unassigned"},
    {"columns": ["age", "town"], "bands": 4, "smallest": 12},
    {"columns": ["town"], "smallest": 30},
    {"columns": ["town"]},
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("params", BANDS, ids=lambda params: ", ".join(map(str, params.values())))
def test_bands_and_what_they_were_joined_to(params: dict[str, Any], seed: int) -> None:
    at = buyers(seed, [120, 300, 900][seed % 3])
    one = made(Bands(), at, **params)
    attacker = banded(at, one, 10)
    for name in ("one", *params["columns"]):
        width, about = attacker.narrowest(10, of=(name,))
        assert width >= 1, about


@pytest.mark.parametrize("seed", range(8))
def test_rules_that_overlap(seed: int) -> None:
    at = buyers(seed, [120, 300, 900][seed % 3])
    random = np.random.default_rng(seed)
    limits = [float(at.frame["monetary"].quantile(one) or 0) for one in random.random(2)]
    conditions = [
        f"monetary > {limits[0]}",
        f"frequency > {random.integers(1, 9)}",
        f"monetary > {limits[1]} and recency < {random.integers(5, 300)}",
        f"recency < {random.integers(5, 300)}",
    ]
    rules = [{"name": f"rule {place}", "when": when} for place, when in enumerate(conditions)]
    one = made(Rules(), at, rules=rules)
    alone = [made(Rules(), at, rules=[rule]).labels.to_list() for rule in rules]
    parts = pl.DataFrame({f"{place}": [str(1 - label) for label in labels] for place, labels in enumerate(alone)})

    def is_possible(segment: str, *matched: str) -> bool:
        if NOWHERE in matched or segment == NOWHERE:
            return False
        return int(segment) == (matched.index("1") if "1" in matched else len(matched))

    leaving, _ = told(at, one, 10)
    attacker = attacker_on(one, parts, is_possible, leaving)
    masks = [attacker.cells(((name, "1"),)) for name in parts.columns]
    masks.append(~np.any(masks, axis=0))
    read_rules(attacker, grids(leaving.reports[1])["Customers by rule"], np.array(masks))
    width, about = attacker.narrowest(10, of=("one",))
    assert width >= 1, about


def shares_of(grid: Grid) -> Iterator[tuple[int, str, float]]:
    for place, row in enumerate(grid.values):
        for label, value in zip(grid.columns.labels, row, strict=True):
            if value != HIDDEN:
                yield place, label, float(value)


@pytest.mark.parametrize("seed", range(16))
def test_centres_tell_no_more_of_levels_and_flags_than_the_profile(seed: int) -> None:
    people, _ = drawn(seed, [60, 200, 900][seed % 3])
    frame = people.frame.with_columns(pl.col("town").fill_null("Ulm"), pl.col("member").fill_null(False))
    features = (ScaledFeature("spend"), ScaledFeature("member"))
    scaling = Scaling(
        (*features, ScaledFeature("town", False, 0.0, (0.0,) * 4, (1.0,) * 4, people.columns["town"].levels))
    )
    at = Customers(frame, "id", people.columns, scaling.columns, scaling)
    one = made(KMeans(), at, k=3, starts=2)
    member = frame["member"].replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    leaving, before = told(at, one, 10)
    attacker = attacker_on(one, pl.DataFrame({"member": member, "town": frame["town"]}), _no_gaps, leaving)
    attacker.read(before[0], leaving.reports[0])
    sizes = np.array([part.size for part in one.segments])
    for place, label, value in shares_of(grids(leaving.reports[1])["Centres"]):
        column, _, level = label.partition("=")
        if column == "spend":
            continue
        cells = attacker.cells((("one", str(place)), (column, level or "yes")))
        assert abs(value / 100 * sizes[place] - attacker.truth[cells].sum()) < 0.5
        attacker.learn(cells)
    for name in ("one", "member", "town"):
        width, about = attacker.narrowest(10, of=("one", name))
        assert width >= 1, about


@pytest.mark.slow
@pytest.mark.parametrize("rounding", [0, 10])
def test_the_whole_delivery_on_real_customers(real_data: Path, rounding: int) -> None:
    at = shoppers(real_data / "online_retail.parquet")
    segmentations = [made(Rfm(), at), replace(made(KMeans(), at, k=6, starts=2), id="two")]
    analyses = (Profiled(), Quality(), Comparison(), Explained())
    attacker = attacked(at, segmentations, 10, analyses, rounding)
    small = list(attacker.small_groups(10))
    assert len(small) > 100
    for of in (("one", "two", "member"), ("two", "town")):
        width, about = attacker.narrowest(10, of=of)
        assert width >= 1, about


def shoppers(path: Path) -> Customers:
    """The customers of Online Retail: a few buy very much, and most countries have few of them."""
    lines = pl.read_parquet(path).drop_nulls("CustomerID").filter(pl.col("Quantity") > 0, pl.col("UnitPrice") > 0)
    day = pl.col("InvoiceDate").str.to_date("%Y-%m-%d %H:%M:%S")
    last = lines.select(day.max()).item()
    frame = (
        lines.group_by("CustomerID")
        .agg(
            recency=(last - day.max()).dt.total_days().cast(pl.Float64),
            frequency=day.n_unique().cast(pl.Float64),
            monetary=(pl.col("Quantity") * pl.col("UnitPrice")).sum().round(2),
            member=day.n_unique() > 20,
            town=pl.col("Country").sort().first(),
        )
        .sort("CustomerID")
        .select(pl.col("CustomerID").cast(pl.String).alias("id"), pl.exclude("CustomerID"))
    )
    kinds = {"id": Kind.IDENTIFIER, "member": Kind.FLAG, "town": Kind.CATEGORY}
    columns = {name: Column(name, kinds.get(name, Kind.NUMBER), ROLES.get(name)) for name in frame.columns}
    features = ("recency", "frequency", "monetary", "member")
    spread = {name: (float(frame[name].cast(pl.Float64).std() or 1),) for name in features}
    scaling = Scaling(tuple(ScaledFeature(name, spread=spread[name]) for name in features))
    return Customers(frame, "id", columns, features, scaling)


def _no_gaps(*codes: str) -> bool:
    return NOWHERE not in codes
