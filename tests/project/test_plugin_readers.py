"""Readers of plugins through the real command: which one reads a file, and that runs and scores read alike."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from segtui.api.errors import Exit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
FIXED_WIDTH = re.search(r"^```python file=my_plugins/fixed_width.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LAYOUT = ("--read", "reader.layout=customer:6 date:8 amount:8")
PURCHASES = [(f"{number % 60:05d}", f"2024{number % 12 + 1:02d}15", 5 + number % 37 * 3.1) for number in range(300)]
DIES = """
import os
from segtui.api import Params, Reader, hookimpl

class Dies(Reader):
    id = "dies"
    title = "Dies"
    suffixes = (".dies",)
    Params = Params

    def tables(self, file):
        return ["records"]

    def read(self, file, table, params, run):
        os._exit(9)

@hookimpl
def segtui_readers():
    return [Dies()]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a plugin that reads fixed width, and purchases in that form and as CSV."""
    assert FIXED_WIDTH is not None
    (tmp_path / "plugs").mkdir()
    (tmp_path / "plugs" / "fixed_width.py").write_text(FIXED_WIDTH[1], encoding="utf-8")
    fixed = "".join(f"{customer:<6}{day}{amount:>8.2f}\n" for customer, day, amount in PURCHASES)
    (tmp_path / "till.dat").write_text(f"{fixed}torn\n", encoding="utf-8")
    lines = [f"{customer},{day},{amount:.2f}" for customer, day, amount in PURCHASES]
    (tmp_path / "till.csv").write_text("\n".join(["customer,date,amount", *lines]), encoding="utf-8")
    return tmp_path


def segtui(folder: Path, *words: str, plugins: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "segtui", *words, *(("--plugin-dir", "plugs") if plugins else ())]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "100"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=90)


def done(folder: Path, *words: str) -> str:
    ended = segtui(folder, *words)
    assert ended.returncode == 0, f"{' '.join(words)}\n{ended.stderr}"
    return ended.stdout


def test_a_file_of_the_reader_goes_all_the_way_as_its_twin_in_csv_does(folder: Path) -> None:
    [found] = json.loads(done(folder, "inspect", "till.dat", "--json", *LAYOUT))
    assert (found["rows"], found["rejected"]) == (300, 1)
    assert found["reading"]["reader"] == "fixed_width:fixed_width"
    done(folder, "segment", "till.dat", "-m", "rfm", "--out", "a", "--save-project", "a.segtui.toml", *LAYOUT)
    done(folder, "segment", "till.csv", "-m", "rfm", "--out", "b")
    labels = (folder / "a" / "rfm.csv").read_bytes()
    assert labels.count(b"\n") == 61
    assert labels == (folder / "b" / "rfm.csv").read_bytes()
    project = (folder / "a.segtui.toml").read_text(encoding="utf-8")
    assert 'reader = "fixed_width:fixed_width"' in project and "customer:6 date:8" in project
    done(folder, "run", "a.segtui.toml", "--out", "c")
    assert (folder / "c" / "rfm.csv").read_bytes() == labels
    for model, file in (("a", "till.dat"), ("a", "till.csv"), ("b", "till.csv")):
        done(folder, "score", f"{model}/rfm.segmodel", file, "--out", "scored.csv", "--force")
        assert (folder / "scored.csv").read_bytes() == labels
    refused = segtui(folder, "run", "a.segtui.toml", "--out", "d", plugins=False)
    assert refused.returncode == Exit.PLUGIN
    assert "There is no reader fixed_width (from fixed_width)" in refused.stderr
    assert not (folder / "d").exists()


def test_a_reader_that_is_named_reads_a_file_of_any_name_also_when_scoring(folder: Path) -> None:
    (folder / "till.dat").rename(folder / "till.txt")
    words = ("--read", "reader=fixed_width", *LAYOUT)
    done(folder, "segment", "till.txt", "-m", "rfm", "--out", "out", *words)
    done(folder, "score", "out/rfm.segmodel", "till.txt", "--out", "scored.csv")
    assert (folder / "scored.csv").read_bytes() == (folder / "out" / "rfm.csv").read_bytes()


def test_a_packed_file_is_unpacked_for_the_reader(folder: Path) -> None:
    (folder / "till.dat.gz").write_bytes(gzip.compress((folder / "till.dat").read_bytes()))
    [found] = json.loads(done(folder, "inspect", "till.dat.gz", "--json", *LAYOUT))
    assert found["rows"] == 300
    assert found["name"] == "till"


def test_the_formats_of_the_host_stay_with_it(folder: Path) -> None:
    [found] = json.loads(done(folder, "inspect", "till.csv", "--json"))
    assert found["reading"]["format"] == "csv" and "reader" not in found["reading"]
    (folder / "till.csv").rename(folder / "text.dat")
    [found] = json.loads(done(folder, "inspect", "text.dat", "--json", "--read", "format=csv"))
    assert found["rows"] == 300


def test_two_readers_of_one_suffix_are_refused_until_one_is_chosen(folder: Path) -> None:
    code = (folder / "plugs" / "fixed_width.py").read_text(encoding="utf-8")
    (folder / "plugs" / "other.py").write_text(code, encoding="utf-8")
    refused = segtui(folder, "inspect", "till.dat", *LAYOUT)
    assert refused.returncode == Exit.PLUGIN
    assert "fixed_width:fixed_width and other:fixed_width" in refused.stderr
    [found] = json.loads(done(folder, "inspect", "till.dat", "--json", "--read", "reader=other:fixed_width", *LAYOUT))
    assert found["reading"]["reader"] == "other:fixed_width"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), Exit.USAGE, "reader.layout"),
        (("--read", "reader.layuot=a:1"), Exit.USAGE, "layuot is not one of its names"),
        (("--read", "reader=fixed"), Exit.PLUGIN, "Did you mean fixed_width?"),
        ((*LAYOUT, "--read", "table=more"), Exit.DATA, "It has no table more"),
        ((*LAYOUT, "--read", "reader.encoding=klingon"), Exit.DATA, "another encoding"),
    ],
)
def test_what_is_off_is_told_in_words(words: tuple[str, ...], code: Exit, said: str, folder: Path) -> None:
    refused = segtui(folder, "inspect", "till.dat", *words)
    assert refused.returncode == code, refused.stderr
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_reader_that_ends_its_process_ends_its_job_and_nothing_else(folder: Path) -> None:
    (folder / "plugs" / "dies.py").write_text(DIES, encoding="utf-8")
    (folder / "some.dies").write_text("x", encoding="utf-8")
    ended = segtui(folder, "inspect", "some.dies")
    assert ended.returncode not in (0, Exit.INTERNAL)
    assert ended.stderr and "Traceback" not in ended.stderr
