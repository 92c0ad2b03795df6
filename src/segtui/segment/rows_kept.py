"""Looks into a model for rows of customers: anything whose length follows their number, and ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np
import polars as pl
from pydantic import BaseModel

from segtui.api.customers import Customers

_FEW = 200
"""Among so few customers, what is kept is not looked for by its length."""
_LEFT_OUT = 10
"""One customer of so many is left out of the second fit."""
_SHORT = 4
"""Texts below this length equal an id by chance."""


def rows_kept(model: object, customers: Customers, again: Callable[[Customers], object]) -> str:
    """What of the model is rows or ids of customers, in words; empty where nothing is.

    Found are arrays, frames and collections with as many rows as there are customers, and texts that are the id of a
    customer and nothing else in the data. The length may be so by chance: then `again` fits to fewer customers, and
    only what is as long as these are many is taken for their rows. Raises what `again` raises.
    """
    words = {word for part, _ in _parts(model, ()) for word in _words(part) if len(word) >= _SHORT}
    if words and _ids(words, customers):
        return "it holds ids of customers"
    rows = len(customers)
    suspects = _as_long_as(rows, model) if rows > _FEW else []
    if not suspects:
        return ""
    fewer = customers.rows(slice(0, rows - max(rows // _LEFT_OUT, 1)))
    following = set(_as_long_as(len(fewer), again(fewer)))
    kept = next((place for place in suspects if place in following), None)
    return "" if kept is None else f"{'.'.join(kept) or 'it'} has one entry per customer"


def _as_long_as(rows: int, model: object) -> list[tuple[str, ...]]:
    """The places in a model of whatever has so many rows."""
    return [inside for part, inside in _parts(model, ()) if rows in _lengths(part)]


def _parts(value: object, inside: tuple[str, ...]) -> Iterator[tuple[object, tuple[str, ...]]]:
    yield value, inside
    if isinstance(value, BaseModel):
        value = dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _parts(getattr(value, field.name), (*inside, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _parts(key, inside)
            yield from _parts(item, inside)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            if isinstance(item, (int, float)):
                continue
            yield from _parts(item, inside)


def _lengths(part: object) -> tuple[int, ...]:
    if isinstance(part, np.ndarray):
        return (*part.shape, part.size)
    if isinstance(part, (pl.DataFrame, pl.Series)):
        return (len(part),)
    if isinstance(part, (tuple, list, set, frozenset, Mapping)):
        return (len(part),)
    return ()


def _words(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, np.ndarray) and part.dtype.kind == "U":
        yield from part.ravel().tolist()
    elif isinstance(part, pl.Series) and part.dtype == pl.String:
        yield from part.drop_nulls().to_list()
    elif isinstance(part, pl.DataFrame):
        for series in part:
            yield from _words(series)


def _ids(words: set[str], customers: Customers) -> bool:
    ids = customers.frame[customers.id].cast(pl.String)
    sought = pl.Series(sorted(words), dtype=pl.String)
    found = ids.filter(ids.is_in(sought.implode()))
    for series in customers.frame.drop(customers.id).select(pl.col(pl.String)):
        if not found.len():
            return False
        found = found.filter(found.is_in(series.implode()).not_())
    return found.len() > 0
