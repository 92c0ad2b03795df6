"""Names for columns: the file's own where they can be used, otherwise renamed the same way every time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_LONGEST = 200


def named(headers: Sequence[str], width: int) -> dict[str, str]:
    """Column name -> header in the file, in the order of the file. Names are unique and free of control characters:
    an empty one becomes `column_3` (its position), a repeated one `a_2`, `a_3` ..."""
    padded = [*headers[:width], *[""] * (width - len(headers))]
    cleaned = [clean(header) for header in padded]
    taken = {name for name in cleaned if name}
    used: dict[str, str] = {}
    for position, (name, header) in enumerate(zip(cleaned, padded, strict=True), 1):
        free = name or f"column_{position}"
        if free in used or (not name and free in taken):
            free = _numbered(free, used, taken)
        used[free] = header
    return used


def clean(header: str) -> str:
    """A header without control, format and unassigned characters, white space made single blanks, cut if too long."""
    spaced = "".join(" " if character.isspace() else character for character in header)
    kept = (character for character in spaced if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())[:_LONGEST]


def _numbered(name: str, used: dict[str, str], taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in used or f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
