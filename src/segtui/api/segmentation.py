"""A Segmentation: customers divided by one method, with everything that says how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from segtui.api.method import Model


@dataclass(frozen=True)
class Count:
    """One line of an account: so many of something, and why."""

    text: str
    rows: int


@dataclass(frozen=True)
class Account:
    """How a total comes about: `total` = `used` + the sum of `dropped`. Raises ValueError where it does not add up."""

    what: str
    total: int
    used: int
    dropped: tuple[Count, ...] = ()

    def __post_init__(self) -> None:
        if self.total != self.used + sum(count.rows for count in self.dropped):
            raise ValueError(f"the account of {self.what} does not add up")


@dataclass(frozen=True)
class ShownSegment:
    """A segment as people see it: its letter by the shown order, its name, rule, description and size."""

    code: int
    letter: str
    name: str
    size: int
    rule: str = ""
    description: str = ""


@dataclass(frozen=True, eq=False)
class Segmentation:
    """One result. `labels` are Int32 codes in the row order of the customers it was made on, null where unassigned.

    `segments` in the shown order with the names people gave; `fingerprint` a hash of everything the labels depend on;
    `account` customers = assigned + unassigned by reason; `notes` what was imputed, sampled or unseen.
    """

    id: str
    method: str
    params: Mapping[str, Any]
    feature_set: str
    seed: int
    revision: int
    model: Model
    labels: pl.Series
    segments: tuple[ShownSegment, ...]
    fingerprint: str
    account: Account
    notes: tuple[str, ...] = field(default=())


def letter(position: int) -> str:
    """A to Z, then AA, AB ...: the letter of the segment shown at `position`, from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
