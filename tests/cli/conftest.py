"""The real command in a process of its own, with a home and temporary folders of the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command, Shop
from small_orders import write_orders

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def shop(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The sample shop segmented once through the command: rfm, saved as a project beside its orders."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "orders.parquet").write_bytes((ROOT / "sample_data" / "orders.parquet").read_bytes())
    words = ["orders.parquet", "-m", "rfm", "--out", "first", "--save-project", "shop.segtui.toml", "--json"]
    return Shop(folder, Command(machine, folder)("segment", *words))


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Thirty customers' orders in a CSV file, small enough to be read and fitted at once."""
    return write_orders(tmp_path / "orders.csv")
