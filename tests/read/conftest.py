"""Fixtures of the tests of reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reads import TODAY, Read

from segtui.api import QuietRun
from segtui.read import Reading, ReadResult, read


@pytest.fixture
def read_path(tmp_path: Path) -> Read:
    """Reads a path: `read_path(path, **fields of the reading)`."""

    def reads(path: Path, reading: Reading | None = None, **fields: Any) -> ReadResult:
        folder = tmp_path / "run"
        folder.mkdir(exist_ok=True, mode=0o700)
        return read(path, reading or (Reading(**fields) if fields else None), folder, QuietRun(), today=TODAY)

    return reads


@pytest.fixture
def read_text(tmp_path: Path, read_path: Read) -> Read:
    """Reads a text: `read_text("a,b\\n1,2\\n", **fields of the reading)`."""

    def reads(text: str | bytes, reading: Reading | None = None, name: str = "data.csv", **fields: Any) -> ReadResult:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_path(path, reading, **fields)

    return reads
