"""The whole job on a million customers, against a script in pandas and scikit-learn, whole processes both.

Equal: the same CSV of an id and twelve figures; ten k-means starts for each of 2 to 10 groups; a sampled silhouette for
each; the best; a profile of the groups; ids and groups as CSV and as XLSX. Not equal: segtui finds out how to read the
file, hashes and checks it, runs its starts on samples, writes a manifest, and starts a worker of its own; the script is
told everything, and runs every start on all customers.

The script needs pandas, scikit-learn and xlsxwriter, which are in an environment of your own: --python names it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import customers_data
from benchmarks.line import OURS, Line, Must, Place, times_faster

OTHER = "pandas, scikit-learn"
SCRIPT = Path(__file__).with_name("pandas_script.py")


def lines(place: Place) -> list[Line]:
    """The one line; segtui alone where no --python is given."""
    rows = place.rows(1_000_000, 3_000)
    high = 3 if place.quick else 10
    source = str(place.made(f"customers-{rows}.csv", lambda path: customers_data.write_csv(path, rows)))
    out = place.data / "out"
    sweep = ["--method", "kmeans", "--set", f"k=2..{high}"]
    features = [word for number in range(customers_data.FIGURES) for word in ("--feature", f"figure_{number + 1}")]
    forms = ["--as", "csv", "--as", "xlsx", "--out", str(out / "segtui"), "--force"]
    commands = {OURS: [sys.executable, "-m", "segtui", "segment", source, *sweep, *features, *forms]}
    note = "No --python was given, so there is nothing to compare with."
    if place.python:
        commands[OTHER] = [place.python, str(SCRIPT), source, str(out / "pandas"), str(high)]
        note = ""
    half = Must("memory", lambda ours, other: ours.megabytes / other.megabytes, 0.5, form="{:.2f} of the other's")
    title = f"the whole job, {rows:,} customers, k 2 to {high}"
    return [Line(title, commands, {OTHER: [times_faster(4.0), half]}, rounds=3, warm_up=False, note=note)]
