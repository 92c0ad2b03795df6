"""Facts of columns: exact where they can be, said to be approximate where not, quick for very wide tables."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from reads import Read

from segtui.api import QuietRun
from segtui.read import Bin, column_facts, distinct, facts


def test_facts_of_each_kind(read_text: Read) -> None:
    rows = "".join(
        f"{row:04d};{row / 2};{'red' if row % 3 else 'blue'};2024-{row % 12 + 1:02d}-15;"
        f"{'yes' if row % 2 else 'no'};{row % 5 or ''}\n"
        for row in range(1200)
    )
    table = read_text("key;worth;colour;day;open;few\n" + rows).table
    facts = column_facts(table, None, QuietRun())
    worth, colour, day, is_open, few, key = (facts[n] for n in ("worth", "colour", "day", "open", "few", "key"))
    assert (worth.rows, worth.nulls, worth.smallest, worth.largest, worth.mean) == (1200, 0, 0.0, 599.5, 299.75)
    assert worth.quartiles == (149.875, 299.75, 449.625)
    assert sum(each.rows for each in worth.histogram) == 1200 and len(worth.histogram) == 24
    assert colour.top == (("red", 800), ("blue", 400)) and colour.distinct == 2 and not colour.approximate
    assert day.histogram[0] == Bin(date(2024, 1, 1), date(2024, 2, 1), 100) and len(day.histogram) == 12
    assert (is_open.mean, is_open.smallest, is_open.top) == (0.5, False, (("false", 600), ("true", 600)))
    assert few.nulls == 240 and few.histogram == tuple(Bin(value, value + 1, 240) for value in range(1, 5))
    assert key.distinct == 1200 and key.top == ()


def test_different_values_of_a_long_table(read_text: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are counted; many are estimated, which is said."""
    monkeypatch.setattr(facts, "_EXACT_ROWS", 100)
    monkeypatch.setattr(distinct, "FEW", 1_000)
    rows = "".join(f"K{row:05};{row % 7};{row % 300}\n" for row in range(60_000))
    found = column_facts(read_text("key;few;more\n" + rows).table, None, QuietRun())
    assert (found["few"].distinct, found["few"].approximate) == (7, ())
    assert (found["more"].distinct, found["more"].approximate) == (300, ())
    assert 0.9 * 60_000 <= found["key"].distinct <= 60_000 and found["key"].approximate == ("distinct",)


def test_facts_of_some_columns(read_text: Read) -> None:
    table = read_text("a;b;c\n" + "1;x;\n2;y;\n" * 9).table
    assert set(column_facts(table, ["b"], QuietRun())) == {"b"}
    nothing = column_facts(table, ["c"], QuietRun())["c"]
    assert (nothing.nulls, nothing.distinct, nothing.smallest, nothing.top) == (18, 0, None, ())


def test_many_columns_and_many_values(tmp_path: Path, read_path: Read) -> None:
    rows = 60
    values = np.random.default_rng(3).normal(size=(rows, 2_000)).round(3)
    path = tmp_path / "wide.parquet"
    pl.DataFrame(values, schema=[f"x{column}" for column in range(2_000)]).write_parquet(path)
    started = time.monotonic()
    table = read_path(path).table
    facts = column_facts(table, None, QuietRun())
    assert len(facts) == 2_000 and time.monotonic() - started < 60
    assert sum(each.rows for each in facts["x1999"].histogram) == rows


def test_progress_is_told(read_text: Read) -> None:
    table = read_text("a;b\n" + "1;x\n2;y\n" * 9).table
    seen: list[float] = []

    class Noted(QuietRun):
        def progress(self, done: float, doing: str = "") -> None:
            assert doing
            seen.append(done)

    column_facts(table, None, Noted())
    assert seen == sorted(seen) and seen[-1] <= 1.0
