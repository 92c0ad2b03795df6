"""What may be opened at all: local regular files (or a folder of Parquet parts) whose content is what can be read."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segtui.api.errors import ReadError
from segtui.api.run import QuietRun, Run
from segtui.api.text import safe
from segtui.read.failures import told

HEAD_BYTES = 4096
_CHUNK = 1 << 19
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:/")
_PARQUET_SUFFIXES = (".parquet", ".parq", ".pq")

_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV or Parquet."),
    (b"PK\x05\x06", "an empty zip archive", "Ask for the file again."),
    (b"BZh91AY&SY", "a file packed with bzip2", "Unpack it with bunzip2 first."),
    (b"\xfd7zXZ\x00", "a file packed with xz", "Unpack it with unxz first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", "Choose the data file."),
    (b"\xff\xd8\xff", "a JPEG picture", "Choose the data file."),
    (b"GIF8", "a GIF picture", "Choose the data file."),
    (b"%PDF-", "a PDF document", "Ask for the data itself, as CSV or Parquet."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", "Save it as CSV or Parquet."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV or Parquet."),
    (b"\x7fELF", "a program", "Choose the data file."),
    (b"MZ\x90\x00", "a program", "Choose the data file."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet."),
    (b"\x93NUMPY", "a NumPy array", "Save it as CSV or Parquet."),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "Save it as CSV or Parquet."),
    (b"$FL2", "an SPSS file", "Save it as CSV or Parquet."),
    (b"{\\rtf", "an RTF document", "Ask for the data itself, as CSV or Parquet."),
    (b"<!DOCTYPE", "a web page", "Ask for the data itself, as CSV or Parquet."),
    (b"<html", "a web page", "Ask for the data itself, as CSV or Parquet."),
    (b"<?xml", "an XML file", "Ask for the data as CSV or Parquet."),
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
)


@dataclass(frozen=True)
class Fingerprint:
    """What tells whether a source is still the same."""

    size: int
    modified: int
    sha256: str


@dataclass(frozen=True)
class Local:
    """A path that may be opened: its files (more than one for a folder of parts), size, and the first bytes of the
    first file."""

    path: Path
    parts: tuple[Path, ...]
    size: int
    head: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is one file, and no folder of parts."""
        return self.parts == (self.path,)


def local(path: Path) -> Local:
    """Look at a path without trusting it, whatever its content. Raises ReadError, at once for pipes and devices."""
    refuse_scheme(path)
    with told(path):
        if stat.S_ISDIR(path.stat().st_mode):
            return _folder(path)
        return Local(path, (path,), path.stat().st_size, _head(path))


def refuse_scheme(path: Path | str) -> None:
    """Raise ReadError for an address: nothing is ever fetched."""
    written = str(path)
    if _SCHEME.match(written) and not re.match(r"^[A-Za-z]:[/\\]", written):
        raise ReadError(
            "This is an address, and segtui reads local files only.",
            where=safe(path),
            next_step="Download it, and give the path of the file.",
        )


def content(path: Path, head: bytes) -> str:
    """What the first bytes say a file is: parquet, arrow, gzip, zstd or text. Raises ReadError for what can't be read,
    by its name."""
    if not head:
        raise no_rows(path)
    known = known_content(head)
    if known:
        return known
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name, next_step in _REFUSED:
        if head.startswith(magic) or (magic[:1] == b"<" and start[: len(magic)].lower() == magic.lower()):
            raise ReadError(f"Its content is {name}, whatever its name says.", where=safe(path), next_step=next_step)
    if re.match(rb"\x80[\x02-\x05][\x95c}\](\x8c\x00-\x20]", head):
        raise ReadError(
            "Its content is a Python pickle, which could run commands, and is never opened.",
            where=safe(path),
            next_step="Save the data as CSV or Parquet.",
        )
    return "text"


def known_content(head: bytes) -> str:
    """parquet, arrow, gzip or zstd where a file starts as one, else empty."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def no_rows(path: Path) -> ReadError:
    """The error for a file without a single row."""
    return ReadError("It has no rows.", where=safe(path), next_step="Check that the export finished, and try again.")


def fingerprint(path: Path, run: Run | None = None) -> Fingerprint:
    """Size, time of change and hash of a file, or over the sorted parts of a folder."""
    run = run or QuietRun()
    found = local(path)
    digest, read, modified = hashlib.sha256(), 0, 0
    with told(path):
        for part in found.parts:
            if len(found.parts) > 1 or path.is_dir():
                digest.update(part.name.encode("utf-8", "surrogateescape") + b"\0")
            modified = max(modified, part.stat().st_mtime_ns)
            for chunk in chunks(part):
                digest.update(chunk)
                read += len(chunk)
                run.progress(min(read / max(found.size, 1), 1.0), "hashing the file")
    return Fingerprint(read, modified, digest.hexdigest())


def unchanged(path: Path, known: Fingerprint, run: Run | None = None) -> bool:
    """Whether a source is the one that was fingerprinted; its content decides, not its time of change."""
    try:
        found = local(path)
    except ReadError:
        return False
    return found.size == known.size and fingerprint(path, run).sha256 == known.sha256


def chunks(path: Path, size: int = _CHUNK) -> Iterator[bytes]:
    """The bytes of a regular file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


def _head(path: Path) -> bytes:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kinds = {
            stat.S_IFIFO: "a pipe",
            stat.S_IFCHR: "a device",
            stat.S_IFBLK: "a device",
            stat.S_IFSOCK: "a socket",
        }
        raise ReadError(
            f"This is {kinds.get(stat.S_IFMT(mode), 'no regular file')}, and only regular files are read.",
            where=safe(path),
            next_step="Write the data into a file first.",
        )
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        return os.read(descriptor, HEAD_BYTES)
    finally:
        os.close(descriptor)


def _folder(path: Path) -> Local:
    parts = tuple(
        sorted(each for each in path.iterdir() if each.suffix.lower() in _PARQUET_SUFFIXES and each.name[0] not in "._")
    )
    if not parts:
        raise ReadError(
            "This folder holds no Parquet files.",
            where=safe(path),
            next_step="Give a file, or a folder whose files end in .parquet.",
        )
    for part in parts:
        if content(part, _head(part)) != "parquet":
            raise ReadError("One of the parts is not a Parquet file.", where=safe(part), next_step="Take it away.")
    return Local(path, parts, sum(part.stat().st_size for part in parts), _head(parts[0]))
