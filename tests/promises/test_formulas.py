"""Promise 59: no spreadsheet takes a text of a client for a formula, numbers stay, and the source can be had again."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from command import Command

from segtui_files.neutral import neutral, restored

pytestmark = pytest.mark.slow


SIGNS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    "＝",
    "＋",
    "－",
    "＠",
    "−",
    "﹢",
    "﹣",
    "﹦",
    "﹫",
    " =",
    "'=",
    "\ufeff=",
]
IDS = [f"{sign}cmd|'/c calc'!A{place:02}" for place, sign in enumerate(SIGNS)] + [
    f"plain {place}" for place in range(20)
]
MODEL = "out/bands.segmodel"
KINDS = ["=1+1", "@SUM(A1)", "plain"]


@pytest.fixture(scope="module")
def command(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """In its folder: bands by a category whose values are formulas, of customers whose ids and headers are."""
    command = Command(machine, tmp_path_factory.mktemp("formulas"))
    kinds = [KINDS[place % len(KINDS)] for place in range(len(IDS))]
    table = {"@id": IDS, "-kind": kinds, "+spend": [place * -1.5 for place in range(len(IDS))]}
    pl.DataFrame(table).write_parquet(command.folder / "people.parquet")
    reading = ("--read", "@id.role=customer", "--read", "@id.kind=identifier", "--read", "-kind.kind=category")
    words = ("segment", "people.parquet", *reading, "-m", "bands", "-s", "columns=['-kind']", "--out", "out")
    ended = command(*words, "--save-project", "p.segtui.toml")
    assert ended.code == 0, ended.err
    return command


def rows_of(path: Path) -> list[list[str]]:
    """A CSV file as a spreadsheet reads it."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def is_neutral(text: str) -> bool:
    return not text.lstrip(" '\u00a0\ufeff").startswith(tuple(SIGNS)) or text.startswith("'")


def test_the_delivery_and_its_reversal(command: Command) -> None:
    rows = rows_of(command.folder / "out" / "bands.csv")
    assert rows[0] == ["'@id", "segment_code", "segment"]
    assert all(is_neutral(cell) for row in rows for cell in row)
    assert sorted(restored(row[0]) for row in rows[1:]) == sorted(IDS)
    assert {restored(row[2]) for row in rows[1:]} == set(KINDS)


@pytest.mark.parametrize("raw", [False, True], ids=["", "raw"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_scores_are_written_as_assignments_are(command: Command, suffix: str, raw: bool) -> None:
    out = command.folder / f"scores{raw}{suffix}"
    ended = command("score", MODEL, "people.parquet", "--out", out, *["--raw"] * raw)
    assert ended.code == 0, ended.err
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in command.folder.iterdir() if path.name.startswith(".segtui")] == []
    if suffix == ".parquet":
        assert sorted(pl.read_parquet(out)["@id"]) == sorted(IDS), "programs get text as it is"
        return
    if suffix == ".csv":
        header, *rows = rows_of(out)
    else:
        sheet = fastexcel.read_excel(out).load_sheet(0).to_polars()
        header, rows = sheet.columns, [[str(cell) for cell in row] for row in sheet.rows()]
        _no_formulas(out)
    assert header[0] == ("@id" if raw else "'@id")
    found = [row[0] for row in rows]
    expected = sorted(IDS) if raw else sorted(map(neutral, IDS))
    if suffix == ".csv":
        assert sorted(found) == expected
        assert sorted(found if raw else map(restored, found)) == sorted(IDS)
    else:
        assert len(found) == len(expected)
        assert {text for text in expected if text.isprintable()} <= set(found)
    assert {float(row[1]) for row in rows} <= {0, 1, 2}, "numbers are numbers"


def _no_formulas(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"<f>" not in content and b"<f " not in content and b'"External"' not in content, name


def test_stdout_is_written_alike(command: Command) -> None:
    for more in ((), ("--raw",)):
        command("score", MODEL, "people.parquet", "--out", "scores.csv", "--force", *more)
        ended = command("score", MODEL, "people.parquet", *more)
        assert ended.out == (command.folder / "scores.csv").read_text(encoding="utf-8")
    assert "@id,segment_code,segment\n" in ended.out


def test_columns_that_are_chosen_and_every_form(command: Command) -> None:
    every = [word for form in ("csv", "xlsx", "workbook") for word in ("--as", form)]
    ended = command("export", "p.segtui.toml", *every, "--column", "-kind", "--column", "+spend", "--out", "more")
    assert ended.code == 0, ended.err
    header, *rows = rows_of(command.folder / "more" / "bands.csv")
    assert header[3:] == ["'-kind", "'+spend"]
    assert all(is_neutral(cell) for row in rows for cell in row[:4])
    assert sorted(float(row[4]) for row in rows) == sorted(place * -1.5 for place in range(len(IDS)))
    for path in (command.folder / "more").glob("*.xlsx"):
        _no_formulas(path)


def test_a_form_that_is_none_is_refused_before_any_work(command: Command) -> None:
    ended = command("score", MODEL, "people.parquet", "--out", "scores.json")
    assert (ended.code, ended.out) == (2, "") and "Let the name end in .csv, .parquet or .xlsx." in ended.err
    assert not (command.folder / "scores.json").exists()
