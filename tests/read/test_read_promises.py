"""Promises 1, 4, 5, 12, 13, 14 and 15: what may be opened, what is refused, and that errors quote nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import pickle
import re
import socket
import threading
import time
import traceback
import zipfile
from pathlib import Path

import polars as pl
import pytest
import zstandard
from reads import Read

from segtui.api import Cancelled, QuietRun, ReadError
from segtui.api.errors import LimitError, SegtuiError
from segtui.read import fingerprint, read, unchanged

CANARY = "CANARY-7731-secret"


def _zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    return target.getvalue()


EMPTY = {
    "empty": b"",
    "newline": b"\n",
    "newlines": b"\r\n\r\n\n",
    "blanks": b"   \n \t\n",
    "header only": b"a,b,c\n",
    "header without end": b"a,b,c",
    "byte order mark": b"\xef\xbb\xbf",
    "header and blank lines": b"a,b,c\n\n\n",
    "header and empty rows": b"a,b,c\n,,\n,,\n",
    "nul": b"\0" * 10,
}


@pytest.mark.parametrize("content", EMPTY.values(), ids=EMPTY.keys())
def test_without_rows_is_said(content: bytes, read_text: Read) -> None:
    with pytest.raises(ReadError) as raised:
        read_text(content)
    assert "no rows" in raised.value.what or "neither text" in raised.value.what
    assert raised.value.next_step


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "jsonl"])
def test_without_rows_in_other_formats(suffix: str, tmp_path: Path, read_path: Read) -> None:
    path = tmp_path / f"none.{suffix}"
    frame = pl.DataFrame({"a": pl.Series([], dtype=pl.Int64)})
    if suffix == "parquet":
        frame.write_parquet(path)
    elif suffix == "arrow":
        frame.write_ipc(path)
    else:
        path.write_text("\n")
    with pytest.raises(ReadError, match="no rows"):
        read_path(path)


WRONG = {
    "zip": (_zipped(), "zip archive"),
    "bzip2": (bz2.compress(b"a,b\n1,2\n"), "bzip2"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG"),
    "pickle": (pickle.dumps({"a": [1]}, protocol=4), "pickle"),
    "sqlite": (b"SQLite format 3\x00" + bytes(64), "SQLite"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel"),
    "html": (b"<!doctype html><html></html>", "web page"),
    "random": (bytes(range(256)) * 20, "neither text"),
}


@pytest.mark.parametrize(("content", "word"), WRONG.values(), ids=WRONG.keys())
def test_content_decides_not_the_name(content: bytes, word: str, read_text: Read) -> None:
    with pytest.raises(ReadError, match=word):
        read_text(content)


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
@pytest.mark.parametrize("name", ["data.csv", "data.csv.gz", "data.bin"])
def test_packed_text_is_unpacked_knowingly(compression: str, name: str, read_text: Read) -> None:
    text = b"id,amount\n" + b"".join(b"%05d,%d.5\n" % (row, row) for row in range(500))
    pack = gzip.compress if compression == "gzip" else zstandard.ZstdCompressor().compress
    result = read_text(pack(text[:3000]) + pack(text[3000:]), name=name)
    assert result.reading.compression == compression
    assert result.table.rows == 500
    assert result.table.frame.collect()["id"][7] == "00007"


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_bomb_is_refused_fast(compression: str, read_text: Read) -> None:
    zeros = b"1,2\n" * (75 << 18)
    packed = gzip.compress(zeros, 9) if compression == "gzip" else zstandard.ZstdCompressor(level=9).compress(zeros)
    started = time.monotonic()
    with pytest.raises(LimitError) as raised:
        read_text(packed, name="bomb.csv")
    assert time.monotonic() - started < 5
    assert "times its size" in raised.value.what


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_cut_off_packed_file_is_said(compression: str, read_text: Read) -> None:
    text = os.urandom(4000).hex().encode()
    packed = gzip.compress(text) if compression == "gzip" else zstandard.ZstdCompressor().compress(text)
    for cut in range(5, len(packed), len(packed) // 20):
        with pytest.raises(ReadError):
            read_text(packed[:cut])


@pytest.mark.parametrize("address", ["http://x.org/a.csv", "s3://b/a.parquet", "file:///tmp/a.csv", "hf://d/a.csv"])
def test_addresses_are_refused(address: str, read_path: Read) -> None:
    with pytest.raises(ReadError, match="local files"):
        read_path(Path(address))


@pytest.mark.parametrize("suffix", ["csv", "parquet", "arrow", "jsonl"])
def test_a_pattern_is_a_literal_name(suffix: str, tmp_path: Path, read_path: Read) -> None:
    for name, value in (("data[1]", 10), ("data1", 20), ("data*", 30)):
        path = tmp_path / f"{name}.{suffix}"
        frame = pl.DataFrame({"size": [value, value + 1, value + 5], "word": ["a", "b", "c"]})
        write = {"csv": frame.write_csv, "parquet": frame.write_parquet, "arrow": frame.write_ipc}
        write.get(suffix, frame.write_ndjson)(path)
    for name, value in (("data[1]", 10), ("data1", 20), ("data*", 30)):
        table = read_path(tmp_path / f"{name}.{suffix}").table
        assert table.frame.collect()["size"].to_list() == [value, value + 1, value + 5]


def test_pipes_devices_and_sockets_are_refused_at_once(tmp_path: Path, read_path: Read) -> None:
    pipe, plug = tmp_path / "pipe.csv", tmp_path / "s"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(plug))
        for path in (pipe, plug, Path("/dev/zero"), Path("/dev/null")):
            started = time.monotonic()
            with pytest.raises(ReadError, match="regular files"):
                read_path(path)
            assert time.monotonic() - started < 1


def test_a_folder_of_parts(tmp_path: Path, read_path: Read) -> None:
    folder = tmp_path / "parts" / "country=DE"
    folder.mkdir(parents=True)
    for part in (2, 0, 1):
        pl.DataFrame({"code": [f"{part}a", f"{part}b"]}).write_parquet(folder / f"part-{part}.parquet")
    (folder / "_SUCCESS").touch()
    table = read_path(folder).table
    assert table.frame.collect().columns == ["code"]
    assert table.frame.collect()["code"].to_list() == ["0a", "0b", "1a", "1b", "2a", "2b"]
    pl.DataFrame({"other": ["x"]}).write_parquet(folder / "part-3.parquet")
    with pytest.raises(ReadError, match="same columns"):
        read_path(folder)
    with pytest.raises(ReadError, match="no Parquet"):
        read_path(tmp_path / "parts")


def test_missing_and_forbidden(tmp_path: Path, read_path: Read) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_path(tmp_path / "nowhere.csv")
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "closed.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    with pytest.raises(ReadError, match="may not be read"):
        read_path(path)


def test_a_fingerprint_notices_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    before = fingerprint(path)
    os.utime(path, (1, 1))
    assert unchanged(path, before)
    path.write_text("a\n2\n")
    assert not unchanged(path, before)
    path.unlink()
    assert not unchanged(path, before)


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "csv"])
@pytest.mark.parametrize("change", ["replaced", "cut"])
def test_a_file_that_changes_while_it_is_read(suffix: str, change: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    frame = pl.DataFrame({"id": [f"{row:06d}" for row in range(60_000)], "amount": [row / 4 for row in range(60_000)]})
    {"csv": frame.write_csv, "parquet": frame.write_parquet, "arrow": frame.write_ipc}[suffix](path)

    class Changing(QuietRun):
        changed = False

        def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
            if not self.changed and doing in ("taking a sample", "reading the rows"):
                self.changed = True
                if change == "cut":
                    os.truncate(path, path.stat().st_size // 3)
                else:
                    path.write_bytes(b"x,y\n" + b"1,2\n" * 50)

    run = Changing()
    with pytest.raises(ReadError) as raised:
        read(path, None, tmp_path, run)
    assert run.changed
    assert "changed" in raised.value.what


BAD_ROWS = {
    "too long": f"id,name,amount\n1,{CANARY},3\n2,{CANARY},4,5\n",
    "too short": f"id,name,amount\n1,{CANARY},3\n2,{CANARY}\n",
    "open quote": f'id,name,amount\n1,"{CANARY},3\n2,x,4\n',
    "text after quote": f'id,name,amount\n1,"{CANARY}"x,3\n2,x,4\n',
    "only header": f"{CANARY},b\n",
}


@pytest.mark.parametrize("text", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_errors_hold_no_value(text: str, read_text: Read) -> None:
    with pytest.raises(ReadError) as raised:
        read_text(text)
    error = raised.value
    assert CANARY not in str(error)
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    assert CANARY not in "".join(traceback.format_exception(error))
    assert "data.csv" in raised.value.where and raised.value.next_step


def test_findings_hold_no_value(read_text: Read) -> None:
    rows = "".join(f"{row},{CANARY},{row}.5,2024-01-{row % 28 + 1:02d}\n" for row in range(1, 200))
    result = read_text(f"id,name,amount,date\n{rows}7,x,{CANARY},{CANARY}\n")
    assert result.table.findings
    assert all(CANARY not in finding.text for finding in result.table.findings)
    assert any("not a number" in finding.text for finding in result.table.findings)
    assert any("not a date" in finding.text for finding in result.table.findings)


def test_files_are_private(tmp_path: Path, read_text: Read) -> None:
    old = os.umask(0)
    try:
        read_text("a;b\n1;\xe4\n2;b\n".encode("latin-1") * 30)
    finally:
        os.umask(old)
    made = list((tmp_path / "run").iterdir())
    assert made and all(path.stat().st_mode & 0o077 == 0 for path in made)


def test_stopping_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 1000)

    class Stopped(QuietRun):
        def progress(self, done: float, doing: str = "") -> None:  # noqa: ARG002
            raise Cancelled

    with pytest.raises(Cancelled):
        read(path, None, tmp_path, Stopped())
    assert not [thread for thread in threading.enumerate() if thread.name == "segtui read" and not thread.daemon]


def _written(path: Path, form: str) -> bytes:
    frame = pl.DataFrame(
        {
            "id": [f"{row:05d}" for row in range(300)],
            "amount": [row * 1.25 for row in range(300)],
            "day": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 10, 26), eager=True),
            "word": ["a", "b", None] * 100,
        }
    )
    if form == "json-lines":
        frame.write_ndjson(path)
    elif form in ("csv", "csv.gz"):
        frame.write_csv(path)
    else:
        (frame.write_parquet if form == "parquet" else frame.write_ipc)(path)
    return gzip.compress(path.read_bytes()) if form == "csv.gz" else path.read_bytes()


FORMS = ["csv", "csv.gz", "parquet", "arrow", "json-lines"]


@pytest.mark.parametrize("form", FORMS)
def test_cut_files_give_one_kind_of_error(form: str, tmp_path: Path, read_path: Read) -> None:
    path = tmp_path / "data.csv"
    whole = _written(path, form)
    for point in range(20):
        path.write_bytes(whole[: len(whole) * point // 20])
        _reads_or_says(path, read_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("form", FORMS)
def test_flipped_bytes_give_one_kind_of_error(form: str, tmp_path: Path, read_path: Read) -> None:
    import random

    path = tmp_path / "data.csv"
    whole = _written(path, form)
    source = random.Random(7)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[source.randrange(len(whole))] ^= 1 << source.randrange(8)
        path.write_bytes(damaged)
        _reads_or_says(path, read_path)


def _reads_or_says(path: Path, read_path: Read) -> None:
    try:
        result = read_path(path)
        result.table.frame.collect(engine="streaming")
    except SegtuiError as error:
        assert isinstance(error, ReadError | LimitError)
        assert error.what and error.where
        assert not re.search(r"polars|Traceback|Exception", str(error))
