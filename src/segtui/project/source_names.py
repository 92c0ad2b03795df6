"""How a file is called in a project."""

from __future__ import annotations

import re
from pathlib import Path

from segtui.api.text import file_name

TEXT = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
PACKED = (".gz", ".zst")
COLUMNAR = (".parquet", ".pq", ".parq", ".arrow", ".ipc", ".feather")
OTHER = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,8}")
"""What looks like the suffix of a format that a plugin may read."""
SUFFIXES = frozenset(TEXT + PACKED + COLUMNAR)


def source_name(path: Path) -> str:
    """The name of a file without its suffixes; of those that are not known here, without the last."""
    stem = path.stem if path.suffix.lower() in PACKED else path.name
    if OTHER.fullmatch(Path(stem).suffix):
        stem = Path(stem).stem
    while Path(stem).suffix.lower() in SUFFIXES:
        stem = Path(stem).stem
    return file_name(stem)
