"""Small methods for the tests of this room: two honest ones, and one that breaks the rule its parameter names."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from segtui.api import (
    Basis,
    Column,
    Customers,
    Kind,
    Method,
    Model,
    Needs,
    Params,
    Role,
    Run,
    ScaledFeature,
    Scaling,
    Segment,
    Uses,
)

PLUGIN = "small-methods:small_methods:1.0"


class CutParams(Params):
    column: str = "monetary"
    cuts: tuple[float, ...] = (100.0,)


@dataclass(frozen=True, eq=False)
class Cut(Model):
    column: str
    cuts: np.ndarray

    def assign(self, customers: Customers) -> pl.Series:
        values = customers.frame[self.column].cast(pl.Float64)
        codes = np.searchsorted(self.cuts, values.fill_null(0.0).to_numpy(), side="right")
        return pl.Series(codes, dtype=pl.Int32).set(values.is_null(), None)

    def sql(self) -> str | None:
        return f"CASE WHEN {self.column} IS NULL THEN NULL ELSE 0 END"


class Cutting(Method[CutParams, Cut]):
    """Cuts one number at given points; null is unassigned."""

    id, title, summary, basis, revision = "cutting", "Cutting", "Cuts one number.", Basis.A_PRIORI, 3
    needs = Needs(kinds={Kind.NUMBER: 1})
    Params, Model = CutParams, Cut

    def fit(self, customers: Customers, params: CutParams, run: Run) -> Cut:  # noqa: ARG002
        run.progress(0.5, "cutting")
        codes = range(len(params.cuts) + 1)
        segments = tuple(Segment(code, rule=f"between cut {code} and {code + 1}") for code in codes)
        return Cut(segments, Uses(columns=(params.column,)), params.column, np.array(params.cuts))


class NearestParams(Params):
    count: int = 2


@dataclass(frozen=True, eq=False)
class Nearest(Model):
    centres: np.ndarray

    def _distances(self, customers: Customers) -> np.ndarray:
        assert self.uses.scaling is not None
        matrix = self.uses.scaling.matrix(customers.frame).astype(np.float64)
        return np.asarray(((matrix[:, None, :] - self.centres[None]) ** 2).sum(axis=2))

    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series(self._distances(customers).argmin(axis=1), dtype=pl.Int32)

    def strengths(self, customers: Customers) -> pl.DataFrame | None:
        near = np.exp(-self._distances(customers).clip(0, 50))
        return pl.DataFrame(near / near.sum(axis=1, keepdims=True))


class NearestCentre(Method[NearestParams, Nearest]):
    """Divides by the nearest of a few spread-out customers, on the scaled features."""

    id, title, summary, basis = "nearest", "Nearest centre", "Nearest of a few.", Basis.CLUSTERS
    needs = Needs(rows=2, features=1)
    Params, Model = NearestParams, Nearest

    def fit(self, customers: Customers, params: NearestParams, run: Run) -> Nearest:  # noqa: ARG002
        order = np.argsort(customers.matrix[:, 0], kind="stable")
        picked = order[np.linspace(0, len(order) - 1, params.count).astype(int)]
        segments = tuple(Segment(code) for code in range(params.count))
        centres = np.round(customers.matrix[picked].astype(np.float64), 3)
        return Nearest(segments, Uses(scaling=customers.scaling), centres)


class FaultParams(Params):
    fault: str = ""


@dataclass(frozen=True, eq=False)
class Faulty(Model):
    fault: str
    extra: Any = None
    memory: Mapping[str, float] = field(default_factory=dict)

    def assign(self, customers: Customers) -> Any:
        values = customers.frame["monetary"].fill_null(0.0)
        fair = (values > 100).cast(pl.Int32)
        if self.fault == "assign reads another column":
            return (fair + (customers.frame["frequency"] >= 0).cast(pl.Int32) - 1).cast(pl.Int32)
        if self.fault == "assign peeks at another column":
            peek = "frequency" in customers.frame.columns
            return fair if peek else 1 - fair
        if self.fault == "mutates in assign":
            customers.frame.insert_column(0, pl.Series("new", range(len(customers))))
        answers: dict[str, Any] = {
            "wrong length": fair.head(len(fair) - 1),
            "numpy labels": fair.to_numpy(),
            "float labels": fair.cast(pl.Float64),
            "NaN labels": pl.Series([float("nan")] * len(fair)),
            "Int64 labels": fair.cast(pl.Int64),
            "text labels": fair.cast(pl.String),
            "no labels": None,
            "unknown code": (fair + 7).cast(pl.Int32),
            "all null": pl.Series([None] * len(fair), dtype=pl.Int32),
            "all one label": fair * 0,
            "reversed": fair.reverse(),
            "ranks": (values.rank("ordinal") > len(values) / 2).cast(pl.Int32),
            "matrix of the customers": pl.Series(customers.matrix[:, 0] > 0).cast(pl.Int32)
            if self.fault == "matrix of the customers" and customers.features
            else fair * 0,
        }
        if self.fault == "fails in assign":
            raise ValueError("CANARY")
        if self.fault == "random":
            return pl.Series(np.random.default_rng(time.perf_counter_ns()).integers(0, 2, len(fair)), dtype=pl.Int32)
        if self.fault == "forgets when saved":
            return fair if hasattr(self, "unsaved") else 1 - fair
        return answers.get(self.fault, fair)

    def strengths(self, customers: Customers) -> Any:
        rows = len(customers)
        answers: dict[str, Any] = {
            "strengths of one column": pl.DataFrame({"a": [1.0] * rows}),
            "strengths that sum to two": pl.DataFrame({"a": [1.0] * rows, "b": [1.0] * rows}),
            "strengths not finite": pl.DataFrame({"a": [float("nan")] * rows, "b": [1.0] * rows}),
            "negative strengths": pl.DataFrame({"a": [-1.0] * rows, "b": [2.0] * rows}),
            "strengths of ints": pl.DataFrame({"a": [1] * rows, "b": [0] * rows}),
            "strengths as an array": np.ones((rows, 2)),
        }
        return answers.get(self.fault)

    def sql(self) -> Any:
        return {"sql is a number": 5, "sql is empty": " "}.get(self.fault)

    def explain(self) -> Any:
        return "a text" if self.fault == "explain is a text" else None


class FaultyMethod(Method[FaultParams, Faulty]):
    """Breaks the rule that its parameter names."""

    id, title, summary, basis = "faulty", "Faulty", "Breaks a rule.", Basis.CLUSTERS
    Params, Model = FaultParams, Faulty

    def fit(self, customers: Customers, params: FaultParams, run: Run) -> Any:  # noqa: ARG002
        fault = params.fault
        if fault == "exits":
            raise SystemExit(0)
        if fault == "fails":
            raise ValueError("CANARY")
        if fault == "memory":
            raise MemoryError
        if fault == "mutates":
            customers.frame.replace_column(1, customers.frame["monetary"] + 1)
        if fault == "mutates a mapping":
            customers.columns.clear()  # type: ignore[attr-defined]
        if fault == "returns a dict":
            return {"segments": ()}
        if fault == "another model":
            return Cut((Segment(0),), Uses(columns=("monetary",)), "monetary", np.array([1.0]))
        several = (Segment(0), Segment(1))
        segments: dict[str, Any] = {
            "list of segments": list(several),
            "no segments": (),
            "a million segments": (Segment(0),) * (1_000_000 if fault == "a million segments" else 0),
            "twice the same code": (Segment(0), Segment(0)),
            "negative code": (Segment(-1), Segment(1)),
            "float code": (Segment(0.0), Segment(1)),  # type: ignore[arg-type]
            "flag code": (Segment(False), Segment(1)),
            "huge code": (Segment(2**31), Segment(1)),
            "name is a number": (Segment(0, 5), Segment(1)),  # type: ignore[arg-type]
            "endless name": (Segment(0, "x" * 10_000), Segment(1)),
            "segments of text": ("a", "b"),
        }
        uses: dict[str, Any] = {
            "uses is a tuple": ("monetary",),
            "uses a column that is not there": Uses(columns=("monetary", "absent")),
            "uses a table that is not there": Uses(columns=("monetary",), tables=("absent",)),
            "uses a list": Uses(columns=["monetary"]),  # type: ignore[arg-type]
            "scaling of an absent column": Uses(columns=("monetary",), scaling=Scaling((ScaledFeature("absent"),))),
        }
        ids = customers.frame["customer"]
        extra: dict[str, Any] = {
            "keeps rows in an array": customers.frame["monetary"].fill_null(0.0).to_numpy(),
            "keeps rows in a tuple": tuple(customers.frame["monetary"].to_list()),
            "keeps rows in a frame": customers.frame.select("monetary"),
            "keeps rows deep down": {"a": ({"b": customers.frame["monetary"].fill_null(0.0).to_numpy()},)},
            "keeps an id": (ids[3],),
            "keeps ids as keys": {ids[5]: 1.0},
            "keeps ids in a series": ids.head(5),
            "holds a function": print,
            "holds an object": object(),
        }
        used = uses.get(fault, Uses(columns=("monetary",)))
        model = Faulty(segments.get(fault, several), used, fault, extra.get(fault))
        object.__setattr__(model, "unsaved", True)
        return model


def some_customers(rows: int = 400, seed: int = 0) -> Customers:
    """Two planted groups: one in five spends much, often and of late, mostly online."""
    random = np.random.default_rng(seed)
    rich = random.random(rows) < 0.2
    frame = pl.DataFrame(
        {
            "customer": [f"C{number:05d}" for number in range(rows)],
            "monetary": np.where(rich, random.normal(500, 30, rows), random.normal(50, 10, rows)).round(2),
            "frequency": np.where(rich, 20, 2) + random.integers(0, 3, rows),
            "recency": np.where(rich, 10, 200) + random.integers(0, 9, rows),
            "online_share": np.where(rich, 0.9, 0.05),
            "yummy": pl.Series(rich),
            "contract": pl.Series(np.where(rich, "two years", "monthly")),
            "note": ["free text"] * rows,
        }
    )
    columns = {
        "customer": Column("customer", Kind.IDENTIFIER, Role.CUSTOMER),
        "monetary": Column("monetary", Kind.NUMBER, Role.MONETARY, unit="EUR"),
        "frequency": Column("frequency", Kind.NUMBER, Role.FREQUENCY),
        "recency": Column("recency", Kind.NUMBER, Role.RECENCY, unit="days"),
        "online_share": Column("online_share", Kind.NUMBER),
        "yummy": Column("yummy", Kind.FLAG),
        "contract": Column("contract", Kind.CATEGORY, levels=("monthly", "two years")),
        "note": Column("note", Kind.TEXT),
    }
    features = ("monetary", "recency", "contract")
    scaling = Scaling(
        (
            ScaledFeature("monetary", fill=50.0, centre=(140.0,), spread=(180.0,)),
            ScaledFeature("recency", fill=200.0, centre=(160.0,), spread=(80.0,)),
            ScaledFeature("contract", centre=(0.8, 0.2), spread=(0.4, 0.4), levels=("monthly", "two years")),
        )
    )
    return Customers(frame, "customer", columns, features, scaling)
