"""What the faulty methods share: everything but the fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from segtui.api import Basis, Customers, Method, Model, Params


class NoParams(Params):
    """None."""


@dataclass(frozen=True, eq=False)
class OneSegment(Model):
    """Everyone in one segment."""

    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series([0] * customers.frame.height, dtype=pl.Int32)


class FaultyMethod(Method[Any, Any]):
    title = "A fault"
    summary = "Does one thing wrong."
    basis = Basis.A_PRIORI
    Params = NoParams
    Model = OneSegment
