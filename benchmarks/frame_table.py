"""A page of the table over ten million rows: processor time for each press of page down, and what opening takes.

Run: python benchmarks/frame_table.py [--rows 10000000] [--pages 200] [--columns 10000]

An uncompressed Arrow IPC file of that many rows and 12 columns is written to a temporary folder and shown in a headless
app of 120 x 40. The time is that of the whole process over all pages: reading, writing the texts, drawing, and what
Textual does itself. Pages are turned near the start and near the end of the file. A second file has 1,000 rows and that
many columns; there, time passes until the first rows are drawn.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from pathlib import Path

import polars as pl
from textual.app import App, ComposeResult

from segtui.tui.widgets.frame_table import FrameTable


class TableApp(App[None]):
    """Nothing but the table."""

    def compose(self) -> ComposeResult:
        yield FrameTable()


def main() -> None:
    """Make the files, turn the pages, print the times."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--columns", type=int, default=10_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="segtui-benchmark-") as folder:
        long, wide = Path(folder) / "long.arrow", Path(folder) / "wide.arrow"
        _write_long(long, chosen.rows)
        _write_wide(wide, chosen.columns)
        asyncio.run(_turn_pages(long, chosen.pages))
        asyncio.run(_open(wide))


def _write_long(path: Path, rows: int) -> None:
    number = pl.int_range(0, rows)
    pl.select(
        order_id=number.cast(pl.String).str.zfill(9),
        customer=(number % 1_377_001).cast(pl.String).str.zfill(7),
        order_date=pl.date(2023, 1, 1) + pl.duration(days=number % 731),
        product=pl.concat_str(pl.lit("Product "), number * 7 % 5_003),
        channel=pl.when(number % 3 == 0).then(pl.lit("online")).otherwise(pl.lit("store")),
        amount=(number * 7_919 % 1_200_000) / 100.0,
        quantity=number * 31 % 50,
        is_gift=number % 5 == 0,
        latitude=(number % 1_800_000) / 10_000.0 - 90,
        discount=pl.when(number % 7 == 0).then(number % 100),
        changed=pl.datetime(2023, 1, 1) + pl.duration(seconds=number),
        remark=pl.concat_str(pl.lit("delivered by van number "), number % 211),
    ).write_ipc(path, compression="uncompressed")


def _write_wide(path: Path, columns: int) -> None:
    number = pl.int_range(0, 1_000)
    pl.select(**{f"question_{column}": number * column % 1_003 for column in range(columns)}).write_ipc(
        path, compression="uncompressed"
    )


async def _turn_pages(path: Path, pages: int) -> None:
    app = TableApp()
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.query_one(FrameTable)
        table.focus()
        print(f"{path.stat().st_size / 1e9:.1f} GB, opened and drawn after {await _opened(app, table, path):.2f} s")
        for place, key, turn in (("start", "g", "pagedown"), ("end", "G", "pageup")):
            await pilot.press(key)
            await app.workers.wait_for_complete()
            start, clock = time.process_time(), time.perf_counter()
            for _ in range(pages):
                await pilot.press(turn)
            await app.workers.wait_for_complete()
            processor, passed = time.process_time() - start, time.perf_counter() - clock
            print(
                f"near the {place}: {processor / pages * 1_000:.1f} ms of processor time a page"
                f" ({passed / pages * 1_000:.1f} ms passed), {pages} pages, {table.row_range}"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(f"peak memory {peak:,.0f} MB (that of writing the file included)")


async def _open(path: Path) -> None:
    app = TableApp()
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.query_one(FrameTable)
        table.focus()
        seconds = await _opened(app, table, path)
        print(f"{10_000:,} columns: opened and drawn after {seconds:.2f} s")
        start = time.process_time()
        for _ in range(100):
            await pilot.press("right")
        await app.workers.wait_for_complete()
        print(f"{(time.process_time() - start) * 10:.1f} ms of processor time for each column to the right")


async def _opened(app: TableApp, table: FrameTable, path: Path) -> float:
    start = time.perf_counter()
    table.set_frame(path)
    await app.workers.wait_for_complete()
    drawn = asyncio.Event()
    table.call_after_refresh(drawn.set)
    await drawn.wait()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
