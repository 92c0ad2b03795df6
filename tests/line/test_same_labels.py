"""Same input, same labels: run after run, on any number of cores, through the whole command."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

RUNS = (1, 2, 4, 1, 2)
"""Threads of five runs."""


def purchases(path: Path, lines: int) -> Path:
    """Purchases full of ties: few days, few prices, many customers alike; as CSV, so that reading is in it too."""
    random = np.random.default_rng(3)
    customers = lines // 8
    frame = pl.DataFrame(
        {
            "customer": random.integers(0, customers, lines),
            "order": random.integers(0, lines // 2, lines),
            "day": random.integers(0, 40, lines),
            "price": random.choice([0.1, 0.2, 0.3, 9.99, 20.0], lines),
        }
    )
    frame.select(
        pl.format("C{}", "customer").alias("customer_id"),
        pl.format("O{}", "order").alias("order_id"),
        (pl.date(2024, 1, 1) + pl.duration(days=pl.col("day"))).alias("order_date"),
        pl.col("price").alias("amount"),
    ).write_csv(path)
    return path


def labels(source: Path, method: str, threads: int, out: Path) -> str:
    """The hash of the assignments that the command writes with so many threads."""
    environment = os.environ | {"POLARS_MAX_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "segtui", "segment", str(source), "--method", method, "--out", str(out)]
    command += ["--set", "k=3..5"] if method == "kmeans" else []
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return hashlib.sha256((out / f"{method}.csv").read_bytes()).hexdigest()


@pytest.mark.parametrize("method", ["rfm", "kmeans"])
def test_threads_do_not_matter(tmp_path: Path, method: str) -> None:
    source = purchases(tmp_path / "purchases.csv", 20_000)
    assert len({labels(source, method, threads, tmp_path / str(threads)) for threads in (1, 4)}) == 1


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("method", ["rfm", "kmeans"])
def test_five_runs_on_two_million_purchases_full_of_ties(tmp_path: Path, method: str) -> None:
    source = purchases(tmp_path / "purchases.csv", 2_000_000)
    found = [labels(source, method, threads, tmp_path / str(run)) for run, threads in enumerate(RUNS)]
    assert len(set(found)) == 1
