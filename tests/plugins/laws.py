"""What every method keeps, and small customers to try it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from segtui.api import Column, Customers, Kind, Method, Model, QuietRun, Role, ScaledFeature, Scaling
from segtui.api.codec import decode, encode

ROLES = {"recency": Role.RECENCY, "frequency": Role.FREQUENCY, "monetary": Role.MONETARY}
KINDS = {pl.String: Kind.CATEGORY, pl.Boolean: Kind.FLAG, pl.Date: Kind.DATE}


def customers_of(data: Mapping[str, Any] | pl.DataFrame, **columns: Column) -> Customers:
    """Customers with an id, kinds from the types, the roles of RFM by name, and numbers and flags as raw features."""
    frame = data if isinstance(data, pl.DataFrame) else pl.DataFrame(data)
    if "id" not in frame.columns:
        frame = frame.with_columns(id=pl.int_range(pl.len()).cast(pl.String))
    described = {
        name: columns.get(name) or Column(name, KINDS.get(dtype.base_type(), Kind.NUMBER), ROLES.get(name))
        for name, dtype in frame.schema.items()
    }
    described["id"] = Column("id", Kind.IDENTIFIER, Role.CUSTOMER)
    features = tuple(name for name, column in described.items() if column.kind in (Kind.NUMBER, Kind.FLAG))
    scaling = Scaling(tuple(ScaledFeature(name) for name in features))
    return Customers(frame, "id", described, features, scaling)


def sql_labels(model: Model, frame: pl.DataFrame, folder: Path, statistics: bool = True) -> list[int | None]:
    """What DuckDB makes of the model's SQL, row by row."""
    file = folder / "customers.parquet"
    frame.with_row_index("row_of_test").write_parquet(file, statistics=statistics)
    query = f"SELECT {model.sql()} FROM read_parquet('{file}') ORDER BY row_of_test"
    with duckdb.connect() as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def fitted(method: Method[Any, Any], customers: Customers, seed: int = 42, **params: Any) -> Any:
    """A model by plain parameters."""
    model = method.fit(customers, method.Params.model_validate(params), QuietRun(seed))
    assert isinstance(model, method.Model)
    return model


def check_laws(method: Method[Any, Any], customers: Customers, **params: Any) -> Model:
    """Fit, and hold the model against the rules every method keeps. Returns the model."""
    before = customers.frame.clone()
    model: Model = fitted(method, customers, **params)
    assert customers.frame.equals(before, null_equal=True)
    labels = check_model(model, customers)
    again = fitted(method, customers, **params)
    assert encode(again) == encode(model)
    reloaded: Model = decode(encode(model), method.Model)
    assert reloaded.assign(customers).equals(labels, null_equal=True)
    assert reloaded.sql() == model.sql()
    report = reloaded.explain()
    assert report is None or report.blocks
    return model


def check_model(model: Model, customers: Customers) -> pl.Series:
    """Labels are codes of segments; each customer's is the same alone, shuffled, and in any subset."""
    labels = model.assign(customers)
    assert labels.dtype == pl.Int32
    assert len(labels) == len(customers)
    codes = [segment.code for segment in model.segments]
    assert len(set(codes)) == len(codes)
    assert set(labels.drop_nulls().to_list()) <= set(codes)
    assert set(model.uses.columns) <= set(customers.frame.columns)
    random = np.random.default_rng(7)
    shuffled = random.permutation(len(customers))
    for rows in _parts(shuffled, random):
        assert model.assign(customers.rows(rows)).equals(labels[pl.Series(rows)], null_equal=True)
    assert len(model.assign(customers.rows(slice(0, 0)))) == 0
    strengths = model.strengths(customers)
    if strengths is not None:
        assert strengths.shape == (len(customers), len(codes))
        assert np.allclose(strengths.to_numpy().sum(axis=1), 1)
    return labels


def _parts(shuffled: np.ndarray, random: np.random.Generator) -> Sequence[np.ndarray]:
    some = np.flatnonzero(random.random(len(shuffled)) < 0.4)
    singles = [np.array([row]) for row in shuffled[:5]]
    return [shuffled, some, *singles] if len(some) else [shuffled, *singles]
