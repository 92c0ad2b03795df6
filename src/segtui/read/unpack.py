"""Unpacking gzip and zstd into the run's folder, piece by piece, within limits that a bomb does not pass."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import zstandard

from segtui.api.errors import LimitError, ReadError
from segtui.api.run import Run
from segtui.api.text import safe
from segtui.read.guard import chunks

LARGEST_BYTES = 64 << 30
"""No unpacked file is larger than this."""
LARGEST_RATIO = 200
"""Nor this many times its packed size, once it is past `FREE_BYTES`. Customer data packs 3 to 30 times."""
FREE_BYTES = 64 << 20
_PIECE = 1 << 20
_ZSTD_BYTES = 2048
"""Its library gives all that these unpack to at once: at most 64 MB."""


def unpacked(path: Path, compression: str, target: Path, run: Run) -> Path:
    """The content of a packed file, at `target` (0600). Raises LimitError for a bomb, ReadError for a damaged file."""
    size = path.stat().st_size
    limit = min(LARGEST_BYTES, max(size * LARGEST_RATIO, FREE_BYTES), shutil.disk_usage(target.parent).free // 2)
    pieces = _gzip(path) if compression == "gzip" else _zstd(path)
    written = 0
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for read, piece in pieces:
                written += len(piece)
                if written > limit:
                    raise LimitError(
                        f"It unpacks to more than {limit >> 20:,} MB, {limit // max(size, 1)} times its size.",
                        where=safe(path),
                        next_step="If you trust it, unpack it yourself and give the unpacked file.",
                    )
                file.write(piece)
                run.progress(min(read / max(size, 1), 1.0), "unpacking the file")
    except (zlib.error, zstandard.ZstdError, EOFError):
        target.unlink(missing_ok=True)
        raise ReadError(
            f"It is a {compression} file that is damaged or was cut off.",
            where=safe(path),
            next_step="Ask for the file again.",
        ) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _gzip(path: Path) -> Iterator[tuple[int, bytes]]:
    return _members(
        path, 1 << 18, lambda: zlib.decompressobj(wbits=31), lambda packed, data: packed.decompress(data, _PIECE)
    )


def _zstd(path: Path) -> Iterator[tuple[int, bytes]]:
    def start() -> Any:
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()

    return _members(path, _ZSTD_BYTES, start, lambda packed, data: packed.decompress(data))


def _members(
    path: Path, size: int, start: Callable[[], Any], unpack: Callable[[Any, bytes], bytes]
) -> Iterator[tuple[int, bytes]]:
    """Bytes read so far and the next piece, over all members (gzip) or frames (zstd) of the file."""
    packed, read = start(), 0
    for chunk in chunks(path, size):
        read += len(chunk)
        data = chunk
        while data:
            if packed.eof:
                if not data.strip(b"\0"):
                    break
                packed = start()
            yield read, unpack(packed, data)
            data = packed.unused_data if packed.eof else getattr(packed, "unconsumed_tail", b"")
    if not packed.eof:
        raise EOFError
