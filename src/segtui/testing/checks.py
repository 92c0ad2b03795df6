"""The checks of a contribution: named, independent, each with its outcome; and exceptions that an author declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from segtui.api.analysis import Analysis
from segtui.api.customers import Customers
from segtui.api.errors import UsageError
from segtui.api.files import Exporter, Reader
from segtui.api.method import Method
from segtui.api.params import Params, checked
from segtui.api.text import safe
from segtui.testing import on_conduct, on_data, on_exports, on_labels, on_reading, on_reports
from segtui.testing.case import Case
from segtui.testing.customers import customers_for
from segtui.testing.deliveries import delivery_for
from segtui.testing.printed import kept
from segtui.testing.views import view_for
from segtui.testing.work import Failed, LeftOut, Work, said

Law = Callable[[Any], str | None]
"""Holds a case against a rule: raises Failed or LeftOut; may return what is worth knowing though the rule is kept."""
Contribution = Method[Any, Any] | Analysis[Any] | Exporter[Any] | Reader[Any]
LAWS: tuple[Law, ...] = (
    on_labels.output_contract,
    on_data.parameters_at_their_bounds,
    on_labels.input_untouched,
    on_labels.same_seed,
    on_conduct.threads,
    on_labels.row_order,
    on_labels.subset,
    on_labels.batch_law,
    on_data.new_customers,
    on_data.unseen_level,
    on_data.null_values,
    on_data.constant_column,
    on_data.one_row,
    on_data.one_feature,
    on_data.k_too_large,
    on_data.non_ascii_names,
    on_conduct.cancel,
    on_conduct.progress_called,
    on_conduct.no_network,
    on_conduct.nothing_written,
    on_conduct.nothing_printed,
    on_conduct.light_import,
    on_labels.codec_round_trip,
    on_labels.sql_parity,
)


class Ending(StrEnum):
    """How a check ends."""

    PASSED = "passed"
    FAILED = "failed"
    LEFT_OUT = "left out"
    EXCEPTED = "excepted"


@dataclass(frozen=True)
class Outcome:
    """How the check with this id ended. `found` is what broke the rule `says`, or why it was left out or excepted."""

    id: str
    says: str
    ending: Ending
    found: str = ""


@dataclass(frozen=True, eq=False)
class Check:
    """One rule held against one contribution. `says` is the rule; `exception` why its author is excepted."""

    id: str
    says: str
    law: Law = field(repr=False)
    case: Work = field(repr=False)
    exception: str = ""

    def run(self) -> Outcome:
        """Make the check. An exception that is not needed, because the rule is kept, is a failure too."""
        ending, found = self._made()
        if self.exception and ending is Ending.FAILED:
            ending, found = Ending.EXCEPTED, f"{self.exception} ({found})"
        elif self.exception and ending is Ending.PASSED:
            ending, found = Ending.FAILED, f"The rule is kept, so its exception is no longer needed: {self.exception}"
        return Outcome(self.id, self.says, ending, found)

    def __call__(self) -> None:
        """For pytest: raises AssertionError where the check fails; skips where it is left out; xfails an exception."""
        import pytest

        outcome = self.run()
        if outcome.ending is Ending.FAILED:
            raise AssertionError(f"{self.says} {outcome.found}")
        if outcome.ending is Ending.LEFT_OUT:
            pytest.skip(outcome.found)
        if outcome.ending is Ending.EXCEPTED:
            pytest.xfail(outcome.found)

    def _made(self) -> tuple[Ending, str]:
        try:
            with kept():
                note = self.law(self.case)
        except Failed as failed:
            return Ending.FAILED, str(failed)
        except LeftOut as left_out:
            return Ending.LEFT_OUT, str(left_out)
        except (Exception, pl.exceptions.PanicException) as error:
            return Ending.FAILED, said(error)
        return Ending.PASSED, note or ""


def checks_for(
    contribution: Contribution,
    *,
    params: Params | Mapping[str, Any] | None = None,
    exceptions: Mapping[str, str] | None = None,
    customers: Customers | None = None,
    file: Path | None = None,
) -> tuple[Check, ...]:
    """The checks of a method, an analysis, an exporter or a reader, not yet made.

    `params` are for one that can't work with its defaults. `exceptions` gives, by id of a check, the reason why that
    rule may be broken. `customers` stand in for made-up ones where a method needs tables. `file` is one that the reader
    can read.

    Raises UsageError where `params` are off, an exception names no check, or a reader has no file.
    """
    settled = (
        params if isinstance(params, Params) else checked(contribution.Params, dict(params or {}), contribution.id)
    )
    laws, case = _laws_and_case(contribution, settled, customers, file)
    excepted = dict(exceptions or {})
    unknown = sorted(set(excepted) - {law.__name__ for law in laws})
    if unknown or not all(reason.strip() for reason in excepted.values()):
        wrong = f"There is no check {unknown[0]}." if unknown else "An exception has no reason."
        raise UsageError(wrong, where="exceptions", next_step="Give the id of a check and a reason.")
    return tuple(Check(law.__name__, _rule(law), law, case, excepted.get(law.__name__, "")) for law in laws)


def _laws_and_case(
    contribution: Contribution, params: Params, customers: Customers | None, file: Path | None
) -> tuple[Sequence[Law], Work]:
    if isinstance(contribution, Method):
        return LAWS, Case(contribution, params, customers or customers_for(contribution.needs))
    if isinstance(contribution, Analysis):
        return on_reports.LAWS, on_reports.ReportCase(contribution, params, view_for(contribution))
    if isinstance(contribution, Exporter):
        return on_exports.LAWS, on_exports.ExportCase(contribution, params, delivery_for())
    if file is None or not file.is_file():
        raise UsageError(
            "A reader is checked on a file that it can read." if file is None else "There is no such file.",
            where=contribution.id if file is None else safe(file),
            next_step="Give one: --on FILE, or in pytest files={...}.",
        )
    return on_reading.LAWS, on_reading.ReadCase(contribution, params, file.absolute())


def check_method(
    method: Method[Any, Any],
    *,
    params: Params | Mapping[str, Any] | None = None,
    exceptions: Mapping[str, str] | None = None,
    customers: Customers | None = None,
) -> tuple[Outcome, ...]:
    """Make all checks of `method`; arguments as of `checks_for`."""
    return tuple(check.run() for check in checks_for(method, params=params, exceptions=exceptions, customers=customers))


def _rule(law: Law) -> str:
    return " ".join((law.__doc__ or "").split())
