"""Looks into a model for counts of small groups of customers, which no report would show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np


def holds_small_counts(model: object, wholes: frozenset[int], threshold: int) -> bool:
    """Whether the model holds a count from 1 to below `threshold` among whole numbers that divide customers: lists and
    arrays that add up to one of `wholes`, such as all customers or those in a segment."""
    found = (numbers for numbers in _whole_numbers(model) if int(numbers.sum()) in wholes and len(numbers) > 1)
    return any(bool(((numbers > 0) & (numbers < threshold)).any()) for numbers in found)


def _whole_numbers(value: object) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "iu":
            yield value.ravel()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _whole_numbers(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _whole_numbers(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        if all(type(item) is int for item in value):
            yield np.asarray(value, dtype=np.int64)
        for item in value:
            if not isinstance(item, int):
                yield from _whole_numbers(item)
