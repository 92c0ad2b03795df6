"""Scoring: the labels of the fit, for any part of the customers; what is made up is counted; what lacks is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from saved_models import METHODS, method_of, saved_model
from small_methods import PLUGIN, CutParams, Cutting, some_customers

from segtui.api import (
    Basis,
    ContractError,
    Customers,
    DataError,
    Kind,
    Method,
    Model,
    Needs,
    Params,
    QuietRun,
    Role,
    Run,
    Segment,
    Uses,
)
from segtui.segment.earlier import with_segmentation
from segtui.segment.fit import fit
from segtui.segment.model_file import SavedModel, load, needed_columns, save
from segtui.segment.naming import shown
from segtui.segment.score import score


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "part",
    [
        lambda c: c,
        lambda c: c.rows(slice(0, 200)),
        lambda c: c.rows(np.arange(400)[::-3]),
        lambda c: c.rows(slice(7, 8)),
    ],
)
def test_saved_loaded_and_scored_gives_the_same_labels(
    tmp_path: Path, method: str, part: Callable[[Customers], Customers]
) -> None:
    customers = some_customers()
    save(tmp_path / "m.segmodel", saved_model(method))
    saved = load(tmp_path / "m.segmodel", method_of)
    fitted = fit(METHODS[method], customers, {}, QuietRun(), plugin=PLUGIN)
    chosen = part(customers)
    by_id = dict(zip(customers.frame["customer"], fitted.labels, strict=True))
    scored = score(saved, chosen)
    assert scored.labels.to_list() == [by_id[name] for name in chosen.frame["customer"]]
    assert sum(segment.size for segment in scored.segments) == len(chosen)
    assert [s.name for s in scored.segments] == [s.name for s in saved.segments]
    assert scored.notes == ()


def test_what_was_imputed_unseen_and_unassigned_is_counted() -> None:
    customers = some_customers()
    frame = customers.frame.with_columns(
        monetary=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("monetary"),
        contract=pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("CANARY")).otherwise("contract"),
        recency=pl.when(pl.int_range(pl.len()) == 9).then(float("nan")).otherwise(pl.col("recency").cast(pl.Float64)),
    )
    frame = frame.with_columns(contract=pl.when(pl.int_range(pl.len()) == 5).then(None).otherwise("contract"))
    changed = customers.replacing(frame)
    assert score(saved_model("nearest"), changed).notes == (
        "3 customers have no monetary: taken as the value of the fit.",
        "1 customer has no recency: taken as the value of the fit.",
        "1 customer has no contract: taken as none of its levels.",
        "2 customers have a level of contract that the fit did not know.",
    )
    scored = score(saved_model("cutting"), changed)
    assert scored.notes == ("3 customers have no segment.",)
    assert (scored.account.total, scored.account.used) == (400, 397)


def test_everybody_may_be_unassigned() -> None:
    customers = some_customers(5)
    frame = customers.frame.with_columns(monetary=pl.lit(None, dtype=pl.Float64))
    assert score(saved_model(), customers.replacing(frame)).labels.null_count() == 5


def test_a_missing_column_is_named() -> None:
    customers = some_customers()
    with pytest.raises(DataError, match="lacks: monetary, contract"):
        score(saved_model("nearest"), customers.replacing(customers.frame.drop("monetary", "contract")))


def test_a_column_of_another_kind_is_named() -> None:
    customers = some_customers()
    columns = {**customers.columns, "monetary": customers.columns["note"]}
    with pytest.raises(DataError, match="monetary is of kind text, and the model needs a number"):
        score(saved_model(), Customers(customers.frame, customers.id, columns))


def test_no_customers_and_repeated_customers_are_refused() -> None:
    with pytest.raises(DataError, match="no customers"):
        score(saved_model(), some_customers(0))
    customers = some_customers(4)
    twice = customers.replacing(pl.concat([customers.frame, customers.frame]))
    with pytest.raises(DataError, match="4 rows repeat"):
        score(saved_model(), twice)


def test_a_plugin_that_breaks_the_contract_when_scoring_is_named() -> None:
    saved = saved_model()
    broken = SavedModel(**{**vars(saved), "model": _Wrong(saved.model.segments, saved.model.uses)})
    with pytest.raises(ContractError, match="Int32"):
        score(broken, some_customers())


@dataclass(frozen=True, eq=False)
class _Wrong(Model):
    def assign(self, customers: Customers) -> pl.Series:
        return pl.Series([0.0] * len(customers))


@dataclass(frozen=True, eq=False)
class Crossed(Model):
    column: str
    levels: tuple[str, ...]

    def assign(self, customers: Customers) -> pl.Series:
        names = customers.frame[self.column]
        return names.replace_strict(list(self.levels), range(len(self.levels)), default=None, return_dtype=pl.Int32)


class CrossParams(Params):
    column: str = "earlier"


class Cross(Method[CrossParams, Crossed]):
    """A segment for each segment of an earlier segmentation."""

    id, title, summary, basis = "cross", "Cross", "Combines.", Basis.COMBINED
    needs = Needs(segmentations=1)
    Params, Model = CrossParams, Crossed

    def fit(self, customers: Customers, params: CrossParams, run: Run) -> Crossed:  # noqa: ARG002
        levels = customers.columns[params.column].levels
        segments = tuple(Segment(code, f"cross of {name}") for code, name in enumerate(levels))
        uses = Uses(columns=(params.column,), segmentations=(params.column,))
        return Crossed(segments, uses, params.column, levels)


def test_earlier_segmentations_are_scored_first(tmp_path: Path) -> None:
    customers = some_customers()
    earlier = saved_model()
    labels = fit(Cutting(), customers, CutParams(), QuietRun(), plugin=PLUGIN).labels
    widened = with_segmentation(customers, "earlier", labels, earlier.segments)
    assert widened.columns["earlier"].role is Role.SEGMENT
    assert widened.columns["earlier"].levels == tuple(segment.name for segment in earlier.segments)
    fitted = fit(Cross(), widened, {}, QuietRun(), plugin=PLUGIN)
    saved = SavedModel(
        method="cross",
        plugin=PLUGIN,
        revision=1,
        params={},
        seed=1,
        feature_set="",
        model=fitted.model,
        segments=shown(fitted.model, fitted.labels, widened),
        columns=needed_columns(fitted.model, widened),
        builds_on={"earlier": earlier},
    )
    assert saved.columns == {"earlier": Kind.CATEGORY}
    save(tmp_path / "cross.segmodel", saved)
    methods: dict[str, Method[Any, Any]] = {**METHODS, "cross": Cross()}
    loaded = load(tmp_path / "cross.segmodel", lambda method, plugin: methods[method])  # noqa: ARG005
    assert score(loaded, customers).labels.equals(fitted.labels)
    nulls = customers.replacing(customers.frame.with_columns(monetary=pl.lit(None, dtype=pl.Float64)))
    assert score(loaded, nulls).notes == (
        "earlier: 400 customers have no segment.",
        "400 customers have no segment.",
    )
