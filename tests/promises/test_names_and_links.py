"""Promises 58 and 63: names from anywhere become plain files in the folder that was asked for; no link leads out."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from command import Command
from hostile import PAYLOADS
from hypothesis import given
from hypothesis import strategies as st

from segtui.api.text import file_name, safe

pytestmark = pytest.mark.slow


NAMES = [
    "../../up",
    "/tmp/absolute",
    "..",
    "NUL",
    "con.csv",
    "a\nb",
    "x\0y",
    "n" * 100,
    ".hidden",
    "a:b|c?*",
    "\u202egnp",
]
NAMES += [payload[:100] for payload in PAYLOADS[:4]]
WINDOWS = set('<>:"/\\|?*')


def is_plain(name: str) -> bool:
    """Whether a name is fine on every system."""
    stem = name.split(".")[0].strip(" _").lower()
    return (
        name.isprintable()
        and not WINDOWS & set(name)
        and not name.startswith((".", "-", " "))
        and not name.endswith((".", " "))
        and len(name.encode()) <= 255
        and (stem not in {"con", "nul", "prn", "aux", "com1", "lpt1"} or name.startswith("_"))
    )


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def written(segtui: Command, orders: Path, names: list[str], title: str = "shop") -> Path:
    """A project that segments by RFM once for each name."""
    path = orders.with_name("p.segtui.toml")
    entries = "".join(f"\n[[segmentations]]\nid = {json.dumps(name)}\nmethod = 'rfm'\n" for name in names)
    source = '\n[[sources]]\nname = "orders"\npath = "orders.csv"\n'
    path.write_text(f"segtui = 1\nname = {json.dumps(title)}\n{source}{entries}", encoding="utf-8")
    assert segtui.folder in path.parents
    return path


def test_hostile_ids_become_plain_files_in_the_folder(segtui: Command, orders: Path) -> None:
    project = written(segtui, orders, NAMES, "../" + "t" * 190)
    before = everything(segtui.folder)
    forms = [word for form in ("csv", "model") for word in ("--as", form)]
    ended = segtui("export", project, *forms, "--out", "deep/out")
    assert ended.code == 0, ended.err
    new = everything(segtui.folder) - before
    assert {path.parent for path in new} == {segtui.folder, segtui.folder / "deep", segtui.folder / "deep" / "out"}
    files = [path.name for path in new if path.is_file()]
    assert len(files) == 2 * len(NAMES) + 1
    assert [name for name in files if not is_plain(name)] == []
    assert {f"{file_name(name)}.csv" for name in NAMES} <= set(files)
    manifest = json.loads((segtui.folder / "deep" / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in manifest["segmentations"]] == NAMES
    assert not Path("/tmp/absolute.csv").exists()


@pytest.mark.parametrize("names", [("a/b", "a:b"), ("X", "x"), ("café", "cafe\u0301"), ("a" * 90, "a" * 90 + ".")])
@pytest.mark.parametrize("command", ["run", "export"])
def test_two_ids_of_one_file_name_are_refused_before_any_work(
    segtui: Command, orders: Path, names: tuple[str, str], command: str
) -> None:
    project = written(segtui, orders, list(names))
    ended = segtui(command, project, "--out", "out")
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "would get files of the same name" in ended.err
    assert all(safe(name, 60) in ended.err for name in names)
    assert "orders.csv   " not in ended.err, "nothing was read"
    assert not (segtui.folder / "out").exists()


def test_hostile_names_of_sources_and_projects(segtui: Command, orders: Path) -> None:
    source = orders.rename(orders.with_name("[@click=x] \x1b]0;x\x07 ..; rm -rf ~.csv"))
    project = segtui.folder / "\u202e$(touch x) `id`.segtui.toml"
    ended = segtui("segment", source, "-m", "rfm", "--out", "out", "--save-project", project)
    assert ended.code == 0, ended.err
    before = everything(segtui.folder)
    again = segtui("export", project, "--as", "csv", "--as", "markdown", "--out", "more")
    assert again.code == 0, again.err
    new = everything(segtui.folder) - before
    assert all(path.is_relative_to(segtui.folder / "more") and is_plain(path.name) for path in new)
    assert len(new) == 4, "the folder, the labels, the report and the manifest"


@given(st.text(max_size=300), st.sampled_from(["", ".csv", ".segmodel"]))
def test_any_name_becomes_one_plain_file(name: str, suffix: str) -> None:
    found = file_name(name) + suffix
    assert is_plain(found) and Path(found).name == found
    assert file_name(file_name(name)) == file_name(name)


@pytest.mark.parametrize("name", ["rfm.csv", "rfm.segmodel", "rfm.manifest.json"])
def test_a_link_in_the_folder_of_results_is_replaced_and_never_followed(
    segtui: Command, orders: Path, name: str
) -> None:
    out, precious = segtui.folder / "out", segtui.folder / "precious"
    out.mkdir()
    precious.write_text("mine")
    (out / name).symlink_to(precious)
    refused = segtui("segment", orders, "-m", "rfm", "--out", "out")
    assert refused.code == 3 and "exists already" in refused.err
    assert sorted(path.name for path in out.iterdir()) == [name]
    assert segtui("segment", orders, "-m", "rfm", "--out", "out", "--force").code == 0
    assert precious.read_text() == "mine"
    assert not (out / name).is_symlink()


def test_links_for_scores_projects_and_keys(segtui: Command, orders: Path) -> None:
    assert segtui("segment", orders, "-m", "rfm", "--out", "out", "--save-project", "p.segtui.toml").code == 0
    precious = segtui.folder / "precious"
    precious.write_text("mine")
    for name in ("scores.csv", "saved.segtui.toml", "p.segtui.key"):
        (segtui.folder / name).symlink_to(precious)
    score = ("score", "out/rfm.segmodel", orders, "--out", "scores.csv")
    save = ("segment", orders, "-m", "rfm", "--save-project", "saved.segtui.toml")
    assert [segtui(*words).code for words in (score, save)] == [3, 3]
    assert [segtui(*words, "--force").code for words in (score, save)] == [0, 0]
    export = ("export", "p.segtui.toml", "--ids", "pseudonymised", "--out", "more")
    assert segtui(*export).code == 2, "a link is no key"
    assert precious.read_text() == "mine"
    assert (segtui.folder / "p.segtui.key").is_symlink()


def test_a_link_to_a_folder_is_not_a_way_out_of_a_project(segtui: Command, orders: Path) -> None:
    elsewhere = segtui.folder / "elsewhere"
    inside = segtui.folder / "inside"
    elsewhere.mkdir()
    inside.mkdir()
    project = written(segtui, orders, ["rfm"]).rename(inside / "p.segtui.toml")
    orders.rename(inside / "orders.csv")
    (inside / "deliverables").symlink_to(elsewhere)
    refused = segtui("run", project)
    assert refused.code == 2 and "outside the folder of the project" in refused.err
    assert list(elsewhere.iterdir()) == []


def slipping(content: bytes, names: list[str]) -> bytes:
    """A model file with more entries."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        for name in names:
            archive.writestr(name, "slipped")
    return target.getvalue()


SLIPS = ["../../slipped", "/tmp/segtui-slipped", "..\\slipped", "models/../../slipped", "models/1.segmodel/../../x"]


@pytest.mark.parametrize("name", SLIPS)
def test_a_model_can_not_write_beside_itself(segtui: Command, orders: Path, name: str) -> None:
    assert segtui("segment", orders, "-m", "rfm", "--out", "out").code == 0
    model = segtui.folder / "out" / "rfm.segmodel"
    model.write_bytes(slipping(model.read_bytes(), [name]))
    before = everything(segtui.folder)
    ended = segtui("score", model, orders)
    assert (ended.code, ended.out) == (3, ""), ended.err
    assert everything(segtui.folder) == before
    assert not os.path.lexists("/tmp/segtui-slipped")


def test_a_workbook_can_not_write_beside_itself(segtui: Command) -> None:
    target = segtui.folder / "slips.xlsx"
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *SLIPS):
            archive.writestr(name, "<x/>")
    before = everything(segtui.folder)
    ended = segtui("inspect", target)
    assert (ended.code, ended.out) == (3, "")
    assert everything(segtui.folder) == before
