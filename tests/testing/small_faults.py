"""A method that keeps every rule, and others like it that each break one."""

from __future__ import annotations

import contextlib
import socket
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from segtui.api import Basis, Cancelled, Customers, DataError, Kind, Method, Model, Needs, Params, Role, Segment, Uses


class HalvesParams(Params):
    k: int = Field(2, ge=2, le=9, description="Segments")
    share: float = Field(0.5, gt=0, lt=1, description="Share in the first")


@dataclass(frozen=True, eq=False)
class HalvesModel(Model):
    ordered: ClassVar[bool] = True

    column: str
    cut: float

    def assign(self, customers: Customers) -> pl.Series:
        return (customers.frame[self.column].cast(pl.Float64) > self.cut).cast(pl.Int32)

    def sql(self) -> str | None:
        name = '"' + self.column.replace('"', '""') + '"'
        return f"CASE WHEN {name} > {self.cut!r} THEN 1 WHEN {name} <= {self.cut!r} THEN 0 END"


class Halves(Method[Any, Any]):
    id = "halves"
    title = "Halves"
    summary = "Low and high."
    basis = Basis.A_PRIORI
    needs = Needs(roles=(Role.MONETARY,), features=1, feature_kinds=(Kind.NUMBER,))
    Params = HalvesParams
    Model: ClassVar[type[Any]] = HalvesModel

    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        run.progress(0.5, "halving")
        column = customers.having(Role.MONETARY)
        assert column is not None
        cut = customers.frame[column].cast(pl.Float64).quantile(params.share)
        if cut is None:
            raise DataError("There are no amounts.", next_step="Choose another column.")
        segments = (Segment(0, "low"), Segment(1, "high"))
        return self.Model(segments=segments, uses=Uses(columns=(column,)), column=column, cut=cut)


class Prints(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        print("hello")
        return super().fit(customers, params, run)


class Warns(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        warnings.warn("hello", stacklevel=1)
        return super().fit(customers, params, run)


class Mutates(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        model = super().fit(customers, params, run)
        customers.frame[0, "monetary"] = 1e6
        return model


class OrderDependent(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        model = super().fit(customers, params, run)
        return replace(model, cut=float(customers.frame[model.column][0]))


class NotDeterministic(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        drawn = float(np.random.default_rng().choice(customers.frame["monetary"].to_numpy()))
        return replace(super().fit(customers, params, run), cut=drawn)


class SwallowsAndReturns(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        try:
            return super().fit(customers, params, run)
        except Cancelled:
            from segtui.api import QuietRun

            return super().fit(customers, params, QuietRun())


class SwallowsAndGoesOn(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        while True:
            try:
                return super().fit(customers, params, run)
            except Exception:
                continue


class NeverReports(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        from segtui.api import QuietRun

        return super().fit(customers, params, QuietRun(run.seed))


class Connects(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        with contextlib.suppress(OSError):
            socket.create_connection(("192.0.2.1", 80), timeout=0.1)
        return super().fit(customers, params, run)


class FailsAtABound(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        if params.k == 9:
            raise ZeroDivisionError
        return super().fit(customers, params, run)


class FailsForOneRow(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        assert len(customers) > 1
        return super().fit(customers, params, run)


class FailsForOneFeature(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        assert len(customers.features) > 1
        return super().fit(customers, params, run)


class FailsForManySegments(Halves):
    class Params(Params):
        k: int = Field(2, ge=2, description="Segments")
        share: float = Field(0.5, gt=0, lt=1, description="Share in the first")

    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        assert params.k <= len(customers)
        return super().fit(customers, params, run)


class FailsForAConstant(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        if len(customers) > 1:
            assert customers.frame["monetary"].n_unique() > 1
        return super().fit(customers, params, run)


class FailsForNames(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        for name in customers.columns:
            name.encode("ascii")
        return super().fit(customers, params, run)


class LabelsByPosition(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            return pl.Series([row % 2 for row in range(len(customers))], dtype=pl.Int32)

        def sql(self) -> None:
            return None


class LabelsByRank(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            values = customers.frame[self.column].cast(pl.Float64)
            return (values > (values.median() or 0.0)).cast(pl.Int32)  # type: ignore[operator]

        def sql(self) -> None:
            return None


class FailsForNulls(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            assert not customers.frame[self.column].null_count()
            return super().assign(customers)

        def sql(self) -> None:
            return None


class FailsForNewValues(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            assert (customers.frame[self.column].drop_nulls() > 0).all()
            return super().assign(customers)


class FailsForLevels(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            assert "a level never seen" not in customers.frame["region"]
            return super().assign(customers)

    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        model = super().fit(customers, params, run)
        region = customers.of_kind(Kind.CATEGORY)[0]
        return replace(model, uses=Uses(columns=(model.column, region)))


class OtherSql(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def sql(self) -> str:
            return "CASE WHEN monetary >= 50 THEN 1 ELSE 0 END"


class NotPlainData(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        rule: Any = None

        def sql(self) -> None:
            return None

    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        return replace(super().fit(customers, params, run), rule=lambda: None)


class WrongType(Halves):
    @dataclass(frozen=True, eq=False)
    class Model(HalvesModel):
        def assign(self, customers: Customers) -> pl.Series:
            return super().assign(customers).cast(pl.Int64)


class Writes(Halves):
    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        with (Path(__file__).parent / "written_by_a_fault").open("w") as file:
            file.write("customers")
        Path(file.name).unlink()
        return super().fit(customers, params, run)


class LeavesAFile(Halves):
    """Below Python, into the folder it works in."""

    def fit(self, customers: Customers, params: Any, run: Any) -> Any:
        customers.frame.write_csv("left_by_a_fault.csv")
        return super().fit(customers, params, run)
