"""Promise 51: ids leave as keyed hashes, whose key has a private file of its own."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import polars as pl
import pytest

from segtui.api.customers import Customers
from segtui.api.errors import UsageError
from segtui.api.segmentation import ShownSegment
from segtui.api.table import Column, Kind, Personal, Role
from segtui.export import Choice, gate, load_or_make_key, pseudonymised
from segtui.export.pseudonyms import PSEUDONYM

KEY, OTHER = bytes(range(32)), bytes(32)


def test_a_pseudonym_is_a_keyed_hash_and_the_same_again() -> None:
    ids = pl.Series("id", ["007", "7", None, "ü", "007"])
    found = pseudonymised(ids, KEY)
    assert found[0] == "c" + hmac.new(KEY, b"007", hashlib.sha256).hexdigest()[:32]
    assert found[2] is None and found[0] == found[4] != found[1]
    assert found.equals(pseudonymised(ids, KEY)) and found.name == "id"
    assert all(PSEUDONYM.fullmatch(one) for one in found.drop_nulls())
    assert not set(found.drop_nulls()) & set(pseudonymised(ids, OTHER).drop_nulls())


def test_numbers_as_ids_and_no_ids() -> None:
    assert pseudonymised(pl.Series([7]), KEY)[0] == pseudonymised(pl.Series(["7"]), KEY)[0]
    assert pseudonymised(pl.Series([], dtype=pl.String), KEY).dtype == pl.String
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonymised(pl.Series(["7"]), b"short")


def test_a_key_is_made_once_private_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "ids.key"
    made = load_or_make_key(path)
    before = path.read_bytes()
    assert len(made) == 32 and path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert load_or_make_key(path) == made
    assert path.read_bytes() == before and path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_key(tmp_path / "other.key") != made


@pytest.mark.parametrize("content", ["", "x", "0" * 63, "0" * 66])
def test_what_is_no_key_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ids.key"
    path.write_text(content)
    with pytest.raises(UsageError, match="no key"):
        load_or_make_key(path)
    assert path.read_text() == content


def test_a_link_or_folder_is_no_key(tmp_path: Path) -> None:
    load_or_make_key(tmp_path / "real.key")
    (tmp_path / "link.key").symlink_to(tmp_path / "real.key")
    (tmp_path / "dangling.key").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path / "link.key", tmp_path / "dangling.key", tmp_path):
        with pytest.raises(UsageError):
            load_or_make_key(path)
    assert not (tmp_path / "nowhere").exists()


def test_through_the_gate() -> None:
    frame = pl.DataFrame({"who": ["a@b.c", "d@e.f"]})
    customers = Customers(frame, "who", {"who": Column("who", Kind.IDENTIFIER, Role.CUSTOMER, personal=Personal.EMAIL)})
    labels, segments = pl.Series([1, None], dtype=pl.Int32), (ShownSegment(1, "A", "Best", 1),)
    leaving = gate(customers, labels, segments, Choice(ids="pseudonymised", key=KEY))
    found = leaving.assignments.collect()
    expected = pseudonymised(frame["who"], KEY).to_list()
    assert dict(found.select("who", "segment").iter_rows()) == dict(zip(expected, ["Best", None], strict=True))
    assert found["who"].is_sorted() and "@" not in str(found.rows())
    assert str(leaving.facts()["ids"]).startswith("pseudonymised")
    assert leaving.notes == ()
    assert gate(customers, labels, segments).facts()["ids"] == "in clear"
    with pytest.raises(ValueError, match="need a key"):
        Choice(ids="pseudonymised")
