"""RFM with scores and segments on ten million purchases, against polars queries for the same.

Equal: the same Parquet file; lines without a customer and returns apart; customers sorted by id; quintile cuts,
scores, the ten-segment rule table; id and segment as CSV. "bare" makes no more of a customer than last date, orders and
spend; "by hand" also first date, lines, returns and their sum, tenure and average order, as segtui does. Not equal:
segtui finds out types, kinds and roles, hashes the file, looks for repeated rows, counts every dropped row by its
reason, profiles the segments, checks the plugin's contract, and writes a model and a manifest. Its worker is warm, as
polars is on the other side.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import purchases_data
from benchmarks.line import OURS, Line, Place, times_as_long
from benchmarks.side import Clock, command

BARE, BY_HAND = "polars, bare", "polars, by hand"


def lines(place: Place) -> list[Line]:
    """The one line, with two others."""
    rows = place.rows(10_000_000, 50_000)
    source = str(place.made(f"purchases-{rows}.parquet", lambda path: purchases_data.write_parquet(path, rows)))
    commands = {
        OURS: command(__name__, "segtui", source=source),
        BARE: command("benchmarks.rfm_by_hand", "measured", source=source, figures="bare"),
        BY_HAND: command("benchmarks.rfm_by_hand", "measured", source=source, figures="same"),
    }
    return [Line(f"RFM on {rows:,} purchases", commands, {BARE: [times_as_long(1.6)]})]


def segtui(clock: Clock, source: str) -> dict[str, Any]:
    """From the first look at the file to the last byte written."""
    from segtui.project.document import SegmentationEntry
    from segtui.project.session import Session

    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as folder, Session.new() as session:
        session.catalogue()
        session.check(SegmentationEntry(id="rfm", method="rfm"))
        time.sleep(1)
        session.add_source(Path(source))
        with clock:
            session.read()
            session.prepare()
            session.segment(SegmentationEntry(id="rfm", method="rfm"))
            session.deliver(Path(folder) / "out")
        found = session.results["rfm"]
    return {"customers": found.account.used}
