from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from segtui.api.errors import Exit

FAULTY = """
from my_method_base import MyMethod, hookimpl

class Shouts(MyMethod):
    id = "shouts"
    def fit(self, customers, params, run):
        print("SHOUT")
        return super().fit(customers, params, run)

@hookimpl
def segtui_methods():
    return [Shouts()]
"""


READER = """
import polars as pl
from segtui.api import Column, Kind, Params, Reader, Table, hookimpl

class Lines(Reader):
    id = "lines"
    title = "Lines"
    suffixes = (".lines",)
    Params = Params

    def tables(self, file):
        return ["lines"]

    def read(self, file, table, params, run):
        lines = file.path.read_bytes().decode(errors="replace").splitlines()
        frame = pl.LazyFrame({"name": lines}, schema={"name": pl.String})
        return Table(table, frame, {"name": Column("name", Kind.TEXT)}, rows=len(lines))

@hookimpl
def segtui_readers():
    return [Lines()]
"""
ILL_BEHAVED = """
import random, socket
from pathlib import Path
from my_method_base import MyMethod, hookimpl

class Draws(MyMethod):
    id = "draws"
    def fit(self, customers, params, run):
        return super().fit(customers, params.model_copy(update={"share": random.Random().uniform(0.1, 0.9)}), run)

class Notes(MyMethod):
    id = "notes"
    def fit(self, customers, params, run):
        Path(__file__).with_name("notes.txt").write_text("a note")
        return super().fit(customers, params, run)

class Calls(MyMethod):
    id = "calls"
    def fit(self, customers, params, run):
        try:
            socket.create_connection(("192.0.2.1", 9), timeout=0.01)
        except OSError:
            pass
        return super().fit(customers, params, run)

@hookimpl
def segtui_methods():
    return [Draws(), Notes(), Calls()]
"""


def segtui(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "segtui", *map(str, words)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "80"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=90)


def test_a_new_package_is_made_listed_and_passes(tmp_path: Path) -> None:
    made = segtui("plugins", "new", "top_customers", "--to", tmp_path, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert str(tmp_path / "top_customers" / "pyproject.toml") in made.stdout
    package = tmp_path / "top_customers"
    shown = segtui("plugins", "top_customers", "--plugin-dir", package, folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "brings top_customers" in shown.stdout
    checked = segtui("plugins", "check", "top_customers", "--plugin-dir", package, folder=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "passed     sql_parity" in checked.stdout
    assert "failed" not in checked.stdout
    again = segtui("plugins", "new", "top_customers", folder=tmp_path)
    assert again.returncode == Exit.DATA
    assert "there already" in again.stderr


def test_a_fault_is_named_and_the_command_fails(tmp_path: Path) -> None:
    segtui("plugins", "new", "my_method_base", folder=tmp_path)
    plugins = tmp_path / "my_method_base"
    text = (plugins / "my_method_base.py").read_text(encoding="utf-8").replace("MyMethodBase", "MyMethod")
    (plugins / "my_method_base.py").write_text(text, encoding="utf-8")
    (plugins / "shouting.py").write_text(FAULTY, encoding="utf-8")
    told = segtui("plugins", "check", "shouting", "--plugin-dir", plugins, "--json", folder=tmp_path)
    assert told.returncode == Exit.PLUGIN, told.stderr
    outcomes = json.loads(told.stdout)["shouts"]
    assert [each["id"] for each in outcomes if each["ending"] == "failed"] == ["nothing_printed"]
    assert "1 of 24 checks failed" in told.stderr


def test_what_a_plugin_does_in_spite_of_the_seed_and_to_the_machine_is_found(tmp_path: Path) -> None:
    segtui("plugins", "new", "my_method_base", folder=tmp_path)
    plugins = tmp_path / "my_method_base"
    text = (plugins / "my_method_base.py").read_text(encoding="utf-8").replace("MyMethodBase", "MyMethod")
    (plugins / "my_method_base.py").write_text(text, encoding="utf-8")
    (plugins / "ill_behaved.py").write_text(ILL_BEHAVED, encoding="utf-8")
    told = segtui("plugins", "check", "ill_behaved", "--plugin-dir", plugins, "--json", folder=tmp_path)
    assert told.returncode == Exit.PLUGIN, told.stderr
    outcomes = json.loads(told.stdout)
    failed = {name: {each["id"] for each in made if each["ending"] == "failed"} for name, made in outcomes.items()}
    assert "same_seed" in failed["draws"]
    assert failed["notes"] == {"nothing_written"}
    assert failed["calls"] == {"no_network"}
    assert any("notes.txt" in each["found"] for each in outcomes["notes"])


def test_a_reader_is_checked_on_a_file(tmp_path: Path) -> None:
    (tmp_path / "lines.py").write_text(READER, encoding="utf-8")
    (tmp_path / "some.lines").write_text("Ada\nGrace\n", encoding="utf-8")
    asked = segtui("plugins", "check", "lines", "--plugin-dir", tmp_path, folder=tmp_path)
    assert asked.returncode == Exit.USAGE
    assert "--on FILE" in asked.stderr
    told = segtui("plugins", "check", "lines", "--plugin-dir", tmp_path, "--on", "some.lines", folder=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "2 rows × 1 columns" in told.stdout


def test_parameters_can_be_given(tmp_path: Path) -> None:
    refused = segtui("plugins", "check", "bands", folder=tmp_path)
    assert refused.returncode == Exit.PLUGIN
    assert "--set" in refused.stderr
    passed = segtui("plugins", "check", "bands", "--set", 'columns=["monetary"]', folder=tmp_path)
    assert passed.returncode == 0, passed.stdout + passed.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("new",),
        ("new", "a", "b"),
        ("kmeans", "rfm"),
        ("new", "Bad-Name"),
        ("kmeans", "--to", "."),
        ("new", "top", "--set", "a=1"),
    ],
)
def test_words_that_make_no_sense_are_usage_errors(words: tuple[str, ...], tmp_path: Path) -> None:
    ended = segtui("plugins", *words, folder=tmp_path)
    assert ended.returncode == Exit.USAGE, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "a").exists()


def test_a_method_that_is_not_there_is_named(tmp_path: Path) -> None:
    ended = segtui("plugins", "check", "kmean", folder=tmp_path)
    assert ended.returncode == Exit.PLUGIN
    assert "kmeans" in ended.stderr
