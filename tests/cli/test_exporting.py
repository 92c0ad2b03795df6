"""`segtui export`: what leaves, in which forms, and what stays."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from command import Command, Shop
from small_orders import write_orders
from test_help import GOLDEN, helped

FORMS = ("csv", "parquet", "xlsx", "model", "report", "workbook", "markdown", "json")


@pytest.fixture
def small(segtui: Command, orders: Path) -> Path:
    """A project on thirty customers: rfm and quarters of value."""
    ended = segtui("segment", orders, "-m", "rfm", "--save-project", "small.segtui.toml")
    assert ended.code == 0, ended.err
    path = orders.parent / "small.segtui.toml"
    bands = '\n[[segmentations]]\nid = "value"\nmethod = "bands"\nparams = { columns = ["monetary"], bands = 3 }\n'
    path.write_text(path.read_text() + bands)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_help_is_as_it_was_agreed(segtui: Command) -> None:
    found, golden = helped(segtui, "export"), GOLDEN / "export.txt"
    if os.environ.get("SEGTUI_ACCEPT"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


def test_every_form_at_once(segtui: Command, small: Path) -> None:
    words = [word for form in FORMS for word in ("--as", form)]
    ended = segtui("export", small, *words, "--out", "out")
    assert ended.code == 0, ended.err
    folder = small.parent / "out"
    assert names(folder) == [
        "manifest.json",
        *(f"rfm.{end}" for end in ("csv", "parquet", "segmodel", "xlsx")),
        *(f"small-report.{end}" for end in ("html", "json", "md")),
        "small-workbook.xlsx",
        *(f"value.{end}" for end in ("csv", "parquet", "segmodel", "xlsx")),
    ]
    assert sorted(Path(line).name for line in ended.out.splitlines()) == names(folder)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [file["name"] for file in manifest["files"]] == [Path(line).name for line in ended.out.splitlines()[:-1]]
    assert [one["analysis"] for one in manifest["reports"]] == ["profile", "profile", "quality", "comparison"]
    assert manifest["chosen"] is None
    assert "chosen" not in (folder / "small-report.md").read_text()


def test_what_was_chosen_comes_first_and_is_said_to_be(segtui: Command, small: Path) -> None:
    small.write_text('chosen = "value"\n' + small.read_text())
    ended = segtui(
        "export", small, "--as", "report", "--as", "markdown", "--as", "json", "--as", "workbook", "--out", "out"
    )
    assert ended.code == 0, ended.err
    folder = small.parent / "out"
    for name in ("manifest.json", "small-report.json"):
        told = json.loads((folder / name).read_text())
        assert told["chosen"] == "value"
        assert [one["id"] for one in told["segmentations"]] == ["value", "rfm"]
    markdown = (folder / "small-report.md").read_text()
    assert "- chosen: value\n" in markdown
    assert re.findall(r"## Segments: (.*)", markdown) == ["value (chosen)", "rfm"]
    assert re.findall(r"<h2>Segments: (.*)</h2>", (folder / "small-report.html").read_text()) == [
        "value (chosen)",
        "rfm",
    ]
    with zipfile.ZipFile(folder / "small-workbook.xlsx") as workbook:
        texts = workbook.read("xl/sharedStrings.xml").decode()
    assert "value (chosen) (Bands)" in texts and "rfm (chosen)" not in texts


def test_what_was_chosen_and_stays_here_is_not_told(segtui: Command, small: Path) -> None:
    text = small.read_text()
    small.write_text('chosen = "value"\n' + text + '\n[export]\nsegmentations = ["rfm"]\n')
    ended = segtui("export", small, "--as", "json", "--out", "out")
    assert ended.code == 0, ended.err
    folder = small.parent / "out"
    for name in ("rfm.manifest.json", "small-report.json"):
        assert json.loads((folder / name).read_text())["chosen"] is None


def test_an_id_and_a_segment_leave_and_no_more(segtui: Command, small: Path) -> None:
    ended = segtui("export", small, "--as", "csv", "--segmentation", "value", "--out", "out", "--json")
    assert ended.json["columns"] == ["customer_id", "segment_code", "segment"]
    assert names(small.parent / "out") == ["value.csv", "value.manifest.json"]
    header = (small.parent / "out" / "value.csv").read_text().splitlines()[0]
    assert header == "customer_id,segment_code,segment"


def test_chosen_columns_leave_and_the_manifest_says_so(segtui: Command, small: Path) -> None:
    ended = segtui("export", small, "--as", "csv", "--column", "monetary", "--segmentation", "rfm", "--out", "out")
    assert ended.code == 0, ended.err
    assert "each row holds customer_id, segment_code, segment, monetary; ids in clear" in ended.err
    manifest = json.loads((small.parent / "out" / "rfm.manifest.json").read_text())
    assert manifest["privacy"]["rfm"]["columns"] == ["customer_id", "segment_code", "segment", "monetary"]
    refused = segtui("export", small, "--as", "csv", "--column", "monetery", "--out", "other")
    assert refused.code == 2 and "Did you mean monetary?" in refused.err
    assert not (small.parent / "other").exists() or not names(small.parent / "other")


def test_a_personal_column_leaves_only_where_that_is_said(segtui: Command, tmp_path: Path) -> None:
    people = "\n".join(f"{n:04},c{n}@example.com,{n % 9}" for n in range(40))
    (tmp_path / "people.csv").write_text(f"customer_id,email,visits\n{people}\n")
    made = segtui("segment", "people.csv", "-m", "bands", "-s", 'columns=["visits"]', "--save-project", "p.segtui.toml")
    assert made.code == 0, made.err
    refused = segtui("export", "p.segtui.toml", "--as", "csv", "--column", "email", "--out", "out")
    assert refused.code == 2
    assert "email" in refused.err and "--personal" in refused.err
    ended = segtui("export", "p.segtui.toml", "--as", "csv", "--personal", "email", "--out", "out")
    assert ended.code == 0, ended.err
    assert "Personal columns leave, as was chosen: email." in ended.err
    manifest = json.loads((tmp_path / "out" / "bands.manifest.json").read_text())
    assert manifest["privacy"]["bands"]["personal_columns_chosen"] == ["email"]
    assert "@example.com" in (tmp_path / "out" / "bands.csv").read_text()


def test_pseudonyms_can_be_joined_again_and_the_key_stays_here(segtui: Command, small: Path) -> None:
    words = ["--as", "csv", "--as", "workbook", "--set", "workbook.assignments=true", "--ids", "pseudonymised"]
    first = segtui("export", small, *words, "--out", "one")
    again = segtui("export", small, *words, "--out", "two")
    assert (first.code, again.code) == (0, 0), first.err + again.err
    key = small.parent / "small.segtui.key"
    assert key.stat().st_mode & 0o777 == 0o600
    one, two = (pl.read_csv(small.parent / folder / "rfm.csv") for folder in ("one", "two"))
    assert one.equals(two)
    assert all(re.fullmatch("c[0-9a-f]{32}", name) for name in one["customer_id"])
    ids = {f"{number:05}".encode() for number in range(1, 31)}
    for file in (small.parent / "one").rglob("*"):
        content = file.read_bytes()
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as parts:
                content = b"".join(parts.read(name) for name in parts.namelist())
        assert key.read_bytes().strip() not in content
        if file.suffix == ".csv":
            assert not [name for name in ids if name in content.split(b",")]
    other = segtui("export", small, *words, "--key", "other.key", "--out", "three")
    assert other.code == 0, other.err
    three = pl.read_csv(small.parent / "three" / "rfm.csv")
    assert not set(three["customer_id"]) & set(one["customer_id"])


def test_a_key_without_pseudonyms_is_refused(segtui: Command, small: Path) -> None:
    refused = segtui("export", small, "--as", "csv", "--key", "my.key", "--out", "out")
    assert refused.code == 2
    assert "Add --ids pseudonymised" in refused.err


def test_the_key_never_lies_in_the_folder_that_leaves(segtui: Command, small: Path) -> None:
    for words in (["--out", "."], ["--out", "out", "--key", "out/my.key"]):
        refused = segtui("export", small, "--as", "csv", "--ids", "pseudonymised", *words)
        assert refused.code == 2
        assert "key of the pseudonyms" in refused.err
    assert "rfm.csv" not in names(small.parent)


def test_small_segments_are_hidden_in_reports_and_counted(segtui: Command, small: Path) -> None:
    ended = segtui("export", small, "--as", "json", "--as", "report", "--out", "out")
    assert ended.code == 0, ended.err
    assert "hidden in reports" in ended.err
    manifest = json.loads((small.parent / "out" / "manifest.json").read_text())
    sizes = [one["customers"] for made in manifest["segmentations"] for one in made["segments"]]
    assert None in sizes
    assert not [size for size in sizes if size is not None and 0 < size < 10]
    exact = segtui("export", small, "--as", "json", "--threshold", "3", "--out", "three")
    assert exact.code == 2 and "--threshold" in exact.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "pdf"), "There is no exporter pdf"),
        (("--as", "csv", "--ids", "hashed"), "--ids"),
        (("--as", "csv", "--segmentation", "rmf"), "Did you mean rfm?"),
        (("--as", "workbook", "--set", "workbook.rows=1"), "rows"),
        (("--as", "workbook", "--set", "csv.raw=true"), "which"),
        (("--as", "csv", "--set", "csv.rwa=true"), "raw"),
    ],
)
def test_what_is_off_is_refused_before_any_work(
    segtui: Command, small: Path, words: tuple[str, ...], said: str
) -> None:
    refused = segtui("export", small, *words, "--out", "out")
    assert refused.code in (2, 4)
    assert said in refused.err
    assert "making customers" not in refused.err and not (small.parent / "out").exists()


def test_files_that_are_there_are_refused_before_any_work(segtui: Command, small: Path) -> None:
    (small.parent / "out").mkdir()
    (small.parent / "out" / "small-workbook.xlsx").write_text("mine")
    refused = segtui("export", small, "--as", "workbook", "--out", "out")
    assert refused.code == 3 and "small-workbook.xlsx" in refused.err
    assert "orders.csv" not in refused.err
    assert (small.parent / "out" / "small-workbook.xlsx").read_text() == "mine"
    assert segtui("export", small, "--as", "workbook", "--out", "out", "--force").code == 0


def test_a_report_as_html_on_stdout(segtui: Command, shop: Shop) -> None:
    project = shop.folder / "shop.segtui.toml"
    ended = segtui("analyse", project, "profile", "--format", "html")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("<!doctype html>") and "Champions" in ended.out
    written = segtui("analyse", project, "profile", "--format", "workbook", "--out", "book")
    assert written.code == 0, written.err
    assert names(shop.folder / "book" if (shop.folder / "book").exists() else Path(segtui.folder / "book"))
    for form, said in (
        ("workbook", "Say a folder with --out"),
        ("csv", "holds no report"),
        ("htlm", "Did you mean html?"),
    ):
        refused = segtui("analyse", project, "profile", "--format", form)
        assert refused.code in (2, 4) and refused.out == ""
        assert said in refused.err and "rows" not in refused.err
    for words in (["--format", "workbook"], ["--out", "x"], ["--format", "html", "--json"]):
        assert segtui("analyse", project, "profile", *words).code == 2


def test_json_of_a_report_hides_small_cells(segtui: Command, shop: Shop) -> None:
    found = segtui("analyse", shop.folder / "shop.segtui.toml", "profile", "--json").json
    assert "hidden" in json.dumps(found)
    both = segtui("compare", shop.folder / "orders.parquet", "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=4", "--json")
    sizes = [one["customers"] for made in both.json["segmentations"] for one in made["segments"]]
    assert None in sizes and not [size for size in sizes if size is not None and 0 < size < 10]


def test_a_comparison_leaves_with_its_report(segtui: Command, tmp_path: Path) -> None:
    write_orders(tmp_path / "orders.csv", 60)
    ended = segtui("compare", "orders.csv", "-m", "rfm", "-m", "kmeans", "-s", "kmeans.k=3", "--out", "out")
    assert ended.code == 0, ended.err
    assert "orders-report.html" in names(tmp_path / "out")
    assert {"rfm.csv", "kmeans.csv", "rfm.segmodel", "kmeans.segmodel", "manifest.json"} <= {*names(tmp_path / "out")}


def test_customers_of_purchases_whose_id_names_them(segtui: Command) -> None:
    """The customers that are made of the purchases know it as the purchases did."""
    lines = [f"Ann B{chr(97 + row % 12) * 3},2024-{row % 12 + 1:02}-11,{row}.5" for row in range(60)]
    (segtui.folder / "named.csv").write_text("\n".join(["customer_id,order_date,amount", *lines]))
    ended = segtui("segment", "named.csv", "-m", "rfm", "--out", "out")
    assert ended.code == 0, ended.err
    assert "The id customer_id is itself personal data (name)" in ended.err
