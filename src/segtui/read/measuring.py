"""Asking all rows of a table at once: what its columns amount to, and how many rows repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from segtui.api.run import PartOfRun, Run
from segtui.api.table import Kind, Role
from segtui.read import distinct, measures, names
from segtui.read.measures import Measured
from segtui.read.reading import ColumnReading
from segtui.read.waiting import answered, collected

COLUMNS_A_PASS = 400
MANY_ROWS = 2_000_000
FIRST_ROWS = 1_000_000
PLAINLY = 0.7
SHARE = 64
WORDS = (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT)
_VARIED = (Kind.IDENTIFIER, Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.CATEGORY, Kind.FLAG)
_ROWS, _HASHED, _DIFFERENT = "\x1frows", "\x1fhashed", "\x1fdifferent"


@dataclass(frozen=True)
class Measures:
    """Of every column; how many rows repeat another one exactly, which is estimated in a long frame, where words are
    yet to be told apart."""

    columns: dict[str, Measured]
    rows: int
    repeated: int
    estimated: bool

    def told_apart(self, frame: pl.LazyFrame, readings: Mapping[str, ColumnReading], run: Run) -> dict[str, Measured]:
        """Of every column, with about how many words differ: in the first rows of a long frame, and in all of them
        where they hardly repeat there."""
        words = [name for name, reading in readings.items() if reading.kind in WORDS]
        if not self.estimated or not words:
            return dict(self.columns)
        first = _repeating(frame.head(FIRST_ROWS), words, PartOfRun(run, 0.0, 0.2))
        close = [name for name in words if name not in first]
        found = first | _estimated(frame, close, PartOfRun(run, 0.2, 1.0))
        return self.columns | {name: replace(self.columns[name], distinct=found[name]) for name in words}


@dataclass(frozen=True)
class Asking:
    """What is asked of a frame of about so many rows with these readings."""

    readings: Mapping[str, ColumnReading]
    rows: int
    today: date

    @property
    def is_long(self) -> bool:
        """Whether the rows are too many for telling apart all of them, and all values of all words."""
        return self.rows > MANY_ROWS

    @property
    def is_one_pass(self) -> bool:
        """Whether the columns are few enough to be asked at once."""
        return len(self.readings) <= COLUMNS_A_PASS

    def queries(self, frame: pl.LazyFrame) -> Sequence[pl.LazyFrame]:
        """The questions of the first pass: of columns, and of whole rows."""
        return self.of_columns(frame, 0), self._of_rows(frame)

    def of_columns(self, frame: pl.LazyFrame, start: int) -> pl.LazyFrame:
        """What one pass asks of columns, from the column `start` on."""
        expressions = [pl.len().alias(_ROWS)]
        columns = list(self.readings.items())[start : start + COLUMNS_A_PASS]
        for index, (name, reading) in enumerate(columns, start):
            is_order = reading.role is Role.ORDER or Role.ORDER in names.roles_of(name)
            expressions += measures.asked(
                index, name, reading, self.today, count_distinct=not self.is_long, is_order=is_order
            )
        return frame.select(expressions)

    def answer(self, answers: Mapping[str, Any]) -> Measures:
        """The measures, from all the answers by name."""
        rows = int(answers[_ROWS])
        columns = {name: measures.measured(index, answers, rows) for index, name in enumerate(self.readings)}
        repeated = int(answers[_HASHED]) - int(answers[_DIFFERENT])
        return Measures(columns, rows, repeated * (SHARE if self.is_long else 1), self.is_long)

    def _of_rows(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """How many rows were hashed, and how many hashes differ: of all rows, or in a long frame of those with one in
        so many values of a column, which equal rows share."""
        if self.is_long:
            frame = frame.filter(pl.col(self._most_varied()).hash(7) % SHARE == 0)
        hashes = frame.select(pl.struct(list(self.readings)).hash(1).alias("hash"))
        return hashes.select(pl.len().alias(_HASHED), pl.col("hash").n_unique().alias(_DIFFERENT))

    def _most_varied(self) -> str:
        """A column that tells many rows apart, and is hashed soon."""

        def place(name: str) -> tuple[bool, int]:
            return Role.ORDER not in names.roles_of(name), _VARIED.index(self.readings[name].kind or Kind.TEXT)

        return min(self.readings, key=place)


def asked(frame: pl.LazyFrame, asking: Asking, run: Run) -> Measures:
    """The measures of a frame."""
    width, doing = len(asking.readings), "looking at every column"
    first = min(COLUMNS_A_PASS / max(width, 1), 1.0)
    answers = answered(frame, asking.queries, PartOfRun(run, 0.0, first), doing)
    for start in range(COLUMNS_A_PASS, width, COLUMNS_A_PASS):
        part = PartOfRun(run, start / width, min((start + COLUMNS_A_PASS) / width, 1.0))
        answers |= collected(asking.of_columns(frame, start), part, doing).row(0, named=True)
    return asking.answer(answers)


def _repeating(frame: pl.LazyFrame, words: Sequence[str], run: Run) -> dict[str, int]:
    """The columns whose values plainly repeat, with a rough count of those that differ."""
    expressions = []
    for index, name in enumerate(words):
        expressions += [pl.col(name).approx_n_unique().alias(f"{index} distinct")]
        expressions += [pl.col(name).count().alias(f"{index} valid")]
    row = collected(frame.select(expressions), run, "looking at the first rows").row(0)
    counts = {name: (int(row[2 * index]), int(row[2 * index + 1])) for index, name in enumerate(words)}
    return {name: min(distinct, valid) for name, (distinct, valid) in counts.items() if distinct < PLAINLY * valid}


def _estimated(frame: pl.LazyFrame, words: Sequence[str], run: Run) -> dict[str, int]:
    if not words:
        return {}
    asked = frame.select(distinct.estimated(pl.col(name)).alias(str(index)) for index, name in enumerate(words))
    return dict(zip(words, map(int, collected(asked, run, "telling values apart").row(0)), strict=True))
