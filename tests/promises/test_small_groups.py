"""Promise 52 as the command prints and writes it: what is about too few customers is hidden, and not alone."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from command import Command

SIZES = {"North": 400, "South": 301, "East": 67, "Rare": 3}
SMALLEST = 10


@pytest.fixture(scope="module")
def command(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """In its folder: a project with bands of a category, one of which has three customers, exported."""
    command = Command(machine, tmp_path_factory.mktemp("small"))
    regions = [region for region, size in SIZES.items() for _ in range(size)]
    table = {
        "customer": [f"c{row:04}" for row in range(len(regions))],
        "region": regions,
        "shop": [["Ulm", "Bonn"][row % 2] for row in range(len(regions))],
        "spend": [row * 37 % 911 + 0.5 for row in range(len(regions))],
    }
    pl.DataFrame(table).write_csv(command.folder / "people.csv")
    words = ("segment", "people.csv", "-m", "bands", "-s", "columns=['region']", "--save-project", "p.segtui.toml")
    assert command(*words).code == 0
    forms = [word for form in ("json", "model") for word in ("--as", form)]
    ended = command("export", "p.segtui.toml", *forms, "--out", "out", "--json")
    assert ended.code == 0, ended.err
    (command.folder / "printed.json").write_text(ended.out)
    return command


def within(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from within(inner)


def check_report(report: Any) -> int:
    """That rows about the three are hidden, and others with them; in how many tables they stand."""
    tables = [found for found in within(report) if found.get("kind") == "grid"]
    about = 0
    for table in tables:
        rows = [place for place, label in enumerate(table["rows"]["labels"]) if "Rare" in str(label)]
        about += bool(rows)
        for place in rows:
            assert {value for value in table["values"][place] if isinstance(value, (int, float)) and value} == set()
        if rows and "customers" in table["columns"]["labels"]:
            column = table["columns"]["labels"].index("customers")
            shown = [row[column] for row in table["values"]]
            assert shown.count("hidden") >= 2, "with the total, one alone would be known"
    figures = [found for found in within(report) if "customers" in found and "value" in found]
    assert [figure for figure in figures if figure["customers"] is not None] == []
    return about


def test_the_exported_json(command: Command) -> None:
    (path,) = command.folder.joinpath("out").glob("*report.json")
    report = json.loads(path.read_text(encoding="utf-8"))
    assert check_report(report) >= 2
    text = path.read_text(encoding="utf-8")
    assert '"counts": [' not in text, "no block carries the numbers of customers behind it"


def test_the_json_of_an_analysis(command: Command) -> None:
    assert check_report(command("analyse", "p.segtui.toml", "profile", "--json").json) >= 2


def test_the_manifest_and_what_the_export_prints(command: Command) -> None:
    manifest = json.loads((command.folder / "out" / "bands.manifest.json").read_text(encoding="utf-8"))
    (made,) = manifest["segmentations"]
    shown = {segment["name"]: segment["customers"] for segment in made["segments"]}
    assert shown["Rare"] is None
    unknown = [name for name in SIZES if shown[name] is None]
    assert len(unknown) >= 2 and sum(SIZES[name] for name in unknown) >= SMALLEST + len(unknown)
    assert {name: shown[name] for name in SIZES if name not in unknown} == {
        name: size for name, size in SIZES.items() if name not in unknown
    }
    printed = json.loads((command.folder / "printed.json").read_text())
    assert [found for found in within(printed) if found.get("size") == SIZES["Rare"]] == []


def test_a_model_that_leaves_with_counts_of_small_groups_is_told(command: Command) -> None:
    said = "The model bands holds counts of groups of fewer than 10 customers, which reports hide."
    manifest = json.loads((command.folder / "out" / "bands.manifest.json").read_text(encoding="utf-8"))
    assert said in manifest["notes"]
    assert said in json.loads((command.folder / "printed.json").read_text())["notes"]


def test_a_model_that_leaves_says_no_size_in_what_it_says_of_itself(command: Command) -> None:
    with zipfile.ZipFile(command.folder / "out" / "bands.segmodel") as archive:
        metadata = json.loads(archive.read("segmodel.json"))
    assert [found for found in within(metadata["segments"]) if set(found) & {"size", "customers", "share"}] == []
