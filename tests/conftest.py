"""What every test shares: no network, real data where it is, one place for small tables."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """segtui opens no connection; a test that does fails."""

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test opened a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; the test is skipped where it is not."""
    folder = os.environ.get("SEGTUI_REAL_DATA")
    if not folder:
        pytest.skip("SEGTUI_REAL_DATA is not set, so there is no real data")
    return Path(folder).resolve()
