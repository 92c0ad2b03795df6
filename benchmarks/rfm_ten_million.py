"""Ten million purchases through read, recipe, rfm and export, against the same as one hand-written polars query.

Run: python benchmarks/rfm_ten_million.py [--lines 10000000] [--rounds 5]

Equal work on both sides: the same Parquet file; lines without a customer and returns apart; customers sorted by id;
quintile cuts, scores, the ten-segment rule table; id and segment as CSV. "by hand" makes the same figures of a customer
(first and last date, orders, lines, spend in whole cents, returns and their sum, tenure, average order), "bare" no more
than recency, frequency and monetary. segtui besides hashes and checks the file (kinds, roles, duplicates,
grain), counts every dropped row by its reason, profiles the segments, checks the plugin's contract, writes a model and
a manifest. Its worker is warm, as polars is on the other side. Runs are made in turn; medians and their ratio are
printed, with the peak memory of each process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import purchases_data

QUERY = Path(__file__).parent / "rfm_by_hand.py"


def main() -> None:
    """Make the data, run both sides in turn, print the ratio."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lines", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="segtui-benchmark-"))
    try:
        source = purchases_data.write(folder / "purchases.parquet", chosen.lines)
        found: dict[str, list[dict[str, float]]] = {"segtui": [], "by hand": [], "bare": []}
        for round_number in range(chosen.rounds + 1):
            files = [str(source), str(folder / "out")]
            commands = {
                "by hand": [str(QUERY), *files, "same"],
                "segtui": [__file__, "--one", *files],
                "bare": [str(QUERY), *files, "bare"],
            }
            for name, command in commands.items():
                measured = _run([sys.executable, *command])
                if round_number:
                    found[name].append(measured)
        _print(found, chosen.lines)
    finally:
        shutil.rmtree(folder)


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def one(source: Path, out: Path) -> None:
    """segtui's side, timed from the first look at the file to the last byte written."""
    from segtui.project.document import SegmentationEntry
    from segtui.project.session import Session

    shutil.rmtree(out, ignore_errors=True)
    with Session.new() as session:
        session.catalogue()
        session.workers.warm("segtui.project.jobs.data", "segtui.project.jobs.segments")
        session.add_source(source)
        time.sleep(2)
        start = time.perf_counter()
        session.read()
        session.prepare()
        session.segment(SegmentationEntry(id="rfm", method="rfm"))
        session.deliver(out)
        seconds = time.perf_counter() - start
        memory = _peak(session.workers.job.pid)
    print(json.dumps({"seconds": seconds, "megabytes": memory}))


def _peak(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _print(found: dict[str, list[dict[str, float]]], lines: int) -> None:
    seconds = {name: statistics.median(run["seconds"] for run in runs) for name, runs in found.items()}
    memory = {name: max(run["megabytes"] for run in runs) for name, runs in found.items()}
    print(f"{lines:,} purchases, {len(found['segtui'])} rounds in turn, {os.cpu_count()} cores")
    for name in found:
        print(f"  {name:8}  median {seconds[name]:6.2f} s   peak {memory[name]:6,.0f} MB")
    for name in ("by hand", "bare"):
        print(f"  segtui takes {seconds['segtui'] / seconds[name]:.2f} times as long as {name}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
