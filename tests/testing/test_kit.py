from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import small_faults as faults
from heavy_plugin import HeavyImport

from segtui.api import Method, Needs, Role, UsageError
from segtui.testing import Check, Ending, check_method, checks_for, customers_for, parametrize_with_checks
from segtui_behaviour.rfm import Rfm
from segtui_clusters.kmeans import KMeans
from segtui_rules.bands import Bands
from segtui_rules.rules import Rules

PARAMS: dict[str, dict[str, Any]] = {
    "bands": {"columns": ["monetary", "region"]},
    "rules": {"rules": [{"name": "big", "when": "monetary > 60 and region = 'Île'"}]},
}
NOTHING_TO_LOOK_AT = {"unseen_level", "one_feature", "k_too_large", "parameters_at_their_bounds"}

FAULTS: list[tuple[type[Method[Any, Any]], str]] = [
    (faults.Prints, "nothing_printed"),
    (faults.Warns, "nothing_printed"),
    (faults.Mutates, "input_untouched"),
    (faults.OrderDependent, "row_order"),
    (faults.NotDeterministic, "same_seed"),
    (faults.SwallowsAndReturns, "cancel"),
    (faults.SwallowsAndGoesOn, "cancel"),
    (faults.NeverReports, "progress_called"),
    (faults.Connects, "no_network"),
    (faults.Writes, "nothing_written"),
    (faults.LeavesAFile, "nothing_written"),
    (faults.FailsAtABound, "parameters_at_their_bounds"),
    (faults.FailsForOneRow, "one_row"),
    (faults.FailsForOneFeature, "one_feature"),
    (faults.FailsForManySegments, "k_too_large"),
    (faults.FailsForAConstant, "constant_column"),
    (faults.FailsForNames, "non_ascii_names"),
    (faults.LabelsByPosition, "subset"),
    (faults.LabelsByPosition, "batch_law"),
    (faults.LabelsByRank, "subset"),
    (faults.LabelsByRank, "batch_law"),
    (faults.FailsForNulls, "null_values"),
    (faults.FailsForNewValues, "new_customers"),
    (faults.FailsForLevels, "unseen_level"),
    (faults.OtherSql, "sql_parity"),
    (faults.NotPlainData, "codec_round_trip"),
    (faults.WrongType, "output_contract"),
    (HeavyImport, "light_import"),
]


@parametrize_with_checks([Rfm(), KMeans(), Bands(), Rules(), faults.Halves()], params=PARAMS)
def test_the_shipped_methods_and_a_small_one_keep_every_rule(check: Check) -> None:
    outcome = check.run()
    if outcome.ending is Ending.LEFT_OUT:
        assert outcome.id in NOTHING_TO_LOOK_AT, outcome.found
    else:
        assert outcome.ending is Ending.PASSED, outcome.found


@pytest.mark.parametrize(("method", "id"), FAULTS)
def test_a_fault_is_caught_by_the_right_check(
    method: type[Method[Any, Any]], id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    by_id = {check.id: check for check in checks_for(method())}
    outcome = by_id[id].run()
    assert outcome.ending is Ending.FAILED, outcome.found
    assert outcome.says and outcome.found


@pytest.mark.parametrize("method", [faults.Prints, faults.OrderDependent, faults.NeverReports, faults.FailsAtABound])
def test_one_fault_fails_one_check(method: type[Method[Any, Any]]) -> None:
    failed = [outcome.id for outcome in check_method(method()) if outcome.ending is Ending.FAILED]
    assert failed == [id for fault, id in FAULTS if fault is method]


def one(method: Method[Any, Any], id: str, **more: Any) -> Check:
    return next(check for check in checks_for(method, **more) if check.id == id)


def test_a_declared_exception_is_reported_with_its_reason() -> None:
    outcome = one(faults.Prints(), "nothing_printed", exceptions={"nothing_printed": "It greets."}).run()
    assert outcome.ending is Ending.EXCEPTED
    assert outcome.found.startswith("It greets.")


def test_an_exception_that_is_not_needed_is_reported() -> None:
    outcome = one(faults.Halves(), "nothing_printed", exceptions={"nothing_printed": "It greets."}).run()
    assert outcome.ending is Ending.FAILED
    assert "no longer needed" in outcome.found


def test_exceptions_name_checks_and_have_reasons() -> None:
    with pytest.raises(UsageError, match="no check nothing"):
        checks_for(faults.Halves(), exceptions={"nothing": "why"})
    with pytest.raises(UsageError, match="no reason"):
        checks_for(faults.Halves(), exceptions={"subset": " "})


def test_a_method_that_can_not_fit_with_its_defaults_is_left_out_and_says_so() -> None:
    outcome = one(Rules(), "output_contract").run()
    assert outcome.ending is Ending.LEFT_OUT
    assert "Give it params" in outcome.found


def test_in_pytest_a_check_fails_skips_or_is_expected_to_fail() -> None:
    one(faults.Halves(), "subset")()
    with pytest.raises(AssertionError, match="prints"):
        one(faults.Prints(), "nothing_printed")()
    with pytest.raises(pytest.skip.Exception):
        one(Rules(), "subset")()
    with pytest.raises(pytest.xfail.Exception):
        one(faults.Prints(), "nothing_printed", exceptions={"nothing_printed": "It greets."})()


@pytest.mark.parametrize("role", list(Role))
def test_customers_meet_the_needs_of_every_role(role: Role) -> None:
    needs = Needs(roles=(role,), rows=300, features=6, segmentations=2)
    customers = customers_for(needs)
    assert needs.unmet(customers.columns, customers.features, (), len(customers)) == ()
    assert set(customers.columns) == set(customers.frame.columns)
    assert customers.matrix.shape[0] == len(customers) == 300


def test_customers_are_the_same_every_time() -> None:
    assert customers_for(Needs()).frame.equals(customers_for(Needs()).frame)
