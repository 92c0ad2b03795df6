"""One banded column: which band a value is in, what the bands are called, and the same in SQL."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from segtui.api import Customers, DataError
from segtui.api.expression_compile import quoted_name, quoted_text
from segtui.api.text import join_words, safe

_SHOWN = 3


@dataclass(frozen=True)
class BandedColumn:
    """Bands of one column: `cuts` of a number, or the `levels` of a category or flag (not empty there).

    A number is above a cut where it is greater (`above`) or from the cut on. Bands are 0 to `count` - 1; `count` stands
    for missing (null, or not finite) and `count` + 1 for a level that the fit did not know.
    """

    name: str
    cuts: tuple[float, ...] = ()
    above: bool = True
    levels: tuple[str, ...] = ()
    is_flag: bool = False
    whole: bool = False
    decimals: int = 0
    unit: str = ""
    ordered: bool = True

    @property
    def count(self) -> int:
        """How many ordinary bands there are."""
        return len(self.levels) or len(self.cuts) + 1

    @property
    def width(self) -> int:
        """Bands with missing and unseen."""
        return self.count + 2

    def bands(self, customers: Customers) -> np.ndarray:
        """The band of each customer, int64."""
        if self.name not in customers.frame.columns:
            raise DataError(
                f"The column {safe(self.name, 60)} is missing, and the bands need it.",
                next_step="Add it to the recipe.",
            )
        column = customers.frame.get_column(self.name)
        if self.levels:
            text = column.cast(pl.String)
            found = text.replace_strict(
                list(self.levels), list(range(self.count)), default=self.count + 1, return_dtype=pl.Int64
            )
            return found.zip_with(text.is_not_null(), pl.Series([self.count])).to_numpy()
        values = column.cast(pl.Float64).to_numpy()
        known = np.isfinite(values)
        bands = np.searchsorted(self.cuts, np.where(known, values, 0.0), side="left" if self.above else "right")
        return np.where(known, bands, self.count)

    def title(self, first: int, last: int) -> str:
        """The name of the bands `first` to `last` together."""
        if first == self.count:
            return f"{self.name} missing"
        if self.levels:
            return self.titles(tuple(range(first, last + 1)))
        return f"{self.name} {self._range(first, last)}"

    def titles(self, bands: tuple[int, ...]) -> str:
        """The name of any bands together."""
        if not self.levels or self.count in bands:
            runs = np.split(np.array(bands), np.flatnonzero(np.diff(bands) > 1) + 1)
            return join_words((self.title(int(run[0]), int(run[-1])) for run in runs), "or")
        names = [self._level(band) for band in bands[:_SHOWN]]
        if len(bands) > _SHOWN:
            names.append(f"{len(bands) - _SHOWN} more")
        return join_words(names, "or")

    def _level(self, band: int) -> str:
        level = self.levels[band]
        return f"{self.name} {'yes' if level == 'true' else 'no'}" if self.is_flag else level

    def _range(self, first: int, last: int) -> str:
        low = self.cuts[first - 1] if first else None
        high = self.cuts[last] if last < len(self.cuts) else None
        unit = f" {self.unit}" if self.unit else ""
        if low is None and high is None:
            return "any"
        if self.whole:
            return self._whole_range(low, high) + unit
        if low is None:
            return f"{'up to' if self.above else 'under'} {self._written(high)}{unit}"
        if high is None:
            return f"above {self._written(low)}{unit}" if self.above else f"{self._written(low)}{unit} and over"
        if self.above:
            return f"above {self._written(low)} to {self._written(high)}{unit}"
        return f"{self._written(low)} to under {self._written(high)}{unit}"

    def _whole_range(self, low: float | None, high: float | None) -> str:
        start = None if low is None else (np.floor(low) + 1 if self.above else np.ceil(low))
        end = None if high is None else (np.floor(high) if self.above else np.ceil(high) - 1)
        if start is None:
            return f"up to {self._written(end)}"
        if end is None:
            return f"{self._written(start)} and over"
        return self._written(start) if start == end else f"{self._written(start)} to {self._written(end)}"

    def _written(self, value: float | None) -> str:
        if value is None:
            return ""
        mark = "," if abs(value) >= 10_000 else ""
        return format(value + 0.0, f"{mark}.{0 if self.whole else self.decimals}f")

    def sql(self, outcomes: list[str]) -> str:
        """A CASE that gives `outcomes[band]`, one for each of the `width` bands."""
        missing, unseen = outcomes[self.count], outcomes[self.count + 1]
        column = quoted_name(self.name)
        if self.is_flag:
            tests = [f"{column}" if level == "true" else f"NOT {column}" for level in self.levels]
            arms = [f"WHEN {test} THEN {outcome}" for test, outcome in zip(tests, outcomes, strict=False)]
            return f"CASE WHEN {column} IS NULL THEN {missing} {' '.join(arms)} ELSE {unseen} END"
        if self.levels:
            by_outcome: dict[str, list[str]] = {}
            for level, outcome in zip(self.levels, outcomes, strict=False):
                by_outcome.setdefault(outcome, []).append(quoted_text(level))
            arms = [f"WHEN {column} IN ({', '.join(levels)}) THEN {outcome}" for outcome, levels in by_outcome.items()]
            return f"CASE WHEN {column} IS NULL THEN {missing} {' '.join(arms)} ELSE {unseen} END"
        arms = []
        for band in range(self.count - 1, 0, -1):
            if outcomes[band] != outcomes[band - 1]:
                # An exponent makes the number a DOUBLE and not a DECIMAL: the same value bit for bit.
                test = f"{column} {'>' if self.above else '>='} {self.cuts[band - 1]:.16e}"
                arms.append(f"WHEN {test} THEN {outcomes[band]}")
        known = f"CASE {' '.join(arms)} ELSE {outcomes[0]} END" if arms else outcomes[0]
        # Not BETWEEN the largest doubles: DuckDB decides that from a Parquet file's statistics, which leave NaN out.
        return f"CASE WHEN {column} - {column} = 0 THEN {known} ELSE {missing} END"


def decimals_for(cuts: tuple[float, ...], values: np.ndarray) -> int:
    """How many decimals tell the cuts apart and show about a thousandth of the range."""
    spread = float(values.max()) - float(values.min())
    decimals = int(np.clip(3 - np.floor(np.log10(spread)), 0, 9)) if spread > 0 else 0
    while decimals < 9 and len({f"{cut:.{decimals}f}" for cut in cuts}) < len(cuts):
        decimals += 1
    while decimals > 0 and all(round(cut, decimals - 1) == round(cut, decimals) for cut in cuts):
        decimals -= 1
    return decimals
