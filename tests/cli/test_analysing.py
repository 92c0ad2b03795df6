"""`segtui analyse` and `segtui compare`: the sample shop, Online Retail, and what is printed or refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from command import Command, Shop
from test_help import GOLDEN, helped

BOOTSTRAP = """
from typing import ClassVar

import numpy as np

from segtui.api import Analysis, Figure, Figures, Params, Report, hookimpl
from segtui.api.measures import adjusted_rand


class BootstrapParams(Params):
    pass


class Bootstrap(Analysis[BootstrapParams]):
    id, title, summary = "bootstrap", "Bootstrap", "Fits again on customers drawn with replacement."
    segmentations: ClassVar[tuple[int, int | None]] = (1, 1)
    Params = BootstrapParams

    def report(self, view, params, run):
        one, rows = view.segmentations[0], len(view.customers)
        drawn = np.random.default_rng(run.seed).integers(0, rows, rows)
        again = view.refit(one, drawn, 7, run).assign(view.customers)
        same = view.refit(one, np.arange(rows), one.seed, run).assign(view.customers)
        agreement = (adjusted_rand(one.labels, again), adjusted_rand(one.labels, same))
        names = ("agreement of a bootstrap", "agreement of the same customers")
        return Report("Bootstrap", (Figures(tuple(map(Figure, names, agreement))),))


@hookimpl
def segtui_analyses():
    return (Bootstrap(),)
"""


@pytest.mark.parametrize("name", ["analyse", "compare"])
def test_the_help_is_as_it_was_agreed(segtui: Command, name: str) -> None:
    found, golden = helped(segtui, name), GOLDEN / f"{name}.txt"
    if os.environ.get("SEGTUI_ACCEPT"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_a_profile_of_a_project(segtui: Command, shop: Shop) -> None:
    ended = segtui("analyse", shop.folder / "shop.segtui.toml", "profile", "--segmentation", "rfm")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("Profile of rfm\n══════════════\n")
    assert re.search(r"A Champions +597 +9\.9 ", ended.out)
    assert "quality" not in ended.out


@pytest.mark.parametrize(("columns", "least", "most"), [("60", 40, 60), ("", 61, 100)])
def test_a_report_is_as_wide_as_columns_says_or_100(
    segtui: Command, orders: Path, columns: str, least: int, most: int
) -> None:
    ended = segtui("compare", orders.name, "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=3", COLUMNS=columns)
    report = ended.out[ended.out.index("Comparison") :].splitlines()
    assert least <= max(map(len, report)) <= most


def test_parameters_of_an_analysis_are_set_and_checked_before_any_work(segtui: Command, shop: Shop) -> None:
    project = shop.folder / "shop.segtui.toml"
    ended = segtui("analyse", project, "profile", "--set", "columns=1", "--set", "categories=0", "--json")
    means = next(block for block in ended.json["blocks"] if block.get("title") == "Means")
    assert len(means["columns"]["labels"]) == 1
    assert means["block"] == "grid"
    for words in (("profile", "--set", "colums=1"), ("profil",), ("profile", "--segmentation", "rfn")):
        refused = segtui("analyse", project, *words)
        assert refused.code in (2, 4)
        assert "rows" not in refused.err
    assert "Did you mean rfm?" in refused.err


def test_what_an_analysis_lacks_is_said(segtui: Command, shop: Shop) -> None:
    ended = segtui("analyse", shop.folder / "shop.segtui.toml", "comparison")
    assert ended.code == 3
    assert "2 segmentations" in ended.err


def test_an_analysis_of_a_plugin_fits_again(segtui: Command, orders: Path) -> None:
    (segtui.folder / "further").mkdir()
    (segtui.folder / "further" / "bootstrap.py").write_text(BOOTSTRAP)
    made = segtui("segment", orders.name, "-m", "kmeans", "-s", "k=2", "--save-project", "p.segtui.toml")
    assert made.code == 0, made.err
    ended = segtui("analyse", "p.segtui.toml", "bootstrap", "--plugin-dir", "further", "--json")
    agreement = [figure["value"] for figure in ended.json["blocks"][0]["figures"]]
    assert agreement[1] == 1.0
    assert 0.2 < agreement[0] <= 1.0


def test_compare_prints_sizes_then_the_comparison_and_delivers_both(segtui: Command, orders: Path) -> None:
    words = ("compare", orders.name, "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=3", "--out", "both")
    ended = segtui(*words)
    assert ended.code == 0, ended.err
    assert ended.out.index("k-means") < ended.out.index("Comparison of rfm and kmeans\n═════")
    names = sorted(path.name for path in (segtui.folder / "both").iterdir())
    assert names == ["kmeans.csv", "kmeans.segmodel", "manifest.json", "orders-report.html", "rfm.csv", "rfm.segmodel"]
    refused = segtui(*words)
    assert refused.code == 3
    assert "rows" not in refused.err, "files that are there are refused before any work"


def test_compare_as_data(segtui: Command, orders: Path) -> None:
    ended = segtui("compare", orders.name, "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=3", "--json")
    assert [one["id"] for one in ended.json["segmentations"]] == ["rfm", "kmeans"]
    assert ended.json["segmentations"][1]["params"]["k"] == "3"
    assert {block["block"] for block in ended.json["report"]["blocks"]} == {"text", "grid", "figures"}
    assert ended.json["segmentations"][0]["unassigned"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "rfm"), "two or more"),
        (("-m", "rfm", "-m", "rfm"), "two or more"),
        (("-m", "rfm", "-m", "kmeans", "-s", "k=3"), "METHOD.NAME=VALUE"),
        (("-m", "rfm", "-m", "kmeans", "-s", "bands.k=3"), "METHOD.NAME=VALUE"),
    ],
)
def test_compare_says_what_is_off(segtui: Command, orders: Path, words: tuple[str, ...], said: str) -> None:
    ended = segtui("compare", orders.name, *words)
    assert ended.code == 2
    assert said in ended.err


def test_online_retail_compared(segtui: Command, real_data: Path) -> None:
    ended = segtui(
        "compare", real_data / "online_retail.parquet", "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=5", "--json"
    )
    report = ended.json["report"]
    grids = {block["title"]: block for block in report["blocks"] if block["block"] == "grid"}
    crossed = next(block for title, block in grids.items() if "largest share" in title)
    shown = [cell for row in crossed["values"] for cell in row if cell != "hidden"]
    assert 0.5 * ended.json["customers"] < sum(shown) <= ended.json["customers"]
    assert crossed["counts"] is None, "who is behind a cell does not leave"
    assert len(crossed["columns"]["labels"]) == 5
    agreement = next(block for block in report["blocks"] if block["block"] == "figures")["figures"]
    assert 0.1 < agreement[0]["value"] < 0.9
