"""Ten million rows of CSV, read typed into Arrow, against polars' scan that is told the final schema.

Equal: the same file, the same types in the end, all rows in Arrow. Not equal: segtui finds out the delimiter, the
encoding, the types and the roles, checks every value against them, counts missing and repeated values, and leaves an
Arrow file on disk; polars is told the schema and keeps the frame in memory.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import purchases_data
from benchmarks.line import OURS, Line, Place, times_as_long
from benchmarks.side import Clock, command

OTHER = "polars, told the schema"


def lines(place: Place) -> list[Line]:
    """The one line."""
    rows = place.rows(10_000_000, 50_000)
    source = str(place.made(f"purchases-{rows}.csv", lambda path: purchases_data.write_csv(path, rows)))
    commands = {
        OURS: command(__name__, "segtui", source=source),
        OTHER: command(__name__, "polars", source=source),
    }
    return [Line(f"{rows:,} rows of CSV into typed Arrow", commands, {OTHER: [times_as_long(1.3)]})]


def segtui(clock: Clock, source: str) -> dict[str, int]:
    """Everything found out, and written as Arrow."""
    from segtui.api.run import QuietRun
    from segtui.read import read

    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as folder, clock:
        table = read(Path(source), None, Path(folder), QuietRun()).table
    return {"rows": table.rows, "columns": len(table.columns)}


def polars(clock: Clock, source: str) -> dict[str, int]:
    """The schema given."""
    import polars as pl

    schema = {"order_id": pl.String, "customer": pl.String, "order_date": pl.Date, "amount": pl.Float64}
    with clock:
        frame = pl.scan_csv(source, schema=schema).collect(engine="streaming")
    return {"rows": frame.height, "columns": frame.width}
