"""Many rows in a workbook: each cell reads back as it was, and stands where xlsxwriter would have put it."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from segtui.api import Cancelled, Delivery, LimitError, QuietRun, Report, Text
from segtui_files import rows
from segtui_files.rows import write_rows
from segtui_files.workbook import Workbook as WorkbookExporter
from segtui_files.workbook import WorkbookParams

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
Cells = dict[str, str | float]
"""The cells of a sheet by their places: A1, B1 ..."""

HOSTILE = [
    *map(chr, range(0x100)),
    *(f"a{chr(code)}b" for code in range(0x20)),
    " a",
    "a\u2003",
    "\n\n",
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "http://x.example",
    "007",
    "1e5",
    "TRUE",
    "#N/A",
    "]]></t></is></c>",
    "&amp;&#10;",
    "_x0041_",
    "a_x00e4_b",
    "_X0041_",
    "_x004_",
    "\ufffe\uffff\ufdd0\u202e",
    "😀",
    "",
]
ODD = {
    "as <r>, xlsxwriter would write it as markup": "<r><bad></r>",
    "two escapes share an underscore": "_x0041_x0042_",
    "an escape and its beginning": "_x_x005F_x0041_",
}


def cells(path: Path, sheet: int = 1) -> Cells:
    """What a reader of the sheet finds; checks that rows and cells stand in order and once."""
    root = ElementTree.fromstring(part(path, sheet))
    found: Cells = {}
    last = 0
    for row in root.iter(f"{MAIN}row"):
        assert int(row.attrib["r"]) > last
        last = int(row.attrib["r"])
        for cell in row:
            place = cell.attrib["r"]
            assert place.endswith(str(last)) and place not in found
            found[place] = value(cell)
    return found


def value(cell: ElementTree.Element) -> str | float:
    if cell.get("t") != "inlineStr":
        assert "t" not in cell.attrib and [child.tag for child in cell] == [f"{MAIN}v"]
        return float(cell[0].text or "")
    text = cell[0][0].text or ""
    assert [child.tag for child in cell[0]] == [f"{MAIN}t"]
    assert text.strip() == text or cell[0][0].attrib[SPACE] == "preserve"
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


def part(path: Path, sheet: int) -> bytes:
    with zipfile.ZipFile(path) as parts:
        return parts.read(f"xl/worksheets/sheet{sheet}.xml")


def written(frame: pl.DataFrame, folder: Path) -> Path:
    path = folder / "rows.xlsx"
    write_rows(frame.lazy(), path, QuietRun())
    return path


def column(found: Cells, letter: str) -> list[str | float | None]:
    last = max(int(re.sub("[A-Z]+", "", place)) for place in found)
    return [found.get(f"{letter}{row}") for row in range(2, last + 1)]


def by_xlsxwriter(frame: pl.DataFrame) -> str:
    """The rows of a sheet as xlsxwriter writes them, cell by cell."""
    into = BytesIO()
    book = Workbook(into, {"constant_memory": True})
    sheet = book.add_worksheet()
    left, right, text = (book.add_format({"bold": True, "indent": indent}) for indent in (1, 2, 3))
    for place, name in enumerate(frame.columns):
        sheet.write_string(0, place, name, right if frame[name].dtype.is_numeric() else left)
    for row, values in enumerate(frame.iter_rows(), start=1):
        for place, each in enumerate(values):
            if isinstance(each, (int, float)):
                sheet.write_number(row, place, each)
            elif each is not None:
                sheet.write_string(row, place, str(each), text)
    book.close()
    return sheet_data(zipfile.ZipFile(into).read("xl/worksheets/sheet1.xml"))


def sheet_data(sheet: bytes) -> str:
    return sheet.decode().partition("<sheetData>")[2].partition("</sheetData>")[0]


def every_type() -> pl.DataFrame:
    many = len(HOSTILE)
    places = range(many)
    values: dict[str, list[Any]] = {
        "text & <b>": HOSTILE,
        "whole": [place - 7 for place in places],
        "real": [place + 0.125 for place in places],
        "yes": [place % 2 == 0 for place in places],
        "day": [date(2024, 1, 1) + timedelta(place) for place in places],
        "moment": [datetime(2024, 1, 1, 12, 30, 1, 5)] * many,
        "time": [time(1, 2, 3)] * many,
        "duration": [timedelta(place, 3) for place in places],
        "amount": [Decimal("1.50")] * many,
        "list": [[1, 2]] * many,
        "nothing": [None] * many,
    }
    frame = pl.DataFrame(values).with_columns(pl.col("text & <b>").cast(pl.Categorical).alias("kind"))
    holes = pl.when(pl.int_range(pl.len()) % 5 == 3).then(None).otherwise(pl.exclude("text & <b>")).name.keep()
    return frame.with_columns(holes)


def test_every_type_is_written_as_xlsxwriter_writes_it(tmp_path: Path) -> None:
    frame = every_type()
    ours = sheet_data(part(written(frame, tmp_path), 1))
    theirs = by_xlsxwriter(frame)
    # White space that is an escape needs no mark.
    plain = [text.replace(' xml:space="preserve"', "") for text in (ours, theirs)]
    assert plain[0] == plain[1]
    assert ours.count("preserve") >= theirs.count("preserve") > 0


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_texts_that_xlsxwriter_changes(text: str, tmp_path: Path) -> None:
    found = cells(written(pl.DataFrame({text: [text]}), tmp_path))
    assert found == {"A1": text, "A2": text}


@settings(deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from([*HOSTILE, *ODD.values()]), min_size=1)
)
def test_texts_go_round(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    found = cells(written(pl.DataFrame({"text": texts}), tmp_path_factory.mktemp("texts")))
    assert column(found, "A") == texts


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1) | st.none(), st.floats() | st.none()), min_size=1, max_size=50)
)
def test_numbers_go_round(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[int | None, float | None]]
) -> None:
    schema = {"whole": pl.Int64, "real": pl.Float64, "row": pl.Int64}
    frame = pl.DataFrame([(*pair, row) for row, pair in enumerate(numbers)], schema=schema, orient="row")
    path = written(frame, tmp_path_factory.mktemp("numbers"))
    found, sheet = cells(path), part(path, 1).decode()
    assert column(found, "A") == [whole if whole is None else float(whole) for whole, _ in numbers]
    assert column(found, "B") == [real if real is None or math.isfinite(real) else words(real) for _, real in numbers]
    for row, (whole, _) in enumerate(numbers, start=2):
        assert whole is None or f'<c r="A{row}"><v>{whole}</v></c>' in sheet, "with all its digits"


def words(number: float) -> str:
    """What is not a finite number is a text, the same as in a CSV."""
    return "NaN" if math.isnan(number) else str(number)


def test_single_precision_keeps_its_digits(tmp_path: Path) -> None:
    frame = pl.DataFrame({"real": [0.1, 1e30]}, schema={"real": pl.Float32})
    assert column(cells(written(frame, tmp_path)), "A") == frame["real"].to_list()


@pytest.mark.parametrize(
    ("frame", "dimension"),
    [
        (pl.DataFrame({"a": [1, 2], "b": ["x", None]}), "A1:B3"),
        (pl.DataFrame({f"c{place}": [place] for place in range(30)}), "A1:AD2"),
        (pl.DataFrame({"a": [], "b": []}), "A1:B1"),
        (pl.DataFrame({"a": [None]}), "A1:A2"),
        (pl.DataFrame(), "A1"),
    ],
    ids=["rows", "thirty columns", "no rows", "nothing", "no columns"],
)
def test_a_sheet_says_how_large_it_is(frame: pl.DataFrame, dimension: str, tmp_path: Path) -> None:
    path = written(frame, tmp_path)
    assert f'<dimension ref="{dimension}"/>'.encode() in part(path, 1)
    assert len(cells(path)) == frame.width + sum(frame[name].count() for name in frame.columns)


def test_columns_look_by_their_type(tmp_path: Path) -> None:
    sheet = part(written(pl.DataFrame({"id": ["a", "b"], "n": [1.0, math.nan]}), tmp_path), 1).decode()
    styles = dict(re.findall(r'<c r="(\w+)" s="(\d+)"', sheet))
    assert styles["A2"] == styles["A3"] == styles["B3"] and len({styles[each] for each in ("A1", "B1", "A2")}) == 3
    assert '<c r="B2"><v>' in sheet and '<autoFilter ref="A1:B3"/>' in sheet and 'state="frozen"' in sheet


def delivery(frames: dict[str, pl.DataFrame]) -> Delivery:
    return Delivery("shop", (), {name: frame.lazy() for name, frame in frames.items()}, ())


def test_long_frames_go_on_on_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS_A_SHEET", 10)
    monkeypatch.setattr(rows, "_SLICE", 4)
    ids = [f"c{place}" for place in range(25)]
    path = written(pl.DataFrame({"id": ids}), tmp_path)
    assert [column(cells(path, sheet), "A") for sheet in (1, 2, 3)] == [ids[:10], ids[10:20], ids[20:]]
    assert {cells(path, sheet)["A1"] for sheet in (1, 2, 3)} == {"id"}

    frames = {"rfm": pl.DataFrame({"id": ids}), "bands": pl.DataFrame({"id": ids[:3], "code": [1, None, 3]})}
    (path,) = WorkbookExporter().write(delivery(frames), tmp_path, WorkbookParams(assignments=True), QuietRun())
    with zipfile.ZipFile(path) as parts:
        book = parts.read("xl/workbook.xml").decode()
    names = re.findall('<sheet name="(.*?)"', book)
    assert names == ["Cover", "Notes", "rows rfm", "rows rfm 2", "rows rfm 3", "rows bands"]
    assert [column(cells(path, sheet), "A") for sheet in (3, 4, 5)] == [ids[:10], ids[10:20], ids[20:]]
    assert column(cells(path, 6), "B") == [1, None, 3]
    assert all(b"of &amp;N" in part(path, sheet) for sheet in range(1, 7)), "each has the footer"


class Stopping(QuietRun):
    """Asked to stop after some reports of progress."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.seen = after, list[float]()

    def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
        self.seen.append(done)
        if len(self.seen) > self.after:
            raise Cancelled


def test_it_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS_A_SHEET", 10)
    monkeypatch.setattr(rows, "_SLICE", 4)
    frame = pl.LazyFrame({"id": range(25)})
    run = Stopping(after=1000)
    write_rows(frame, tmp_path / "rows.xlsx", run)
    assert run.seen == sorted(run.seen) and run.seen[0] == 0 and run.seen[-1] == 1 and len(set(run.seen)) > 6
    with pytest.raises(Cancelled):
        write_rows(frame, tmp_path / "rows.xlsx", Stopping(after=3))


def test_parts_have_one_date_and_no_sizes_of_zip64(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(pl.DataFrame({"id": ["a"]}), tmp_path)) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(each.extra, each.extract_version) for each in parts.infolist()} == {(b"", 20)}
        assert parts.testzip() is None


def too_much() -> Iterator[tuple[pl.DataFrame, str]]:
    yield pl.DataFrame({"id": ["a", "😀" * 16_384]}), "32,767 characters"
    yield pl.DataFrame({"x" * 40_000: ["a"]}), "32,767 characters"
    yield pl.DataFrame({"list": [["x" * 40_000]]}), "32,767 characters"
    yield pl.DataFrame({f"c{place}": [1] for place in range(16_385)}), "16,384 columns"


@pytest.mark.parametrize(("frame", "words"), too_much(), ids=["emoji", "header", "list", "columns"])
def test_what_a_sheet_cannot_hold_is_an_error(frame: pl.DataFrame, words: str, tmp_path: Path) -> None:
    with pytest.raises(LimitError, match=words):
        written(frame, tmp_path)


def test_the_longest_text_of_a_cell(tmp_path: Path) -> None:
    texts = ["x" * 32_767, "ü" * 32_767, "😀" * 16_383 + "x"]
    assert column(cells(written(pl.DataFrame({"id": texts}), tmp_path)), "A") == texts


def test_a_sheet_of_2_gib_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ZIP64_LIMIT", 5_000)
    assert len(cells(written(pl.DataFrame({"id": range(10)}), tmp_path))) == 11
    with pytest.raises(LimitError, match="2 GiB"):
        written(pl.DataFrame({"id": range(200)}), tmp_path)


def test_words_between_signs_of_markup_are_words_on_every_page(tmp_path: Path) -> None:
    markup = "<r><bad></r>"
    what = replace(delivery({}), reports=(Report(markup, (Text(markup),)),), brief=markup)
    (path,) = WorkbookExporter().write(what, tmp_path, WorkbookParams(), QuietRun())
    with zipfile.ZipFile(path) as parts:
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
    assert [text.text for text in shared.iter(f"{MAIN}t")].count(f"{markup} ") >= 1
