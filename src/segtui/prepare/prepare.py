"""A recipe at work: from tables to customers, with the account of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from segtui.api.customers import Customers
from segtui.api.errors import DataError, SegtuiError
from segtui.api.run import Run
from segtui.api.segmentation import Account, Count
from segtui.api.table import Column, Kind, Role, Table, having
from segtui.api.text import plural, safe
from segtui.prepare.recipe import Recipe
from segtui.prepare.steps.step import Bench
from segtui.prepare.working import ROW, StepAccount, Working

ROW_ID = "row"


@dataclass(frozen=True, eq=False)
class Prepared:
    """Customers, and how they came about: the recipe with everything written down that was found in running it, the
    account of the rows, and one of customers where steps dropped some of those that were made of rows."""

    customers: Customers
    recipe: Recipe
    steps: tuple[StepAccount, ...]
    account: Account
    notes: tuple[str, ...] = ()
    customers_account: Account | None = None


def prepare(tables: Mapping[str, Table], recipe: Recipe, folder: Path, run: Run, today: date | None = None) -> Prepared:
    """Run a recipe. `folder` is private, for intermediate files; `today` bounds the as-of day that is found.

    Raises DataError, naming the step, where the data does not allow it.
    """
    if not tables:
        raise DataError("There is no table to prepare.", next_step="Add a source.")
    working = {name: Working.of(table, folder) for name, table in tables.items()}
    bench = Bench(working, recipe.as_of, today or date.today())
    done = []
    for number, step in enumerate(recipe.steps, 1):
        run.progress((number - 1) / (len(recipe.steps) + 1), step.describe())
        if not step.active:
            done.append(step)
            continue
        try:
            done.append(step.apply(bench, number))
        except SegtuiError as error:
            where = f"step {number} of the recipe ({step.describe()})"
            error.where = where if error.where in ("", step.describe()) else f"{where}, {error.where}"
            raise
    last = recipe.customers or (done[-1].table if done else next(iter(tables)))
    final = bench.table(last)
    final.settle()
    run.progress(len(recipe.steps) / (len(recipe.steps) + 1), "gathering customers")
    customers, identifier = _customers(final, recipe.id, bench.as_of)
    accounts = sorted((account for table in working.values() for account in table.accounts), key=lambda a: a.step)
    resolved = recipe.model_copy(
        update={"as_of": bench.as_of, "steps": tuple(done), "customers": last, "id": identifier}
    )
    used = {last} | {step.other for step in done if step.step == "join" and step.active}
    notes = [f"The table {safe(name, 60)} is not used by the recipe." for name in tables if name not in used]
    if identifier == ROW_ID and ROW_ID not in tables[last].columns:
        notes.append("No column names the customers, so the number of the row in the file does.")
    run.progress(1.0, "customers ready")
    making = (at for at, step in enumerate(done, 1) if step.step == "purchases" and step.active and step.table == last)
    made_at = next(making, len(done))
    return Prepared(
        customers,
        resolved,
        tuple(accounts),
        _account(tables[last], [account for account in final.accounts if account.step <= made_at]),
        tuple(notes),
        _customers_account([account for account in final.accounts if account.step > made_at]),
    )


def _customers(table: Working, identifier: str | None, as_of: date | None) -> tuple[Customers, str]:
    """The table as Customers: ids unique and in order where they came from purchases, else in the order of the file."""
    columns = dict(table.columns)
    identifier = identifier or having(columns, Role.CUSTOMER)
    frame = table.native
    if identifier is None or (identifier == ROW_ID and ROW_ID not in columns):
        identifier = ROW_ID if ROW_ID not in columns else f"{ROW_ID} number"
        number = (pl.col(ROW) + 1).cast(pl.String).alias(identifier)
        frame = frame.with_columns(number)
        columns = {identifier: Column(identifier, Kind.IDENTIFIER, Role.CUSTOMER, "number of the row"), **columns}
    elif identifier not in columns:
        table.require(identifier)
    frame = frame.with_columns(pl.col(identifier).cast(pl.String))
    collected = (frame.sort(identifier) if table.per_customer else frame).collect(engine="streaming")
    if not table.per_customer and not collected[ROW].is_sorted():
        collected = collected.sort(ROW)
    # Column by column, as two copies of the whole may not fit into memory.
    collected = pl.DataFrame([collected.drop_in_place(name).rechunk() for name in columns])
    _refuse_bad_ids(collected, identifier, table)
    return Customers(collected, identifier, columns, as_of=as_of), identifier


def _refuse_bad_ids(frame: pl.DataFrame, identifier: str, table: Working) -> None:
    if not frame.height:
        raise DataError(
            "The recipe leaves no customers.",
            where=f"table {safe(table.name, 60)}",
            next_step="Look at the rows each step dropped, and loosen a condition.",
        )
    ids = frame[identifier]
    if ids.null_count():
        raise DataError(
            f"{plural(ids.null_count(), 'row')} have no {safe(identifier, 60)}, so they can't be customers.",
            where=f"table {safe(table.name, 60)}",
            next_step=f"Add the step: drop where {safe(identifier, 60)} is missing.",
        )
    twice = int((ids == ids.shift()).sum()) if table.per_customer else _repeated(ids)
    if twice:
        raise DataError(
            f"{plural(twice, 'row')} repeat a {safe(identifier, 60)} that stands above, and a customer is one row.",
            where=f"table {safe(table.name, 60)}",
            next_step="Add a step that deduplicates, or one that makes one row per customer from purchases.",
        )


def _repeated(ids: pl.Series) -> int:
    """How many repeat one that stands above. Hashes tell that none does, in a fifth of the memory that words take."""
    return 0 if ids.hash(1).n_unique() == len(ids) else len(ids) - ids.n_unique()


def _account(table: Table, accounts: Sequence[StepAccount]) -> Account:
    """Rows of the table that became customers = used + dropped, by reason, and rows that could not be read."""
    dropped = {"not readable": table.rejected} if table.rejected else {}
    for account in accounts:
        if account.reason and account.dropped:
            dropped[account.reason] = dropped.get(account.reason, 0) + account.dropped
    total = table.rows + table.rejected
    return _adding_up(f"rows of {safe(table.name, 60)}", total, dropped)


def _customers_account(accounts: Sequence[StepAccount]) -> Account | None:
    """Customers that were made of rows = used + dropped by later steps; None where none was dropped."""
    dropped: dict[str, int] = {}
    for account in accounts:
        if account.dropped:
            reason = account.reason or account.text
            dropped[reason] = dropped.get(reason, 0) + account.dropped
    return _adding_up("customers", accounts[0].rows_in, dropped) if dropped else None


def _adding_up(what: str, total: int, dropped: Mapping[str, int]) -> Account:
    counts = tuple(Count(reason, rows) for reason, rows in dropped.items())
    return Account(what, total, total - sum(dropped.values()), counts)
