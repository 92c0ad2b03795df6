"""From delimited text to a typed Arrow IPC file: in one pass where all fits, with care where not, no row lost."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from segtui.api.run import PartOfRun, QuietRun, Run
from segtui.api.table import Finding, Kind
from segtui.read import delimited
from segtui.read.checks import fits, needs_check
from segtui.read.columns import Decided, decided
from segtui.read.delimited import TextFile
from segtui.read.guard import chunks, no_rows
from segtui.read.measuring import Asking, Measures
from segtui.read.opened import Opened
from segtui.read.parsing import fast_expression, parsed_by_polars, read_expression, without_blanks
from segtui.read.reading import ColumnReading, Reading
from segtui.read.typed import Typed, held_against, two_ways
from segtui.read.waiting import Written, collected, no_questions, written

_CONVERSION = re.compile(r"conversion|strict|cast|overflow|out of range", re.IGNORECASE)


@dataclass(frozen=True)
class _Made:
    """Typed rows on disk, with what they were measured to be where they were, and how they were read."""

    written: Written
    measures: Measures | None
    readings: dict[str, ColumnReading]
    missed: Mapping[str, int] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()


def typed_text(source: Path, path: Path, wanted: Reading, folder: Path, today: date, run: Run) -> Typed:
    """Delimited text, as an Arrow IPC file in `folder`."""
    file = delimited.opened(source, path, wanted, folder, PartOfRun(run, 0.0, 0.3))
    for _ in range(3):
        typed = _attempt(file, folder, today, PartOfRun(run, 0.3, 0.9))
        if isinstance(typed, Typed):
            return typed
        file = typed
    raise no_rows(source)


def _attempt(file: TextFile, folder: Path, today: date, run: Run) -> Typed | TextFile:
    """A typed frame, or the file to try again with: its ragged rows sorted out, or its loose ends allowed for."""
    sample = file.sample()
    types: dict[str, pl.DataType] = dict.fromkeys(file.names, pl.String())
    decision = decided(str(file.source), Opened(file.scan(), types, file.names, file.reading, sample))
    target = folder / f"{secrets.token_hex(4)}.arrow"
    made: _Made | None = None
    try:
        made = _made_fast(file, decision, sample, target, today, PartOfRun(run, 0.0, 0.7))
        made = made or _made_with_care(file, decision, sample, target, today, PartOfRun(run, 0.0, 0.7))
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        pass
    if made is None:
        return _sorted_out(file, folder, run, loose=True)
    frame, nulls, rows, measures = made.written.scan(), made.written.nulls, made.written.rows, made.measures
    if not rows:
        raise no_rows(file.source)
    blank = 0
    if _may_be_short(file, decision, nulls, rows):
        shape = file.count(PartOfRun(run, 0.7, 0.85))
        blank = shape.blank
        if shape.bad:
            return _sorted_out(file, folder, run, loose=False)
    if _beyond_header(file, decision, frame, nulls, rows, PartOfRun(run, 0.85, 0.85)):
        return _sorted_out(file.narrowed(), folder, run, loose=False)
    rejected, findings = file.rejected, [*file.findings, *decision.findings]
    if all(nulls.values()):
        frame, empty = _without_empty(frame, list(nulls), folder, rows, PartOfRun(run, 0.85, 1.0))
        if empty >= rows:
            raise no_rows(file.source)
        rows -= empty
        measures = None if empty else measures
        empty -= blank if file.layout.width > 1 else empty
        if empty > 0:
            rejected += empty
            findings.append(Finding(f"{empty:,} empty row{' was' if empty == 1 else 's were'} left out.", rows=empty))
    nameless = () if file.reading.complete else decision.raw.items()
    unnamed = frozenset(name for name, raw in nameless if not file.names[raw].strip())
    return Typed(
        file.source,
        frame,
        made.readings,
        decision.own,
        file.reading,
        rows,
        made.missed,
        rejected,
        tuple(findings),
        made.ambiguous,
        unnamed,
        measures,
    )


def _may_be_short(file: TextFile, decision: Decided, nulls: Mapping[str, int], rows: int) -> bool:
    """Whether a row may lack fields, which polars fills in silently: then its last one is null."""
    if file.layout.width == 1 or file.sorted_out:
        return False
    last = next(reversed(file.names))
    final = next((name for name, raw in decision.raw.items() if raw == last), None)
    return (final is None or nulls[final] > 0) and not _all_there(file, rows)


def _beyond_header(
    file: TextFile, decision: Decided, frame: pl.LazyFrame, nulls: Mapping[str, int], rows: int, run: Run
) -> bool:
    """Whether columns to the right of the header's last name hold anything."""
    if file.layout.header is None or file.reading.complete:
        return False
    extra = set(list(file.names)[len(file.layout.names) :])
    filled = [name for name, raw in decision.raw.items() if raw in extra and nulls[name] < rows]
    words = [name for name in filled if frame.collect_schema()[name] == pl.String]
    if len(words) < len(filled) or not words:
        return bool(filled)
    blank = frame.select(pl.all_horizontal(without_blanks(name).is_null().all() for name in words))
    return not collected(blank, run, "looking beyond the header").item()


def _made_with_care(
    file: TextFile, decision: Decided, sample: pl.DataFrame, target: Path, today: date, run: Run
) -> _Made:
    """The typed rows after every value was held against its reading; what did not fit is null and counted."""
    frame = file.scan().select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    schema: dict[str, pl.DataType] = dict.fromkeys(decision.raw, pl.String())
    taken = sample.select(pl.col(raw).alias(name) for name, raw in decision.raw.items())
    checking = PartOfRun(run, 0.0, 0.5)
    readings, missed, ambiguous = held_against(frame, schema, taken, decision, file.reading, checking)
    typed = frame.select(read_expression(name, schema[name], each).alias(name) for name, each in readings.items())
    measured = _written_and_measured(typed, readings, file, target, today, PartOfRun(run, 0.5, 1.0))
    return _Made(*measured, readings, missed, ambiguous)


def _made_fast(
    file: TextFile, decision: Decided, sample: pl.DataFrame, target: Path, today: date, run: Run
) -> _Made | None:
    """The typed rows in one pass where every value fits; None where one does not, or may not."""
    readings = decision.readings
    if _doubtful(readings, sample, decision):
        return None
    types = {
        decision.raw[name]: dtype for name, each in readings.items() if (dtype := parsed_by_polars(each)) is not None
    }
    typed = file.scan(types).select(
        (pl.col(raw) if raw in types else fast_expression(raw, readings[name], file.quotes)).alias(name)
        for name, raw in decision.raw.items()
    )
    try:
        return _Made(*_written_and_measured(typed, readings, file, target, today, run), readings)
    except pl.exceptions.InvalidOperationError:
        return None
    except pl.exceptions.ComputeError as failure:
        if _CONVERSION.search(str(failure)) or re.search(r"as dtype `(?!str)", str(failure)):
            return None
        raise


def _written_and_measured(
    typed: pl.LazyFrame, readings: Mapping[str, ColumnReading], file: TextFile, target: Path, today: date, run: Run
) -> tuple[Written, Measures | None]:
    """In the same pass; without measures where there are too many columns for that."""
    asking = Asking(readings, file.about_rows(), today)
    queries = asking.queries if asking.is_one_pass else no_questions
    size = file.path.stat().st_size
    made = written(typed, target, run, "reading the rows", size, queries)
    return made, asking.answer(made.answers) if asking.is_one_pass else None


def _sorted_out(file: TextFile, folder: Path, run: Run, loose: bool) -> TextFile:
    shape = file.count(PartOfRun(run, 0.7, 0.85))
    if not shape.rows:
        raise no_rows(file.source)
    error = delimited.refuse_ragged(file, shape)
    if error is None and loose and not file.loose_ends:
        return replace(file, loose_ends=True)
    if error is None:
        raise delimited.unreadable_quotes(file)
    if not file.reading.tolerant:
        raise error
    return delimited.sort_out(file, folder, PartOfRun(run, 0.85, 1.0))


def _all_there(file: TextFile, rows: int) -> bool:
    """Whether there are as many delimiters as full rows need: then, as none is too long, none is too short."""
    delimiter, quote = file.marks.delimiter, file.marks.quote
    if delimiter is None or file.loose_ends:
        return delimiter is None
    count = skipped = 0
    for chunk in chunks(file.path):
        if quote is not None and bytes([quote]) in chunk:
            return False
        begin = max(file.start - skipped, 0)
        skipped += len(chunk)
        count += int(np.count_nonzero(np.frombuffer(chunk[begin:], np.uint8) == delimiter))
    return count == rows * (file.layout.width - 1)


def _without_empty(
    frame: pl.LazyFrame, names: list[str], folder: Path, rows: int, run: Run
) -> tuple[pl.LazyFrame, int]:
    something = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    kept = int(collected(frame.select(something.sum()), run, "looking for empty rows").item())
    if kept in (rows, 0):
        return frame, rows - kept
    target = folder / f"{secrets.token_hex(4)}.arrow"
    return written(frame.filter(something), target, run, "leaving out empty rows").scan(), rows - kept


def _doubtful(readings: Mapping[str, ColumnReading], sample: pl.DataFrame, decision: Decided) -> bool:
    """Whether the sample already shows values that do not fit, or dates that can be read two ways."""
    parsed = {name: reading for name, reading in readings.items() if needs_check(pl.String(), reading)}
    if not sample.height or not parsed:
        return False
    if any(reading.nulls for reading in parsed.values()):
        return True
    frame = sample.select(pl.col(decision.raw[name]).alias(name) for name in parsed)
    if frame.select(pl.any_horizontal((pl.all().str.strip_chars() != pl.all()).any())).item():
        return True
    found = fits(frame.lazy(), dict(frame.schema), parsed, QuietRun())
    return any(
        fit.missed or (readings[name].kind is Kind.DATE and two_ways(readings[name], fit))
        for name, fit in found.items()
    )
