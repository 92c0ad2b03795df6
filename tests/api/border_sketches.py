"""Sketches of methods and analyses to come, written with the border alone: what they can't say, the border lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from segtui.api import (
    Additive,
    Analysis,
    Axis,
    Bars,
    Basis,
    Block,
    ColumnName,
    Customers,
    DataError,
    Figure,
    Figures,
    Flow,
    Grid,
    Kind,
    Method,
    Model,
    Needs,
    NeedsError,
    Outcome,
    Params,
    PartOfRun,
    Report,
    Role,
    Run,
    ScaledFeature,
    Scaling,
    Segment,
    SegmentationName,
    Text,
    Uses,
    Verdict,
    View,
)
from segtui.api.expression import parse_condition, quote_column
from segtui.api.measures import adjusted_rand, contingency, jaccard_by_segment, population_stability_index
from segtui.api.text import join_words

EARTH_RADIUS_KM = 6371.0088


def quoted(value: str) -> str:
    """A text in the language of conditions."""
    return "'" + value.replace("'", "''") + "'"


def level_codes(series: pl.Series, levels: Sequence[str]) -> np.ndarray:
    """The position of each value among `levels`, -1 where it is null or unseen."""
    positions = list(range(len(levels)))
    words = series.cast(pl.String)
    return words.replace_strict(list(levels), positions, default=-1, return_dtype=pl.Int64).to_numpy()


# --- cross: two earlier segmentations, cells under a minimum together ------------------------------------------------


class CrossParams(Params):
    columns: tuple[SegmentationName, ...] = Field((), description="Segmentations to cross; all where none is named")
    smallest: int = Field(1, ge=1, description="Cells with fewer customers go to one segment of all small cells")


@dataclass(frozen=True, eq=False)
class CrossModel(Model):
    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: np.ndarray

    def cells(self, customers: Customers) -> tuple[np.ndarray, ...]:
        pairs = zip(self.names, self.levels, strict=True)
        return tuple(level_codes(customers.frame[name], levels) for name, levels in pairs)

    def assign(self, customers: Customers) -> pl.Series:
        cells = self.cells(customers)
        known = np.all([place >= 0 for place in cells], axis=0)
        return pl.Series(np.where(known, self.codes[cells], -1), dtype=pl.Int32).replace(-1, None)

    def sql(self) -> str:
        cases = []
        for cell in np.ndindex(*self.codes.shape):
            named = zip(self.names, self.levels, cell, strict=True)
            words = " and ".join(f"{quote_column(name)} = {quoted(levels[place])}" for name, levels, place in named)
            cases.append(f"WHEN {parse_condition(words).sql()} THEN {self.codes[cell]}")
        return f"CASE {' '.join(cases)} END"


class Cross(Method[CrossParams, CrossModel]):
    id, title, summary, basis = "cross", "Cross", "Segments of several segmentations at once.", Basis.COMBINED
    needs = Needs(segmentations=2)
    Params, Model = CrossParams, CrossModel

    def fit(self, customers: Customers, params: CrossParams, run: Run) -> CrossModel:  # noqa: ARG002
        earlier = [name for name, column in customers.columns.items() if column.role is Role.SEGMENT]
        names = params.columns or tuple(earlier)
        levels = tuple(customers.columns[name].levels for name in names)
        shape = tuple(len(each) for each in levels)
        blank = CrossModel((Segment(0),), Uses(segmentations=names), names, levels, np.zeros(shape, np.int32))
        cells = blank.cells(customers)
        known = np.all([place >= 0 for place in cells], axis=0)
        counts = np.zeros(shape, np.int64)
        np.add.at(counts, tuple(place[known] for place in cells), 1)
        kept = counts >= params.smallest
        codes = np.where(kept, np.cumsum(kept).reshape(shape), 0).astype(np.int32)
        segments = [
            Segment(int(codes[cell]), " · ".join(each[place] for each, place in zip(levels, cell, strict=True)))
            for cell in map(tuple, np.argwhere(kept))
        ]
        return CrossModel((Segment(0, "Small cells"), *segments), blank.uses, names, levels, codes)


# --- tree: CART explains a target or an earlier segmentation ---------------------------------------------------------


class TreeParams(Params):
    target: ColumnName = Field("", description="What to explain; where empty the target, else an earlier segmentation")
    depth: int = Field(3, ge=1, le=10, description="Questions in a row, at most")
    smallest: int = Field(50, ge=1, description="Customers in a leaf, at least")


@dataclass(frozen=True, eq=False)
class TreeModel(Model):
    """A node asks `question` whether it is at most `cut`, and sends to `left` or `right`; a leaf asks -1."""

    question: np.ndarray
    cut: np.ndarray
    left: np.ndarray
    right: np.ndarray
    code: np.ndarray

    def assign(self, customers: Customers) -> pl.Series:
        assert self.uses.scaling is not None
        answers = raw_answers(self.uses.scaling, customers.frame)
        node, row = np.zeros(len(customers), dtype=np.int64), np.arange(len(customers))
        while (asking := self.question[node] >= 0).any():
            answer = answers[row, self.question[node]]
            step = np.where(answer <= self.cut[node], self.left[node], self.right[node])
            node = np.where(asking, np.where(np.isnan(answer), -1, step), node)
        return pl.Series(self.code[node], dtype=pl.Int32).replace(-1, None)

    def sql(self) -> str:
        return (
            f"CASE {' '.join(f'WHEN {parse_condition(one.rule).sql()} THEN {one.code}' for one in self.segments)} END"
        )


def raw_answers(raw: Scaling, frame: pl.DataFrame) -> np.ndarray:
    """One float64 column a number, flag or level; NaN where a level is new."""
    known = [pl.col(one.column).is_null() | pl.col(one.column).is_in(list(one.levels)) for one in raw.features]
    return frame.select(
        (pl.when(old).then(part) if one.levels else part).alias(name)
        for one, old in zip(raw.features, known, strict=True)
        for part, name in zip(one.raw(), one.names, strict=True)
    ).to_numpy()


class Tree(Method[TreeParams, TreeModel]):
    id, title, summary, basis = "tree", "Segmentation tree", "Questions that tell a target apart.", Basis.PREDICTIVE
    needs = Needs(features=1, feature_kinds=(Kind.NUMBER, Kind.FLAG, Kind.CATEGORY), rows=2)
    Params, Model = TreeParams, TreeModel

    def fit(self, customers: Customers, params: TreeParams, run: Run) -> TreeModel:
        from sklearn.tree import DecisionTreeClassifier

        target = params.target or customers.having(Role.TARGET) or customers.having(Role.SEGMENT)
        if target is None or target not in customers.columns:
            raise DataError("There is nothing to explain.", next_step="Name a target or an earlier segmentation.")
        raw = Scaling(
            tuple(
                ScaledFeature(one.column, fill=one.fill, levels=one.levels)
                for one in customers.scaling.features
                if one.column != target
            )
        )
        wanted = customers.frame[target].cast(pl.String)
        answers = np.nan_to_num(raw_answers(raw, customers.frame))[wanted.is_not_null().to_numpy()]
        grower = DecisionTreeClassifier(max_depth=params.depth, min_samples_leaf=params.smallest, random_state=run.seed)
        tree = grower.fit(answers, wanted.drop_nulls().to_numpy()).tree_
        leaf = tree.children_left < 0
        code = np.append(np.where(leaf, np.cumsum(leaf) - 1, -1), -1)
        question = np.append(np.where(leaf, -1, tree.feature), -1)
        rules = leaf_rules(raw, question, tree.threshold, tree.children_left, tree.children_right)
        segments = tuple(Segment(int(code[node]), rule=rule) for node, rule in sorted(rules.items()))
        cut, left, right = (np.append(part, -1) for part in (tree.threshold, tree.children_left, tree.children_right))
        return TreeModel(segments, Uses(scaling=raw), question, cut, left, right, code)


def leaf_rules(
    raw: Scaling, question: np.ndarray, cut: np.ndarray, left: np.ndarray, right: np.ndarray
) -> dict[int, str]:
    """The condition of each leaf, in the language of conditions."""
    asks = [(one, level) for one in raw.features for level in one.levels or ("",)]
    rules: dict[int, str] = {}
    waiting: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        if question[node] < 0:
            rules[node] = " and ".join(path) or "true"
            continue
        feature, level = asks[question[node]]
        name, others = quote_column(feature.column), [quoted(one) for one in feature.levels if one != level]
        number = f"coalesce({name}, {feature.fill!r})"
        no, yes = f"{number} <= {float(cut[node])!r}", f"{number} > {float(cut[node])!r}"
        if feature.levels:
            among = f" or {name} in ({', '.join(others)})" if others else ""
            no, yes = f"({name} is missing{among})", f"{name} = {quoted(level)}"
        waiting += [(int(left[node]), (*path, no)), (int(right[node]), (*path, yes))]
    return rules


# --- lca: latent classes over distinct answer patterns ---------------------------------------------------------------


class LcaParams(Params):
    classes: int = Field(2, ge=1, le=12, description="Number of classes")
    starts: int = Field(10, ge=1, le=200, description="Random starts, of which the likeliest is taken")


@dataclass(frozen=True, eq=False)
class LcaModel(Model):
    """`shares` (classes,) and `answers` (items, classes, levels): probabilities; a level beyond an item's own is 0."""

    items: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    shares: np.ndarray
    answers: np.ndarray
    likelihood: float
    agreed: int

    def patterns(self, customers: Customers) -> np.ndarray:
        """(customers, items) positions of levels, -1 where not answered or unseen."""
        return np.column_stack(
            [level_codes(customers.frame[i], own) for i, own in zip(self.items, self.levels, strict=True)]
        )

    def assign(self, customers: Customers) -> pl.Series:
        patterns = self.patterns(customers)
        likeliest = joint(patterns, self.shares, self.answers).argmax(axis=1)
        return pl.Series(np.where((patterns >= 0).any(axis=1), likeliest, -1), dtype=pl.Int32).replace(-1, None)

    def strengths(self, customers: Customers) -> pl.DataFrame:
        logs = joint(self.patterns(customers), self.shares, self.answers)
        return pl.DataFrame(posterior(logs)[0], schema=[str(one.code) for one in self.segments])

    def explain(self) -> Report:
        agreed = {
            "agreed": Figure("starts that agreed", self.agreed),
            "likelihood": Figure("log-likelihood", self.likelihood),
        }
        blocks: list[Block] = [Text("The log-likelihood is {likelihood}; {agreed} starts came to it.", agreed)]
        classes = Axis(tuple(f"class {one.code}" for one in self.segments))
        for item, own, table in zip(self.items, self.levels, self.answers, strict=True):
            values = tuple(tuple(row) for row in table[:, : len(own)].tolist())
            blocks.append(Grid(classes, Axis(own), values, additive=Additive.ROWS, title=item))
        return Report("Latent classes", tuple(blocks))


def joint(patterns: np.ndarray, shares: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """log P(class and answers), (rows, classes), summed item by item: a row's result is its own. Unanswered is 1."""
    logs = np.log(np.maximum(answers, 1e-300))
    total = np.tile(np.log(np.maximum(shares, 1e-300)), (len(patterns), 1))
    for item, places in enumerate(patterns.T):
        total += np.where(places[:, None] >= 0, logs[item][:, places].T, 0.0)
    return total


def posterior(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(class given answers), and log P(answers)."""
    highest = logs.max(axis=1, keepdims=True)
    parts = np.exp(logs - highest)
    whole = parts.sum(axis=1, keepdims=True)
    return parts / whole, (highest + np.log(whole))[:, 0]


class Lca(Method[LcaParams, LcaModel]):
    id, title, summary, basis = "lca", "Latent classes", "Classes behind answers.", Basis.SURVEY
    needs = Needs(features=2, feature_kinds=(Kind.CATEGORY, Kind.FLAG))
    Params, Model = LcaParams, LcaModel

    def fit(self, customers: Customers, params: LcaParams, run: Run) -> LcaModel:
        items = tuple(name for name in customers.features if customers.columns[name].kind in self.needs.feature_kinds)
        own = tuple(tuple(customers.frame[i].cast(pl.String).drop_nulls().unique().sort().to_list()) for i in items)
        blank = LcaModel((), Uses(columns=items), items, own, np.empty(0), np.empty((0, 0, 0)), -math.inf, 0)
        patterns, counts = np.unique(blank.patterns(customers), axis=0, return_counts=True)
        random, found = np.random.default_rng(run.seed), []
        for start in range(params.starts):
            part = PartOfRun(run, start / params.starts, (start + 1) / params.starts)
            found.append(self._climb(patterns, counts, params.classes, own, random, part))
        likelihood, shares, answers = max(found, key=lambda one: one[0])
        agreed = sum(one[0] > likelihood - 1e-4 for one in found)
        order = np.argsort(-shares, kind="stable")
        segments = tuple(Segment(code) for code in range(params.classes))
        return LcaModel(segments, blank.uses, items, own, shares[order], answers[:, order], likelihood, agreed)

    def _climb(
        self,
        patterns: np.ndarray,
        counts: np.ndarray,
        classes: int,
        own: tuple[tuple[str, ...], ...],
        random: np.random.Generator,
        run: Run,
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """EM over the distinct patterns, each with its count."""
        width = max(map(len, own))
        shares, before = np.full(classes, 1 / classes), -math.inf
        answers = random.random((len(own), classes, width)) * [[np.arange(width) < len(each)] for each in own]
        answers /= answers.sum(axis=2, keepdims=True)
        for turn in range(5_000):
            run.progress(turn / 5_000, "likeliest classes")
            strengths, logs = posterior(joint(patterns, shares, answers))
            likelihood = float(counts @ logs)
            if likelihood - before < 1e-10:
                break
            before, weights = likelihood, strengths * counts[:, None]
            shares = weights.sum(axis=0) / counts.sum()
            for item, places in enumerate(patterns.T):
                for level in range(len(own[item])):
                    answers[item, :, level] = weights[places == level].sum(axis=0)
            answers /= np.maximum(answers.sum(axis=2, keepdims=True), 1e-300)
        return likelihood, shares, answers


# --- geography: bands of the distance to the nearest site ------------------------------------------------------------


class GeographyParams(Params):
    bands: tuple[float, ...] = Field(
        (5.0, 20.0), min_length=1, description="Kilometres at which a band ends, ascending"
    )


@dataclass(frozen=True, eq=False)
class GeographyModel(Model):
    """`sites` is (sites, 2): latitude and longitude in degrees."""

    ordered: ClassVar[bool] = True
    sites: np.ndarray
    bands: tuple[float, ...]

    def assign(self, customers: Customers) -> pl.Series:
        latitude, longitude = (customers.frame[name].cast(pl.Float64).to_numpy() for name in self.uses.columns)
        nearest = np.full(len(customers), np.inf)
        for site in self.sites:
            nearest = np.minimum(nearest, kilometres(latitude, longitude, *site))
        codes = np.searchsorted(self.bands, nearest, side="right")
        return pl.Series(np.where(np.isfinite(nearest), codes, -1), dtype=pl.Int32).replace(-1, None)


def kilometres(latitude: np.ndarray, longitude: np.ndarray, to_latitude: float, to_longitude: float) -> np.ndarray:
    """Great-circle distances (haversine); NaN where a coordinate is missing or off the globe."""
    north, east = np.radians(latitude), np.radians(longitude)
    to_north, to_east = np.radians(to_latitude), np.radians(to_longitude)
    half = np.sin((to_north - north) / 2) ** 2 + np.cos(north) * np.cos(to_north) * np.sin((to_east - east) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.where((np.abs(latitude) <= 90) & (np.abs(longitude) <= 180), distance, np.nan)


class Geography(Method[GeographyParams, GeographyModel]):
    id, title, summary, basis = "geography", "Distance bands", "How far the nearest site is.", Basis.GEOGRAPHY
    needs = Needs(roles=(Role.LATITUDE, Role.LONGITUDE), tables=("sites",))
    Params, Model = GeographyParams, GeographyModel

    def fit(self, customers: Customers, params: GeographyParams, run: Run) -> GeographyModel:  # noqa: ARG002
        table, roles = customers.tables["sites"], (Role.LATITUDE, Role.LONGITUDE)
        places = tuple(name for role in roles if (name := table.having(role)))
        if len(places) < 2:
            raise NeedsError("The sites have no coordinates.", next_step="Give two columns of sites these roles.")
        sites = table.frame.select(pl.col(places).cast(pl.Float64)).drop_nulls().unique().sort(places).collect()
        if not sites.height:
            raise DataError("No site has coordinates.", next_step="Fill them in.")
        names = [f"under {band:g} km" for band in params.bands]
        segments = (*(Segment(code, name) for code, name in enumerate(names)), Segment(len(names), "farther"))
        columns = tuple(name for role in roles if (name := customers.having(role)))
        return GeographyModel(segments, Uses(columns=columns), sites.to_numpy(), params.bands)


# --- drift: the same customers' columns and segments, then and now ---------------------------------------------------


class DriftParams(Params):
    groups: int = Field(10, ge=2, le=50, description="Groups of a number, of equal size in the baseline")
    warn: float = Field(0.1, ge=0, description="Index from which a change is worth a look")
    fail: float = Field(0.25, ge=0, description="Index from which a change is large")


class Drift(Analysis[DriftParams]):
    id, title, summary = "drift", "Drift", "What has moved since the baseline."
    needs = Needs(features=1)
    segmentations = (0, None)
    Params = DriftParams

    def report(self, view: View, params: DriftParams, run: Run) -> Report:
        if view.baseline is None:
            raise NeedsError("There is no baseline.", next_step="Choose earlier customers to compare with.")
        before, now = view.baseline.customers, view.customers
        pairs = {}
        for done, name in enumerate(now.features):
            run.progress(done / len(now.features), "comparing features")
            pairs[name] = grouped(before.frame[name], now.frame[name], params.groups)
        earlier = {one.id: one for one in view.baseline.segmentations}
        for one in view.segmentations:
            if one.id in earlier:
                codes = [str(segment.code) for segment in one.segments]
                sides = (earlier[one.id].labels, one.labels)
                first, second = (np.bincount(level_codes(side, codes) + 1, minlength=len(codes) + 1) for side in sides)
                pairs[f"segments of {one.id}"] = (first, second)
        found = {name: population_stability_index(*pair) for name, pair in pairs.items()}
        counts = tuple((int(min(first.sum(), second.sum())),) for first, second in pairs.values())
        table = Grid(
            Axis(tuple(found)), Axis(("stability index",), decimals=(3,)), tuple((v,) for v in found.values()), counts
        )
        return Report("What has moved", (*(self._verdict(name, psi, params) for name, psi in found.items()), table))

    def _verdict(self, name: str, psi: float, params: DriftParams) -> Verdict:
        outcome = Outcome.FAIL if psi >= params.fail else Outcome.WARN if psi >= params.warn else Outcome.PASS
        words = {Outcome.FAIL: "moved far", Outcome.WARN: "moved", Outcome.PASS: "stayed much the same"}[outcome]
        figures = {"name": Figure("what", name), "psi": Figure("stability index", psi, decimals=3)}
        return Verdict(outcome, Text(f"{{name}} {words}: the index is {{psi}}.", figures))


def grouped(before: pl.Series, now: pl.Series, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers by group on both sides, the first group those without a value."""
    if before.dtype.is_numeric():
        known = before.cast(pl.Float64).drop_nulls().to_numpy()
        cuts = np.unique(np.quantile(known, np.arange(1, groups) / groups)) if len(known) else known
        parts = [np.searchsorted(cuts, side.cast(pl.Float64).drop_nulls().to_numpy()) + 1 for side in (before, now)]
        places = [
            np.concatenate([part, np.zeros(s.null_count(), int)]) for part, s in zip(parts, (before, now), strict=True)
        ]
    else:
        levels = pl.concat([before.cast(pl.String), now.cast(pl.String)]).drop_nulls().unique().sort().to_list()
        places = [level_codes(side, levels) + 1 for side in (before, now)]
    width = 1 + max(int(place.max(initial=0)) for place in places)
    return np.bincount(places[0], minlength=width), np.bincount(places[1], minlength=width)


# --- A/B: two proportions, without a segmentation --------------------------------------------------------------------


class AbParams(Params):
    outcome: ColumnName = Field("", description="Yes or no; the target where empty")
    alpha: float = Field(0.05, gt=0, lt=1, description="Chance of an error that is accepted")


class AbTest(Analysis[AbParams]):
    id, title, summary = "ab_test", "A/B test", "Whether two groups answered differently."
    needs = Needs(roles=(Role.TREATMENT, Role.TARGET))
    segmentations = (0, 0)
    Params = AbParams

    def report(self, view: View, params: AbParams, run: Run) -> Report:  # noqa: ARG002
        arm, outcome = view.customers.having(Role.TREATMENT), params.outcome or view.customers.having(Role.TARGET)
        assert arm is not None
        assert outcome is not None
        known = view.customers.frame.select(
            pl.col(arm).cast(pl.String).alias("arm"), pl.col(outcome).alias("yes")
        ).drop_nulls()
        if known["yes"].dtype != pl.Boolean:
            raise DataError("The outcome is not a flag.", next_step="Set its kind to flag.")
        arms = known.group_by("arm").agg(pl.len().alias("all"), pl.col("yes").sum()).sort("arm")
        if arms.height != 2:
            raise DataError("A test has two arms.", next_step="Keep the rows of two arms.")
        (n1, n2), (x1, x2) = arms["all"].to_list(), arms["yes"].to_list()
        pooled = (x1 + x2) / (n1 + n2)
        error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        if error == 0:
            raise DataError("Everybody answered the same.", next_step="Choose another outcome.")
        z = (x1 / n1 - x2 / n2) / error
        p = math.erfc(abs(z) / math.sqrt(2))
        shares = tuple((n, x, 100 * x / n) for n, x in ((n1, x1), (n2, x2)))
        table = Grid(
            Axis(tuple(arms["arm"])),
            Axis(("customers", "yes", "share"), units=("", "", "%"), decimals=(0, 0, 1)),
            shares,
            counts=((n1, x1, x1), (n2, x2, x2)),
        )
        figures = {"p": Figure("p", p, decimals=4, customers=n1 + n2), "alpha": Figure("accepted error", params.alpha)}
        words = "differ more than chance allows" if p < params.alpha else "may differ by chance alone"
        verdict = Verdict(
            Outcome.PASS if p < params.alpha else Outcome.WARN,
            Text(f"The arms {words}: {{p}} against {{alpha}}.", figures),
        )
        return Report(
            "Two proportions", (verdict, table, Figures((Figure("z", z, decimals=4, customers=n1 + n2), figures["p"])))
        )


# --- stability: the same method on bootstrap rows --------------------------------------------------------------------


class StabilityParams(Params):
    resamples: int = Field(10, ge=1, le=500, description="How often customers are drawn again")
    stable: float = Field(0.75, ge=0, le=1, description="Likeness from which a segment counts as stable")


class Stability(Analysis[StabilityParams]):
    id, title, summary = "stability", "Stability", "Whether other customers would give the same segments."
    needs = Needs(rows=10)
    segmentations = (1, 1)
    Params = StabilityParams

    def report(self, view: View, params: StabilityParams, run: Run) -> Report:
        (looked,), size = view.segmentations, len(view.customers)
        random, agreement = np.random.default_rng(run.seed), []
        likeness: dict[int, list[float]] = {one.code: [] for one in looked.segments if one.size}
        flow = None
        for turn in range(params.resamples):
            part = PartOfRun(run, turn / params.resamples, (turn + 1) / params.resamples)
            rows = random.integers(0, size, size)
            labels = view.refit(looked, rows, run.seed + turn, part).assign(view.customers)
            agreement.append(adjusted_rand(looked.labels, labels))
            for code, found in jaccard_by_segment(looked.labels, labels).items():
                likeness[code].append(found)
            flow = flow or contingency(looked.labels, labels)
        assert flow is not None
        shown = [one for one in looked.segments if one.size]
        means = [float(np.mean(likeness[one.code])) for one in shown]
        weak = [one.name for one, mean in zip(shown, means, strict=True) if mean < params.stable]
        words = (
            "Stable: all segments come back."
            if not weak
            else "Not stable: {weak} dissolve when customers are drawn again."
        )
        verdict = Verdict(
            Outcome.WARN if weak else Outcome.PASS, Text(words, {"weak": Figure("weak", join_words(weak))})
        )
        names = {one.code: one.name for one in looked.segments}
        moved = Flow(
            tuple(names[code] for code in flow.rows),
            tuple(f"refit {code}" for code in flow.columns),
            tuple(tuple(row) for row in flow.table.tolist()),
        )
        bars = Bars(
            tuple(names[one.code] for one in shown), tuple(means), tuple(one.size for one in shown), title="Likeness"
        )
        rand = Figure("mean adjusted Rand", float(np.mean(agreement)), decimals=3, customers=size)
        return Report("Stability", (verdict, Figures((rand,)), bars, moved))
