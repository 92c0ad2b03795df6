"""Fitting: needs first, then the method, then every rule of the contract, then the labels."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from segtui.api import text
from segtui.api.calling import broken, called, handed
from segtui.api.customers import Customers
from segtui.api.errors import DataError, NeedsError
from segtui.api.method import Basis, Method, Model
from segtui.api.params import Params, checked
from segtui.api.run import PartOfRun, Run
from segtui.segment.contract import check_customers, check_labels, check_model, untouched
from segtui.segment.rehearsal import rehearse
from segtui.segment.rows_kept import rows_kept

_FIT_SHARE = 0.9
KEEPS_ROWS = "a model that keeps rows or ids of customers says so in uses.keeps_customers"


@dataclass(frozen=True, eq=False)
class Fitted:
    """A checked model and the labels it gives, Int32 codes named "segment" in the row order of the customers.

    `notes` are sentences about what a person should know: features that say nothing, all customers in one segment.
    """

    model: Model
    labels: pl.Series
    seconds: float
    notes: tuple[str, ...] = ()


def fit(
    method: Method[Any, Any], customers: Customers, params: Params | Mapping[str, Any], run: Run, *, plugin: str
) -> Fitted:
    """Fit, check all that came back, and assign.

    Raises NeedsError with the sentences where something is missing, DataError where the data does not allow it,
    ContractError where the plugin broke a rule, PluginError where it failed, and Cancelled.
    """
    started = time.perf_counter()
    settled = params if isinstance(params, method.Params) else checked(method.Params, params, method.id)
    lacking = method.needs.unmet(customers.columns, customers.features, tuple(customers.tables), len(customers))
    if lacking:
        raise NeedsError(" ".join(lacking), where=method.title)
    check_customers(customers)
    notes = _features_that_say_nothing(method, customers)
    before = untouched(customers)
    given = handed(customers)
    with called(plugin, f"fit {method.title}"):
        model = method.fit(given, settled, PartOfRun(run, 0.0, _FIT_SHARE))
    if untouched(given) != before:
        broken(plugin, "fit leaves the customers it is given as they are")
    with called(plugin, "return a model that can be checked"):
        check_model(method, model, customers, plugin)
    _refuse_kept_rows(method, model, customers, settled, run, plugin)
    run.progress(_FIT_SHARE, "assigning customers")
    with called(plugin, "assign the customers"):
        labels = model.assign(given)
    if untouched(given) != before:
        broken(plugin, "assign leaves the customers it is given as they are")
    labels = check_labels(labels, customers, model, plugin)
    notes += _spread_notes(method, model, labels, plugin)
    run.progress(0.95, "checking the model")
    with called(plugin, "return a model that can be checked"):
        rehearse(method, model, labels, customers, run.seed, plugin)
    run.progress(1.0)
    return Fitted(model, labels, time.perf_counter() - started, notes)


def _refuse_kept_rows(
    method: Method[Any, Any], model: Model, customers: Customers, params: Params, run: Run, plugin: str
) -> None:
    def again(fewer: Customers) -> object:
        try:
            return method.fit(handed(fewer), params, PartOfRun(run, _FIT_SHARE, _FIT_SHARE))
        except DataError:
            broken(plugin, f"{KEEPS_ROWS}; it has as many entries as there are customers, and can't be fitted to fewer")

    if model.uses.keeps_customers:
        return
    with called(plugin, f"fit {method.title} to fewer customers"):
        kept = rows_kept(model, customers, again)
    if kept:
        broken(plugin, f"{KEEPS_ROWS}; {kept}")


def _features_that_say_nothing(method: Method[Any, Any], customers: Customers) -> tuple[str, ...]:
    """A note for each feature that is the same for every customer. Raises DataError where all of them are."""
    if not method.needs.features or len(customers) < 2:
        return ()
    constant = [name for name in customers.features if _is_constant(customers.frame[name])]
    if len(constant) == len(customers.features):
        raise DataError(
            "Every feature is the same for all customers, so nothing tells them apart.",
            where=method.title,
            next_step="Choose other features.",
        )
    return tuple(f"{text.safe(name, 80)} is the same for all customers and divides nobody." for name in constant)


def _is_constant(column: pl.Series) -> bool:
    known = column.drop_nulls()
    return not known.len() or bool((known == known[0]).all())


def _spread_notes(method: Method[Any, Any], model: Model, labels: pl.Series, plugin: str) -> tuple[str, ...]:
    assigned = labels.drop_nulls()
    if not assigned.len():
        broken(plugin, "at least one customer has a segment")
    if len(model.segments) == 1 or labels.len() == 1 or assigned.n_unique() > 1:
        return ()
    if method.basis is Basis.CLUSTERS and assigned.len() == labels.len():
        broken(plugin, f"customers are divided, and all of them are in one of {len(model.segments):,} segments")
    return ("All customers with a segment are in one and the same.",)
