"""Analysing: needs first, then the analysis, then every rule of the contract of its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from segtui.analyse.calling import handed
from segtui.analyse.contract import check_report
from segtui.api.analysis import Analysis, View
from segtui.api.calling import called
from segtui.api.errors import NeedsError
from segtui.api.params import Params, checked
from segtui.api.report import Report
from segtui.api.run import PartOfRun, Run
from segtui.api.text import join_words, plural, safe

_REPORT_SHARE = 0.95


def analyse(
    analysis: Analysis[Any], view: View, params: Params | Mapping[str, Any], run: Run, *, plugin: str
) -> Report:
    """Look, check all that came back, and hand out a report that is plain data alone.

    Raises NeedsError with the sentences where something is missing, DataError where the data does not allow it,
    ContractError where the plugin broke a rule, PluginError where it failed, and Cancelled.
    """
    settled = params if isinstance(params, analysis.Params) else checked(analysis.Params, params, analysis.id)
    lacking = [*_lacking(analysis, view)]
    if view.baseline is not None:
        lacking += [f"The baseline lacks something. {reason}" for reason in _lacking(analysis, view.baseline)]
    if lacking:
        raise NeedsError(" ".join(lacking), where=analysis.title)
    with called(plugin, f"make the report {analysis.title}"):
        report = analysis.report(handed(view, plugin), settled, PartOfRun(run, 0.0, _REPORT_SHARE))
    run.progress(_REPORT_SHARE, "checking the report")
    with called(plugin, "return a report that can be checked"):
        kept = check_report(report, plugin)
    run.progress(1.0)
    return kept


def _lacking(analysis: Analysis[Any], view: View) -> Iterator[str]:
    """What is missing, a sentence each with what to do."""
    customers, found = view.customers, len(view.segmentations)
    # An analysis gets its segmentations in the view, a method as columns: only the latter are counted by `unmet`.
    needs = replace(analysis.needs, segmentations=0)
    yield from needs.unmet(customers.columns, customers.features, tuple(customers.tables), len(customers))
    least, most = analysis.segmentations
    least = max(least, analysis.needs.segmentations)
    if found < least:
        yield f"Needs {plural(least, 'segmentation')}, and there {_are(found)}. Choose more of them."
    if most is not None and found > most:
        limit = f"at most {plural(most, 'segmentation')}" if most else "no segmentation"
        yield f"Looks at {limit}, and there {_are(found)}. Choose {'fewer' if most else 'none'}."
    if analysis.baseline and view.baseline is None:
        yield "Needs an earlier state to compare with. Choose one."
    strange = [one.id for one in view.segmentations if len(one.labels) != len(customers)]
    if strange:
        listed = join_words(safe(name, 80) for name in strange)
        yield f"Needs segmentations of these customers, and other customers are in {listed}. Make it again."


def _are(found: int) -> str:
    return "is 1" if found == 1 else f"are {found:,}"
