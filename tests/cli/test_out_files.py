"""Promises 32, 33 and 48: sources are never written to, nothing is replaced unasked, and everything is private."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from command import Command


def modes(folder: Path) -> dict[str, str]:
    """What is open to others, by name; sources of the test left out."""
    found = {}
    for path in folder.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode != (0o700 if path.is_dir() else 0o600):
            found[path.name] = oct(mode)
    return found


@pytest.mark.parametrize("how", ["path", "symlink", pytest.param("hard link", marks=pytest.mark.slow)])
def test_a_source_is_never_written_to(segtui: Command, orders: Path, how: str) -> None:
    source, out = orders.rename(segtui.folder / "rfm.csv"), segtui.folder
    if how != "path":
        out = segtui.folder / "out"
        out.mkdir()
        make = os.symlink if how == "symlink" else os.link
        make(source, out / "rfm.csv")
    before = source.read_bytes()
    ended = segtui("segment", source, "-m", "rfm", "--out", out, "--force")
    assert (ended.code, ended.out) == (3, "")
    assert "one of the source files, which are never written to" in ended.err
    assert source.read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == (["rfm.csv"])


@pytest.mark.slow
def test_a_project_or_a_score_never_replaces_a_source(segtui: Command, orders: Path) -> None:
    before = orders.read_bytes()
    assert segtui("segment", orders.name, "-m", "rfm", "--out", "out").code == 0
    saved = segtui("segment", orders.name, "-m", "rfm", "--save-project", orders, "--force")
    assert saved.code == 3 and "never written to" in saved.err
    scored = segtui("score", "out/rfm.segmodel", orders.name, "--out", orders, "--force")
    assert scored.code == 3 and "never written to" in scored.err
    model = (segtui.folder / "out" / "rfm.segmodel").read_bytes()
    onto_model = segtui("score", "out/rfm.segmodel", orders.name, "--out", "out/rfm.segmodel", "--force")
    assert onto_model.code == 2 and "Let the name end in .csv" in onto_model.err
    assert (segtui.folder / "out" / "rfm.segmodel").read_bytes() == model
    assert orders.read_bytes() == before


def test_what_is_there_stays_unless_forced_and_all_is_private(segtui: Command, orders: Path) -> None:
    words = ("segment", orders.name, "-m", "rfm", "--out", "out", "--save-project", "p.segtui.toml")
    first = segtui(*words, umask=0)
    assert first.code == 0, first.err
    orders.chmod(0o600)
    assert modes(segtui.folder) == {}
    assert modes(segtui.machine / "cache") == {}
    assert segtui.left() == []
    labels = segtui.folder / "out" / "rfm.csv"
    labels.write_text("mine\n")
    second = segtui(*words)
    assert second.code == 3
    assert "exists already" in second.err and "--force" in second.err
    assert labels.read_text() == "mine\n"
    assert segtui(*words, "--force", umask=0).code == 0
    assert labels.read_text().startswith("customer_id,segment_code,segment\n00001,")
    assert modes(segtui.folder) == {}
    names = sorted(path.name for path in (segtui.folder / "out").iterdir())
    assert names == ["rfm.csv", "rfm.manifest.json", "rfm.segmodel"], "no temporary file is left"


def test_a_folder_that_can_not_be_is_said(segtui: Command, orders: Path) -> None:
    ended = segtui("segment", orders.name, "-m", "rfm", "--out", orders.name)
    assert ended.code == 3
    assert "This is no folder" in ended.err


def test_two_files_of_one_name_each_list_the_rows_that_could_not_be_read(segtui: Command) -> None:
    for name, fields in (("old", "2,3,4"), ("new", "2,3,4,5")):
        lines = ["customer,amount" if name == "old" else "customer,visits", *(f"c{n},{n}" for n in range(40))]
        (segtui.folder / name).mkdir()
        (segtui.folder / name / "shop.csv").write_text("\n".join([*lines, f"c99,{fields}"]))
    sources = ("old=old/shop.csv", "new=new/shop.csv")
    ended = segtui("segment", *sources, "-m", "kmeans", "-s", "k=2", "--read", "tolerant=true", "--out", "out")
    assert ended.code == 0, ended.err
    assert (segtui.folder / "out" / "old.rejects.csv").read_text() == "row,reason\n41,4 fields instead of 2\n"
    assert (segtui.folder / "out" / "new.rejects.csv").read_text() == "row,reason\n41,5 fields instead of 2\n"
