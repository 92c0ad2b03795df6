"""Rows of customers in a model are found by a length that follows their number, and not by one that equals it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from small_methods import PLUGIN, Cut, CutParams, Cutting, some_customers

from segtui.api import ContractError, Customers, DataError, QuietRun, Run
from segtui.segment.fit import fit


@dataclass(frozen=True, eq=False)
class WithSites(Cut):
    sites: np.ndarray


class Sites(Cutting):
    """As many sites as there are customers, by chance."""

    Model = WithSites

    def __init__(self) -> None:
        self.fits = 0

    def fit(self, customers: Customers, params: CutParams, run: Run) -> Any:
        self.fits += 1
        model = super().fit(customers, params, run)
        return WithSites(model.segments, model.uses, model.column, model.cuts, self.sites(len(customers)))

    def sites(self, _customers: int) -> np.ndarray:
        return np.zeros((400, 2))


class FewerSites(Sites):
    def sites(self, _customers: int) -> np.ndarray:
        return np.zeros((399, 2))


class Rows(Sites):
    def sites(self, customers: int) -> np.ndarray:
        return np.zeros((2, customers))


class RefusesFewer(Sites):
    def fit(self, customers: Customers, params: CutParams, run: Run) -> Any:
        if len(customers) < 400:
            raise DataError("These are too few.", next_step="Add some.")
        return super().fit(customers, params, run)


@pytest.mark.parametrize(("method", "fits"), [(Sites(), 2), (FewerSites(), 1)])
def test_a_length_that_equals_the_number_of_customers_by_chance_is_no_fault(method: Sites, fits: int) -> None:
    fitted = fit(method, some_customers(), {}, QuietRun(), plugin=PLUGIN)
    assert fitted.labels.len() == 400
    assert method.fits == fits


@pytest.mark.parametrize(("method", "found"), [(Rows(), "sites has one entry per customer"), (RefusesFewer(), "fewer")])
def test_a_length_that_follows_them_or_may_do_so_is_one(method: Sites, found: str) -> None:
    with pytest.raises(ContractError, match=found):
        fit(method, some_customers(), {}, QuietRun(), plugin=PLUGIN)
