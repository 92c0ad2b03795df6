"""Pages of a frame: blocks of rows and columns read when they are looked at, and a few of them kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from segtui.tui.widgets.frame_cells import CellFormat, cells, format_of, plain, width_of

PAGE_ROWS = 200
PAGE_COLUMNS = 16
_KEPT = 32
_SAMPLED_CELLS = 40_000
_SAMPLED_ROWS = 300
_FEWEST_ROWS = 4
_WIDE = 500

Source = pl.DataFrame | pl.LazyFrame | Path
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What reading a frame may raise. Polars panics on a file that was replaced under it."""


class PageKey(NamedTuple):
    """Which page: rows from `block * PAGE_ROWS`, columns from `column_block * PAGE_COLUMNS`."""

    row_block: int
    column_block: int


@dataclass(frozen=True)
class Page:
    """The texts of a page, column by column (None for no value), and the widest of each column."""

    texts: tuple[list[str | None], ...]
    widths: tuple[int, ...]


class OpenFrame:
    """A frame of which pages can be read: held in memory, a lazy query, or an Arrow IPC file (best uncompressed).

    A file is never read whole: every page is a slice of a scan. A lazy query runs anew for every page.
    """

    def __init__(self, source: Source) -> None:
        frame = pl.scan_ipc(source, glob=False) if isinstance(source, Path) else source
        self._frame = frame
        self.is_in_memory = isinstance(frame, pl.DataFrame)
        self.schema = frame.collect_schema()
        self._dtypes = self.schema.dtypes()
        self.rows = frame.height if isinstance(frame, pl.DataFrame) else int(frame.select(pl.len()).collect().item())

    def formats(self, columns: Sequence[int], decimals: Sequence[int | None]) -> list[tuple[CellFormat, int]]:
        """Format and widest text of each column, from a sample of rows (start, middle and end where the table is not
        wide)."""
        found = []
        for column, values, known in zip(columns, self._sample(columns), decimals, strict=True):
            how = format_of(self._dtypes[column], values, known)
            found.append((how, widest(cells(values, how))))
        return found

    def _sample(self, columns: Sequence[int]) -> Iterator[list[Any]]:
        rows = min(max(_SAMPLED_CELLS // max(len(columns), 1), _FEWEST_ROWS), _SAMPLED_ROWS)
        if self.rows <= rows or len(columns) > _WIDE:
            return self._slice(0, rows, columns)
        part = rows // 3
        parts = [self._slice(start, part, columns) for start in (0, (self.rows - part) // 2, self.rows - part)]
        return ([*first, *middle, *last] for first, middle, last in zip(*parts, strict=True))

    def page(self, row_block: int, columns: Sequence[int], formats: Sequence[CellFormat]) -> Page:
        """The page of these columns, by their numbers in the frame. Raises one of UNREADABLE."""
        taken = self._slice(row_block * PAGE_ROWS, PAGE_ROWS, columns)
        texts = tuple(cells(values, how) for values, how in zip(taken, formats, strict=True))
        return Page(texts, tuple(widest(column) for column in texts))

    def _slice(self, start: int, rows: int, columns: Sequence[int]) -> Iterator[list[Any]]:
        """Plain values of some rows, column by column."""
        if not columns:
            return iter(())
        # By number: a column may be called "*" or "^.*$", which polars would take for a pattern.
        part = self._frame.select(pl.nth(*columns)).slice(start, rows).lazy().collect()
        short = part.select(plain(pl.nth(place), self._dtypes[column]) for place, column in enumerate(columns))
        return (values.to_list() for values in short.iter_columns())


def widest(texts: Iterable[str | None]) -> int:
    """How many cells the widest of them takes."""
    return max((1 if text is None else width_of(text) for text in texts), default=0)


class PageCache:
    """The pages looked at last."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, Page | None] = OrderedDict()

    def __contains__(self, key: PageKey) -> bool:
        return key in self._pages

    def get(self, key: PageKey) -> Page | None:
        """The page, or None where it is not there (yet) or can't be read."""
        return self._pages.get(key)

    def keep(self, key: PageKey, page: Page | None, wanted: int) -> None:
        """Keep a page (None: it can't be read), and forget the oldest beyond what `wanted` pages need."""
        self._pages[key] = page
        self._pages.move_to_end(key)
        while len(self._pages) > max(_KEPT, 2 * wanted):
            self._pages.popitem(last=False)

    def missing(self, wanted: Iterable[PageKey]) -> Iterator[PageKey]:
        """Those of the wanted pages that are not there; the others count as looked at."""
        for key in wanted:
            if key in self._pages:
                self._pages.move_to_end(key)
            else:
                yield key


class PageReader:
    """Reads the pages in view, at once from memory, else one after the other in a thread.

    `arrived` is called in the event loop for every page that is still wanted when it is there, with None where it can't
    be read; a page that was scrolled past meanwhile is dropped.
    """

    def __init__(
        self,
        frame: OpenFrame,
        numbers: Sequence[int],
        formats: Sequence[CellFormat],
        arrived: Callable[[PageKey, Page | None], None],
    ) -> None:
        self.frame = frame
        self.pages = PageCache()
        self._numbers = numbers
        self._formats = formats
        self._arrived = arrived
        self._wanted: list[PageKey] = []
        self._is_reading = False

    def want(self, rows: range, columns: Iterable[int]) -> bool:
        """Say which rows and columns are in view. True where `read` has to be run to get what is missing of them."""
        blocks = dict.fromkeys(column // PAGE_COLUMNS for column in columns)
        row_blocks = range(rows.start // PAGE_ROWS, (rows.stop - 1) // PAGE_ROWS + 1) if rows else range(0)
        seen = [PageKey(row_block, block) for row_block in row_blocks for block in blocks]
        if self.frame.is_in_memory:
            self._wanted = seen
            for key in [*self.pages.missing(seen)]:
                self._keep(key, self._page(key))
            return False
        self._wanted = [*seen, *self._around(seen)]
        return not self._is_reading and any(key not in self.pages for key in self._wanted)

    def _around(self, seen: Sequence[PageKey]) -> list[PageKey]:
        """The pages above and below, so that they are there when they come into view."""
        last = (self.frame.rows - 1) // PAGE_ROWS
        near = dict.fromkeys(PageKey(key.row_block + step, key.column_block) for step in (1, -1) for key in seen)
        return [key for key in near if 0 <= key.row_block <= last and key not in seen]

    async def read(self) -> None:
        """Read what is in view, wherever the view moves meanwhile, until nothing is missing."""
        self._is_reading = True
        while (key := next(self.pages.missing(self._wanted), None)) is not None:
            page = await asyncio.to_thread(self._page, key)
            if key in self._wanted:
                self._keep(key, page)
        self._is_reading = False

    def _page(self, key: PageKey) -> Page | None:
        start = key.column_block * PAGE_COLUMNS
        columns = slice(start, start + PAGE_COLUMNS)
        try:
            return self.frame.page(key.row_block, self._numbers[columns], self._formats[columns])
        except UNREADABLE:
            return None

    def _keep(self, key: PageKey, page: Page | None) -> None:
        self.pages.keep(key, page, len(self._wanted))
        self._arrived(key, page)
