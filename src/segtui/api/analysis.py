"""The contract of an analysis: it looks at segmentations and says what it found, as a Report."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

import numpy as np

from segtui.api.customers import Customers
from segtui.api.method import Model, Needs, P
from segtui.api.report import Report
from segtui.api.run import Run
from segtui.api.segmentation import Segmentation

Refit = Callable[[Segmentation, np.ndarray, int, Run], Model]
"""Fits a segmentation's method, with `segmentation.params`, again: (segmentation, positions of customers, seed, run)
-> Model. Positions may repeat, as in a bootstrap: each one drawn is a customer of its own."""


@dataclass(frozen=True, eq=False)
class View:
    """What an analysis looks at. `segmentations` may be empty (A/B tests, KPIs); `baseline` is the earlier state for
    drift and migration, None elsewhere; `refit` fits a segmentation's method on some rows again (stability)."""

    customers: Customers
    segmentations: tuple[Segmentation, ...]
    refit: Refit
    baseline: View | None = None


class Analysis(ABC, Generic[P]):
    """A way to look at segmentations. Class attributes as of a Method.

    `segmentations` says how many it looks at, at least and at most; `baseline` whether it needs an earlier state.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    needs: ClassVar[Needs] = Needs()
    segmentations: ClassVar[tuple[int, int | None]] = (1, None)
    baseline: ClassVar[bool] = False
    Params: ClassVar[type[Any]]

    @abstractmethod
    def report(self, view: View, params: P, run: Run) -> Report:
        """Say what was found. Raises `NeedsError` where something is missing."""
