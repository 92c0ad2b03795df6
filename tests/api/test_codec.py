"""The codec carries plain data unchanged, builds only what is expected, and refuses all else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segtui.api import Segment
from segtui.api.codec import CodecError, decode, encode, fingerprint


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, eq=False)
class Centres:
    values: np.ndarray
    names: tuple[str, ...]
    day: date | None
    segments: tuple[Segment, ...]
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Stranger:
    word: str


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value: object) -> None:
    found = decode(encode(value), object)
    assert found == value
    assert type(found) is type(value)
    assert encode(found) == encode(value)


def test_a_dataclass_with_an_array_comes_back() -> None:
    centres = Centres(np.arange(6, dtype=np.float32).reshape(2, 3), ("a", "b"), date(2011, 12, 9), (Segment(0, "x"),))
    found = decode(encode(centres), Centres)
    assert np.array_equal(found.values, centres.values)
    assert (found.names, found.day, found.segments, found.colour) == (
        centres.names,
        centres.day,
        centres.segments,
        Colour.RED,
    )


def test_frames_series_and_odd_floats_come_back() -> None:
    frame = pl.DataFrame({"id": ["001", None], "x": [1.5, math.inf], "when": [datetime(2011, 1, 1), None]})
    found = decode(encode((frame, frame["x"], Path("a/b"), math.nan)), tuple[pl.DataFrame, pl.Series, Path, float])
    assert found[0].equals(frame)
    assert found[1].equals(frame["x"])
    assert found[2] == Path("a/b")
    assert math.isnan(found[3])


def test_a_class_that_is_not_expected_is_refused() -> None:
    with pytest.raises(CodecError, match="not expected"):
        decode(encode((Stranger("x"),)), tuple[Segment, ...])


def test_a_value_that_does_not_fit_its_hint_is_refused() -> None:
    wrong = Centres("no array", ("a",), None, ())  # type: ignore[arg-type]
    with pytest.raises(CodecError, match="ndarray"):
        decode(encode(wrong), Centres)


@pytest.mark.parametrize("value", [object(), np.array([object()]), lambda: None])
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(CodecError):
        encode(value)


@given(st.data())
def test_any_flipped_byte_is_noticed(data: st.DataObject) -> None:
    good = bytearray(encode({"a": (1, 2.5), "b": np.arange(4)}))
    position = data.draw(st.integers(0, len(good) - 1))
    good[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CodecError):
        decode(bytes(good), object)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(data, object)


def test_fingerprints_tell_values_apart() -> None:
    assert fingerprint({"a": 1}) == fingerprint({"a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 1.5})
