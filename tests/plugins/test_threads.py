from __future__ import annotations

import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest


def labels(purchases: int, threads: int) -> str:
    limits = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    paths = [str(Path(__file__).parent), *sys.path]
    environment = os.environ | limits | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-W", "error", "-m", "same_labels", str(purchases)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def same_from_five_runs(purchases: int) -> None:
    found = [labels(purchases, threads) for threads, _ in zip(cycle([1, 2, 4]), range(5), strict=False)]
    assert found[0].count("\n") == 4
    assert found == found[:1] * 5


def test_same_labels_from_five_runs_on_1_2_and_4_threads() -> None:
    same_from_five_runs(40_000)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_same_labels_on_two_million_purchases() -> None:
    same_from_five_runs(2_000_000)
