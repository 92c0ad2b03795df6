"""What every test shares: no network, real data where it is, the command, and small orders for it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import Command
from small_orders import write_orders


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


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home, a cache and a temporary folder that all commands share, so that plugins are looked at once."""
    machine = tmp_path_factory.mktemp("machine")
    for name in ("home", "cache", "temporary"):
        (machine / name).mkdir(mode=0o700)
    return machine


@pytest.fixture
def segtui(machine: Path, tmp_path: Path) -> Iterator[Command]:
    """Runs the command in `tmp_path`; whatever it did, no run folder is left."""
    command = Command(machine, tmp_path)
    yield command
    left = {path.name: sorted(part.name for part in path.rglob("*")) for path in command.left()}
    command.end()
    for path in command.left():
        shutil.rmtree(path)
    assert left == {}


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Thirty customers' orders in a CSV file, small enough to be read and fitted at once."""
    return write_orders(tmp_path / "orders.csv")
