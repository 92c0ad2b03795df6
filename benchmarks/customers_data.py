"""Customers for benchmarks: groups that overlap, in twelve figures, from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.line import Place

if TYPE_CHECKING:
    import numpy as np

FIGURES, GROUPS = 12, 6


def matrix(rows: int, seed: int = 7) -> np.ndarray:
    """Standardised figures, shape (rows, 12), float32: six groups of different size and spread that overlap."""
    import numpy as np

    random = np.random.default_rng(seed)
    sizes = random.dirichlet(np.full(GROUPS, 4.0))
    group = random.choice(GROUPS, rows, p=sizes)
    centres = random.normal(0.0, 1.6, (GROUPS, FIGURES))
    spread = random.uniform(0.7, 1.4, (GROUPS, FIGURES))
    values = centres[group] + random.normal(0.0, 1.0, (rows, FIGURES)) * spread[group]
    return np.ascontiguousarray((values - values.mean(0)) / values.std(0), dtype=np.float32)


def matrix_file(place: Place, rows: int) -> str:
    """The matrix as a file of numpy's."""
    import numpy as np

    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, matrix(rows))

    return str(place.made(f"matrix-{rows}.npy", write))


def write_csv(path: Path, rows: int) -> None:
    """An id and the twelve figures, in units of their own, with three decimals."""
    import polars as pl

    values = matrix(rows)
    columns = {"customer": pl.format("C{}", pl.int_range(1, rows + 1).cast(pl.String).str.zfill(8))}
    frame = pl.DataFrame({f"figure_{number + 1}": values[:, number] for number in range(FIGURES)})
    units = [(pl.col(name) * 10 * (at + 1) + 100 * (at + 1)).round(3) for at, name in enumerate(frame.columns)]
    frame.select(columns["customer"].alias("customer"), *units).write_csv(path, float_precision=3)
