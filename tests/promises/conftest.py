"""The real command in a process of its own, as in tests/cli."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command


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
    left = command.left()
    command.end()
    for path in left:
        shutil.rmtree(path)
    assert left == []


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Thirty customers' orders in a CSV file: customer k buys k modulo 7 times and once more."""
    lines = ["order_id,customer_id,order_date,amount,country"]
    for customer in range(1, 31):
        for bought in range(customer % 7 + 1):
            day = f"2024-{1 + (customer + bought) % 12:02}-{1 + (customer * 3 + bought) % 28:02}"
            country = "DE" if customer % 3 else "FR"
            lines.append(f"o{len(lines):04},{customer:05},{day},{customer * 10 + bought + 0.25},{country}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
