"""Bands: one column divided into bands or levels, or a cross of up to three."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from segtui.api import (
    Basis,
    ColumnName,
    Customers,
    DataError,
    Kind,
    Method,
    Model,
    Params,
    Report,
    Run,
    Segment,
    UsageError,
    Uses,
)
from segtui.api.text import close_matches, safe
from segtui_rules.band_cells import grouped
from segtui_rules.band_column import BandedColumn, decimals_for
from segtui_rules.band_cuts import MOST_PLACES, How, cuts_of
from segtui_rules.bands_report import explain_bands

LEVELS: Literal["levels"] = "levels"
Done = How | Literal["levels"]
_MOST_LEVELS = 200
_MOST_CELLS = 4_000
_MOST_CUTS = 49


def _ascending(cuts: tuple[float, ...]) -> tuple[float, ...]:
    if not all(np.isfinite(cuts)) or any(left >= right for left, right in pairwise(cuts)):
        raise ValueError("cut points are numbers in ascending order, each once")
    return cuts


def _fixed_by_cuts(given: Any) -> Any:
    """Own cut points say how, and how many bands there are, so that what is shown is what was done."""
    cuts = given.get("cuts") if isinstance(given, dict) else None
    if not isinstance(cuts, (list, tuple)) or not 0 < len(cuts) <= _MOST_CUTS:
        return given
    return {**given, "how": "fixed", "bands": len(cuts) + 1}


class ColumnBands(BaseModel):
    """How one column is divided, where it differs from the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    column: ColumnName = Field(min_length=1, description="Column")
    how: How = Field("quantiles", description="How its bands are found")
    bands: int = Field(4, ge=1, le=50, description="Number of bands")
    cuts: tuple[float, ...] = Field(
        (), max_length=_MOST_CUTS, description="Own cut points, ascending; each starts a band"
    )

    _fixed = model_validator(mode="before")(_fixed_by_cuts)
    _check_cuts = field_validator("cuts")(_ascending)


class BandsParams(Params):
    """Parameters of bands."""

    columns: tuple[ColumnName, ...] = Field((), max_length=3, description="Columns to divide by, at most three")
    how: How = Field("quantiles", description="How bands of numbers are found; categories keep their levels")
    bands: int = Field(4, ge=1, le=50, description="Number of bands of each number")
    cuts: tuple[float, ...] = Field(
        (), max_length=_MOST_CUTS, description="Own cut points, ascending, where bands are fixed; each starts a band"
    )
    each: tuple[ColumnBands, ...] = Field((), max_length=3, description="Columns divided in a way of their own")
    missing: Literal["own band", "unassigned"] = Field("own band", description="Where customers without a value go")
    smallest: int = Field(
        1, ge=0, description="Cells with fewer customers join their smallest neighbour; 0 keeps even empty ones"
    )

    _fixed = model_validator(mode="before")(_fixed_by_cuts)
    _check_cuts = field_validator("cuts")(_ascending)


@dataclass(frozen=True, eq=False)
class BandsModel(Model):
    """Banded columns and the code of each cell of their cross; -1 where a customer stays unassigned."""

    ordered: ClassVar[bool] = True

    columns: tuple[BandedColumn, ...]
    codes: np.ndarray
    sizes: tuple[int, ...]
    how: tuple[Done, ...]
    wanted: tuple[int, ...]
    band_customers: tuple[tuple[int, ...], ...]
    smallest_cell: int
    joined: tuple[str, ...]
    small: tuple[str, ...]
    smallest: int
    sensitive: tuple[str, ...]
    thinned: tuple[str, ...]
    unassigned: int

    def assign(self, customers: Customers) -> pl.Series:
        cells = np.ravel_multi_index([column.bands(customers) for column in self.columns], self.codes.shape)
        codes = pl.Series("segment", self.codes.ravel()[cells], dtype=pl.Int32)
        return codes.set(codes < 0, None)

    def sql(self) -> str:
        return self._branch(())

    def _branch(self, bands: tuple[int, ...]) -> str:
        if len(bands) == len(self.columns):
            code = int(self.codes[bands])
            return str(code) if code >= 0 else "NULL"
        column = self.columns[len(bands)]
        return column.sql([self._branch((*bands, band)) for band in range(column.width)])

    def explain(self) -> Report:
        return explain_bands(self)


class Bands(Method[BandsParams, BandsModel]):
    """Bands and crosses."""

    id = "bands"
    title = "Bands"
    summary = "One column divided into bands or levels, or a cross of up to three."
    basis = Basis.A_PRIORI
    Params = BandsParams
    Model = BandsModel

    def fit(self, customers: Customers, params: BandsParams, run: Run) -> BandsModel:
        wanted = _wanted(params, customers)
        columns = []
        for position, one in enumerate(wanted):
            run.progress(position / len(wanted), "bands")
            columns.append(_banded(one, customers))
        return _crossed(tuple(columns), wanted, customers, params)


def _wanted(params: BandsParams, customers: Customers) -> tuple[ColumnBands, ...]:
    """What is wanted of each column, one entry a column. Raises UsageError."""
    own = {one.column: one for one in params.each}
    names = params.columns or tuple(own)
    if not names:
        raise UsageError("No column is named to divide by.", where="columns", next_step="Name one to three columns.")
    if len(set(names)) < len(names) or len(own) < len(params.each):
        raise UsageError("A column is named twice.", where="columns", next_step="Name each once.")
    for name in (*names, *own):
        if name not in customers.columns:
            close = close_matches(name, customers.columns, most=1)
            advice = f"Did you mean {safe(close[0], 60)}?" if close else ""
            raise UsageError(f"There is no column {safe(name, 60)}.", where="columns", next_step=advice)
    others = [name for name in own if name not in names]
    if others:
        raise UsageError(
            f"{safe(others[0], 60)} is not among the columns.", where="each", next_step="Add it there or leave it out."
        )
    found = []
    for name in names:
        one = own.get(name) or ColumnBands(column=name, how=params.how, bands=params.bands, cuts=params.cuts)
        if one.how == "fixed" and not one.cuts and customers.columns[name].kind is Kind.NUMBER:
            raise UsageError(
                f"Fixed bands of {safe(name, 60)} need cut points.",
                where="cuts",
                next_step="Give them in ascending order.",
            )
        found.append(one)
    return tuple(found)


def _banded(wanted: ColumnBands, customers: Customers) -> BandedColumn:
    column = customers.columns[wanted.column]
    values = customers.frame.get_column(column.name)
    shown = safe(column.name, 60)
    if column.kind is Kind.NUMBER:
        numbers = values.cast(pl.Float64).to_numpy()
        numbers = numbers[np.isfinite(numbers)]
        if not len(numbers):
            raise DataError(f"{shown} has no values.", next_step="Choose another column.")
        cuts = wanted.cuts if wanted.how == "fixed" else cuts_of(numbers, wanted.how, wanted.bands)
        whole = values.dtype.is_integer() or bool((numbers == np.floor(numbers)).all())
        above = wanted.how in ("quantiles", "natural breaks")
        decimals = decimals_for(cuts, numbers)
        return BandedColumn(column.name, cuts, above, whole=whole, decimals=decimals, unit=column.unit)
    if column.kind in (Kind.CATEGORY, Kind.FLAG):
        found = values.cast(pl.String).drop_nulls().unique().sort().to_list()
        if not found:
            raise DataError(f"{shown} has no values.", next_step="Choose another column.")
        if column.ordered:
            levels = (*column.levels, *(level for level in found if level not in column.levels))
        else:
            known = [level for level in column.levels if level in found]
            levels = (*known, *(level for level in found if level not in known))
        if len(levels) > _MOST_LEVELS:
            raise DataError(
                f"{shown} has {len(levels):,} levels, and at most {_MOST_LEVELS} can be segments.",
                next_step="Group them with a step of the recipe.",
            )
        return BandedColumn(column.name, levels=levels, is_flag=column.kind is Kind.FLAG, ordered=column.ordered)
    raise DataError(
        f"{shown} is of kind {column.kind}, and bands need a number, a category or a flag.",
        next_step="Set its kind, or derive a number such as an age from it.",
    )


def _crossed(
    columns: tuple[BandedColumn, ...], wanted: tuple[ColumnBands, ...], customers: Customers, params: BandsParams
) -> BandsModel:
    cells = int(np.prod([column.count for column in columns]))
    if cells > _MOST_CELLS:
        raise DataError(
            f"This cross has {cells:,} cells, and at most {_MOST_CELLS:,} can be handled.",
            next_step="Use fewer bands or columns.",
        )
    shape = tuple(column.width for column in columns)
    placed = [column.bands(customers) for column in columns]
    counts = np.bincount(np.ravel_multi_index(placed, shape), minlength=int(np.prod(shape))).reshape(shape)
    own_missing = params.missing == "own band"
    by_band = [np.bincount(found, minlength=column.width) for found, column in zip(placed, columns, strict=True)]
    with_missing = np.array(
        [own_missing and bool(band[column.count]) for band, column in zip(by_band, columns, strict=True)]
    )
    groups = grouped(counts, columns, with_missing, params.smallest)
    # What no group holds: a missing value where the fit had none (or all of them, where these stay unassigned).
    codes = np.full(shape, len(groups) if own_missing else -1, dtype=np.int32)
    names = [group.name(columns) for group in groups]
    for code, group in enumerate(groups):
        for cell in group.cells:
            codes[cell] = code
    sizes = [group.customers for group in groups]
    if own_missing and not with_missing.all():
        names.append("Missing" if len(columns) > 1 else f"{columns[0].name} missing")
        sizes.append(0)
    if any(column.levels and not column.is_flag for column in columns):
        _mark_unseen(codes, columns, len(names), own_missing)
        names.append("Unseen level")
        sizes.append(0)
    read = tuple(column.name for column in columns)
    return BandsModel(
        segments=tuple(Segment(code, name, name) for code, name in enumerate(names)),
        uses=Uses(columns=read, segmentations=customers.segmentations(read)),
        columns=columns,
        codes=codes,
        sizes=tuple(sizes),
        how=tuple(LEVELS if column.levels else one.how for one, column in zip(wanted, columns, strict=True)),
        wanted=tuple(
            0 if column.levels or one.how == "fixed" else one.bands for one, column in zip(wanted, columns, strict=True)
        ),
        band_customers=tuple(tuple(band[:-1].tolist()) for band in by_band),
        smallest_cell=int(counts[counts > 0].min(initial=len(customers))),
        joined=tuple(name for name, group in zip(names, groups, strict=False) if len(group.cells) > 1),
        small=tuple(name for name, group in zip(names, groups, strict=False) if group.customers < params.smallest),
        smallest=params.smallest,
        sensitive=tuple(name for name in (column.name for column in columns) if customers.columns[name].sensitive),
        thinned=tuple(
            one.column
            for one in wanted
            if one.how == "natural breaks" and customers.frame.get_column(one.column).n_unique() > MOST_PLACES
        ),
        unassigned=int(counts[codes < 0].sum()),
    )


def _mark_unseen(codes: np.ndarray, columns: tuple[BandedColumn, ...], code: int, own_missing: bool) -> None:
    """Cells with a level that the fit did not know; where missing stays unassigned, that comes first."""
    missing = np.zeros(codes.shape, dtype=bool)
    unseen = np.zeros(codes.shape, dtype=bool)
    for axis, column in enumerate(columns):
        place = np.arange(column.width).reshape([-1 if other == axis else 1 for other in range(len(columns))])
        missing |= place == column.count
        if column.levels and not column.is_flag:
            unseen |= place == column.count + 1
    codes[unseen & (own_missing | ~missing)] = code
