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
    assert means["kind"] == "grid"
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
    assert {block["kind"] for block in ended.json["report"]["blocks"]} == {"text", "grid", "figures"}
    assert ended.json["segmentations"][0]["unassigned"] == 0


TWO_SETS = """
segtui = 1
name = "two sets"

[[sources]]
name = "orders"
path = "orders.csv"

[[feature_sets]]
name = "behaviour"
columns = { recency = "z", frequency = "z" }

[[feature_sets]]
name = "spend alone"
columns = { monetary = "log z" }

[[segmentations]]
id = "rfm"
method = "rfm"

[[segmentations]]
id = "groups"
method = "kmeans"
params = { k = 2 }
"""


@pytest.mark.parametrize(
    ("words", "measured"),
    [((), "recency and frequency, both z"), (("--feature-set", "spend alone"), "monetary (log z)")],
)
def test_a_report_measures_on_the_feature_set_that_is_named(
    segtui: Command, orders: Path, words: tuple[str, ...], measured: str
) -> None:
    project = orders.with_name("p.segtui.toml")
    project.write_text(TWO_SETS)
    said = f"Measured on {measured}."
    for analysis in ("comparison", "quality"):
        assert said in segtui("analyse", project.name, analysis, *words).out
    assert said in segtui("analyse", project.name, "comparison", "--format", "markdown", *words).out
    passed = segtui("analyse", project.name, "comparison", "--json", *words).json
    assert passed["blocks"][0]["figures"]["features"]["value"] == measured


def test_a_feature_set_that_is_not_there_is_refused_before_any_work(segtui: Command, orders: Path) -> None:
    project = orders.with_name("p.segtui.toml")
    project.write_text(TWO_SETS)
    near = segtui("analyse", project.name, "comparison", "--feature-set", "spend")
    assert near.code == 2
    assert "--feature-set" in near.err and "Did you mean spend alone?" in near.err
    assert "rows" not in near.err
    far = segtui("analyse", project.name, "comparison", "--feature-set", "xyz", "--format", "html")
    assert far.code == 2
    assert "There are: behaviour and spend alone." in far.err
    project.write_text(f'{TWO_SETS}\n[[export.reports]]\nanalysis = "quality"\nfeature_set = "behavior"\n')
    pinned = segtui("export", project.name, "--as", "markdown", "--out", "out")
    assert pinned.code == 2
    assert "Did you mean behaviour?" in pinned.err
    assert "rows" not in pinned.err and not (segtui.folder / "out").exists()


COMPARED = ("-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=2", "-f", "recency", "-f", "frequency")


@pytest.mark.parametrize(
    ("name", "measured"),
    [("chosen", "recency and frequency, both z"), ("behaviour", "recency, frequency and monetary, all z")],
)
def test_compare_measures_on_the_features_chosen_or_proposed(
    segtui: Command, orders: Path, name: str, measured: str
) -> None:
    out = ("--as", "markdown", "--out", "out")
    ended = segtui("compare", orders.name, *COMPARED, "--feature-set", name, "--json", *out)
    groups = ended.json["segmentations"][1]
    assert groups["feature_set"] == "chosen", "what is measured on does not change what is made"
    assert ended.json["report"]["blocks"][0]["figures"]["features"]["value"] == measured
    written = (segtui.folder / "out" / "orders-report.md").read_text(encoding="utf-8")
    assert written.count(f"Measured on {measured}.") == 2, "quality and comparison"


def test_compare_says_which_feature_sets_there_are(segtui: Command, orders: Path) -> None:
    ended = segtui("compare", orders.name, *COMPARED, "--feature-set", "numbers")
    assert ended.code == 2
    assert "There are: chosen and behaviour." in ended.err


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
    grids = {block["title"]: block for block in report["blocks"] if block["kind"] == "grid"}
    crossed = next(block for title, block in grids.items() if "largest share" in title)
    shown = [cell for row in crossed["values"] for cell in row if cell != "hidden"]
    assert 0.5 * ended.json["customers"] < sum(shown) <= ended.json["customers"]
    assert crossed["counts"] is None, "who is behind a cell does not leave"
    assert len(crossed["columns"]["labels"]) == 5
    agreement = next(block for block in report["blocks"] if block["kind"] == "figures")["figures"]
    assert 0.1 < agreement[0]["value"] < 0.9
