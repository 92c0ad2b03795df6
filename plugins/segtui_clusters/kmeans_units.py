"""Centres in the client's units, with the digits that are known and no more."""

from __future__ import annotations

import numpy as np

from segtui.api import ScaledFeature

_DIGITS = 17
_FEWEST = 1e-6


def in_units(feature: ScaledFeature, centres: np.ndarray, digit: np.ndarray) -> np.ndarray:
    """Centres of one feature, shape (k, width), known to `digit` and to 32 bits, in the client's units: each the
    shortest number that may be it, so 0 where 0 may be."""
    away = _known_to(centres, digit)
    return _shortest(*(feature.unscale(one) for one in (centres - away, centres, centres + away)))


def in_per_cent(feature: ScaledFeature, centres: np.ndarray, digit: np.ndarray) -> np.ndarray:
    """The same for shares, from 0 to 100; 0 also below one in a million."""
    away = _known_to(centres, digit)
    low, shares, high = (np.clip(feature.unscale(one), 0, 1) for one in (centres - away, centres, centres + away))
    return _shortest(100 * np.where(shares < _FEWEST, 0, low), 100 * shares, 100 * high)


def _known_to(centres: np.ndarray, digit: np.ndarray) -> np.ndarray:
    away: np.ndarray = digit + np.finfo(np.float32).eps * np.abs(centres)
    return away


def _shortest(low: np.ndarray, values: np.ndarray, high: np.ndarray) -> np.ndarray:
    """For each value the number with the fewest significant digits that lies from `low` to `high`."""
    found = [_shortest_one(*three) for three in zip(low.ravel(), values.ravel(), high.ravel(), strict=True)]
    return np.array(found).reshape(values.shape)


def _shortest_one(low: float, value: float, high: float) -> float:
    if low <= 0 <= high:
        return 0.0
    rounded = (float(f"{value:.{digits}e}") for digits in range(_DIGITS))
    return next((one for one in rounded if low <= one <= high), float(value))
