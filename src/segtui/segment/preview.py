"""A preview: the method on a seeded sample, quick enough for a screen, that says it is a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segtui.api.customers import Customers
from segtui.api.method import Method
from segtui.api.params import CountOrRange, Params, checked
from segtui.api.profile import Profile, profile
from segtui.api.run import Run
from segtui.api.segmentation import ShownSegment
from segtui.segment.fit import fit
from segtui.segment.naming import GivenName, shown

PREVIEW_ROWS = 5_000
_FEWEST_ROWS = 1_000
_WORK = 1_500_000
"""Where numbers of segments are tried, at most so many customers times features times segments of all numbers."""
_AUTO = (2, 8)


@dataclass(frozen=True)
class Preview:
    """What the method makes of `rows` of the `of` customers; sizes and profile are the sample's.

    `profile.segments` stand in the order of `segments`. It is the whole where `rows` equals `of`.
    """

    segments: tuple[ShownSegment, ...]
    profile: Profile
    rows: int
    of: int
    seconds: float
    notes: tuple[str, ...] = ()


def sample(customers: Customers, rows: int = PREVIEW_ROWS, seed: int = 42) -> Customers:
    """At most `rows` of the customers, drawn with `seed`, in their order; scaling and feature set stay as fitted."""
    if len(customers) <= rows:
        return customers
    drawn = np.random.default_rng(seed).choice(len(customers), size=rows, replace=False)
    return customers.rows(np.sort(drawn))


def preview(
    method: Method[Any, Any],
    customers: Customers,
    params: Params | Mapping[str, Any],
    run: Run,
    *,
    plugin: str,
    rows: int = PREVIEW_ROWS,
    given: Mapping[int, GivenName] | None = None,
) -> Preview:
    """Fit on a sample and profile it; the sample is smaller where several numbers of segments are tried on many
    features. Its segments have the names `given` where it is the whole: the code of a segment of a sample may be that
    of another one of all customers. Raises as `fit` does."""
    settled = params if isinstance(params, method.Params) else checked(method.Params, params, method.id)
    quick = min(rows, _quick_rows(settled, len(customers.features)))
    drawn = sample(customers, max(quick, method.needs.rows), run.seed)
    fitted = fit(method, drawn, settled, run, plugin=plugin)
    codes = [segment.code for segment in fitted.model.segments]
    profiled = profile(drawn.frame, drawn.columns, fitted.labels, codes)
    whole = len(drawn) == len(customers)
    segments = shown(fitted.model, fitted.labels, drawn, given if whole else None, profiled)
    by_code = {row.code: row for row in profiled.segments}
    named = tuple(replace(by_code[segment.code], name=segment.name) for segment in segments)
    profiled = replace(profiled, segments=named)
    return Preview(segments, profiled, len(drawn), len(customers), fitted.seconds, fitted.notes)


def _quick_rows(params: Params, features: int) -> int:
    """How many customers a preview has time for."""
    numbers = [value.within(*_AUTO) for _, value in params if isinstance(value, CountOrRange)]
    segments = max((sum(tried) for tried in numbers if len(tried) > 1), default=0)
    return max(_WORK // max(segments * features, 1), _FEWEST_ROWS)
