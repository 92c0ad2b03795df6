"""Every exporter: all blocks are drawn, the same delivery gives the same bytes, hostile text stays text."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel
import polars as pl
import pytest

from segtui.api import (
    Account,
    Additive,
    Axis,
    Bars,
    Count,
    Delivery,
    Exporter,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    Lines,
    Outcome,
    QuietRun,
    Report,
    Scatter,
    Segmentation,
    Series,
    ShownSegment,
    Text,
    Tone,
    Verdict,
)
from segtui_files import segtui_exporters

EXPORTERS = {exporter.id: exporter for exporter in segtui_exporters()}
DRAWN = ("markdown", "json", "html", "workbook")
MARKUP = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'[@click](javascript:x)[link]{{7*7}}`|*_"
CONTROL = "".join(map(chr, range(0xA0))) + "\u202e\u200b\u2066\ufeff\x1b]8;;http://evil.example\x07"
FORMULA = '=HYPERLINK("http://evil.example","x")'
HOSTILE = (MARKUP, CONTROL, FORMULA, "＝1+1", "../../x", "CON", "\ud800", "https://evil.example", "n" * 400)


def delivery(word: Callable[[str], str] = str, title: str = "Shop 2025") -> Delivery:
    rows = Axis((word("Frequent, high value"), word("Steady"), word("Lapsed")), word("segment"))
    columns = Axis((word("recency"), word("spend"), word("online")), word("columns"), (word("days"), "EUR", "%"))
    numbers = ((12.0, 4120.5, 44.0), (31.0, 610.0, 92.0), (301.0, None, 8.125))
    figures = {"share": Figure(word("share"), 22.14, "%", 1), "who": Figure("who", word("Frequent"))}
    text = Text("The segment {who} holds {share} of all customers.", figures)
    months = tuple(date(2024, month, 1) for month in range(1, 13))
    up = tuple(float(3 + month % 5) for month in range(12))
    series = Series(word("silhouette"), up, tuple(v - 1 for v in up), tuple(v + 1 for v in up))
    blocks = (
        text,
        Text("A heading", tone=Tone.HEADING),
        Text("Handle with care: {who}.", figures, Tone.WARNING),
        Figures(
            (Figure(word("customers"), 4338), Figure("spend", 2053.4, "EUR"), Figure("hid", "hidden")), word("In all")
        ),
        Grid(rows, columns, numbers, marks=((-1, 1, 0), (0, 0, 1), (1, 0, -1)), title=word("Profile")),
        Grid(rows, columns, ((1, "hidden", word("x")), (2, None, date(2024, 1, 2)), (3, -0.5, 1e9)), title="Mixed"),
        Bars(rows.labels, (2120.0, 1500.5, -300.0), unit=word("EUR"), additive=Additive.ROWS, title=word("Value")),
        Heatmap(rows, columns, ((1.2, 0.4, None), (0.9, 1.0, 2.1), (0.2, 1.1, 0.8)), middle=1.0, title=word("Index")),
        Lines(months, (series, Series(word("other"), (None, *up[1:]))), word("month"), word("orders"), word("Orders")),
        Lines((2.0, 3.0, 4.0), (Series("within", (9e5, 5e5, 3e5)),), "segments", "sum of squares"),
        Scatter((1.0, 2.0, 5.0), (1.0, 8.0, 3.0), rows.labels, x_title=word("x"), y_title=word("y"), title=word("Map")),
        Flow(rows.labels, rows.labels, ((500, 40, 30), (60, 700, 90), (10, 20, 800)), word("Who moved")),
        Verdict(Outcome.WARN, text),
    )
    segments = tuple(
        ShownSegment(code, "ABC"[code], word(name), size, word("recency at most 30 days"))
        for code, (name, size) in enumerate((("Frequent", 2120), ("Steady", 1900), ("Lapsed", 310)))
    )
    account = Account(word("customers"), 4338, 4330, (Count(word("without a date"), 8),))
    model: Any = None
    labels = pl.Series([0], dtype=pl.Int32)
    made = Segmentation(
        word("rfm"), word("rfm"), {}, word("all"), 42, 1, model, labels, segments, "f", account, (word("a note"),)
    )
    ids = pl.LazyFrame({"customer": ["007", "=1+1"], "segment_code": [0, None], "segment": ["Frequent", None]})
    reports = (Report(word("Profile"), blocks, (text,)), Report(word("Profile"), (text,)))
    return Delivery(title, (made,), {word("rfm"): ids}, reports)


def written(name: str, folder: Path, what: Delivery | None = None, **params: Any) -> Path:
    exporter: Exporter[Any] = EXPORTERS[name]
    folder.mkdir(exist_ok=True)
    (path,) = exporter.write(what or delivery(), folder, exporter.Params(**params), QuietRun())
    assert path.parent == folder and list(folder.iterdir()) == [path]
    return path


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_delivery_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    first, second = (written(name, tmp_path / part) for part in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", DRAWN)
def test_a_delivery_of_nothing(name: str, tmp_path: Path) -> None:
    assert written(name, tmp_path / "out", Delivery("x", (), {}, ())).stat().st_size > 3


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", DRAWN)
def test_hostile_text_stays_text(name: str, payload: str, tmp_path: Path) -> None:
    path = written(name, tmp_path / "out", delivery(lambda _: payload, payload))
    if name == "workbook":
        _check_workbook(path)
        return
    text = path.read_bytes().decode()
    allowed = {"\n"}
    assert not [c for c in text if (ord(c) < 0xA0 and not 0x20 <= ord(c) < 0x7F and c not in allowed)]
    assert not set("\u202e\u200b\u2066\ufeff") & set(text)
    if name == "html":
        _check_page(text)
    if name == "json":
        assert json.loads(text)["segmentations"][0]["segments"][0]["name"] == payload
    if name == "markdown":
        assert not re.search(r"(?<!\\)<|(?<!\\)\[|https?://", text)


def _check_page(text: str) -> None:
    found: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, attrs))

    Tags().feed(text)
    assert not {tag for tag, _ in found} & {"script", "img", "iframe", "link", "object", "base", "form", "use", "image"}
    for _, attributes in found:
        for attribute, value in attributes:
            assert not attribute.startswith("on") and attribute not in ("src", "action", "style")
            assert attribute != "href" or (value or "").startswith("#")
    assert "{{" not in text.replace("{{7*7}}", "") and "url(" not in text and "@import" not in text


def _check_workbook(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        for part in book.namelist():
            content = book.read(part)
            ElementTree.fromstring(content)
            if part.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in content and b"<hyperlink" not in content
            if part.endswith(".rels"):
                assert b"External" not in content
        strings = book.read("xl/sharedStrings.xml").decode()
    assert not re.search(r"<t[^>]*>[ ]*[=+\-@＝]", strings)
    assert fastexcel.read_excel(path).sheet_names[:2] == ["Cover", "Sizes"]


def test_the_workbook_holds_numbers_as_numbers(tmp_path: Path) -> None:
    path = written("workbook", tmp_path / "out", assignments=True)
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Cover", "Sizes", "Profile", "Profile 2", "rows rfm"]
    sizes = book.load_sheet("Sizes", header_row=3).to_polars()
    assert sizes["customers"].to_list() == [2120, 1900, 310]
    rows = book.load_sheet("rows rfm").to_polars()
    assert rows.rows() == [("007", 0, "Frequent"), ("'=1+1", None, None)]
    with zipfile.ZipFile(path) as parts:
        assert any("charts/chart" in part for part in parts.namelist())
        assert b"<f>" not in b"".join(parts.read(p) for p in parts.namelist() if "worksheets/sheet" in p)
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_the_page_draws_every_chart_and_loads_nothing(tmp_path: Path) -> None:
    text = written("html", tmp_path / "out").read_text()
    assert text.count("<svg") == 7
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert "http" not in text.replace("http-equiv", "")
    _check_page(text)


def test_markdown_reads_well(tmp_path: Path) -> None:
    text = written("markdown", tmp_path / "out").read_text()
    assert "| segment | recency (days) | spend (EUR) | online (%) |" in text
    assert "| Frequent, high value | 12 ▼ | 4,120 ▲ | 44 |" in text
    assert "The segment Frequent holds 22.1 % of all customers." in text
    assert "without a date: -8" in text


def test_json_is_the_report(tmp_path: Path) -> None:
    found = json.loads(written("json", tmp_path / "out").read_text())
    kinds = [block["kind"] for block in found["reports"][0]["blocks"]]
    assert kinds[4:8] == ["grid", "grid", "bars", "heatmap"]
    assert found["reports"][0]["blocks"][5]["values"][1] == [2, None, "2024-01-02"]
