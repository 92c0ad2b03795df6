"""Feature sets: forms, scaling fitted once, rows that depend on themselves alone, and proposals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe_tables import made, table

from segtui.api import Customers, DataError, Kind, Role
from segtui.prepare import FeatureSet, Form, fit_scaling, propose_features


def customers(tmp_path: Path, **data: list[object]) -> Customers:
    return made(tmp_path, table("people", data)).customers  # type: ignore[arg-type]


def test_forms(tmp_path: Path) -> None:
    found = customers(tmp_path, spend=[0.0, 10.0, 20.0, 90.0], flag=[True, False, None, True])
    values = np.array([0.0, 10.0, 20.0, 90.0])
    expected = {
        Form.AS_IS: values,
        Form.Z: (values - values.mean()) / values.std(),
        Form.LOG: np.log1p(values),
        Form.LOG_Z: (np.log1p(values) - np.log1p(values).mean()) / np.log1p(values).std(),
        Form.ROBUST: (values - 15.0) / (37.5 - 7.5),
    }
    for form, column in expected.items():
        chosen = FeatureSet(name="x", columns={"spend": form, "flag": Form.AS_IS})
        matrix = fit_scaling(found.frame, found.columns, chosen).matrix(found.frame)
        assert matrix.dtype == np.float32
        assert matrix.flags.c_contiguous
        np.testing.assert_allclose(matrix[:, 0], column, rtol=1e-6, atol=1e-6, err_msg=form)
        assert matrix[:, 1].tolist() == [1, 0, 1, 1]


def test_nulls_nan_and_infinities_get_the_middle_and_are_counted(tmp_path: Path) -> None:
    found = customers(tmp_path, spend=[1.0, None, float("nan"), float("inf"), 3.0])
    scaling = fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"spend": Form.AS_IS}))
    assert scaling.matrix(found.frame).ravel().tolist() == [1, 2, 2, 2, 3]
    assert scaling.imputed(found.frame) == {"spend": 3}


def test_categories_become_columns_and_unseen_levels_are_counted(tmp_path: Path) -> None:
    found = customers(tmp_path, land=["b", "a", None, "b"])
    scaling = fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"land": Form.AS_IS}))
    assert scaling.names == ("land=a", "land=b")
    assert scaling.matrix(found.frame).tolist() == [[0, 1], [1, 0], [0, 0], [0, 1]]
    new = pl.DataFrame({"land": ["c", "a"]})
    assert scaling.matrix(new).tolist() == [[0, 0], [1, 0]]
    assert scaling.imputed(new) == {"land": 1}


def test_a_constant_column_is_not_divided_by_zero(tmp_path: Path) -> None:
    found = customers(tmp_path, spend=[4.0, 4.0, 4.0])
    scaling = fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"spend": Form.Z}))
    assert scaling.matrix(found.frame).ravel().tolist() == [0, 0, 0]


@given(st.lists(st.floats(-1e9, 1e9) | st.none(), min_size=2, max_size=50), st.sampled_from(list(Form)))
def test_a_row_depends_on_itself_alone(values: list[float | None], form: Form) -> None:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    columns = {"x": table("t", {"x": [1.0]}).columns["x"]}
    scaling = fit_scaling(frame, columns, FeatureSet(name="x", columns={"x": form}))
    whole = scaling.matrix(frame)
    one_by_one = np.concatenate([scaling.matrix(frame[row : row + 1]) for row in range(frame.height)])
    assert whole.tobytes() == one_by_one.tobytes()
    assert np.isfinite(whole).all()


def test_centres_come_back_in_client_units(tmp_path: Path) -> None:
    found = customers(tmp_path, spend=[1.0, 10.0, 100.0])
    scaling = fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"spend": Form.LOG_Z}))
    matrix = scaling.matrix(found.frame).astype(float)
    np.testing.assert_allclose(scaling.features[0].unscale(matrix).ravel(), [1, 10, 100], rtol=1e-5)


def test_what_can_not_be_a_feature_is_refused(tmp_path: Path) -> None:
    found = customers(tmp_path, spend=[1.0, 2.0], land=["a", "b"])
    with pytest.raises(DataError, match="Did you mean spend"):
        fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"spendd": Form.Z}))
    with pytest.raises(DataError, match="holds a identifier"):
        fit_scaling(found.frame, found.columns, FeatureSet(name="x", columns={"row": Form.Z}))


def test_proposals_leave_out_what_says_nothing_or_too_much(tmp_path: Path) -> None:
    from dataclasses import replace

    found = customers(tmp_path, age=[1, 2, 3], spend=[1.0, 2.0, 90.0], same=[1, 1, 1])
    columns = dict(found.columns) | {"age": replace(found.columns["age"], sensitive=True)}
    assert propose_features(found.frame, columns).columns == {"spend": Form.Z}


def test_many_flags_are_answers(tmp_path: Path) -> None:
    found = customers(tmp_path, age=[1, 2, 3], **{f"q{n}": [True, False, n > 2] for n in range(6)})
    proposed = propose_features(found.frame, found.columns)
    assert proposed.name == "answers"
    assert set(proposed.columns) == {f"q{n}" for n in range(6)}
    assert all(found.columns[name].kind is Kind.FLAG for name in proposed.columns)
    assert Role.CUSTOMER not in {found.columns[name].role for name in proposed.columns}
