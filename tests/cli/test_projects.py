"""Promises 13, 34, 35 and 61 at the command: a project runs again to the same bytes, and is trusted with nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from command import Command, Shop

ROOT = Path(__file__).parents[2]


def test_a_project_gives_the_same_bytes_on_one_thread_and_two(segtui: Command, shop: Shop) -> None:
    first = (shop.folder / "first" / "rfm.csv").read_bytes()
    for threads in ("1", "2"):
        out = segtui.folder / threads
        ended = segtui("run", shop.folder / "shop.segtui.toml", "--out", out, POLARS_MAX_THREADS=threads)
        assert ended.code == 0, ended.err
        assert (out / "rfm.csv").read_bytes() == first
    models = [(segtui.folder / threads / "rfm.segmodel").read_bytes() for threads in ("1", "2")]
    assert models[0] == models[1] == (shop.folder / "first" / "rfm.segmodel").read_bytes()


def test_what_is_saved_holds_relative_paths_and_no_home(shop: Shop) -> None:
    text = (shop.folder / "shop.segtui.toml").read_text()
    assert 'path = "orders.parquet"' in text
    assert 'folder = "first"' in text
    assert str(shop.folder) not in text


def test_a_changed_source_is_named(segtui: Command, orders: Path) -> None:
    words = ("segment", orders.name, "-m", "rfm", "--out", "a", "--save-project", "p.segtui.toml")
    assert segtui(*words).code == 0
    with orders.open("a") as file:
        file.write("o9999,00031,2024-12-24,500.5,DE,c31@example.com\n")
    ended = segtui("run", "p.segtui.toml", "--out", "b", "--json")
    assert "orders.csv has changed since the project was saved" in ended.err
    assert ended.json["sources"][0]["changed"] is True
    assert ended.json["customers"] == 31


def test_a_project_by_hand_with_names_of_segments(segtui: Command, orders: Path) -> None:
    project = segtui.folder / "hand.segtui.toml"
    project.write_text(
        """\
segtui = 1
[[sources]]
name = "orders"
path = "orders.csv"

[[segmentations]]
id = "best"
method = "rfm"
params = {preset = "recency and frequency"}
[segmentations.names]
0 = {name = "Our best", description = "Call them."}

[export]
folder = "results/2024"
assignments = "parquet"
"""
    )
    before = project.read_bytes()
    ended = segtui("run", "hand.segtui.toml", "--json")
    names = {segment["code"]: segment["name"] for segment in ended.json["segmentations"][0]["segments"]}
    assert names[0] == "Our best"
    found = sorted(path.name for path in (segtui.folder / "results" / "2024").iterdir())
    assert found == ["best.manifest.json", "best.parquet", "best.segmodel"]
    assert project.read_bytes() == before, "running a project does not write it"
    assert orders.exists()


def test_a_source_outside_needs_consent(segtui: Command, orders: Path) -> None:
    inside = segtui.folder / "project"
    inside.mkdir()
    words = ("segment", orders.name, "-m", "rfm", "--save-project", inside / "p.segtui.toml")
    assert segtui(*words).code == 0
    assert 'path = "../orders.csv"' in (inside / "p.segtui.toml").read_text()
    refused = segtui("run", inside / "p.segtui.toml", "--out", "out")
    assert (refused.code, refused.out) == (2, "")
    assert "outside the folder" in refused.err and "--allow-outside" in refused.err
    assert not (segtui.folder / "out").exists()
    assert segtui("run", inside / "p.segtui.toml", "--out", "out", "--allow-outside").code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("segtui = 2", "newer segtui"),
        ("segtui = 1\n[[segmentations]]\nid = 'x'\nmethod = 'rfm'\nrun = 'touch marker'", "run"),
    ],
)
def test_what_a_project_may_not_say_is_refused(segtui: Command, line: str, said: str) -> None:
    (segtui.folder / "p.segtui.toml").write_text(line + "\n")
    ended = segtui("run", "p.segtui.toml")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_customers_and_orders_are_joined_and_said(segtui: Command) -> None:
    for name in ("customers.csv", "orders.parquet"):
        shutil.copy(ROOT / "sample_data" / name, segtui.folder)
    words = ("-m", "kmeans", "-s", "k=5", "--out", "first", "--save-project", "shop.segtui.toml")
    ended = segtui("segment", "customers.csv", "orders.parquet", *words)
    assert ended.code == 0, ended.err
    assert "5,988 matched, 33 without a record, 12 unused records" in ended.err
    assert "206,661 rows of orders = 200,796 used" in ended.err
    again = segtui("run", "shop.segtui.toml", "--out", "second", POLARS_MAX_THREADS="1")
    assert again.code == 0, again.err
    files = [(segtui.folder / name / "kmeans.csv").read_bytes() for name in ("first", "second")]
    assert files[0] == files[1]


def test_the_published_segments_by_the_command(segtui: Command, real_data: Path) -> None:
    words = ("-m", "rfm", "--set", "edge=rfm package", "--as-of", "2006-12-31", "--json")
    found = segtui("segment", real_data / "rfm_orders.csv", *words).json
    sizes = {segment["name"]: segment["size"] for segment in found["segmentations"][0]["segments"] if segment["size"]}
    assert sizes == {
        "Potential Loyalist": 342,
        "Loyal Customers": 170,
        "Lost": 148,
        "New Customers": 104,
        "About To Sleep": 102,
        "Can't Lose Them": 47,
        "Champions": 35,
        "At Risk": 28,
        "Need Attention": 10,
        "Promising": 9,
    }
    assert (found["customers"], found["as_of"]) == (995, "2006-12-31")


def test_customers_who_are_dropped_by_a_later_step_are_accounted_for(segtui: Command, orders: Path) -> None:
    saved = segtui("segment", orders.name, "-m", "rfm", "--save-project", "p.segtui.toml")
    assert saved.code == 0, saved.err
    project = segtui.folder / "p.segtui.toml"
    step = 'step = "drop"\ntable = "orders"\nwhere = "frequency = 1"\nreason = "bought once"\n'
    head, segmentations, rest = project.read_text(encoding="utf-8").partition("[[segmentations]]")
    project.write_text(f"{head}[[recipe.steps]]\n{step}\n{segmentations}{rest}", encoding="utf-8")
    ended = segtui("run", project.name, "--out", "out")
    assert ended.code == 0, ended.err
    found = re.search(r"(\d+) customers = (\d+) used \+ (\d+) bought once", ended.err)
    assert found and int(found[1]) == int(found[2]) + int(found[3]) == 30
    manifest = json.loads((segtui.folder / "out" / "rfm.manifest.json").read_text(encoding="utf-8"))
    assert manifest["customers_account"]["used"] == int(found[2])
