"""The privacy gate for rows: an id and a segment for each customer leave, and what was chosen beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from segtui.api.customers import Customers
from segtui.api.errors import UsageError
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Personal
from segtui.api.text import close_matches, join_words, safe
from segtui.export.pseudonyms import pseudonymised

IN_CLEAR = "in clear"
PSEUDONYMISED = "pseudonymised (HMAC-SHA256, the key stays here)"
NAMES_A_PERSON = (Personal.NAME, Personal.EMAIL, Personal.PHONE, Personal.ADDRESS)


@dataclass(frozen=True)
class Choice:
    """What a person chose to let leave: `ids` in clear or as pseudonyms made with `key`, `columns` beside id and
    segment, `personal` columns all the same. Raises ValueError for pseudonyms without a key."""

    ids: Literal["clear", "pseudonymised"] = "clear"
    key: bytes | None = None
    columns: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ids == "pseudonymised" and self.key is None:
            raise ValueError("pseudonyms need a key")


@dataclass(frozen=True, eq=False)
class LeavingRows:
    """What passes: `assignments` with the id, code and name of the segment, and chosen columns; what is said of it."""

    assignments: pl.LazyFrame
    rows: int
    columns: tuple[str, ...]
    personal_held_back: tuple[str, ...]
    notes: tuple[str, ...]
    ids: str = IN_CLEAR
    personal_chosen: tuple[str, ...] = ()

    def facts(self) -> Mapping[str, object]:
        """For the manifest."""
        return {
            "rows": self.rows,
            "columns": list(self.columns),
            "ids": self.ids,
            "personal_columns_chosen": list(self.personal_chosen),
            "personal_columns_held_back": list(self.personal_held_back),
            "notes": list(self.notes),
        }


def check_choice(customers: Customers, choice: Choice) -> None:
    """Raise UsageError for a column that is not there, or was chosen as personal and is not, or the other way round."""
    for name in (*choice.columns, *choice.personal):
        if name not in customers.columns:
            near = close_matches(name, list(customers.columns), most=1)
            raise UsageError(
                f"Customers have no column {safe(name, 60)} to export.",
                next_step=f"Did you mean {safe(near[0], 60)}?" if near else "See the columns in the recipe.",
            )
        if name == customers.id:
            raise UsageError(f"The id {safe(name, 60)} leaves anyway.", next_step="Leave it out of the columns.")
    for name in choice.personal:
        if not customers.columns[name].personal:
            raise UsageError(
                f"The column {safe(name, 60)} is not personal data.", next_step="Name it among the other columns."
            )
    for name in choice.columns:
        kind = customers.columns[name].personal
        if kind and name not in choice.personal:
            raise UsageError(
                f"The column {safe(name, 60)} is personal data ({kind}).",
                next_step="If it must leave, say so: --personal NAME, or personal_columns in the project.",
            )


def gate(
    customers: Customers, labels: pl.Series, segments: tuple[ShownSegment, ...], choice: Choice | None = None
) -> LeavingRows:
    """One segmentation, as it may leave. Where the id itself names a person, a note says so.

    Pseudonymised ids come in their own order, which says nothing of the order of the customers. Raises UsageError as
    `check_choice` does.
    """
    choice = choice or Choice()
    check_choice(customers, choice)
    chosen = tuple(dict.fromkeys((*choice.columns, *choice.personal)))
    code, name = _free_names((customers.id, *chosen))
    codes = [segment.code for segment in segments]
    names = [segment.name for segment in segments]
    own = customers.frame[customers.id]
    made = pl.LazyFrame(
        [
            own if choice.key is None or choice.ids == "clear" else pseudonymised(own, choice.key),
            labels.cast(pl.Int32).alias(code),
            *(customers.frame[column] for column in chosen),
        ]
    )
    named = pl.col(code).replace_strict(codes, names, default=None, return_dtype=pl.String).alias(name)
    assignments = made.with_columns(named).select(customers.id, code, name, *chosen)
    if choice.ids == "pseudonymised":
        assignments = assignments.sort(customers.id, maintain_order=True)
    personal = _personal(customers, but=(customers.id,))
    held_back = tuple(column for column in personal if column not in choice.personal)
    return LeavingRows(
        assignments,
        len(customers),
        (customers.id, code, name, *chosen),
        held_back,
        tuple(_notes(customers, choice, held_back)),
        IN_CLEAR if choice.ids == "clear" else PSEUDONYMISED,
        tuple(column for column in personal if column in choice.personal),
    )


def _personal(customers: Customers, but: Sequence[str]) -> tuple[str, ...]:
    return tuple(column.name for column in customers.columns.values() if column.personal and column.name not in but)


def _notes(customers: Customers, choice: Choice, held_back: Sequence[str]) -> Iterable[str]:
    kind = customers.columns[customers.id].personal
    if choice.ids == "clear" and kind in NAMES_A_PERSON:
        yield f"The id {safe(customers.id, 60)} is itself personal data ({kind})."
    if choice.personal:
        listed = join_words(safe(column, 60) for column in choice.personal)
        undone = " Beside pseudonyms they say who is who." if choice.ids == "pseudonymised" else ""
        yield f"Personal columns leave, as was chosen: {listed}.{undone}"
    if held_back:
        yield f"Personal columns stay here: {join_words(safe(column, 60) for column in held_back)}."


def _free_names(taken: Sequence[str]) -> tuple[str, str]:
    """Names for the code and the name of the segment that differ from the other columns."""
    known = {name.casefold() for name in taken}
    code = next(name for name in ("segment_code", "code", "segtui_code") if name not in known)
    return code, next(name for name in ("segment", "segment_name", "segtui_segment") if name not in known)
