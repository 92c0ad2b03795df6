"""The rehearsal: a model labels a few customers again, as it will have to when it is loaded and scores new ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from segtui.api import codec
from segtui.api.calling import broken, called, handed
from segtui.api.customers import Customers
from segtui.api.errors import ContractError, DataError, PluginError
from segtui.api.method import Method, Model
from segtui.api.table import Role
from segtui.segment.contract import check_labels

_HEAD = 100
_RANDOM = 200
_TOLERANCE = 1e-6


def rehearse(
    method: Method[Any, Any], model: Model, labels: pl.Series, customers: Customers, seed: int, plugin: str
) -> None:
    """Parts of the customers get the same `labels` again, from the model and from what its bytes give back.

    So each label depends on that customer's row and the model alone, on no other columns than `uses` names, and not on
    the scaling of the customers. Raises ContractError.
    """
    returned = _returned(method, model, plugin)
    narrow = _narrowed(customers, model)
    for positions in _samples(len(customers), seed):
        expected = labels[pl.Series(positions)]
        again = _labels(model, customers.rows(positions), plugin)
        if not again.equals(expected):
            broken(plugin, "the label of a customer depends on that customer's row and the model alone, in row order")
        try:
            seen = _labels(model, narrow.rows(positions), plugin)
        except (DataError, PluginError) as error:
            if isinstance(error, ContractError):
                raise
            broken(plugin, "assign reads the columns and tables that uses names, and no others")
        if not seen.equals(expected):
            broken(plugin, "assign reads the columns that uses names and the model's own scaling, and nothing else")
        if not _labels(returned, narrow.rows(positions), plugin).equals(expected):
            broken(plugin, "a model that was saved and loaded gives the same labels")
        _check_strengths(model, narrow.rows(positions), plugin)


def _samples(rows: int, seed: int) -> list[np.ndarray]:
    """Positions: the first customers, some drawn by seed in a random order, and one alone."""
    drawn = np.random.default_rng(seed).choice(rows, min(_RANDOM, rows), replace=False)
    head = np.arange(min(_HEAD, max(rows // 2, 1)))
    return [head, drawn, drawn[:1]]


def _returned(method: Method[Any, Any], model: Model, plugin: str) -> Model:
    try:
        returned: Model = codec.decode(codec.encode(model), method.Model)
    except codec.CodecError as error:
        broken(plugin, f"a model is plain data ({error.what.rstrip('.')})")
    return returned


def _narrowed(customers: Customers, model: Model) -> Customers:
    uses = model.uses
    wanted = {customers.id, *uses.columns, *(uses.scaling.columns if uses.scaling else ())}
    if uses.segmentations:
        wanted |= {name for name, column in customers.columns.items() if column.role is Role.SEGMENT}
    names = [name for name in customers.frame.columns if name in wanted]
    columns = {name: column for name, column in customers.columns.items() if name in wanted}
    tables = {name: table for name, table in customers.tables.items() if name in uses.tables}
    return Customers(customers.frame.select(names), customers.id, columns, as_of=customers.as_of, tables=tables)


def _labels(model: Model, customers: Customers, plugin: str) -> pl.Series:
    with called(plugin, "assign a sample of the customers"):
        labels = model.assign(handed(customers))
    return check_labels(labels, customers, model, plugin)


def _check_strengths(model: Model, customers: Customers, plugin: str) -> None:
    with called(plugin, "say how strongly customers belong"):
        strengths = model.strengths(handed(customers))
    if strengths is None:
        return
    if not isinstance(strengths, pl.DataFrame):
        broken(plugin, "strengths returns a polars DataFrame or None")
    if strengths.shape != (len(customers), len(model.segments)):
        broken(plugin, "strengths has a row for each customer and a column for each segment")
    if any(dtype != pl.Float64 for dtype in strengths.dtypes):
        broken(plugin, "strengths are Float64")
    numbers = strengths.to_numpy()
    if not np.isfinite(numbers).all() or (numbers < -_TOLERANCE).any():
        broken(plugin, "strengths are finite and not negative")
    if (np.abs(numbers.sum(axis=1) - 1) > _TOLERANCE).any():
        broken(plugin, "the strengths of each customer sum to 1")
