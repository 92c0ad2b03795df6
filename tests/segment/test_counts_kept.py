"""Counts of small groups are found in whatever a model keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segtui.segment.counts_kept import holds_small_counts


@dataclass(frozen=True)
class Kept:
    value: object


def test_lists_that_add_up_to_the_customers_are_counts() -> None:
    wholes = frozenset({400, 390})
    assert holds_small_counts(Kept((380, 3, 17, 0)), wholes, 10)
    assert not holds_small_counts(Kept((380, 3, 17, 0)), wholes, 3)
    assert holds_small_counts(Kept({"cells": [Kept(np.array([[380, 3], [4, 3]]))]}), wholes, 10)


def test_other_whole_numbers_are_none() -> None:
    wholes = frozenset({400})
    for value in ((5, 3, 2), (390.0, 10.0), (True, False), 4, (400,), "400", np.array([0.5, 3.0])):
        assert not holds_small_counts(Kept(value), wholes, 10), value
    assert not holds_small_counts(Kept((380, 20)), wholes, 10)
