"""One message between two processes: a small JSON header and the bytes that go with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Header = dict[str, Any]
LETTING_GO = b"."
"""What a program that lives writes to the lifeline of a process before it lets go."""


def pack(header: Header, parts: Sequence[bytes] = ()) -> bytes:
    """One message as bytes."""
    head = json.dumps({**header, "sizes": [len(part) for part in parts]}).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *parts])


def unpack(message: bytes) -> tuple[Header, list[bytes]]:
    """What `pack` was given. Raises ValueError where the bytes are no message."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    if not isinstance(header, dict):
        raise ValueError("not a message")
    position, parts = 4 + length, []
    for size in header.pop("sizes"):
        parts.append(message[position : position + size])
        position += size
    return header, parts
