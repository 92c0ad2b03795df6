"""A valid Parquet file with values that make careless programs panic goes through the whole line."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from segtui.project.document import SegmentationEntry
from segtui.project.facts import LocatedSource
from segtui.project.session import Session

ROWS = 60


def hostile(path: Path) -> Path:
    """Dates and times beyond the calendar, infinity, NaN, a huge amount, huge whole numbers."""
    pl.DataFrame(
        {
            "customer_id": [f"{row % 20:03d}" for row in range(ROWS)],
            "order_id": [f"o{row}" for row in range(ROWS)],
            "amount": [float(row) for row in range(ROWS - 3)] + [float("inf"), float("nan"), 1e300],
            "big": [2**63 - 1 - row for row in range(ROWS)],
            "order_date": pl.Series([19_700 + row for row in range(ROWS - 1)] + [2**30], dtype=pl.Int32).cast(pl.Date),
            "stamp": pl.Series([1_700_000_000_000_000] * (ROWS - 1) + [2**62], dtype=pl.Int64).cast(pl.Datetime("us")),
        }
    ).write_parquet(path)
    return path


def test_it_is_inspected_segmented_written_and_scored(tmp_path: Path) -> None:
    path = hostile(tmp_path / "hostile.parquet")
    with Session.new() as session:
        source = session.add_source(path)
        inspected = session.inspect(source.name)
        assert inspected.facts["order_date"].nulls == 1
        assert inspected.facts["amount"].nulls == 2
        for method, params in (("rfm", {}), ("kmeans", {"k": "2"}), ("bands", {"columns": ["monetary"]})):
            session.segment(SegmentationEntry(id=method, method=method, params=params))
        assert session.customers is not None
        account = session.customers.account
        assert (account.total, account.used + sum(part.rows for part in account.dropped)) == (ROWS, ROWS)
        session.save(tmp_path / "hostile.segtui.toml")
        session.deliver(tmp_path / "out")
        scored = session.score(tmp_path / "out" / "rfm.segmodel", [LocatedSource("hostile", path)])
        assert scored.segments == session.results["rfm"].segments
