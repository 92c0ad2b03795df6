"""Brings a method with the id of another plugin's."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import Field

from segtui.api import (
    Analysis,
    Basis,
    CheckedFile,
    CountOrRange,
    Customers,
    Exporter,
    Kind,
    Method,
    Model,
    Needs,
    Params,
    Reader,
    Report,
    Role,
    Segment,
    Table,
    Uses,
    hookimpl,
)

SEGTUI_API = ">=1,<2"
__version__ = "9.0"


class HalvesParams(Params):
    """How to halve."""

    share: float = Field(0.5, ge=0, le=1, description="Share of the first half.")
    how: Literal["first", "last"] = Field("first", description="Which half comes first.")
    k: CountOrRange = Field(CountOrRange(2, 4), description="Not used.")


@dataclass(frozen=True, eq=False)
class HalvesModel(Model):
    cut: float = 0.0
    ordered = True

    def assign(self, customers: Customers) -> pl.Series:
        return customers.frame.select((pl.col("amount") > self.cut).cast(pl.Int32)).to_series()


class Halves(Method[HalvesParams, HalvesModel]):
    id = "halves"
    title = "Halves"
    summary = "Two halves by amount."
    basis = Basis.A_PRIORI
    revision = 3
    needs = Needs(roles=(Role.MONETARY,), kinds={Kind.NUMBER: 1}, rows=2)
    Params = HalvesParams
    Model = HalvesModel

    def fit(self, customers: Customers, params: HalvesParams, run: Any) -> HalvesModel:
        return HalvesModel(segments=(Segment(0), Segment(1)), uses=Uses(columns=("amount",)), cut=params.share)


class Look(Analysis[Any]):
    id = "look"
    title = "Look"
    summary = "Looks."
    segmentations = (0, 2)
    Params = HalvesParams

    def report(self, view: Any, params: Any, run: Any) -> Report:
        return Report("Look", ())


class Lines(Reader[Any]):
    id = "lines"
    title = "Lines"
    suffixes = (".lines",)
    magic = (b"\x00LINES",)
    Params = HalvesParams

    def tables(self, file: CheckedFile) -> Sequence[str]:
        return ("lines",)

    def read(self, file: CheckedFile, table: str, params: Any, run: Any) -> Table:
        raise NotImplementedError


class Nowhere(Exporter[Any]):
    id = "nowhere"
    title = "Nowhere"
    summary = "Writes nothing."
    Params = HalvesParams

    def write(self, delivery: Any, folder: Path, params: Any, run: Any) -> tuple[Path, ...]:
        return ()


@hookimpl
def segtui_methods() -> list[Method[Any, Any]]:
    return [Halves()]


@hookimpl
def segtui_analyses() -> list[Analysis[Any]]:
    return [Look()]


@hookimpl
def segtui_readers() -> list[Reader[Any]]:
    return [Lines()]


@hookimpl
def segtui_exporters() -> list[Exporter[Any]]:
    return [Nowhere()]
