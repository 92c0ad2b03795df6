"""How a file is called in a project."""

from __future__ import annotations

from pathlib import Path

from segtui.api.text import file_name

TEXT = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
PACKED = (".gz", ".zst")
COLUMNAR = (".parquet", ".pq", ".parq", ".arrow", ".ipc", ".feather")
SUFFIXES = frozenset(TEXT + PACKED + COLUMNAR)


def source_name(path: Path) -> str:
    """The name of a file without its suffixes."""
    stem = path.name
    while Path(stem).suffix.lower() in SUFFIXES:
        stem = Path(stem).stem
    return file_name(stem)
