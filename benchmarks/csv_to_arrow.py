"""Ten million rows of CSV, read typed into Arrow, against polars' scan that is told the final schema.

Beside it stands what is equal work: polars, told the schema, that leaves the same Arrow file on disk and then measures
the columns as a reader has to, to say what is missing, out of range and repeated. The bare scan does neither; it keeps
the frame in memory. Not equal in both: segtui finds out the delimiter, the encoding, the types and the roles, and looks
at every byte for the encoding.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import purchases_data
from benchmarks.line import OURS, Line, Place, times_as_long
from benchmarks.side import Clock, command

if TYPE_CHECKING:
    import polars as pl

BARE = "polars, told the schema"
EQUAL = "polars, told the schema, written and measured"


def lines(place: Place) -> list[Line]:
    """The one line."""
    rows = place.rows(10_000_000, 50_000)
    source = str(place.made(f"purchases-{rows}.csv", lambda path: purchases_data.write_csv(path, rows)))
    commands = {
        OURS: command(__name__, "segtui", source=source),
        BARE: command(__name__, "polars", source=source),
        EQUAL: command(__name__, "polars_measured", source=source),
    }
    limits = {BARE: [times_as_long(1.3)], EQUAL: [times_as_long(1.3)]}
    return [Line(f"{rows:,} rows of CSV into typed Arrow", commands, limits)]


def segtui(clock: Clock, source: str) -> dict[str, int]:
    """Everything found out, and written as Arrow."""
    from segtui.api.run import QuietRun
    from segtui.read import read

    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as folder, clock:
        table = read(Path(source), None, Path(folder), QuietRun()).table
    return {"rows": table.rows, "columns": len(table.columns)}


def scanned(source: str) -> pl.LazyFrame:
    """The file, its schema given."""
    import polars as pl

    schema = {"order_id": pl.String, "customer": pl.String, "order_date": pl.Date, "amount": pl.Float64}
    return pl.scan_csv(source, schema=schema)


def polars(clock: Clock, source: str) -> dict[str, int]:
    """All rows in memory."""
    import polars as _  # noqa: F401  imported before the clock runs, as on the other side

    with clock:
        frame = scanned(source).collect(engine="streaming")
    return {"rows": frame.height, "columns": frame.width}


def polars_measured(clock: Clock, source: str) -> dict[str, int]:
    """All rows on disk, and of each column what is missing and its range; values that differ, and rows that repeat."""
    import polars as pl

    order, customer, day, amount = (pl.col(name) for name in ("order_id", "customer", "order_date", "amount"))
    few = pl.struct(pl.all()).filter(order.hash() % 64 == 0).hash()
    measures = [
        pl.len().alias("rows"),
        pl.all().null_count().name.suffix(" missing"),
        customer.approx_n_unique().alias("customers"),
        *((words < "!").sum().name.suffix(" blank") for words in (order, customer)),
        ((order >= "C") & (order < "D")).sum().alias("cancelled"),
        ((order >= "0") & (order < ":")).sum().alias("plain"),
        (amount < 0).sum().alias("negative"),
        amount.is_finite().not_().sum().alias("endless"),
        amount.min().alias("smallest"),
        amount.max().alias("largest"),
        (amount.round(2) != amount).sum().alias("more decimals"),
        day.min().alias("first"),
        day.max().alias("last"),
        few.len().alias("looked at"),
        few.n_unique().alias("different"),
    ]
    with tempfile.TemporaryDirectory(prefix="segtui-benchmarks-") as folder, clock:
        path = Path(folder) / "rows.arrow"
        scanned(source).sink_ipc(path, compression="uncompressed", engine="streaming")
        found = pl.scan_ipc(path).select(measures).collect(engine="streaming")
    return {"rows": int(found["rows"].item()), "columns": 4}
