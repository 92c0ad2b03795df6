"""The sample shop, segmented by the real command."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Command, Shop

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shop(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The sample shop segmented once through the command: rfm, saved as a project beside its orders."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "orders.parquet").write_bytes((ROOT / "sample_data" / "orders.parquet").read_bytes())
    words = ["orders.parquet", "-m", "rfm", "--out", "first", "--save-project", "shop.segtui.toml", "--json"]
    return Shop(folder, Command(machine, folder)("segment", *words))
