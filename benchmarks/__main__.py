"""Runs the benchmarks and prints a table of ratios: python -m benchmarks [NAME ...] [--quick] [--json]."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks import app_start, csv_to_arrow, help_start, kmeans_best, kmeans_starts, rfm, silhouette, whole_job
from benchmarks.line import Line, Place
from benchmarks.measuring import ROOT, in_turn
from benchmarks.table import as_plain_data, as_text

BENCHMARKS = {
    "csv": csv_to_arrow.lines,
    "rfm": rfm.lines,
    "kmeans-starts": kmeans_starts.lines,
    "kmeans-best": kmeans_best.lines,
    "whole-job": whole_job.lines,
    "silhouette": silhouette.lines,
    "help": help_start.lines,
    "app-start": app_start.lines,
}


def main() -> None:
    """Generate the data, run both sides of each line in turn, print what was reached."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME", help=", ".join(BENCHMARKS))
    options.add_argument("--quick", action="store_true", help="small data: tells whether it runs, and not how fast")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--rounds", type=int, help="counted runs of each side [as the benchmark says]")
    options.add_argument("--data", type=Path, help="a folder for the generated data, used again next time")
    options.add_argument("--python", help="an interpreter that has pandas, scikit-learn and xlsxwriter")
    chosen = options.parse_args()
    for folder in ("src", "plugins", "benchmarks"):
        compileall.compile_dir(ROOT / folder, quiet=2)
    found = []
    with ExitStack() as stack:
        data = chosen.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="segtui-benchmarks-")))
        data.mkdir(parents=True, exist_ok=True)
        place = Place(data.resolve(), chosen.quick, chosen.python)
        for name in chosen.names or BENCHMARKS:
            for line in BENCHMARKS[name](place):
                rounds = chosen.rounds or (1 if chosen.quick else line.rounds)
                warm_up = line.warm_up and not chosen.quick
                found.append((line, in_turn(line.commands, rounds, warm_up, _teller(line))))
                if not chosen.json:
                    print(as_text(*found[-1]), flush=True)
    if chosen.json:
        print(
            json.dumps({"processors": os.cpu_count(), "quick": chosen.quick, "lines": as_plain_data(found)}, indent=1)
        )


def _teller(line: Line) -> Callable[[str], None]:
    def tell(doing: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{line.title}: {doing}", end="", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    main()
