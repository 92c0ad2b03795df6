"""Checks on data as clients have it: empty, constant, new, strangely named; and on parameters at their bounds."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from segtui.api.customers import Customers
from segtui.api.errors import Cancelled, UsageError
from segtui.api.params import Params
from segtui.api.table import Kind
from segtui.testing.case import Case, require_same
from segtui.testing.customers import described_again
from segtui.testing.work import LeftOut, require

SECONDS_A_FIT = 0.25
MOST_FITS = 60
SMALL = 60


def parameters_at_their_bounds(case: Case) -> None:
    """At every bound and choice of its parameters it fits, or refuses in words."""
    case.sound()
    schema = case.method.Params.model_json_schema()
    small = case.on(case.customers.rows(slice(0, max(SMALL, case.method.needs.rows))))
    tried = 0
    for name, value in _bounds(schema):
        try:
            changed = small.changed(**{name: value})
        except UsageError:
            continue
        tried += 1
        changed.fits_or_refuses(f"{name} = {value}", _BriefRun())
        if tried == MOST_FITS:
            return
    if not tried:
        raise LeftOut("No parameter has bounds or choices.")


def new_customers(case: Case) -> None:
    """Customers with new ids and values beyond those of the fit get a segment or null, and no error."""
    model = case.sound()
    case.assigns(model, beyond(case.customers), "new customers with values beyond those of the fit")


def unseen_level(case: Case) -> None:
    """A level that the fit did not know is no error, and leaves the labels of the others as they are."""
    model = case.sound()
    categories = [name for name in case.read(model) if case.customers.columns[name].kind is Kind.CATEGORY]
    if not categories:
        raise LeftOut("The model reads no category.")
    labels = case.labels(model, case.customers)
    first = pl.int_range(pl.len()) < len(labels) // 2
    for name in categories:
        frame = case.customers.frame.with_columns(
            pl.when(first).then(pl.lit("a level never seen")).otherwise(pl.col(name)).alias(name)
        )
        found = case.assigns(model, case.customers.replacing(frame), f"a level of {name} that the fit did not know")
        require_same(labels[len(labels) // 2 :], found[len(labels) // 2 :], "Customers with known levels")


def null_values(case: Case) -> None:
    """Values that are missing: the fit works or refuses in words; a fitted model never fails for them."""
    model = case.sound()
    case.assigns(model, with_nulls(case.customers), "customers with missing values")
    case.assigns(model, with_nulls(case.customers, share=1.0), "customers with no values at all")
    case.on(with_nulls(case.customers)).fits_or_refuses("missing values")


def constant_column(case: Case) -> None:
    """A column that is the same for everyone: the fit works or refuses in words."""
    model = case.sound()
    for name in case.read(model)[:6]:
        mine = case.customers
        frame = mine.frame.with_columns(pl.col(name).first().alias(name))
        case.on(_again(mine, frame, mine.features)).fits_or_refuses(f"the same {name} for all")


def one_row(case: Case) -> None:
    """A single customer: the fit works or refuses in words."""
    case.sound()
    case.on(case.customers.rows(slice(0, 1))).fits_or_refuses("one customer")


def one_feature(case: Case) -> None:
    """A feature set of one: the fit works or refuses in words."""
    case.sound()
    if not case.method.needs.features:
        raise LeftOut("The method needs no features.")
    mine = case.customers
    case.on(_again(mine, mine.frame, mine.features[:1])).fits_or_refuses("one feature")


def k_too_large(case: Case) -> None:
    """More segments than customers: the fit gives fewer, or refuses in words."""
    case.sound()
    properties = case.method.Params.model_json_schema().get("properties", {})
    counts = [name for name, schema in properties.items() if _counts_segments(name, schema)]
    if not counts:
        raise LeftOut("No parameter sets a number of segments.")
    few = case.on(case.customers.rows(slice(0, max(10, case.method.needs.rows))))
    for name in counts:
        try:
            changed = few.changed(**{name: len(few.customers) + 1})
        except UsageError:
            continue
        changed.fits_or_refuses(f"{name} above the number of customers", _BriefRun())


def non_ascii_names(case: Case) -> None:
    """Columns and ids with spaces, quotes and letters of other alphabets change nothing."""
    model = case.sound()
    renamed = case.on(non_ascii(case.customers, case.params))
    found = renamed.assigns(renamed.fit(), renamed.customers, "columns whose names are not ASCII")
    require(found.len() == len(case.customers), "Labels are missing.")
    require_same(case.labels(model, case.customers), found, "Other names of columns")
    renamed.fits_or_refuses("columns whose names are not ASCII")


def with_nulls(customers: Customers, share: float = 0.15) -> Customers:
    """The same with a share of the values of each column missing."""
    random = np.random.default_rng(11)
    missing = [
        pl.when(pl.Series(random.random(len(customers)) >= share)).then(pl.col(name)).alias(name)
        for name in customers.frame.columns
        if name != customers.id
    ]
    return customers.replacing(customers.frame.with_columns(missing))


def beyond(customers: Customers) -> Customers:
    """New customers: other ids, and numbers far from those there are."""
    changes = [(pl.lit("new ") + pl.col(customers.id).cast(pl.String)).alias(customers.id)]
    for name, column in customers.columns.items():
        if column.kind is Kind.NUMBER and name in customers.frame.columns:
            sign = pl.when(pl.int_range(pl.len()) % 2 == 0).then(1).otherwise(-1)
            changes.append((pl.col(name) * 1_000 * sign).cast(customers.frame.schema[name]).alias(name))
    return customers.replacing(customers.frame.with_columns(changes))


def non_ascii(customers: Customers, params: Params) -> Customers:
    """The same with other names for all columns that the parameters don't name, and other ids."""
    written = json.dumps(params.model_dump(mode="json"), ensure_ascii=False)
    names = {name: name if name in written else f"Größe \"{name}\" '客户' №" for name in customers.columns}
    columns = {names[name]: replace(column, name=names[name]) for name, column in customers.columns.items()}
    frame = customers.frame.rename(names)
    key = names[customers.id]
    frame = frame.with_columns((pl.lit("ключ-") + pl.col(key).cast(pl.String)).alias(key))
    again = described_again(frame, key, columns, [names[name] for name in customers.features])
    return Customers(frame, key, columns, again.features, again.scaling, customers.as_of, customers.tables)


def _again(customers: Customers, frame: pl.DataFrame, features: tuple[str, ...]) -> Customers:
    again = described_again(frame, customers.id, customers.columns, features)
    return Customers(frame, again.id, again.columns, again.features, again.scaling, customers.as_of, customers.tables)


def _counts_segments(name: str, schema: Mapping[str, Any]) -> bool:
    ranged = schema.get("segtui", {}).get("choice") == "count or range"
    return ranged or (schema.get("type") == "integer" and name in ("k", "segments", "clusters", "classes", "groups"))


def _bounds(schema: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    definitions = schema.get("$defs", {})
    for name, own in schema.get("properties", {}).items():
        for value in _extremes(own, definitions):
            yield name, value


def _extremes(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Any]:
    if "$ref" in schema:
        return _extremes(definitions.get(schema["$ref"].rpartition("/")[2], {}), definitions)
    if "anyOf" in schema:
        return [value for part in schema["anyOf"] for value in _extremes(part, definitions)]
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("segtui", {}).get("choice") == "count or range":
        return ["1", "2", "2..3", "auto"]
    kind = schema.get("type")
    if kind == "boolean":
        return [False, True]
    if kind == "null":
        return [None]
    if kind not in ("integer", "number"):
        return []
    return [schema[side] for side in ("minimum", "maximum") if side in schema] + [
        _inside(schema[side], direction, kind == "integer")
        for side, direction in (("exclusiveMinimum", 1), ("exclusiveMaximum", -1))
        if side in schema
    ]


def _inside(bound: float, direction: int, whole: bool) -> float:
    return bound + direction if whole else bound + direction * max(abs(bound), 1.0) * 1e-9


class _BriefRun:
    """A Run that stops the work after a moment: a bound may ask for more than a check has time for."""

    def __init__(self) -> None:
        self.seed = 42
        self._until = time.monotonic() + SECONDS_A_FIT

    def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
        """Raises Cancelled when the moment is over."""
        if time.monotonic() > self._until:
            raise Cancelled
