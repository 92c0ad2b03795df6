"""What opening a source gives, whatever its format: a frame of raw columns, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from segtui.api.table import Finding
from segtui.read.reading import Reading


@dataclass(frozen=True, eq=False)
class Opened:
    """`frame` holds the raw columns under their final names; `headers` says what each is called in the file.

    `reading` has everything that concerns the file as a whole; `rows` is None where only reading tells; `sample` some
    rows spread over the file.
    """

    frame: pl.LazyFrame
    schema: Mapping[str, pl.DataType]
    headers: Mapping[str, str]
    reading: Reading
    sample: pl.DataFrame
    rows: int | None = None
    rejected: int = 0
    findings: tuple[Finding, ...] = field(default=())
