"""Every exporter: all blocks are drawn, the same delivery gives the same bytes, hostile text stays text."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel
import polars as pl
import pytest

from segtui.api import (
    Additive,
    Axis,
    Bars,
    Block,
    Delivery,
    Exporter,
    Figure,
    Figures,
    Flow,
    Grid,
    Heatmap,
    LeavingSegment,
    LeavingSegmentation,
    Lines,
    Outcome,
    QuietRun,
    Report,
    Scatter,
    Series,
    Text,
    Tone,
    Verdict,
)
from segtui.api.report import HIDDEN
from segtui_files import segtui_exporters
from segtui_files.sizes import size_rows, total_row
from segtui_files.words import as_table
from segtui_files.workbook_layout import line_count, page_breaks

EXPORTERS = {exporter.id: exporter for exporter in segtui_exporters()}
DRAWN = ("markdown", "json", "html", "workbook")
MARKUP = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'[@click](javascript:x)[link]{{7*7}}`|*_"
CONTROL = "".join(map(chr, range(0xA0))) + "\u202e\u200b\u2066\ufeff\x1b]8;;http://evil.example\x07"
FORMULA = '=HYPERLINK("http://evil.example","x")'
CSP = "Content-Security-Policy"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SECRET = 7_654_321
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
        Heatmap(
            rows, columns, ((1.2, 0.4, None), ("hidden", 1.0, 2.1), (0.2, 1.1, 0.8)), middle=1.0, title=word("Index")
        ),
        Lines(months, (series, Series(word("other"), (None, *up[1:]))), word("month"), word("orders"), word("Orders")),
        Lines((2.0, 3.0, 4.0), (Series("within", (9e5, 5e5, 3e5)),), "segments", "sum of squares"),
        Scatter((1.0, 2.0, 5.0), (1.0, 8.0, 3.0), rows.labels, x_title=word("x"), y_title=word("y"), title=word("Map")),
        Flow(rows.labels, rows.labels, ((500, 40, 30), (60, 700, 90), (10, 20, 800)), word("Who moved")),
        Verdict(Outcome.WARN, text),
    )
    segments = tuple(
        LeavingSegment(code, "ABC"[code], word(name), size, size / 4338, word("recency at most 30 days"), word(""))
        for code, (name, size) in enumerate((("Frequent", 2120), ("Steady", 1900), ("Lapsed", 310)))
    )
    made = LeavingSegmentation(
        word("rfm"),
        word("rfm"),
        word("RFM"),
        {word("bins"): 5, "edge": word("above"), "cuts": [1, 2.5, word("x")], "rules": {word("a"): True}},
        word("all"),
        42,
        4338,
        segments,
        8,
        (word("a note"),),
    )
    ids = pl.LazyFrame({"customer": ["007", "=1+1"], "segment_code": [0, None], "segment": ["Frequent", None]})
    reports = (Report(word("Profile"), blocks, (text,)), Report(word("Profile"), (text,)))
    brief = word("Who should get the catalogue?") + "\n" + word("The board decides in March.")
    return Delivery(title, (made,), {word("rfm"): ids}, reports, manifest(word), brief, date(2025, 11, 3))


def manifest(word: Callable[[str], str] = str) -> dict[str, Any]:
    """All keys that an exporter may look at, and sizes of segments that it must not take from here."""
    return {
        "project": word("shop"),
        "seed": 42,
        "as_of": "2025-10-31",
        "threshold": 10,
        "rounding": 5,
        "inputs": [
            {
                "name": word("orders"),
                "file": word("orders.csv"),
                "bytes": 1_250_000,
                "sha256": "0123456789abcdef" * 4,
                "rows": 541_909,
                "rejected": 3,
            }
        ],
        "account": {
            "what": word("rows of orders"),
            "total": 541_909,
            "used": 532_964,
            "dropped": [{"reason": word("returns"), "rows": 8_905}, {"reason": word("no price"), "rows": 40}],
        },
        "steps": [
            {"step": 1, "text": word("drop returns"), "table": word("orders"), "rows_in": 541_909, "rows_out": 533_004}
        ],
        "segmentations": [{"id": word("rfm"), "segments": [{"size": SECRET}]}],
        "privacy": {
            word("rfm"): {
                "ids": word("in clear"),
                "columns": [word("customer"), "segment"],
                "personal_columns_held_back": [word("email")],
                "personal_columns_chosen": [],
                "notes": [word("a note on privacy")],
            }
        },
        "notes": [word("a note on the data")],
        "versions": {"segtui": "0.1.0", word("polars"): word("2.1.0")},
    }


def hiding(what: Delivery) -> Delivery:
    """The same where the sizes of two segments and of those in none do not leave."""
    one = what.segmentations[0]
    segments = tuple(replace(each, customers=None, share=None) if each.code else each for each in one.segments)
    return replace(what, segmentations=(replace(one, segments=segments, unassigned=None),))


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
def test_files_are_named_beforehand(name: str, tmp_path: Path) -> None:
    exporter = EXPORTERS[name]
    assert exporter.file_names("../a: b", ["rfm"], exporter.Params()) == (
        written(name, tmp_path / "out", delivery(title="../a: b")).name,
    )


@pytest.mark.parametrize("name", DRAWN)
def test_a_delivery_of_nothing(name: str, tmp_path: Path) -> None:
    assert written(name, tmp_path / "out", Delivery("x", (), {}, ())).stat().st_size > 3


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("junk", [None, 3, "x", [None, 3, "x"], {"rfm": None, "x": [1]}, float("nan")])
def test_a_manifest_of_a_stranger(name: str, junk: object, tmp_path: Path) -> None:
    for number, key in enumerate(manifest()):
        odd = replace(delivery(), manifest={key: junk})
        assert written(name, tmp_path / str(number), odd).stat().st_size > 3


@pytest.mark.parametrize("name", DRAWN)
def test_a_hidden_size_is_hidden_everywhere(name: str, tmp_path: Path) -> None:
    shown, gone = (_everything(written(name, tmp_path / part, what)) for part, what in _both())
    for number in ("1900", "1,900", "43.8", "0.438"):
        assert number not in gone
    assert "SECRET" not in gone and str(SECRET) not in shown + gone and f"{SECRET:,}" not in shown + gone
    assert "2120" in gone or "2,120" in gone
    assert gone.count("hidden") >= shown.count("hidden") + 4


def _both() -> tuple[tuple[str, Delivery], ...]:
    what = replace(delivery(), reports=())
    return ("shown", what), ("gone", hiding(what))


def _everything(path: Path) -> str:
    """The text of a file, of every part of a workbook: shared strings count as often as cells refer to them."""
    if path.suffix != ".xlsx":
        return path.read_text()
    with zipfile.ZipFile(path) as parts:
        texts = {name: parts.read(name).decode() for name in parts.namelist()}
    strings = re.findall(r"<si><t[^>]*>(.*?)</t></si>", texts["xl/sharedStrings.xml"], re.DOTALL)
    sheets = [text for name, text in texts.items() if name.startswith("xl/worksheets/sheet")]
    cells = [strings[int(place)] for text in sheets for place in re.findall(r't="s"><v>(\d+)</v>', text)]
    return "\n".join([*texts.values(), *cells])


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
        _check_tables(text)


def _check_tables(text: str) -> None:
    """Every table has as many cells in each row as in its header."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def _check_page(text: str) -> None:
    found: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, attrs))

    Tags().feed(text)
    assert not {tag for tag, _ in found} & {"script", "img", "iframe", "link", "object", "base", "form", "use", "image"}
    anchors = {value for _, attributes in found for attribute, value in attributes if attribute == "id"}
    for _, attributes in found:
        for attribute, value in attributes:
            assert not attribute.startswith("on") and attribute not in ("src", "action", "style")
            assert attribute != "href" or (value or "")[1:] in anchors
    policy = [dict(attributes)["content"] for tag, attributes in found if ("http-equiv", CSP) in attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    assert "{{" not in text.replace("{{7*7}}", "") and "url(" not in text and "@import" not in text


def _check_workbook(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        for part in book.namelist():
            content = book.read(part)
            ElementTree.fromstring(content)
            if part.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in content
                links = re.findall(rb"<hyperlink [^>]*>", content)
                assert all(b" location=" in link and b"r:id" not in link for link in links)
            if part.endswith(".rels"):
                assert b"External" not in content
            if part.startswith("xl/charts/"):
                assert not re.search(rb"<c:v>[ ]*[=+@]", content)
        strings = book.read("xl/sharedStrings.xml").decode()
    assert not re.search(r"<t[^>]*>[ ]*[=+\-@＝]", strings)
    names = fastexcel.read_excel(path).sheet_names
    assert names[:2] == ["Cover", "Sizes"] and names[-1] == "Notes"
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


@pytest.mark.parametrize("title", ["P&G", "a&[Picture]b", "M&S & co", "&&G&P", "2025", "👩‍👩‍👧" * 30])
def test_a_title_is_no_code_in_the_footer(title: str, tmp_path: Path) -> None:
    path = written("workbook", tmp_path / "out", delivery(title=title))
    with zipfile.ZipFile(path) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    footer = sheet.findtext(f".//{{{MAIN}}}oddFooter") or ""
    left = footer.removeprefix('&L&8&"Arial,Regular"').removesuffix('&R&8&"Arial,Regular"&P of &N')
    assert left and "&" not in left.replace("&&", "")


def test_the_workbook_is_what_a_partner_would_sign(tmp_path: Path) -> None:
    path = written("workbook", tmp_path / "out", assignments=True)
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Cover", "Sizes", "Profile", "Profile 2", "Notes", "rows rfm"]
    sizes = book.load_sheet("Sizes", header_row=3).to_polars()
    assert sizes["segment"].to_list() == ["Frequent", "Steady", "Lapsed", "in no segment", "all customers"]
    assert sizes["customers"].to_list() == [2120, 1900, 310, 8, 4338]
    assert sizes["share"].to_list() == [0.489, 0.438, 0.071, 0.002, 1.0]
    rows = book.load_sheet("rows rfm").to_polars()
    assert rows.rows() == [("007", 0, "Frequent"), ("'=1+1", None, None)]
    cover = _texts(book, "Cover")
    for words in ("Shop 2025", "Who should get the catalogue?", "The board decides in March.", "2025-10-31"):
        assert words in cover
    for words in ("2025-11-03", "0123456789ab", "in clear", "email", "values about fewer than 10 customers are hidden"):
        assert words in cover
    assert "counts are rounded to multiples of 5" in cover
    assert [line for line in cover if line in ("541909", "-8905", "-40", "532964")] == [
        "541909",
        "-8905",
        "-40",
        "532964",
        "541909",
    ]
    notes = _texts(book, "Notes")
    assert {"RFM", "above", "1, 2.5, x", "a note", "a note on the data", "drop returns"} <= set(notes)


def _texts(book: Any, name: str) -> list[str]:
    sheet = book.load_sheet(name, header_row=None).to_polars().cast(pl.String)
    return [cell.removesuffix(".0") for row in sheet.rows() for cell in row if cell is not None]


def test_sheets_print_and_link(tmp_path: Path) -> None:
    path = written("workbook", tmp_path / "out")
    names = fastexcel.read_excel(path).sheet_names
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, len(names) + 1)]
        core, charts = parts.read("docProps/core.xml").decode(), [p for p in parts.namelist() if "charts/chart" in p]
    assert re.findall(r"location=\"'(.*?)'!A1\"", sheets[0]) == names[1:]
    for sheet in sheets:
        assert 'showGridLines="0"' in sheet and 'fitToPage="1"' in sheet
        assert "of &amp;N" in sheet
    assert all('orientation="landscape"' in sheet for sheet in sheets[1:])
    assert 'type="dataBar"' in sheets[1] and sheets[2].count('type="colorScale"') == 3
    assert len(charts) == 6, "sizes, bars, two of lines, a scatter and a flow"
    assert "<dc:title>Shop 2025</dc:title>" in core and "2025-11-03" in core


def test_numbers_have_formats_and_marks(tmp_path: Path) -> None:
    path = written("workbook", tmp_path / "out")
    with zipfile.ZipFile(path) as parts:
        styles = parts.read("xl/styles.xml").decode()
    formats = set(re.findall(r'formatCode="(.*?)"/>', styles))
    assert {"#,##0.0&quot; ▲&quot;", "#,##0&quot; ▼&quot;", "0.0%", "yyyy-mm-dd"} <= formats


def test_one_table_keeps_its_header_in_sight(tmp_path: Path) -> None:
    table = Grid(Axis(("a", "b"), "segment"), Axis(("x", "y")), ((1, 2), (3, 4)))
    one = replace(delivery(), reports=(Report("Small", (table,)), Report("Two", (table, table))))
    path = written("workbook", tmp_path / "out", one)
    with zipfile.ZipFile(path) as parts:
        small, two = (parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (3, 4))
    assert '<pane xSplit="1" ySplit="4" topLeftCell="B5"' in small and "<pane" not in two


def test_breaks_of_pages_leave_blocks_whole() -> None:
    heights = {0: 25.0}
    assert page_breaks([(2, 20), (21, 40), (41, 60)], heights, 500, repeated=1, drawn=2) == [21, 41]
    assert page_breaks([(2, 20), (21, 40), (41, 60)], heights, 2000, repeated=1, drawn=2) == []
    assert page_breaks([(2, 100)], heights, 500, repeated=1, drawn=2) == []


def test_how_many_lines_words_take() -> None:
    assert line_count("", 10) == line_count("a few", 10) == 1
    assert line_count("a few words that go on", 10) == 3
    assert line_count("x" * 95, 10) == 10


def test_a_chart_of_too_many_lines_is_not_drawn(tmp_path: Path) -> None:
    many = Lines((1.0, 2.0), tuple(Series(str(n), (1.0, 2.0)) for n in range(300)), "x", "y")
    path = written("workbook", tmp_path / "out", Delivery("x", (), {}, (Report("Many", (many,)),)))
    with zipfile.ZipFile(path) as parts:
        assert not [part for part in parts.namelist() if "charts/chart" in part]


def test_the_page_draws_every_chart_and_loads_nothing(tmp_path: Path) -> None:
    text = written("html", tmp_path / "out").read_text()
    assert text.count('<svg viewBox="0 0 720') == 5 and text.count("<svg") == text.count('role="img"') + 4
    assert re.findall(r"<svg [^>]*><title>(.*?)</title>", text) == ["Value", "Orders", "Chart", "Map", "Who moved"]
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert "http" not in text.replace("http-equiv", "")
    _check_page(text)


def test_the_page_begins_with_brief_account_and_contents(tmp_path: Path) -> None:
    text = written("html", tmp_path / "out", hiding(delivery())).read_text()
    order = ("Who should get the catalogue?", "2025-10-31", "2025-11-03", ">Contents<", "rows of orders", "-8,905")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count('<td class="hidden">hidden</td>') == 8


@pytest.mark.parametrize("name", ["html", "markdown", "workbook"])
def test_customers_who_were_dropped_have_an_account_beside_that_of_the_rows(name: str, tmp_path: Path) -> None:
    dropped = [{"reason": "bought once", "rows": 1_038}]
    account = {"what": "customers", "total": 5_376, "used": 4_338, "dropped": dropped}
    one = replace(delivery(), manifest={**manifest(), "customers_account": account})
    path = written(name, tmp_path, one)
    if name == "workbook":
        book = fastexcel.read_excel(path)
        said = " ".join(cell for sheet in book.sheet_names for cell in _texts(book, sheet)).replace(",", "")
    else:
        said = path.read_text("utf-8").replace(",", "")
    for words in ("rows used", "customers used", "bought once", "5376", "-1038"):
        assert words in said.replace("\\-", "-"), words


@pytest.mark.parametrize("name", ["html", "markdown", "json", "workbook"])
def test_what_is_hidden_in_a_heatmap_is_told_from_what_is_unknown(name: str, tmp_path: Path) -> None:
    axis, values = Axis(("a", "b", "c")), (1.25, HIDDEN, None)
    one = replace(delivery(), segmentations=(), reports=(Report("r", (Heatmap(Axis(("x",)), axis, (values,)),)),))
    path = written(name, tmp_path, one)
    if name == "workbook":
        book = fastexcel.read_excel(path)
        cells = [cell for sheet in book.sheet_names for cell in _texts(book, sheet)]
        assert [cell for cell in cells if cell in ("hidden", "–")] == ["hidden", "–"]
    elif name == "json":
        (block,) = json.loads(path.read_text("utf-8"))["reports"][0]["blocks"]
        assert block["values"] == [[1.25, "hidden", None]]
    else:
        text = path.read_text("utf-8")
        assert text.count(">hidden<" if name == "html" else "| hidden |") == 1 and "–" in text


def test_markdown_reads_well(tmp_path: Path) -> None:
    text = written("markdown", tmp_path / "out").read_text()
    assert "| segment | recency (days) | spend (EUR) | online (%) |" in text
    assert "| Frequent, high value | 12 ▼ | 4,120 ▲ | 44 |" in text
    assert "The segment Frequent holds 22.1 % of all customers." in text
    assert "| returns | -8,905 |\n| no price | -40 |\n| rows used | 532,964 |" in text
    assert "|  | in no segment | 8 | 0.2 % |  |" in text and "|  | all customers | 4,338 | 100.0 % |  |" in text
    _check_tables(text)


def test_json_is_the_report(tmp_path: Path) -> None:
    found = json.loads(written("json", tmp_path / "out", hiding(delivery())).read_text())
    kinds = [block["kind"] for block in found["reports"][0]["blocks"]]
    assert kinds[4:8] == ["grid", "grid", "bars", "heatmap"]
    assert found["reports"][0]["blocks"][5]["values"][1] == [2, None, "2024-01-02"]
    sizes = [segment["customers"] for segment in found["segmentations"][0]["segments"]]
    assert sizes == [2120, "hidden", "hidden"] and found["segmentations"][0]["unassigned"] == "hidden"
    assert found["made"] == "2025-11-03" and found["manifest"]["account"]["total"] == 541_909


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 0, 0), (3, 3, 1), (999, 1, 0), (0, 0, 0)])
def test_shares_add_up(sizes: tuple[int, int, int]) -> None:
    total = sum(sizes)
    segments = tuple(
        LeavingSegment(code, "AB"[code], "x", size, size / total if total else None)
        for code, size in enumerate(sizes[:2])
    )
    one = LeavingSegmentation("a", "a", "A", {}, "", 1, total, segments, sizes[2])
    rows = size_rows(one)
    assert len(rows) == 2 + bool(sizes[2])
    if total:
        assert sum(round(10 * (row.percent or 0)) for row in rows) == 1000
    else:
        assert {row.shown_share for row in rows} == {"–"}


EMPTY = Axis(())
ODD = (float("nan"), float("inf"), -float("inf"), 1e300, -1e-300, 0.0)
ODD_AXIS = Axis(tuple("abcdef"))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(
    "block",
    [
        Grid(EMPTY, EMPTY, (), additive=Additive.BOTH),
        Grid(Axis(("a",)), EMPTY, ((),), additive=Additive.BOTH),
        Grid(EMPTY, Axis(("a",), units=("%",)), (), additive=Additive.COLUMNS),
        Heatmap(EMPTY, EMPTY, ()),
        Heatmap(Axis(("a",)), Axis(("b",)), ((None,),)),
        Bars((), ()),
        Lines((), ()),
        Lines((1.0,), (Series("a", (None,)),)),
        Scatter((), ()),
        Flow((), (), ()),
        Flow(("a",), ("b",), ((0,),)),
        Figures(()),
        Grid(ODD_AXIS, Axis(("x",)), tuple((value,) for value in ODD), additive=Additive.COLUMNS),
        Heatmap(ODD_AXIS, Axis(("x",)), tuple((value,) for value in ODD)),
        Bars(ODD_AXIS.labels, ODD),
        Lines(tuple(map(float, range(6))), (Series("a", ODD),)),
    ],
    ids=range(16),
)
def test_blocks_without_anything_and_odd_numbers(name: str, block: Block, tmp_path: Path) -> None:
    path = written(name, tmp_path / "out", Delivery("x", (), {}, (Report("odd", (block,)),)))
    if name == "html":
        _check_page(path.read_text())
        assert "nan" not in path.read_text() and '"inf' not in path.read_text()
    if name == "workbook":
        with zipfile.ZipFile(path) as parts:
            sheet = parts.read("xl/worksheets/sheet2.xml").decode()
        assert "<v>nan</v>" not in sheet and "<v>inf</v>" not in sheet


def test_rounded_shares_show_no_decimals() -> None:
    segments = tuple(
        LeavingSegment(code, "AB"[code], "x", *size) for code, size in enumerate(((35, 0.34), (None, None)))
    )
    one = LeavingSegmentation("a", "a", "A", {}, "", 1, 105, segments)
    assert [row.shown_share for row in (*size_rows(one), total_row(one))] == ["34 %", "hidden", "100 %"]


def test_sums_stand_below_what_adds_up_and_nothing_hidden() -> None:
    axis = Axis(("customers", "share"), units=("", "%"), decimals=(0, 1))
    parts = Grid(Axis(("a", "b", "c")), axis, ((1, 100 / 3), (1, 100 / 3), (1, 100 / 3)), additive=Additive.COLUMNS)
    table = as_table(parts)
    assert [[cell.shown for cell in row] for row in table.cells] == [
        ["1", "33.4"],
        ["1", "33.3"],
        ["1", "33.3"],
        ["3", "100.0"],
    ]
    gone = replace(parts, values=((1, "hidden"), ("hidden", 2.0), (1, 3.0)))
    assert not as_table(gone).has_sums and len(as_table(gone).labels) == 3
