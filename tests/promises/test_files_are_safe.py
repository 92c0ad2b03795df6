"""Promise 57 for files: hostile text goes through a whole project, and stays text in every file it ends in."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from command import Command
from hostile import CHUNKS, PAYLOADS, harmful

NAMES = [*PAYLOADS, *CHUNKS]
BAD = "".join(PAYLOADS)
ROWS = 25 * 30
EXPORT = """
[export]
threshold = 5
"""
FORMS = ("csv", "parquet", "xlsx", "model", "report", "workbook", "markdown", "json")


def toml(text: str) -> str:
    """The text as TOML writes it, every character by its number."""
    return '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'


@pytest.fixture(scope="module")
def folder(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose every name and value is hostile, exported in every form into `out`."""
    command = Command(machine, tmp_path_factory.mktemp("files"))
    columns: dict[str, list[object]] = {"customer": [f"{row:04}{NAMES[row % len(NAMES)]}" for row in range(ROWS)]}
    columns |= {f"{name}#{place}": [float(row * 7 % 90) for row in range(ROWS)] for place, name in enumerate(PAYLOADS)}
    columns["kind of"] = [NAMES[row % len(NAMES)] for row in range(ROWS)]
    pl.DataFrame(columns).write_parquet(command.folder / "people.parquet")
    words = ("segment", "people.parquet", "-m", "bands", "-s", "columns=['kind of']", "--save-project", "p.segtui.toml")
    ended = command(*words)
    assert ended.code == 0, ended.err
    project = command.folder / "p.segtui.toml"
    text = project.read_text(encoding="utf-8").replace('name = "p"', f"name = {toml(BAD[:200])}\nbrief = BRIEF", 1)
    text = text.replace("BRIEF", toml(BAD)).replace('id = "bands"', f"id = {toml(BAD[:100])}")
    named = f"\n[segmentations.names]\n3 = {{name = {toml(BAD[:150])}, description = {toml(BAD)}}}\n"
    project.write_text(text.partition("[export]")[0] + named + EXPORT, encoding="utf-8")
    forms = [word for form in FORMS for word in ("--as", form)]
    ended = command("export", project, *forms, "--out", "out")
    assert ended.code == 0, ended.err
    return command.folder


def the(folder: Path, suffix: str) -> Path:
    (found,) = (path for path in folder.joinpath("out").glob(f"*{suffix}") if "manifest" not in path.name)
    return found


def test_the_project_and_the_manifest_are_plain_text(folder: Path) -> None:
    for path in (folder / "p.segtui.toml", *folder.joinpath("out").glob("*manifest.json")):
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        assert set(text) & set(map(chr, [*range(9), *range(11, 32)])) == set()
        assert (found.get("name") or found["project"]) == BAD[:200], "and hold the text as it is"


def test_labels_of_a_delivery_hold_text_as_it_is_but_for_formulas(folder: Path) -> None:
    from segtui_files.neutral import restored

    rows = pl.read_parquet(the(folder, ".parquet"))
    ids = sorted(f"{row:04}{NAMES[row % len(NAMES)]}" for row in range(ROWS))
    assert sorted(rows["customer"]) == ids
    text = pl.read_csv(the(folder, ".csv"), infer_schema=False)
    assert sorted(map(restored, text["customer"])) == ids
    assert [name for name in rows["segment"].unique() if harmful(name)] == [], "names of segments are harmless text"


@pytest.mark.parametrize("suffix", [".html", ".md", ".json"])
def test_reports_hold_no_character_that_hides_or_moves(folder: Path, suffix: str) -> None:
    text = the(folder, suffix).read_bytes().decode()
    assert harmful(text) <= {"\n"}
    assert len(text) > 2_000


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_runs_and_loads_nothing(folder: Path) -> None:
    page = Page()
    page.feed(the(folder, ".html").read_text(encoding="utf-8"))
    assert not page.tags & {"script", "iframe", "object", "embed", "base", "form", "link", "img"}
    assert not [name for name in page.attributes if name.startswith("on") or name in ("src", "srcdoc", "action")]
    assert not [to for to in page.attributes.get("href", ()) if not to.startswith("#")]
    assert "<script>alert(1)</script>" in page.text, "it is shown as it is"


def test_markdown_is_no_markup(folder: Path) -> None:
    text = the(folder, ".md").read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(|https?://", text)


def test_workbooks_are_sound_and_lead_nowhere(folder: Path) -> None:
    books = list(folder.joinpath("out").glob("*.xlsx"))
    assert len(books) == 2
    for book in books:
        with zipfile.ZipFile(book) as archive:
            for name in archive.namelist():
                assert name.endswith((".xml", ".rels")), name
                content = archive.read(name)
                ElementTree.fromstring(content)
                assert b"External" not in content and b"<f>" not in content, name


def test_a_model_says_its_names_without_harm(folder: Path) -> None:
    with zipfile.ZipFile(the(folder, ".segmodel")) as archive:
        raw = archive.read("segmodel.json").decode()
    assert harmful(raw) <= {"\n"}
    assert [one["name"] for one in json.loads(raw)["segments"] if harmful(one["name"])] == []
