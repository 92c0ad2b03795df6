"""Made-up customers: a few groups, ties, levels with accents, and whatever a method needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from segtui.api.customers import Customers, ScaledFeature, Scaling
from segtui.api.method import Needs
from segtui.api.table import Column, Kind, Role

ROWS = 240
LEVELS = ("north", "south", "Île", "Ærø")
KINDS_OF_ROLES = {
    Role.ORDER: Kind.IDENTIFIER,
    Role.DATE: Kind.DATE,
    Role.PRODUCT: Kind.IDENTIFIER,
    Role.CHANNEL: Kind.CATEGORY,
    Role.GROUP: Kind.CATEGORY,
    Role.COUNTRY: Kind.CATEGORY,
    Role.POSTCODE: Kind.IDENTIFIER,
    Role.TARGET: Kind.FLAG,
    Role.TREATMENT: Kind.FLAG,
    Role.SEGMENT: Kind.CATEGORY,
}
ALWAYS = (
    Column("recency", Kind.NUMBER, Role.RECENCY, unit="days"),
    Column("frequency", Kind.NUMBER, Role.FREQUENCY),
    Column("monetary", Kind.NUMBER, Role.MONETARY, unit="EUR"),
    Column("age", Kind.NUMBER),
    Column("region", Kind.CATEGORY),
    Column("member", Kind.FLAG),
    Column("joined", Kind.DATE),
)


def customers_for(needs: Needs, rows: int = ROWS, seed: int = 7) -> Customers:
    """Customers that meet `needs`, except for tables, which are not made up.

    Always there: customer (the id), recency, frequency, monetary and age (numbers), region (category), member (flag),
    joined (date). Further columns are named after the role or kind that is needed, with a number.
    """
    rows = max(rows, needs.rows)
    rows = rows if needs.most_rows is None else min(rows, needs.most_rows)
    random = np.random.default_rng(seed)
    groups = random.integers(0, 3, rows)
    columns = {column.name: column for column in (*ALWAYS, *_further(needs))}
    ids = pl.Series("customer", [f"{number:06d}" for number in random.permutation(rows)])
    series = [_values(column, position, groups, random) for position, column in enumerate(columns.values())]
    described = {"customer": Column("customer", Kind.IDENTIFIER, Role.CUSTOMER), **columns}
    return described_again(pl.DataFrame([ids, *series]), "customer", described, _features(needs, columns))


def described_again(frame: pl.DataFrame, key: str, columns: Mapping[str, Column], features: Iterable[str]) -> Customers:
    """Customers of this frame, with levels and scaling as found in it."""
    known = {
        name: column if column.kind is not Kind.CATEGORY else _levelled(column, frame)
        for name, column in columns.items()
    }
    chosen = tuple(features)
    scaling = Scaling(tuple(_scaled(frame[name], known[name]) for name in chosen))
    return Customers(frame, key, known, chosen, scaling, as_of=date(2025, 1, 1))


def _further(needs: Needs) -> list[Column]:
    found = list(ALWAYS)
    there = {column.role for column in found} | {Role.CUSTOMER, None}
    further = [
        Column(role.value, KINDS_OF_ROLES.get(role, Kind.NUMBER), role) for role in needs.roles if role not in there
    ]
    earlier = sum(column.role is Role.SEGMENT for column in further)
    further += [
        Column(f"earlier {number}", Kind.CATEGORY, Role.SEGMENT) for number in range(earlier, needs.segmentations)
    ]
    wanted = dict(needs.kinds)
    for kind in needs.feature_kinds[:1]:
        wanted[kind] = max(wanted.get(kind, 0), needs.features)
    if not needs.feature_kinds:
        wanted[Kind.NUMBER] = max(wanted.get(Kind.NUMBER, 0), needs.features)
    for kind, least in wanted.items():
        have = sum(column.kind is kind and column.role is not Role.SEGMENT for column in found + further)
        further += [Column(f"{kind.value} {number}", kind) for number in range(have, least)]
    return further


def _features(needs: Needs, columns: Mapping[str, Column]) -> tuple[str, ...]:
    kinds = needs.feature_kinds or (Kind.NUMBER, Kind.FLAG)
    return tuple(name for name, column in columns.items() if column.kind in kinds and column.role is not Role.SEGMENT)


def _values(column: Column, position: int, groups: np.ndarray, random: np.random.Generator) -> pl.Series:
    rows = len(groups)
    if column.kind is Kind.NUMBER:
        turned = (groups + position) % 3
        whole = np.clip(np.round(turned * 40 + 10 + random.normal(0, 4, rows)), 1, None).astype(np.int64)
        if column.role in (Role.RECENCY, Role.FREQUENCY):
            return pl.Series(column.name, whole)
        return pl.Series(column.name, whole + random.choice([0.0, 0.1, 0.25, 0.99], rows))
    values: list[Any]
    if column.kind is Kind.FLAG:
        values = (random.random(rows) < 0.2 + 0.3 * groups).tolist()
    elif column.kind is Kind.CATEGORY:
        values = [LEVELS[level] for level in (groups + (random.random(rows) < 0.2)) % len(LEVELS)]
    elif column.kind is Kind.DATE:
        values = [date(2024, 1, 1) + timedelta(days=int(day)) for day in random.integers(0, 300, rows)]
    else:
        values = [f"{number:05d}" for number in random.integers(0, 50_000, rows)]
    return pl.Series(column.name, values)


def _levelled(column: Column, frame: pl.DataFrame) -> Column:
    levels = tuple(frame[column.name].cast(pl.String).drop_nulls().unique().sort().to_list())
    return Column(column.name, column.kind, column.role, levels=levels, ordered=column.ordered, unit=column.unit)


def _scaled(values: pl.Series, column: Column) -> ScaledFeature:
    if column.kind in (Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER):
        width = len(column.levels)
        return ScaledFeature(column.name, levels=column.levels, centre=(0.0,) * width, spread=(1.0,) * width)
    if column.kind is Kind.DATE:
        return ScaledFeature(column.name)
    numbers = values.cast(pl.Float64).drop_nulls().to_numpy()
    centre = float(np.mean(numbers)) if len(numbers) else 0.0
    spread = float(np.std(numbers)) if len(numbers) else 0.0
    fill = float(np.median(numbers)) if len(numbers) else 0.0
    return ScaledFeature(column.name, fill=fill, centre=(centre,), spread=(spread or 1.0,))
