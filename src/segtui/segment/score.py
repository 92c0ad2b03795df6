"""Scoring: a saved model says which segment new customers belong to, and counts what it had to make up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from segtui.api import text
from segtui.api.calling import broken, called, handed
from segtui.api.customers import Customers, Scaling
from segtui.api.errors import DataError
from segtui.api.segmentation import Account, ShownSegment
from segtui.segment.contract import check_customers, check_labels, untouched
from segtui.segment.earlier import with_segmentation
from segtui.segment.model_file import SavedModel
from segtui.segment.naming import account


@dataclass(frozen=True, eq=False)
class Scored:
    """Labels of new customers: Int32 codes named "segment", null where unassigned, in the row order of the customers.

    `segments` have the letters, names and order of the saved model and the sizes found here; `notes` are sentences that
    count what was imputed, unseen and unassigned.
    """

    labels: pl.Series
    segments: tuple[ShownSegment, ...]
    account: Account
    notes: tuple[str, ...]


def score(saved: SavedModel, customers: Customers) -> Scored:
    """The segments of `customers`, after those of the models that `saved` builds on.

    Raises DataError where a column or table is missing or of another kind, and what a faulty plugin causes.
    """
    if not len(customers):
        raise DataError("There are no customers to score.", next_step="Check the recipe and the file.")
    check_customers(customers)
    notes: list[str] = []
    for name, earlier in saved.builds_on.items():
        scored = score(earlier, customers)
        notes += [f"{text.safe(name, 80)}: {note}" for note in scored.notes]
        customers = with_segmentation(customers, name, scored.labels, scored.segments)
    _check_inputs(saved, customers)
    before = untouched(customers)
    given = handed(customers)
    with called(saved.plugin, "assign the customers"):
        labels = check_labels(saved.model.assign(given), customers, saved.model, saved.plugin)
    if untouched(given) != before:
        broken(saved.plugin, "assign leaves the customers it is given as they are")
    if saved.model.uses.scaling:
        notes += _made_up(saved.model.uses.scaling, customers.frame)
    unassigned = labels.null_count()
    if unassigned:
        notes.append(f"{_customers(unassigned)} no segment.")
    sizes = dict(labels.drop_nulls().value_counts().iter_rows())
    segments = tuple(replace(segment, size=sizes.get(segment.code, 0)) for segment in saved.segments)
    return Scored(labels, segments, account(labels), tuple(notes))


def _check_inputs(saved: SavedModel, customers: Customers) -> None:
    there = customers.columns.keys() & set(customers.frame.columns)
    missing = [name for name in saved.columns if name not in there]
    if missing:
        listed = ", ".join(text.safe(name, 80) for name in missing)
        raise DataError(
            f"The model needs {'columns' if len(missing) > 1 else 'a column'} that the data lacks: {listed}.",
            next_step="Check that the files and the recipe are those the model was made for.",
        )
    for name, kind in saved.columns.items():
        found = customers.columns[name].kind
        if found is not kind:
            raise DataError(
                f"The column {text.safe(name, 80)} is of kind {found}, and the model needs a {kind}.",
                next_step=f"Set its kind to {kind}.",
            )
    absent = [name for name in saved.model.uses.tables if name not in customers.tables]
    if absent:
        raise DataError(
            f"The model needs the table {text.safe(absent[0], 80)}.", next_step="Add it to the files that are scored."
        )


def _made_up(scaling: Scaling, frame: pl.DataFrame) -> Iterator[str]:
    """A sentence for each feature with values that were imputed, and for each with levels the fit did not know."""
    for feature in scaling.features:
        imputed, unseen = frame.select(feature.imputed().alias("imputed"), feature.unseen().alias("unseen")).row(0)
        shown = text.safe(feature.column, 80)
        if imputed and feature.levels:
            yield f"{_customers(imputed)} no {shown}: taken as none of its levels."
        elif imputed:
            yield f"{_customers(imputed)} no {shown}: taken as the value of the fit."
        if unseen:
            yield f"{_customers(unseen)} a level of {shown} that the fit did not know."


def _customers(count: int) -> str:
    return f"{count:,} customer has" if count == 1 else f"{count:,} customers have"
