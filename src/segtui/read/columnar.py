"""Opening files that have types already: Parquet (a file or a folder of parts), Arrow IPC, JSON lines."""

from __future__ import annotations

import glob
import json
import secrets
from pathlib import Path

import polars as pl

from segtui.api.errors import ReadError
from segtui.api.run import PartOfRun, Run
from segtui.api.table import Finding
from segtui.api.text import safe
from segtui.read import headers, sample
from segtui.read.failures import told
from segtui.read.guard import Local, no_rows
from segtui.read.opened import Opened
from segtui.read.reading import Reading
from segtui.read.waiting import collected, written

_UNREAD = (pl.Object, pl.Time)


def opened_parquet(found: Local, reading: Reading, run: Run) -> Opened:
    """A Parquet file or a folder of parts, as a lazy scan; nothing is copied."""
    paths = list(found.parts)
    schema = _schema(paths[0])
    for part in paths[1:]:
        if _schema(part) != schema:
            raise ReadError(
                "The parts of this folder do not have the same columns.",
                where=safe(part),
                next_step="Give parts with the same columns and types, or one file at a time.",
            )
    frame = pl.scan_parquet(paths, glob=False, hive_partitioning=False)
    return opened_frame(found.path, frame, "parquet", reading, run)


def _schema(path: Path) -> pl.Schema:
    """`read_parquet_schema` takes a name with brackets in it for a pattern."""
    return pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()


def opened_arrow(path: Path, reading: Reading, run: Run) -> Opened:
    """An Arrow IPC file, as a lazy scan."""
    return opened_frame(path, pl.scan_ipc(path, glob=False, hive_partitioning=False), "arrow", reading, run)


def opened_json_lines(source: Path, path: Path, reading: Reading, folder: Path, run: Run) -> Opened:
    """JSON lines, whose types are found over all lines and which are then kept as Arrow IPC in `folder`."""
    frame = pl.scan_ndjson(Path(glob.escape(str(path))), infer_schema_length=None)
    target = folder / f"{secrets.token_hex(4)}-lines.arrow"
    with told(source):
        written(frame, target, PartOfRun(run, 0.0, 0.8), "reading the lines", path.stat().st_size)
    scanned = pl.scan_ipc(target, glob=False, hive_partitioning=False)
    return opened_frame(source, scanned, "json-lines", reading, PartOfRun(run, 0.8, 1.0))


def is_json_lines(path: Path, head: bytes) -> bool:
    """Whether a text looks like one JSON object a line. Raises ReadError for JSON of another shape."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return False
    named = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    if text.startswith(b"{"):
        first = text.split(b"\n", 1)[0]
        try:
            if isinstance(json.loads(first), dict):
                return True
        except ValueError:
            pass
        except RecursionError:
            return True
        if named.endswith((".jsonl", ".ndjson")):
            return True
        if named.endswith(".json"):
            raise _other_json(path)
        return len(first) == len(text)
    if named.endswith((".jsonl", ".ndjson", ".json")):
        raise _other_json(path)
    return False


def _other_json(path: Path) -> ReadError:
    return ReadError(
        "This is JSON, though not one object a line.",
        where=safe(path),
        next_step="Save it as JSON lines, CSV or Parquet.",
    )


def opened_frame(path: Path, frame: pl.LazyFrame, form: str | None, reading: Reading, run: Run) -> Opened:
    """A frame with types, its columns under names that can be used; `form` is the format it was found in."""
    schema = frame.collect_schema()
    if not schema:
        raise no_rows(path)
    kept = [name for name, dtype in schema.items() if not (dtype.is_nested() or dtype in _UNREAD)]
    binary = [name for name in kept if schema[name] == pl.Binary]
    kept = [name for name in kept if name not in binary or _is_text(frame, name)]
    findings = [
        Finding(
            f"Its values are of a type ({str(dtype.base_type()).lower()}) that no table can hold; it is left out.",
            headers.clean(name),
        )
        for name, dtype in schema.items()
        if name not in kept
    ]
    if not kept:
        raise ReadError("None of its columns can be read.", where=safe(path), next_step="Give flat columns.")
    names = headers.named(kept, len(kept))
    raw = frame.select(
        (_decoded(header) if header in binary else pl.col(header)).alias(name) for name, header in names.items()
    )
    rows = int(collected(frame.select(pl.len()), PartOfRun(run, 0.0, 0.3), "counting the rows").item())
    if not rows:
        raise no_rows(path)
    run.progress(0.3, "taking a sample")
    taken = sample.of_frame(raw, rows, len(names))
    found = reading.model_copy(update={"format": form})
    return Opened(raw, dict(raw.collect_schema()), names, found, taken, rows, 0, tuple(findings))


def _is_text(frame: pl.LazyFrame, name: str) -> bool:
    """Whether the first values of a binary column are UTF-8, as old writers of Parquet leave their words."""
    try:
        for value in frame.select(pl.col(name).drop_nulls().head(1000)).collect(engine="streaming").to_series():
            value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(name: str) -> pl.Expr:
    def decode(values: pl.Series) -> pl.Series:
        texts = [None if value is None else value.decode("utf-8", "replace") for value in values.to_list()]
        return pl.Series(texts, dtype=pl.String)

    return pl.col(name).map_batches(decode, return_dtype=pl.String, is_elementwise=True)
