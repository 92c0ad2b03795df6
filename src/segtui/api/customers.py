"""Customers: one row per customer, and the Scaling that turns chosen columns into a matrix of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from segtui.api.errors import DataError
from segtui.api.table import Column, Kind, Role, Table, having

BLOCK_ROWS = 65_536
FARTHEST = 1e15
"""Matrix values are cut at this, so that squares stay within float32."""


@dataclass(frozen=True)
class ScaledFeature:
    """One feature as fitted: how a column in the client's units becomes one or more columns of the matrix.

    Numbers and flags: fill nulls, NaN and infinities with `fill`, take sign(x) * log(1 + |x|) where `log`, subtract
    `centre`, divide by `spread`. Categories (`levels` not empty): one 0/1 column a level, then centred and divided
    alike; null and unseen levels are 0 in all of them.
    """

    column: str
    log: bool = False
    fill: float = 0.0
    centre: tuple[float, ...] = (0.0,)
    spread: tuple[float, ...] = (1.0,)
    levels: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the matrix columns it gives."""
        return tuple(f"{self.column}={level}" for level in self.levels) or (self.column,)

    def raw(self) -> list[pl.Expr]:
        """Filled and transformed, neither centred nor divided; Float64."""
        column = pl.col(self.column)
        if self.levels:
            return [(column == level).fill_null(False).cast(pl.Float64) for level in self.levels]
        number = column.cast(pl.Float64)
        number = pl.when(number.is_finite()).then(number).otherwise(self.fill)
        return [(number.sign() * number.abs().log1p()) if self.log else number]

    def expressions(self) -> list[pl.Expr]:
        """The matrix columns as polars expressions, Float64.

        Multiplied by the reciprocal of the spread: polars divides a column of one row otherwise than a longer one.
        """
        return [
            ((raw - centre) * (1.0 / spread)).alias(name)
            for raw, centre, spread, name in zip(self.raw(), self.centre, self.spread, self.names, strict=True)
        ]

    def imputed(self) -> pl.Expr:
        """How many rows were filled (numbers) or are null (categories)."""
        column = pl.col(self.column)
        if self.levels:
            return column.is_null().sum()
        return column.cast(pl.Float64).is_finite().fill_null(False).not_().sum()

    def unseen(self) -> pl.Expr:
        """How many rows hold a level that the fit did not know."""
        if not self.levels:
            return pl.lit(0)
        return (pl.col(self.column).is_not_null() & pl.col(self.column).is_in(list(self.levels)).not_()).sum()

    def unscale(self, values: np.ndarray) -> np.ndarray:
        """Centres of groups, shape (k, width) in matrix units, back in the client's units (shares for levels)."""
        units: np.ndarray = values * np.asarray(self.spread) + np.asarray(self.centre)
        return np.sign(units) * np.expm1(np.abs(units)) if self.log else units


@dataclass(frozen=True)
class Scaling:
    """How features become the matrix, as fitted on some customers; plain data, kept with every model that needs it."""

    features: tuple[ScaledFeature, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the p columns of the matrix."""
        return tuple(name for feature in self.features for name in feature.names)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the frame that it reads."""
        return tuple(feature.column for feature in self.features)

    def blocks(self, frame: pl.DataFrame, rows: int = BLOCK_ROWS) -> Iterator[np.ndarray]:
        """The matrix in blocks of at most `rows` rows: float32, C order. Each row depends on itself alone."""
        there = set(frame.columns)
        missing = [name for name in self.columns if name not in there]
        if missing:
            raise DataError(
                f"The column {missing[0]} is missing, and the features need it.",
                next_step="Add it to the recipe, or fit again without it.",
            )
        expressions = [expression for feature in self.features for expression in feature.expressions()]
        for start in range(0, frame.height, rows):
            part = frame.slice(start, rows).select(expressions)
            yield np.ascontiguousarray(np.clip(part.to_numpy(), -FARTHEST, FARTHEST), dtype=np.float32)

    def matrix(self, frame: pl.DataFrame) -> np.ndarray:
        """The whole matrix, shape (rows, p), float32, C order."""
        matrix = np.empty((frame.height, len(self.names)), dtype=np.float32)
        start = 0
        for block in self.blocks(frame):
            matrix[start : start + len(block)] = block
            start += len(block)
        return matrix

    def imputed(self, frame: pl.DataFrame) -> dict[str, int]:
        """By feature, how many rows of `frame` were filled or unseen; only features with any."""
        counts = frame.select(
            (feature.imputed() + feature.unseen()).alias(feature.column) for feature in self.features
        ).row(0, named=True)
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True, eq=False)
class Customers:
    """One row per customer, in the client's units, ids included.

    `id` names the identifier column of `frame`; `columns` describes each column of `frame`; `features` is the feature
    set of this run and `scaling` how it becomes `matrix`; `as_of` the day the customers are looked at; `tables` holds
    further tables by what they are ("purchases", "sites", "campaigns").
    """

    frame: pl.DataFrame
    id: str
    columns: Mapping[str, Column]
    features: tuple[str, ...] = ()
    scaling: Scaling = field(default_factory=Scaling)
    as_of: date | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def matrix(self) -> np.ndarray:
        """The features as numbers: shape (customers, p), float32, C order, read-only."""
        matrix = self.scaling.matrix(self.frame)
        matrix.flags.writeable = False
        return matrix

    def blocks(self, scaling: Scaling) -> Iterator[np.ndarray]:
        """These customers under a scaling that was fitted before, as `Scaling.blocks` gives them; pieces of `matrix`
        where that has been made and is under the same scaling."""
        made: np.ndarray | None = vars(self).get("matrix")
        if made is None or scaling != self.scaling:
            yield from scaling.blocks(self.frame)
            return
        for start in range(0, len(made), BLOCK_ROWS):
            yield made[start : start + BLOCK_ROWS]

    def having(self, role: Role) -> str | None:
        """The name of the first column with that role, or None."""
        return having(self.columns, role)

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """The names of the columns of these kinds, in their order."""
        return tuple(name for name, column in self.columns.items() if column.kind in kinds)

    def segmentations(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` that are earlier segmentations, as `Uses.segmentations` wants them."""
        return tuple(name for name in names if self.columns[name].role is Role.SEGMENT)

    def rows(self, rows: np.ndarray | slice) -> Customers:
        """The same with some of the rows: a boolean mask, positions, or a slice."""
        if isinstance(rows, slice):
            frame = self.frame[rows]
        elif rows.dtype == np.bool_:
            frame = self.frame.filter(pl.Series(rows))
        else:
            frame = self.frame[pl.Series(rows)]
        return self.replacing(frame)

    def replacing(self, frame: pl.DataFrame) -> Customers:
        """The same with another frame of the same columns."""
        return Customers(frame, self.id, self.columns, self.features, self.scaling, self.as_of, self.tables)
