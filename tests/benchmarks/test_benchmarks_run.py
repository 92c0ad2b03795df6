"""The benchmarks run: each line on small data, both sides, with the figures that the table needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_line_runs_on_small_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = {line["title"]: line for line in json.loads(done.stdout)["lines"]}
    assert len(lines) == 10
    for title, line in lines.items():
        assert all(side["seconds"][0] > 0 and side["peak_megabytes"][0] > 0 for side in line["sides"].values()), title
        if "whole job" not in title:
            assert len(line["sides"]) >= 2 and line["musts"], title
    rfm = lines["RFM on 50,000 purchases"]["sides"]
    assert len({side["figures"]["customers"] for side in rfm.values()}) == 1
    within = next(must for must in lines["k-means, ten starts, 5,000 x 12, k = 4"]["musts"] if "within" in must["what"])
    assert within["reached"]
