"""Checks of an analysis: its report keeps the contract, is the same each time, and can leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl

from segtui.analyse.analyse import analyse
from segtui.analyse.calling import handed
from segtui.api.analysis import Analysis, View
from segtui.api.codec import encode
from segtui.api.params import Params
from segtui.api.report import Bars, Block, Grid, Heatmap, Lines, Report, Scatter
from segtui.api.run import QuietRun, Run
from segtui.segment.contract import untouched
from segtui.testing import on_conduct
from segtui.testing.work import REFUSALS, Failed, Work, failing_in_words, require, said


@dataclass(frozen=True, eq=False)
class ReportCase(Work):
    """An analysis with the parameters and the view that it is checked on."""

    doing: ClassVar[str] = "report"

    analysis: Analysis[Any]
    params: Params
    view: View

    @property
    def item(self) -> Analysis[Any]:
        """The analysis."""
        return self.analysis

    def work(self, run: Run) -> Report:
        """Its report, unchecked."""
        report: Report = self.analysis.report(handed(self.view, self.analysis.id), self.params, run)
        return report


def report_contract(case: ReportCase) -> None:
    """The host finds no broken rule in its report."""
    with failing_in_words():
        analyse(case.analysis, case.view, case.params, QuietRun(), plugin=case.analysis.id)


def same_report(case: ReportCase) -> None:
    """The same view and seed give the same report."""
    case.works()
    first, second = (encode(case.work(QuietRun())) for _ in range(2))
    require(first == second, "A second report on the same view differs.")


def view_untouched(case: ReportCase) -> None:
    """report leaves customers and segmentations as they are."""
    case.works()
    before = _state(case.view)
    case.analysis.report(case.view, case.params, QuietRun())
    require(_state(case.view) == before, "report changes the view it is given.")


def few_customers(case: ReportCase) -> None:
    """With a single customer it reports, or refuses in words."""
    case.works()
    few = View(case.view.customers.rows(slice(0, 1)), _first(case.view), case.view.refit, case.view.baseline)
    try:
        analyse(case.analysis, few, case.params, QuietRun(), plugin=case.analysis.id)
    except REFUSALS as error:
        require(bool(error.what.strip()), "With one customer it refuses without a word.")
    except (Exception, pl.exceptions.PanicException) as error:
        raise Failed(f"With one customer: {said(error)}") from error


def can_leave(case: ReportCase) -> str:
    """Its blocks say how many customers stand behind each cell, so that they can leave."""
    report = case.works()
    blocks = report.blocks if isinstance(report, Report) else ()
    staying = [f"block {number} (a {type(block).__name__})" for number, block in enumerate(blocks, 1) if _stays(block)]
    return f"Without counts, and so never exported: {', '.join(staying)}." if staying else ""


LAWS = (
    report_contract,
    same_report,
    view_untouched,
    few_customers,
    can_leave,
    on_conduct.cancel,
    on_conduct.progress_called,
    on_conduct.no_network,
    on_conduct.nothing_written,
    on_conduct.nothing_printed,
    on_conduct.light_import,
)


def _stays(block: Block) -> bool:
    if isinstance(block, Scatter):
        return block.customers or block.counts is None
    if isinstance(block, Lines):
        return all(series.counts is None for series in block.series)
    return isinstance(block, (Grid, Bars, Heatmap)) and block.counts is None


def _first(view: View) -> tuple[Any, ...]:
    return tuple(replace(one, labels=one.labels.head(1)) for one in view.segmentations)


def _state(view: View) -> list[Any]:
    return list(_states(view))


def _states(view: View) -> Iterator[Any]:
    yield untouched(view.customers)
    for one in view.segmentations:
        yield one.labels.to_list()
        yield dict(one.params)
    if view.baseline is not None:
        yield from _states(view.baseline)
