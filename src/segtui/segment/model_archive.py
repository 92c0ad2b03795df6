"""The container of a model file: a zip with fixed names, packed to the same bytes each time, opened with distrust."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from segtui.api import text
from segtui.api.errors import ModelError

METADATA = "segmodel.json"
MODEL = "model.bin"
NESTED = re.compile(r"models/[1-9][0-9]{0,2}\.segmodel")

LARGEST_FILE = 1 << 30
LARGEST_CONTENT = 1 << 30
LARGEST_METADATA = 16 << 20
LARGEST_RATIO = 100
MOST_ENTRIES = 64

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_END = b"PK\x05\x06"
_END_BYTES = 22
_AGAIN = "Save the model again with segtui."
_NO_CODE = "segtui never loads such files, because loading them can run code. Use a .segmodel that segtui saved."
_COMPRESSED = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"]\x00\x00",
    b"\x04\x22\x4d\x18",
    b"\x28\xb5\x2f\xfd",
    b"x\x01",
    b"x\x9c",
    b"x\xda",
)
_PICKLED = re.compile(rb"\x80[\x00-\x05]")
_PICKLED_TEXT = re.compile(rb"(?:[(\]}cIFSVNLl].*)\.\s*", re.DOTALL)


def pack(entries: Mapping[str, bytes]) -> bytes:
    """A zip of these entries in their order: stored, with fixed times and modes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o600) << 16
            archive.writestr(entry, content)
    return target.getvalue()


def content_of(path: Path) -> bytes:
    """The bytes of a model file. Raises ModelError where it is missing, no regular file, or larger than a model."""
    where = text.safe(path.name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ModelError("This is not a file.", where=where, next_step="Name a .segmodel file.")
        if found.st_size > LARGEST_FILE:
            raise ModelError("The file is larger than a model may be.", where=where, next_step=_AGAIN)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one of a file"
        raise ModelError(
            f"The model can't be read: {reason}.", where=where, next_step="Check the name of the file."
        ) from None


def unpack(data: bytes, where: str) -> dict[str, bytes]:
    """The entries of a packed model, each checked before and while it is read. Raises ModelError."""
    _refuse_foreign(data, where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), len(data), where)
            entries = {entry.filename: _entry(archive, entry, where) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise _damaged(where) from None
    for content in entries.values():
        if _PICKLED.match(content):
            raise ModelError("There is a pickle in this model.", where=where, next_step=_NO_CODE)
    return entries


def _damaged(where: str) -> ModelError:
    return ModelError("The model is damaged or was not saved by segtui.", where=where, next_step=_AGAIN)


def _refuse_foreign(data: bytes, where: str) -> None:
    if not data:
        raise ModelError("The file is empty.", where=where, next_step=_AGAIN)
    if _PICKLED.match(data) or _PICKLED_TEXT.fullmatch(data[:1] + data[-4:]):
        raise ModelError(
            "This looks like a pickle (joblib and cloudpickle make them too).", where=where, next_step=_NO_CODE
        )
    if data.startswith(_COMPRESSED):
        raise ModelError("This is a compressed file, perhaps of joblib.", where=where, next_step=_NO_CODE)
    if not data.startswith(b"PK\x03\x04"):
        raise ModelError("This is not a model that segtui saved.", where=where, next_step=_AGAIN)
    end = data[-_END_BYTES:]
    if len(end) < _END_BYTES or not end.startswith(_END) or end[20:] != b"\x00\x00":
        raise _damaged(where)
    if int.from_bytes(end[10:12], "little") > MOST_ENTRIES:
        raise ModelError("The file has more parts than a model has.", where=where, next_step=_AGAIN)


def _check_entries(entries: list[zipfile.ZipInfo], size: int, where: str) -> None:
    names = [entry.filename for entry in entries]
    if "schema.json" in names:
        raise ModelError("This is a skops file.", where=where, next_step=_NO_CODE)
    if any(name.endswith((".pkl", ".pickle", ".joblib")) for name in names):
        raise ModelError("There is a pickle in this file.", where=where, next_step=_NO_CODE)
    strange = [name for name in names if name not in {METADATA, MODEL} and not NESTED.fullmatch(name)]
    if strange or len(set(names)) < len(names) or not {METADATA, MODEL} <= set(names):
        raise ModelError("The parts of this file are not those of a model.", where=where, next_step=_AGAIN)
    for entry in entries:
        mode = entry.external_attr >> 16
        if (stat.S_IFMT(mode) not in {0, stat.S_IFREG}) or entry.flag_bits & 1 or entry.is_dir():
            raise ModelError("A part of this file is no plain file.", where=where, next_step=_AGAIN)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _damaged(where)
    declared = sum(entry.file_size for entry in entries)
    largest = next(entry.file_size for entry in entries if entry.filename == METADATA)
    if declared > LARGEST_CONTENT or declared > LARGEST_RATIO * size or largest > LARGEST_METADATA:
        raise ModelError("The file would unpack to more than a model may hold.", where=where, next_step=_AGAIN)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> bytes:
    with archive.open(entry) as part:
        content = part.read(entry.file_size + 1)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise _damaged(where)
    return content
