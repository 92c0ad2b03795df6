"""The sizes of segments as they may leave: nothing hidden is shown, and shares that are all shown add up to 100."""

from __future__ import annotations

import math
from dataclasses import dataclass

from segtui.api import LeavingSegmentation
from segtui.api.text import NONE, count, percents, safe
from segtui_files.words import HIDDEN

UNASSIGNED = "in no segment"


@dataclass(frozen=True)
class SizeRow:
    """One line of a table of sizes. `customers` and `percent` (0 to 100, as shown) are None where they are hidden; a
    share of nobody is None too."""

    letter: str
    name: str
    customers: int | None
    percent: float | None
    rule: str = ""
    description: str = ""
    decimals: int = 1

    @property
    def shown_customers(self) -> str:
        """The number of customers in words."""
        return HIDDEN if self.customers is None else count(self.customers)

    @property
    def shown_share(self) -> str:
        """The share in words."""
        if self.percent is None:
            return HIDDEN if self.customers is None else NONE
        return f"{self.percent:.{self.decimals}f} %"


def size_rows(one: LeavingSegmentation) -> tuple[SizeRow, ...]:
    """A row for each segment, and one for the customers in none, where there are such or they are hidden."""
    sizes = [segment.customers for segment in one.segments]
    shares: list[float | None] = [segment.share for segment in one.segments]
    if one.unassigned != 0:
        sizes.append(one.unassigned)
        shares.append(one.unassigned / one.customers if one.unassigned is not None and one.customers else None)
    decimals = _decimals(one)
    known = [size for size in sizes if size is not None]
    shown = [
        None if share is None or size is None else round(share * 100, decimals)
        for share, size in zip(shares, sizes, strict=True)
    ]
    if len(known) == len(sizes) and sum(known) > 0:
        shown = [float(written.removesuffix(" %")) for written in percents(known, decimals)]
    rows = [(segment.letter, segment.name, segment.rule, segment.description) for segment in one.segments]
    rows += [("", UNASSIGNED, "", "")] * (one.unassigned != 0)
    return tuple(
        SizeRow(safe(letter, 8), safe(name), size, share, safe(rule, 2_000), safe(description, 2_000), decimals)
        for (letter, name, rule, description), size, share in zip(rows, sizes, shown, strict=True)
    )


def total_row(one: LeavingSegmentation) -> SizeRow:
    """All customers."""
    return SizeRow("", "all customers", one.customers, 100.0 if one.customers else None, decimals=_decimals(one))


def _decimals(one: LeavingSegmentation) -> int:
    """One, or none where all shares are whole percents: more would not be true of shares that were rounded."""
    shares = [segment.share * 100 for segment in one.segments if segment.share is not None]
    return 0 if shares and all(math.isclose(share, round(share), abs_tol=1e-9) for share in shares) else 1
