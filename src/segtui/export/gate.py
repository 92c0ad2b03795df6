"""The privacy gate: what may leave this machine with a result. An id and a segment for each customer, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from segtui.api.customers import Customers
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Personal
from segtui.api.text import join_words, safe
from segtui.export.pseudonyms import pseudonymised

IN_CLEAR = "in clear"
PSEUDONYMISED = "pseudonymised (HMAC-SHA256, the key stays here)"


@dataclass(frozen=True, eq=False)
class Leaving:
    """What passes: `assignments` with the columns id, segment_code and segment; and what is said about it."""

    assignments: pl.LazyFrame
    rows: int
    columns: tuple[str, ...]
    personal_held_back: tuple[str, ...]
    notes: tuple[str, ...]
    ids: str = IN_CLEAR

    def facts(self) -> Mapping[str, object]:
        """For the manifest."""
        return {
            "rows": self.rows,
            "columns": list(self.columns),
            "ids": self.ids,
            "personal_columns_held_back": list(self.personal_held_back),
            "notes": list(self.notes),
        }


def gate(
    customers: Customers,
    labels: pl.Series,
    segments: tuple[ShownSegment, ...],
    *,
    ids: Literal["clear", "pseudonymised"] = "clear",
    key: bytes | None = None,
) -> Leaving:
    """One segmentation, as it may leave. Where the id itself names a person, a note says so.

    Pseudonymised ids need a `key`, and come in their own order, which says nothing of the order of the customers.
    """
    if ids == "pseudonymised" and key is None:
        raise ValueError("pseudonyms need a key")
    code, name = _free_names(customers.id)
    codes = [segment.code for segment in segments]
    names = [segment.name for segment in segments]
    own = customers.frame[customers.id]
    assignments = pl.LazyFrame(
        {
            customers.id: own if ids == "clear" or key is None else pseudonymised(own, key),
            code: labels.cast(pl.Int32),
        }
    ).with_columns(pl.col(code).replace_strict(codes, names, default=None, return_dtype=pl.String).alias(name))
    if ids == "pseudonymised":
        assignments = assignments.sort(customers.id, maintain_order=True)
    personal = tuple(
        column.name for column in customers.columns.values() if column.personal and column.name != customers.id
    )
    notes = []
    names_a_person = customers.columns[customers.id].personal
    if ids == "clear" and names_a_person in (Personal.NAME, Personal.EMAIL, Personal.PHONE, Personal.ADDRESS):
        notes.append(f"The id {safe(customers.id, 60)} is itself personal data ({names_a_person}).")
    if personal:
        notes.append(f"Personal columns stay here: {join_words(safe(column, 60) for column in personal)}.")
    said = IN_CLEAR if ids == "clear" else PSEUDONYMISED
    return Leaving(assignments, len(customers), (customers.id, code, name), personal, tuple(notes), said)


def _free_names(identifier: str) -> tuple[str, str]:
    """Names for the two columns beside the id that differ from it."""
    taken = identifier.casefold()
    return ("segment_code" if taken != "segment_code" else "code", "segment" if taken != "segment" else "segment_name")
