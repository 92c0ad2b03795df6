"""Promises 1, 4, 12, 13, 46 and 61: odd files, changed files, missing plugins and hostile projects, by the Session."""

from __future__ import annotations

import gzip
import os
import socket
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest
from project_sessions import NewSession

from segtui.api.errors import PluginError, ProjectError, ReadError
from segtui.project.document import SegmentationEntry
from segtui.project.session import Session


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "no rows"),
        ("newline.csv", b"\n\n\n", "no rows"),
        ("header.csv", b"a,b,c\n", "no rows"),
        ("empty.jsonl", b"", "no rows"),
        ("bom.csv", b"\xef\xbb\xbf", "no rows"),
        ("packed.csv.gz", gzip.compress(b"", mtime=0), "no rows"),
        ("zip.csv", b"PK\x03\x04 and more", "zip archive or an Excel workbook"),
        ("bz2.csv", b"BZh91AY&SY and more", "bzip2"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n and more", "PNG picture"),
        ("page.csv", b"<!DOCTYPE html><p>login</p>", "web page"),
        ("short.parquet", b"PAR1\x00\x00", "damaged"),
    ],
)
def test_what_holds_no_table_is_said(
    new_session: NewSession, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=said) as caught:
        new_session(path).read()
    assert name in caught.value.where
    assert caught.value.next_step


def test_tables_without_rows_in_every_format(new_session: NewSession, tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [], "b": []}, schema={"a": pl.String, "b": pl.Float64})
    frame.write_parquet(tmp_path / "e.parquet")
    frame.write_ipc(tmp_path / "e.arrow")
    for name in ("e.parquet", "e.arrow"):
        with pytest.raises(ReadError, match="no rows"):
            new_session(tmp_path / name).read()


def test_a_name_that_is_a_pattern_is_one_file(new_session: NewSession, tmp_path: Path) -> None:
    for name, rows in (("data1.csv", 3), ("data[1].csv", 2), ("*.csv", 1)):
        (tmp_path / name).write_text("customer,x\n" + "".join(f"{n},{n}\n" for n in range(rows)))
    for name, rows in (("data[1].csv", 2), ("*.csv", 1), ("data1.csv", 3)):
        assert new_session(source=tmp_path / name).read()[0].rows == rows
    with pytest.raises(ReadError, match="no such file"):
        new_session(source=tmp_path / "data?.csv").read()
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "p[1].parquet")
    pl.DataFrame({"a": [1, 2, 3]}).write_parquet(tmp_path / "p1.parquet")
    assert new_session(source=tmp_path / "p[1].parquet").read()[0].rows == 2


def test_what_is_no_file_answers_at_once(
    new_session: NewSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("socket.csv")
    for name, said in (("pipe.csv", "pipe"), ("folder", "no Parquet files"), ("socket.csv", "socket")):
        began = time.monotonic()
        with pytest.raises(ReadError, match=said):
            new_session(source=tmp_path / name).read()
        assert time.monotonic() - began < 1
    listening.close()
    with pytest.raises(ReadError, match="a device"):
        new_session(source=Path(os.devnull)).read()


def test_a_folder_of_parts_is_a_table(new_session: NewSession, tmp_path: Path) -> None:
    for number in range(2):
        frame = pl.DataFrame({"customer": [f"{number}{n}" for n in range(5)], "x": [1.0 * n for n in range(5)]})
        frame.write_parquet(tmp_path / f"part-{number}.parquet")
    (tmp_path / "README.txt").write_text("not data")
    (tmp_path / "_SUCCESS").touch()
    session = new_session(parts=tmp_path)
    session.prepare()
    assert session.customers and session.customers.rows == 10


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("customer,amount\n" + "".join(f"{n:03},{n}.5\n" for n in range(40)))
    return path


def bands(session: Session) -> None:
    params = {"columns": ["amount"], "bands": 2}
    session.segment(SegmentationEntry(id="b", method="bands", params=params))


@pytest.mark.parametrize("how", ["appended", "truncated", "replaced", "touched"])
def test_a_source_that_changes_before_the_export_stops_it(
    new_session: NewSession, table: Path, tmp_path: Path, how: str
) -> None:
    session = new_session(table)
    bands(session)
    change(table, how)
    with pytest.raises(ReadError, match="changed"):
        session.deliver(tmp_path / "out")
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("how", ["appended", "truncated", "replaced"])
def test_a_source_that_changes_after_it_was_read_is_noticed(
    new_session: NewSession, table: Path, tmp_path: Path, how: str
) -> None:
    session = new_session(table)
    session.read()
    change(table, how)
    with pytest.raises(ReadError, match="changed"):
        bands(session)
        session.deliver(tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*"))


def test_a_parquet_file_that_is_cut_off_after_it_was_read_is_no_panic(new_session: NewSession, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    numbers = range(5000)
    frame = pl.DataFrame({"customer": [f"c{n}" for n in numbers], "amount": [n * 0.5 for n in numbers]})
    frame.write_parquet(path)
    session = new_session(path)
    session.read()
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(ReadError):
        session.prepare()


def change(path: Path, how: str) -> None:
    time.sleep(0.02)
    text = path.read_text()
    changed = {"appended": text + "999,1.5\n", "truncated": text[: len(text) // 2], "touched": text}
    path.write_text(changed.get(how, text.replace("1.5", "9.5")))


PROJECT = """\
segtui = 1
[[sources]]
name = "t"
path = "t.csv"
[[segmentations]]
id = "x"
method = "halves"
plugin = "sound:halves:1.2.3"
"""


def test_a_project_that_names_a_missing_plugin_opens_and_says_so(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.segtui.toml"
    path.write_text(PROJECT)
    (tmp_path / "halves.py").write_text(f"open({str(tmp_path / 'marker')!r}, 'w')")
    with Session.open(path) as session:
        assert session.document.segmentations[0].method == "halves"
        with pytest.raises(PluginError, match="halves"):
            session.catalogue().method("halves")
        with pytest.raises(PluginError, match="halves"):
            session.segment(session.document.segmentations[0])
        assert session.path == path
    assert table.exists()
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(
    "line",
    [
        "method = 'os.system'",
        "method = '../evil'",
        "method = 'evil:Evil'",
        "method = '/tmp/evil.py'",
        "method = '__import__(\"os\")'",
    ],
)
def test_a_method_of_a_project_is_a_name_and_nothing_else(
    tmp_path: Path, table: Path, line: str, workers: object
) -> None:
    for name in ("evil.py", "sitecustomize.py", "conftest.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'marker')!r}, 'w')")
    path = tmp_path / "p.segtui.toml"
    path.write_text(PROJECT.replace('method = "halves"', line).replace('plugin = "sound:halves:1.2.3"\n', ""))
    from segtui.project import project_file

    session = Session(project_file.load(path), tmp_path, workers)  # type: ignore[arg-type]
    with pytest.raises(PluginError):
        session.segment(session.document.segmentations[0])
    assert not (tmp_path / "marker").exists()
    assert table.exists()


@pytest.mark.parametrize(
    "source",
    ["http://127.0.0.1:9/t.csv", "file:///etc/passwd", "s3://bucket/key.parquet", "//host/share/t.csv"],
)
def test_a_project_fetches_nothing(tmp_path: Path, source: str) -> None:
    path = tmp_path / "p.segtui.toml"
    path.write_text(PROJECT.replace('path = "t.csv"', f"path = '{source}'"))
    from segtui.project import project_file

    try:
        document = project_file.load(path)
    except ProjectError:
        return
    session = Session(document, tmp_path, None)  # type: ignore[arg-type]
    with pytest.raises(ReadError, match="local files only"):
        session.read()


def test_a_zip_with_an_innocent_name_is_no_model(new_session: NewSession, table: Path, tmp_path: Path) -> None:
    from segtui.api.errors import ModelError
    from segtui.project.facts import LocatedSource

    path = tmp_path / "m.segmodel"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("segmodel.json", '{"format": 99, "segtui": "9.9"}')
        archive.writestr("model.bin", b"")
    with pytest.raises(ModelError):
        new_session().score(path, [LocatedSource("t", table)])
