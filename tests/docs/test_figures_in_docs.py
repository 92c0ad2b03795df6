"""Figures that pages repeat from the code: thresholds of verdicts and marks, sample sizes, rule tables, analyses."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from segtui.api.measures import silhouette_sampled
from segtui.api.profile import EFFECT, LEAST_CUSTOMERS, STANDARD_ERRORS
from segtui.export.suppression import LEAST_THRESHOLD, THRESHOLD
from segtui_behaviour.rfm_presets import Preset, rule_table
from segtui_evidence.quality import APART, OVERLAPPING
from segtui_evidence.sizes import FEWEST, LEAST_SHARE, NEARLY_ALL

DOCS = Path(__file__).parents[2] / "docs"
REPORTS = (DOCS / "reports.md").read_text(encoding="utf-8")
METHODS = (DOCS / "methods.md").read_text(encoding="utf-8")
PROGRAM = Path(sys.executable).with_name("segtui")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_borders_of_the_verdict() -> None:
    assert f"| {APART} or more (less two errors) | pass |" in REPORTS
    assert f"| {OVERLAPPING} or more (plus two errors) | warn |" in REPORTS


def test_the_sizes_that_keep_a_verdict_from_passing() -> None:
    said = _one_line(REPORTS)
    assert f"the largest segment holds more than {100 * NEARLY_ALL:.0f} %" in said
    assert f"the smallest has fewer than {FEWEST} of them or less than {100 * LEAST_SHARE:.0f} %" in said
    assert f"a mean of fewer than {FEWEST} customers" in said


def test_what_makes_a_mark() -> None:
    said = _one_line(REPORTS)
    assert f"at least {EFFECT} standard deviations from that of all" in said
    assert f"at least {STANDARD_ERRORS:.0f} standard errors" in said
    assert f"at least {LEAST_CUSTOMERS} values are known" in said


def test_how_many_customers_the_silhouette_looks_at() -> None:
    defaults = inspect.signature(silhouette_sampled).parameters
    exact, points, references = (defaults[name].default for name in ("exact", "points", "references"))
    said = _one_line(REPORTS)
    assert f"Up to {exact:,} customers with a segment it is exact" in said
    assert f"measured at about {points:,} customers" in said
    assert f"against about {references:,} others" in said


def test_the_threshold_of_the_gate() -> None:
    said = _one_line(REPORTS)
    assert f"about fewer than {THRESHOLD} customers" in said
    assert f"never below {LEAST_THRESHOLD}" in said


def _table_of(preset: Preset) -> list[tuple[str, ...]]:
    """The rows of a preset in the table on the methods page: name and scores as written there."""
    lines = [line.strip("| \n").split(" | ") for line in METHODS.splitlines() if line.startswith("| ")]
    top = next(place for place, cells in enumerate(lines) if f"`{preset}`" in cells and "R" in cells)
    first = lines[top].index(f"`{preset}`")
    width = 3 if preset == "recency and frequency" else 4
    return [tuple(lines[row][first : first + width]) for row in range(top + 1, top + 11)]


@pytest.mark.parametrize("preset", [preset for preset in get_args(Preset) if preset != "four quarters"])
def test_rule_tables(preset: Preset) -> None:
    def written(scores: tuple[int, int]) -> str:
        low, high = scores
        return str(low) if low == high else f"{low}-{high}"

    rules = rule_table(preset, (5, 5, 5))
    expected = [(rule.name, written(rule.r), written(rule.f), written(rule.m)) for rule in rules]
    shown = _table_of(preset)
    assert shown == [row[: len(shown[0])] for row in expected]


def test_every_shipped_analysis_and_its_parameters_are_described() -> None:
    done = subprocess.run([PROGRAM, "plugins", "--json"], capture_output=True, text=True, check=True, timeout=60)
    analyses = json.loads(done.stdout)["analyses"]
    assert len(analyses) >= 3
    for analysis in analyses:
        section = re.search(rf"^## {analysis['id']}$(.*?)(?=^## |\Z)", REPORTS, re.MULTILINE | re.DOTALL)
        assert section, analysis["id"]
        for parameter in analysis["params"].get("properties", {}):
            assert f"`{parameter}`" in section[1], f"{analysis['id']}: {parameter}"
