"""Pseudonyms: ids replaced by a keyed hash, the same for the same key, so that deliveries can be joined again.

Whoever has the key and a list of ids can find out which pseudonym is whose; whoever has no key can not. So the key has
a file of its own, which stays here.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from pathlib import Path

import polars as pl

from segtui.api.errors import UsageError
from segtui.api.text import safe
from segtui.api.writing import PRIVATE_FILE, write_atomically

KEY_BYTES = 32
PSEUDONYM = re.compile(r"c[0-9a-f]{32}")
"""A letter first, so that no program takes a pseudonym for a number."""


def pseudonymised(ids: pl.Series, key: bytes) -> pl.Series:
    """A pseudonym for each id: "c" and the first 128 bits of the HMAC-SHA256 of its UTF-8 text, in hex. Nulls stay.

    The hash of the key is made once and copied, which takes a third of the time of `hmac.digest` for each id.

    Raises ValueError where the key is not of `KEY_BYTES` bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    block = key.ljust(hashlib.sha256().block_size, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def pseudonym(text: str) -> str:
        of_text, whole = inner.copy(), outer.copy()
        of_text.update(text.encode())
        whole.update(of_text.digest())
        return f"c{whole.hexdigest()[:32]}"

    texts = ids.cast(pl.String).to_list()
    return pl.Series(ids.name, [None if text is None else pseudonym(text) for text in texts], dtype=pl.String)


def load_or_make_key(path: Path) -> bytes:
    """The key in the file at `path`; where there is none, a new one that is written there, mode 0600.

    A key is never overwritten: without it, pseudonyms of earlier deliveries can not be made again. Raises UsageError
    where the file is a link or holds no key, WritingError where it can't be written.
    """
    if not os.path.lexists(path):
        write_atomically(path, f"{secrets.token_hex(KEY_BYTES)}\n".encode())
    return _loaded(path)


def _loaded(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise _no_key(path) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _no_key(path)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, PRIVATE_FILE)
        written = os.read(descriptor, 1_000).strip()
    finally:
        os.close(descriptor)
    if not re.fullmatch(rb"[0-9a-f]{64}", written):
        raise _no_key(path)
    return bytes.fromhex(written.decode())


def _no_key(path: Path) -> UsageError:
    return UsageError(
        "This file holds no key for pseudonyms.",
        where=safe(path),
        next_step="Choose another file; a new key gives other pseudonyms.",
    )
