"""The plugins of docs/plugins.md: each is whole, short, keeps every rule, and works through the command."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugins.md"
FILES = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAYOUT = "customer:6 date:8 amount:8"
PLUGINS = {
    "top_spenders": (),
    "concentration": (),
    "crm_tags": (),
    "fixed_width": ("--on", "till.dat", "--set", f"layout={LAYOUT}"),
}


def segtui(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "segtui", *words, "--plugin-dir", "my_plugins"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "100"}
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=90
    )
    assert ended.returncode == 0, f"{' '.join(words)}\n{ended.stdout}\n{ended.stderr}"
    return ended


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, and a project that its method made of the sample data."""
    made = tmp_path_factory.mktemp("page")
    for name, body in FILES.findall(PAGE.read_text(encoding="utf-8")):
        target = made / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(body, encoding="utf-8")
    shutil.copyfile(ROOT / "sample_data" / "orders.parquet", made / "orders.parquet")
    words = ("orders.parquet", "-m", "top_spenders", "--out", "out", "--save-project", "shop.segtui.toml")
    segtui(made, "segment", *words)
    return made


def test_the_page_has_one_of_each(folder: Path) -> None:
    assert {path.stem for path in (folder / "my_plugins").glob("*.py")} == set(PLUGINS)


@pytest.mark.parametrize("name", PLUGINS)
def test_each_is_short_and_imports_the_border_alone(name: str, folder: Path) -> None:
    code = (folder / "my_plugins" / f"{name}.py").read_text(encoding="utf-8")
    assert len(code.splitlines()) < 60
    assert max(map(len, code.splitlines())) <= 120
    imports = [node.module for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    assert {module for module in imports if module and module.startswith("segtui")} == {"segtui.api"}


def test_they_are_as_tidy_as_what_ships(folder: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    settings = str(ROOT / "pyproject.toml")
    command = [str(ruff), "check", "--no-cache", "--ignore", "ARG002", "--config", settings, str(folder / "my_plugins")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("name", PLUGINS)
def test_each_keeps_every_rule(name: str, folder: Path) -> None:
    outcomes = json.loads(segtui(folder, "plugins", "check", name, "--json", *PLUGINS[name]).stdout)[name]
    endings = {outcome["id"]: outcome["ending"] for outcome in outcomes}
    left_out = {id for id, ending in endings.items() if ending == "left out"}
    assert left_out <= {"unseen_level", "one_feature", "k_too_large", "sql_parity"}
    assert all(ending == "passed" for id, ending in endings.items() if id not in left_out)


def test_the_analysis_reports(folder: Path) -> None:
    found = segtui(folder, "analyse", "shop.segtui.toml", "concentration", "--json").stdout
    report = json.loads(found)
    assert "Concentration of value" in found
    assert json.dumps(report).count("Top spenders") >= 1


def test_the_exporter_tags_every_customer_once(folder: Path) -> None:
    segtui(folder, "export", "shop.segtui.toml", "--as", "crm_tags", "--out", "crm")
    lines = (folder / "crm" / "crm_tags.jsonl").read_text(encoding="utf-8").splitlines()
    tags = [json.loads(line) for line in lines]
    labels = (folder / "out" / "top_spenders.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [tag["customer"] for tag in tags] == [label.split(",")[0] for label in labels]
    assert {tag["segment_top_spenders"] for tag in tags} == {"Top spenders", "Others"}
    assert set(tags[0]) == {"customer", "segment_top_spenders"}


def test_the_reader_reads_segments_runs_and_scores(folder: Path) -> None:
    reading = ("--read", f"reader.layout={LAYOUT}")
    [found] = json.loads(segtui(folder, "inspect", "till.dat", "--json", *reading).stdout)
    assert found["rows"] == 4
    assert {column["name"]: column["role"] for column in found["columns"]} == {
        "customer": "customer",
        "date": "date",
        "amount": "amount",
    }
    words = ("-m", "top_spenders", "--out", "till", "--save-project", "till.segtui.toml", *reading)
    segtui(folder, "segment", "till.dat", *words)
    segtui(folder, "run", "till.segtui.toml", "--out", "again")
    labels = (folder / "till" / "top_spenders.csv").read_bytes()
    assert b"00123" in labels
    assert (folder / "again" / "top_spenders.csv").read_bytes() == labels
    segtui(folder, "score", "till/top_spenders.segmodel", "till.dat", "--out", "scored.csv")
    assert (folder / "scored.csv").read_bytes() == labels
