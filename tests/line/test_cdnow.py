"""The figures that purchase models start from, against the summary that Fader and Hardie published with CDNOW."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from segtui.api import QuietRun
from segtui.prepare import Recipe, prepare
from segtui.read import read

STEP = {
    "step": "purchases",
    "table": "cdnow",
    "customer": "cust",
    "date": "date",
    "amount": "amt",
    "repeats": "weeks",
    "gaps": True,
}


def test_repeat_purchases_recency_and_age_in_weeks(tmp_path: Path, real_data: Path) -> None:
    table = read(real_data / "cdnow_sample_purchases.csv", None, tmp_path, QuietRun(), "cdnow").table
    recipe = Recipe.model_validate({"as_of": date(1997, 9, 30), "steps": [STEP]})
    found = prepare({"cdnow": table}, recipe, tmp_path, QuietRun()).customers.frame
    published = pl.read_csv(real_data / "cdnow_sample_summary.csv").sort("ID")
    assert found["cust"].to_list()[:2] == ["0001", "0002"]
    assert found.height == published.height == 2_357
    assert found["x"].to_list() == published["frequency"].to_list()
    assert found["t_x"].to_list() == pytest.approx(published["recency"].to_list(), abs=0.0051)
    assert found["T"].to_list() == pytest.approx(published["T"].to_list(), abs=0.0051)
    repeating = found.filter(pl.col("x") == 1)
    assert repeating["median_gap"].to_list() == pytest.approx((repeating["t_x"] * 7).to_list())
