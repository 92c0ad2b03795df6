"""Promises 14, 47, 49, 53 and 60: no value is quoted, an id and a segment leave and nothing else, no code is run."""

from __future__ import annotations

import csv
import json
import pickle
import subprocess
import zipfile
from pathlib import Path

import pytest
from command import Command

CANARY = "CANARY7Q"


def people(path: Path) -> Path:
    """Customers whose every column but the id holds the canary."""
    lines = ["customer,name,email,phone,note,birth_date,spend,visits"]
    for number in range(60):
        name = f"{CANARY}{number}"
        lines.append(
            f"{number:05},Ann {name},{name}@example.com,+49 30 {CANARY}{number},"
            f"note {name} of some length,19{50 + number % 40}-01-0{1 + number % 9},{number * 7 % 90}.25,{number % 11}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def holds(path: Path, word: bytes = CANARY.encode()) -> bool:
    """Whether a file, or what is packed in it, holds a word."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    return word in content


def test_nothing_but_ids_and_segments_leaves(segtui: Command) -> None:
    people(segtui.folder / "people.csv")
    words = ("-m", "kmeans", "-s", "k=3", "--out", "out", "--save-project", "people.segtui.toml", "--json")
    ended = segtui("segment", "people.csv", *words)
    assert ended.code == 0, ended.err
    assert CANARY not in ended.err + ended.out
    written = [segtui.folder / "people.segtui.toml", *(segtui.folder / "out").iterdir()]
    assert len(written) == 4
    assert [path.name for path in written if holds(path)] == []
    for path in [*(segtui.machine / "cache").rglob("*"), *(segtui.machine / "home").rglob("*")]:
        assert not (path.is_file() and holds(path)), path
    with (segtui.folder / "out" / "kmeans.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["customer", "segment_code", "segment"]
    assert [row[0] for row in rows[1:]] == [f"{number:05}" for number in range(60)]
    manifest = json.loads((segtui.folder / "out" / "kmeans.manifest.json").read_text())
    privacy = manifest["privacy"]["kmeans"]
    assert privacy["columns"] == ["customer", "segment_code", "segment"]
    assert {"name", "email", "phone", "birth_date"} <= set(privacy["personal_columns_held_back"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ragged.csv", f"a,b\n1,2\n3,{CANARY},5,6\n4,5\n"),
        ("quote.csv", f'a,b\n1,2\n3,"{CANARY}\n4,5\n'),
        ("lines.jsonl", '{"a": 1}\n{"a": ' + CANARY + "\n"),
    ],
)
def test_an_error_quotes_no_value(segtui: Command, name: str, content: str) -> None:
    (segtui.folder / name).write_text(content)
    ended = segtui("inspect", name)
    assert CANARY not in ended.err
    if ended.code:
        assert (ended.code, ended.out) == (3, "")
        assert name in ended.err


def test_a_value_in_a_condition_that_fails_is_not_one_of_the_data(segtui: Command) -> None:
    people(segtui.folder / "people.csv")
    ended = segtui("segment", "people.csv", "-m", "rules", "-s", 'rules=[{name="a", when="name > 3"}]')
    assert ended.code == 2
    assert CANARY not in ended.err


class Payload:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, (f"touch {self.marker}",)


def test_a_pickle_is_refused_under_any_name_and_runs_nothing(segtui: Command, orders: Path) -> None:
    marker = segtui.folder / "marker"
    fake, packed, data = (segtui.folder / name for name in ("a.segmodel", "b.segmodel", "c.csv"))
    fake.write_bytes(pickle.dumps(Payload(marker)))
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("data.pkl", fake.read_bytes())
    data.write_bytes(fake.read_bytes())
    for words in (("score", fake, orders), ("score", packed, orders), ("inspect", data)):
        ended = segtui(*words)
        assert (ended.code, ended.out) == (3, ""), ended.err
    assert not marker.exists()


def test_no_module_is_imported_from_where_the_data_lies(segtui: Command, orders: Path) -> None:
    marker = segtui.folder / "marker"
    for name in ("polars.py", "segtui_rules.py", "sitecustomize.py", "rfm.py"):
        (segtui.folder / name).write_text(f"open({str(marker)!r}, 'w')\nraise SystemExit(9)\n")
    ended = segtui("segment", orders.name, "-m", "rfm")
    assert ended.code == 0, ended.err
    assert not marker.exists()


def test_the_main_job_needs_no_network(segtui: Command, orders: Path) -> None:
    isolated = ("unshare", "-rn")
    tried = subprocess.run([*isolated, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"this system makes no network namespace: {tried.stderr.decode().strip()}")
    ended = segtui("segment", orders.name, "-m", "rfm", "--out", "out", before=isolated)
    assert ended.code == 0, ended.err
    alike = segtui("score", "out/rfm.segmodel", orders.name, before=isolated)
    assert alike.out == (segtui.folder / "out" / "rfm.csv").read_text()


def test_an_address_is_refused_at_once(segtui: Command) -> None:
    ended = segtui("inspect", "http://127.0.0.1:9/a.csv")
    assert (ended.code, ended.out) == (3, "")
    assert "local files only" in ended.err
