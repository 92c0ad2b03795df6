"""Checks of the fit and its labels: one contract, one answer for one customer, whoever else is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from segtui.api.codec import CodecError, decode, encode
from segtui.api.customers import Customers
from segtui.api.method import Model
from segtui.api.run import QuietRun
from segtui.segment.contract import untouched
from segtui.testing.case import Case, require_same
from segtui.testing.on_data import non_ascii, with_nulls
from segtui.testing.work import Failed, LeftOut, failing_in_words, require, said


def output_contract(case: Case) -> None:
    """The host's fit finds no broken rule."""
    with failing_in_words():
        case.hosted()


def input_untouched(case: Case) -> None:
    """fit and assign leave frame, columns and tables as they are."""
    mine = case.customers
    given = Customers(
        mine.frame.clone(), mine.id, dict(mine.columns), mine.features, mine.scaling, mine.as_of, dict(mine.tables)
    )
    before, columns, tables = untouched(given), dict(given.columns), dict(given.tables)
    case.sound()
    model = case.method.fit(given, case.params, QuietRun())
    same = untouched(given) == before and given.columns == columns and given.tables == tables
    require(same, "fit changes the customers it is given.")
    model.assign(given)
    same = untouched(given) == before and given.columns == columns and given.tables == tables
    require(same, "assign changes the customers it is given.")


def same_seed(case: Case) -> None:
    """Two fits with one seed give the same model, byte for byte, and the same labels."""
    first, second = case.sound(), case.sound()
    require_same(case.labels(first, case.customers), case.labels(second, case.customers), "A second fit with one seed")
    try:
        same = encode(first) == encode(second)
    except CodecError:
        return
    require(same, "A second fit with one seed gives another model.")


def row_order(case: Case) -> None:
    """Customers in another order get the same segments; where segments have no order, their codes may be swapped."""
    model = case.sound()
    labels = case.labels(model, case.customers)
    order = np.random.default_rng(3).permutation(len(case.customers))
    shuffled = case.on(case.customers.rows(order))
    found = shuffled.assigns(shuffled.fit(), shuffled.customers, "shuffled customers")
    expected = labels[pl.Series(order)]
    if not model.ordered:
        expected, found = _numbered(expected), _numbered(found)
    require_same(expected, found, "A fit on the same customers in another order")


def subset(case: Case) -> None:
    """Some customers, one alone, the same twice, and none at all, get the labels they have among all."""
    model = case.sound()
    labels = case.labels(model, case.customers)
    order = np.random.default_rng(5).permutation(len(labels))
    for positions in (order[: len(order) // 3], order[:1], np.repeat(order[:1], 3), order[:0]):
        some = case.assigns(model, case.customers.rows(positions), f"{len(positions):,} of the customers")
        require_same(labels[pl.Series(positions)], some, f"assign of {len(positions):,} of the customers")


def batch_law(case: Case) -> None:
    """assign(a + b) is assign(a) followed by assign(b)."""
    model = case.sound()
    half = len(case.customers) // 3 | 1
    parts = [case.assigns(model, case.customers.rows(part), "a part") for part in (slice(0, half), slice(half, None))]
    require_same(case.labels(model, case.customers), pl.concat(parts), "assign in two batches")


def codec_round_trip(case: Case) -> None:
    """A model that was saved and loaded gives the same labels and the same SQL, and explains itself."""
    model = case.sound()
    try:
        loaded: Model = decode(encode(model), case.method.Model)
    except CodecError as error:
        raise Failed(f"A model is plain data: {said(error)}") from error
    found = case.assigns(loaded, case.customers, "a loaded model")
    require_same(case.labels(model, case.customers), found, "A loaded model")
    require(loaded.sql() == model.sql(), "A loaded model gives other SQL.")
    report = loaded.explain()
    require(report is None or bool(report.blocks), "explain gives a Report without blocks.")


def sql_parity(case: Case) -> None:
    """DuckDB's labels by the model's SQL are those of assign: also for nulls, and for names that are not ASCII."""
    for each in _for_sql(case):
        model = each.sound()
        if model.sql() is None:
            raise LeftOut("The model has no SQL.")
        for customers in (each.customers, with_nulls(each.customers)):
            expected = each.assigns(model, customers, "customers for the SQL")
            require_same(expected, _by_sql(model, customers.frame), "The labels by SQL")


def _for_sql(case: Case) -> Iterator[Case]:
    yield case
    yield case.on(non_ascii(case.customers, case.params))


def _by_sql(model: Model, frame: pl.DataFrame) -> pl.Series:
    try:
        duckdb: Any = import_module("duckdb")
    except ImportError:
        raise LeftOut("duckdb is not installed.") from None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        frame.with_row_index("row_of_the_check").write_parquet(file)
        where = str(file).replace("'", "''")
        query = f"SELECT {model.sql()} FROM read_parquet('{where}') ORDER BY row_of_the_check"
        try:
            with duckdb.connect() as connection:
                rows = connection.execute(query).fetchall()
        except duckdb.Error as error:
            raise Failed(f"DuckDB refuses the SQL: {error}") from error
    return pl.Series("segment", [row[0] for row in rows], dtype=pl.Int32)


def _numbered(labels: pl.Series) -> pl.Series:
    """The same division, its codes numbered by the first customer of each."""
    counted = labels.drop_nulls().unique(maintain_order=True).to_list()
    return labels.replace_strict(
        {code: number for number, code in enumerate(counted)}, default=None, return_dtype=pl.Int32
    )
