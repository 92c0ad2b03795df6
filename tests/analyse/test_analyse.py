"""Analysing: needs first, params settled, what goes in stays as it was, failures said without the client's values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_analyses import PLUGIN, Faulty, Sizes, SizesParams, refits, some_view

from segtui.analyse.analyse import analyse
from segtui.api import Bars, Cancelled, ContractError, Needs, NeedsError, PluginError, QuietRun, Text, UsageError, View
from segtui.api.errors import LimitError


def test_the_report_comes_back_as_plain_data() -> None:
    report = analyse(Sizes(), some_view(), {"decimals": 1}, QuietRun(), plugin=PLUGIN)
    text, bars = report.blocks
    assert isinstance(text, Text)
    assert type(text.figures["all"].value) is float
    assert text.figures["all"].decimals == 1
    assert isinstance(bars, Bars)
    assert bars.values == (11.0, 29.0)


def test_params_are_a_model_or_a_mapping_that_is_checked() -> None:
    once = analyse(Sizes(), some_view(), SizesParams(decimals=2), QuietRun(), plugin=PLUGIN)
    assert once == analyse(Sizes(), some_view(), {"decimals": 2}, QuietRun(), plugin=PLUGIN)
    with pytest.raises(UsageError, match="sizes: decimals"):
        analyse(Sizes(), some_view(), {"decimals": 9}, QuietRun(), plugin=PLUGIN)
    with pytest.raises(UsageError, match="colour"):
        analyse(Sizes(), some_view(), {"colour": "red"}, QuietRun(), plugin=PLUGIN)


class _Pairs(Sizes):
    needs = Needs(segmentations=2)
    segmentations = (0, None)


class _Nothing(Sizes):
    segmentations = (0, 0)


@pytest.mark.parametrize(
    ("analysis", "view", "sentence"),
    [
        (Sizes(), some_view(1), "Needs at least 2 customers, and there are 1."),
        (Sizes(), some_view(made=0), "Needs 1 segmentation, and there are 0. Choose more of them."),
        (Sizes(), some_view(made=3), "Looks at at most 2 segmentations, and there are 3. Choose fewer."),
        (_Nothing(), some_view(made=1), "Looks at no segmentation, and there is 1. Choose none."),
        (_Pairs(), some_view(made=1), "Needs 2 segmentations, and there is 1. Choose more of them."),
        (Sizes(), some_view(baseline=some_view(1)), "The baseline lacks something. Needs at least 2 customers"),
        (Sizes(), some_view(baseline=some_view(made=0)), "The baseline lacks something. Needs 1 segmentation"),
        (
            Sizes(),
            replace(some_view(), segmentations=some_view(9).segmentations),
            "other customers are in halves 0. Make it again.",
        ),
    ],
)
def test_unmet_needs_are_said_before_the_analysis(analysis: Sizes, view: View, sentence: str) -> None:
    with pytest.raises(NeedsError) as caught:
        analyse(analysis, view, {}, QuietRun(), plugin=PLUGIN)
    assert sentence in caught.value.what
    assert caught.value.where == "Sizes"


def test_needs_of_earlier_segmentations_are_met_by_the_view() -> None:
    assert analyse(_Pairs(), some_view(made=2), {}, QuietRun(), plugin=PLUGIN).title == "Sizes"


@pytest.mark.parametrize(
    ("fault", "error"),
    [("fails", PluginError), ("exits", PluginError), ("panics", PluginError), ("memory", LimitError)],
)
def test_failures_name_the_plugin_and_quote_nothing(fault: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        analyse(Faulty(), some_view(), {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert PLUGIN in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_what_the_analysis_says_is_missing_passes_through() -> None:
    with pytest.raises(NeedsError, match="It needs more"):
        analyse(Faulty(), some_view(), {"fault": "needs more"}, QuietRun(), plugin=PLUGIN)


def test_the_view_stays_as_it_was() -> None:
    view = some_view()
    before, labels = view.customers.frame.clone(), view.segmentations[0].labels.clone()
    analyse(Faulty(), view, {"fault": "mutates"}, QuietRun(), plugin=PLUGIN)
    assert view.customers.frame.equals(before)
    assert view.segmentations[0].labels.equals(labels)
    with pytest.raises(PluginError):
        analyse(Faulty(), view, {"fault": "mutates a mapping"}, QuietRun(), plugin=PLUGIN)
    assert view.segmentations[0].params == {"at": 10}


@pytest.mark.parametrize(("fault", "at"), [("refits", 10), ("refits with other params", 5)])
def test_refit_reaches_the_host_with_its_own_segmentation(fault: str, at: int) -> None:
    view = some_view()
    refits.clear()
    analyse(Faulty(), view, {"fault": fault}, QuietRun(), plugin=PLUGIN)
    ((asked, rows, seed),) = refits
    assert asked.labels is view.segmentations[0].labels
    assert asked.params == {"at": at}
    assert sorted(rows) == list(range(40))
    assert type(seed) is int


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("refits a stranger", "a segmentation of its own view"),
        ("refits what is none", "a segmentation of its own view"),
        ("refits a mask", "positions of customers"),
        ("refits a list", "positions of customers"),
        ("refits nobody", "positions of customers"),
        ("refits who is not there", "positions of customers"),
        ("refits below zero", "positions of customers"),
        ("refits with a negative seed", "a seed is a whole number"),
    ],
)
def test_refit_is_asked_for_what_it_can_do(fault: str, rule: str) -> None:
    with pytest.raises(ContractError, match=rule) as caught:
        analyse(Faulty(), some_view(), {"fault": fault}, QuietRun(), plugin=PLUGIN)
    assert caught.value.where == PLUGIN


def test_the_baseline_is_handed_too() -> None:
    seen: list[Any] = []

    class Looks(Sizes):
        def report(self, view: View, params: SizesParams, run: QuietRun) -> Any:  # type: ignore[override]
            seen.append(view.baseline)
            return super().report(view, params, run)

    earlier = some_view(20)
    analyse(Looks(), some_view(baseline=earlier), {}, QuietRun(), plugin=PLUGIN)
    assert len(seen[0].customers) == 20
    assert seen[0].customers.frame is not earlier.customers.frame


def test_progress_is_a_part_of_the_whole_and_cancel_passes_through() -> None:
    class Noted(QuietRun):
        def __init__(self) -> None:
            super().__init__()
            self.steps: list[float] = []

        def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
            self.steps.append(done)

    run = Noted()
    analyse(Sizes(), some_view(), {}, run, plugin=PLUGIN)
    assert run.steps == sorted(run.steps)
    assert run.steps[-1] == 1.0

    class Stopped(QuietRun):
        def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
            raise Cancelled

    with pytest.raises(Cancelled):
        analyse(Sizes(), some_view(), {}, Stopped(), plugin=PLUGIN)
