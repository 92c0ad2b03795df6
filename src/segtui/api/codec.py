"""Plain data to bytes and back, checked: for the pipe between processes, the model file and the cache.

Plain data is None, bool, int, float, str, bytes, date, datetime, time, timedelta, Path, enums, tuples, lists, dicts,
sets, numpy arrays and scalars, polars frames and series, frozen dataclasses and pydantic models of these. Reading is
typed: only classes that the type hints of the expected type reach are built, each value is held against its hint, and
nothing in the bytes is ever run or imported.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import polars as pl
from pydantic import BaseModel, ValidationError

from segtui.api.codec_types import conforms, reachable
from segtui.api.errors import SegtuiError
from segtui.api.text import safe

MAGIC = b"SEGTUI1\n"
DIGEST_BYTES = 32
DEEPEST = 200
UNREADABLE = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    OverflowError,
    OSError,
    ValidationError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)
T = TypeVar("T")
Tree = Any


class CodecError(SegtuiError):
    """Bytes that are not what `encode` wrote, or a value that is not plain data."""

    title = "This data can't be carried"


def encode(value: object) -> bytes:
    """The bytes of `value`, the same for equal values. Raises CodecError where it is not plain data."""
    writer = _Writer()
    tree = writer.tree(value, 0)
    header = json.dumps({"tree": tree, "sizes": [len(part) for part in writer.buffers]}, separators=(",", ":")).encode()
    body = b"".join([MAGIC, len(header).to_bytes(8, "little"), header, *writer.buffers])
    return body + hashlib.sha256(body).digest()


def decode(data: bytes | memoryview, root: type[T] | Any) -> T:
    """The value that `encode` turned into `data`, which must be a `root` (a type or a type hint).

    Raises CodecError where the bytes are damaged, hold a class that `root` does not reach, or don't fit its hints.
    """
    tree, buffers = _opened(bytes(data))
    value = _Reader(buffers, reachable(root)).value(tree, 0)
    problem = conforms(value, root)
    if problem:
        raise CodecError(f"The data holds {problem}.", next_step="Make it again with this version.")
    return cast(T, value)


def fingerprint(value: object) -> str:
    """A hash of `value`, equal for equal values: 64 hexadecimal digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def _opened(data: bytes) -> tuple[Tree, list[bytes]]:
    damaged = CodecError("The data is damaged or was not written by segtui.", next_step="Make it again.")
    start = len(MAGIC) + 8
    if len(data) < start + DIGEST_BYTES or not data.startswith(MAGIC):
        raise damaged
    body, digest = data[:-DIGEST_BYTES], data[-DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        raise damaged
    length = int.from_bytes(data[len(MAGIC) : start], "little")
    try:
        header = json.loads(body[start : start + length])
        sizes = [int(size) for size in header["sizes"]]
        tree = header["tree"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged from None
    position, buffers = start + length, []
    for size in sizes:
        buffers.append(body[position : position + size])
        position += size
    if position != len(body):
        raise damaged
    return tree, buffers


class _Writer:
    def __init__(self) -> None:
        self.buffers: list[bytes] = []

    def tree(self, value: object, depth: int) -> Tree:
        if depth > DEEPEST:
            raise CodecError("The data is nested too deeply.")
        if isinstance(value, Enum):
            return {"$": "enum", "t": type(value).__qualname__, "v": value.value}
        if value is None or isinstance(value, (bool, str)) or type(value) is int:
            return value
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"$": "float", "v": repr(float(value))}
        if isinstance(value, tuple):
            return [self.tree(item, depth + 1) for item in value]
        return self._tagged(value, depth + 1)

    def _tagged(self, value: object, depth: int) -> Tree:
        if isinstance(value, list):
            return {"$": "list", "v": [self.tree(item, depth) for item in value]}
        if isinstance(value, (set, frozenset)):
            return {"$": "set", "v": sorted((self.tree(item, depth) for item in value), key=repr)}
        if isinstance(value, datetime):
            return {"$": "datetime", "v": value.isoformat()}
        if isinstance(value, (date, time)):
            return {"$": type(value).__name__, "v": value.isoformat()}
        if isinstance(value, timedelta):
            return {"$": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
        if isinstance(value, Path):
            return {"$": "path", "v": str(value)}
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$": "bytes", "b": self._buffer(bytes(value))}
        if isinstance(value, np.generic):
            return self.tree(value.item(), depth)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, (pl.DataFrame, pl.Series)):
            return self._frame(value)
        if isinstance(value, BaseModel):
            return {"$": "model", "t": type(value).__qualname__, "v": value.model_dump_json()}
        if is_dataclass(value) and not isinstance(value, type):
            content = {field.name: self.tree(getattr(value, field.name), depth) for field in fields(value)}
            return {"$": "data", "t": type(value).__qualname__, "v": content}
        if hasattr(value, "items") and hasattr(value, "keys"):
            return {"$": "dict", "v": [[self.tree(k, depth), self.tree(v, depth)] for k, v in value.items()]}
        kind = type(value).__name__
        raise CodecError(f"A {kind} is not plain data.", next_step="Keep numbers, text, arrays or frames.")

    def _array(self, array: np.ndarray) -> Tree:
        if array.dtype.kind not in "biufSUM":
            raise CodecError(f"An array of {array.dtype} is not plain data.", next_step="Keep arrays of numbers.")
        content = np.ascontiguousarray(array).tobytes()
        return {"$": "array", "d": array.dtype.str, "s": list(array.shape), "b": self._buffer(content)}

    def _frame(self, frame: pl.DataFrame | pl.Series) -> Tree:
        if isinstance(frame, pl.Series):
            return {"$": "series", "v": self._frame(frame.rename("values").to_frame()), "n": frame.name}
        target = io.BytesIO()
        frame.rechunk().write_ipc(target)
        return {"$": "frame", "b": self._buffer(target.getvalue())}

    def _buffer(self, content: bytes) -> int:
        self.buffers.append(content)
        return len(self.buffers) - 1


class _Reader:
    def __init__(self, buffers: list[bytes], types: dict[str, type]) -> None:
        self.buffers, self.types = buffers, types

    def value(self, tree: Tree, depth: int) -> Any:
        if depth > DEEPEST:
            raise CodecError("The data is nested too deeply.")
        if isinstance(tree, list):
            return tuple(self.value(item, depth + 1) for item in tree)
        if not isinstance(tree, dict):
            return tree
        try:
            return self._tagged(tree, depth + 1)
        except UNREADABLE:
            kind = safe(tree.get("$", "value"), 20)
            raise CodecError(f"The data holds a {kind} that can't be read.", next_step="Make it again.") from None

    def _tagged(self, tree: dict[str, Any], depth: int) -> Any:
        kind = tree["$"]
        simple: dict[str, Callable[[Any], Any]] = {
            "float": float,
            "date": date.fromisoformat,
            "datetime": datetime.fromisoformat,
            "time": time.fromisoformat,
            "path": Path,
        }
        if kind in simple:
            return simple[kind](tree["v"])
        if kind == "list":
            return [self.value(item, depth) for item in tree["v"]]
        if kind == "set":
            return frozenset(self.value(item, depth) for item in tree["v"])
        if kind == "dict":
            return {self.value(key, depth): self.value(value, depth) for key, value in tree["v"]}
        if kind == "timedelta":
            return timedelta(*tree["v"])
        if kind == "bytes":
            return self.buffers[tree["b"]]
        if kind == "array":
            return self._array(tree)
        if kind == "frame":
            return pl.read_ipc(io.BytesIO(self.buffers[tree["b"]]))
        if kind == "series":
            return self.value(tree["v"], depth).to_series(0).rename(tree["n"])
        return self._typed(kind, tree, depth)

    def _array(self, tree: dict[str, Any]) -> np.ndarray:
        dtype = np.dtype(tree["d"])
        if dtype.kind not in "biufSUM":
            raise ValueError("not an array of numbers")
        array = np.frombuffer(self.buffers[tree["b"]], dtype=dtype).reshape(tree["s"])
        array.flags.writeable = False
        return array

    def _typed(self, kind: str, tree: dict[str, Any], depth: int) -> Any:
        known = self.types.get(tree["t"])
        if known is None:
            raise CodecError("The data holds a kind of value that is not expected here.", next_step="Make it again.")
        if kind == "enum" and issubclass(known, Enum):
            return known(tree["v"])
        if kind == "model" and issubclass(known, BaseModel):
            return known.model_validate_json(tree["v"])
        if kind == "data" and is_dataclass(known):
            names = {field.name for field in fields(known)}
            if set(tree["v"]) != names:
                raise CodecError(f"A {known.__name__} with other fields was found.", next_step="Make it again.")
            return known(**{name: self.value(value, depth) for name, value in tree["v"].items()})
        raise ValueError(kind)
