"""The contract of what plugins return: every rule is checked, and a ContractError names the plugin and the rule."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import polars as pl

from segtui.api import text
from segtui.api.calling import broken, called
from segtui.api.customers import Customers, Scaling
from segtui.api.errors import DataError
from segtui.api.method import Method, Model, Segment, Uses
from segtui.api.report import Report
from segtui.api.table import Role

MOST_SEGMENTS = 10_000
LONGEST_NAME = 500
LONGEST_RULE = 20_000
HIGHEST_CODE = 2**31 - 1


def check_customers(customers: Customers) -> None:
    """One row per customer: the ids are there and unique. Raises DataError."""
    shown = text.safe(customers.id, 80)
    if customers.id not in customers.frame.columns:
        raise DataError(f"The id column {shown} is missing.", next_step="Choose the column that names a customer.")
    ids = customers.frame[customers.id]
    if ids.null_count():
        raise DataError(
            f"{ids.null_count():,} customers have no {shown}.",
            next_step="Drop the rows without a customer in the recipe.",
        )
    repeated = int((ids == ids.shift()).sum()) if ids.is_sorted() else ids.len() - ids.n_unique()
    if repeated:
        raise DataError(
            f"{repeated:,} rows repeat a {shown} that an earlier row has.",
            next_step="Drop duplicates, or add the step that makes one row per customer.",
        )


def check_model(method: Method[Any, Any], model: object, customers: Customers, plugin: str) -> None:
    """All that can be said of a fitted model without asking it for labels."""
    if not isinstance(model, Model) or not isinstance(model, method.Model):
        broken(plugin, f"fit returns a {method.Model.__name__}, and it returned a {type(model).__name__}")
    if not _is_frozen(model):
        broken(plugin, "a Model is a frozen dataclass")
    _check_segments(model.segments, plugin)
    _check_uses(model.uses, customers, plugin)
    with called(plugin, "put the model into SQL"):
        sql = model.sql()
    if sql is not None and (not isinstance(sql, str) or not sql.strip()):
        broken(plugin, "sql is a text or None")
    with called(plugin, "explain the model"):
        report = model.explain()
    if report is not None and not isinstance(report, Report):
        broken(plugin, "explain returns a Report or None")


def check_labels(labels: object, customers: Customers, model: Model, plugin: str) -> pl.Series:
    """The labels, named "segment": one Int32 code of a segment, or null, for each customer."""
    if not isinstance(labels, pl.Series):
        broken(plugin, f"assign returns a polars Series, and it returned a {type(labels).__name__}")
    if labels.dtype != pl.Int32:
        broken(plugin, f"labels are Int32, and these are {labels.dtype}")
    if labels.len() != len(customers):
        broken(plugin, f"there is one label per customer, and there are {labels.len():,} for {len(customers):,}")
    known = pl.Series([segment.code for segment in model.segments], dtype=pl.Int32)
    strange = labels.drop_nulls().unique().is_in(known.implode()).not_().sum()
    if strange:
        broken(plugin, f"labels are codes of the model's segments or null, and {strange:,} are neither")
    return labels.alias("segment")


def untouched(customers: Customers) -> str:
    """A hash of the frame's values in their order, and of its columns: the same as long as nobody changes them."""
    frame = customers.frame
    names = repr([(name, str(dtype)) for name, dtype in frame.schema.items()])
    rows = frame.hash_rows().to_numpy() if frame.width else np.empty(0)
    return hashlib.blake2b(rows.tobytes() + names.encode("utf-8", "replace")).hexdigest()


def _is_frozen(model: object) -> bool:
    return is_dataclass(model) and bool(getattr(type(model), "__dataclass_params__").frozen)  # noqa: B009


def _check_segments(segments: object, plugin: str) -> None:
    if not isinstance(segments, tuple) or not all(isinstance(segment, Segment) for segment in segments):
        broken(plugin, "the segments of a model are a tuple of Segment")
    if not 1 <= len(segments) <= MOST_SEGMENTS:
        broken(plugin, f"a model has 1 to {MOST_SEGMENTS:,} segments, and this one has {len(segments):,}")
    codes = [segment.code for segment in segments]
    if any(type(code) is not int or not 0 <= code <= HIGHEST_CODE for code in codes):
        broken(plugin, f"the code of a segment is an int from 0 to {HIGHEST_CODE:,}")
    if len(set(codes)) < len(codes):
        broken(plugin, "the codes of segments are unique")
    if any(type(part) is not str for segment in segments for part in (segment.name, segment.rule)):
        broken(plugin, "names and rules of segments are texts")
    if any(len(segment.name) > LONGEST_NAME or len(segment.rule) > LONGEST_RULE for segment in segments):
        broken(plugin, f"the name of a segment has at most {LONGEST_NAME} characters, its rule {LONGEST_RULE:,}")


def _check_uses(uses: object, customers: Customers, plugin: str) -> None:
    if not isinstance(uses, Uses):
        broken(plugin, "uses is a Uses")
    for field in fields(uses)[:3]:
        names = getattr(uses, field.name)
        if not isinstance(names, tuple) or any(type(name) is not str for name in names):
            broken(plugin, f"uses.{field.name} is a tuple of texts")
    if uses.scaling is not None and not isinstance(uses.scaling, Scaling):
        broken(plugin, "uses.scaling is a Scaling or None")
    if type(uses.keeps_customers) is not bool:
        broken(plugin, "uses.keeps_customers is True or False")
    read = uses.columns + (uses.scaling.columns if uses.scaling else ())
    there = set(customers.frame.columns)
    missing = [name for name in read if name not in there]
    if missing:
        broken(plugin, f"uses names columns of the customers, and {text.safe(missing[0], 80)} is not one")
    segments = {name for name, column in customers.columns.items() if column.role is Role.SEGMENT}
    unknown = [name for name in uses.segmentations if name not in segments]
    if unknown:
        broken(plugin, f"uses.segmentations names earlier segmentations, and {text.safe(unknown[0], 80)} is not one")
    silent = [name for name in read if name in segments and name not in uses.segmentations]
    if silent:
        lacking = text.safe(silent[0], 80)
        broken(plugin, f"uses.segmentations names each earlier segmentation it reads, and lacks {lacking}")
    absent = [name for name in uses.tables if name not in customers.tables]
    if absent:
        broken(plugin, f"uses names tables of the customers, and {text.safe(absent[0], 80)} is not one")
