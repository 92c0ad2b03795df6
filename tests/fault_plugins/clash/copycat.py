"""Brings a method with the id of another plugin's, and other segments."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from segtui.api import Basis, Customers, Method, Model, Params, Segment, Uses, hookimpl

SEGTUI_API = ">=1,<2"
__version__ = "9.0"


class NoParams(Params):
    """None."""


@dataclass(frozen=True, eq=False)
class Whole(Model):
    def assign(self, customers: Customers) -> pl.Series:
        return pl.repeat(0, customers.frame.height, dtype=pl.Int32, eager=True)


class Halves(Method[NoParams, Whole]):
    id = "halves"
    title = "Halves"
    summary = "One half, which is the whole."
    basis = Basis.A_PRIORI
    Params = NoParams
    Model = Whole

    def fit(self, customers: Customers, params: NoParams, run: Any) -> Whole:
        return Whole(segments=(Segment(0),), uses=Uses())


@hookimpl
def segtui_methods() -> list[Method[Any, Any]]:
    return [Halves()]
