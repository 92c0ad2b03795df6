"""A delivery is written whole or not at all, private, by exporters that stay where they are put."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segtui.api.errors import ContractError, PluginError, SegtuiError, UsageError
from segtui.api.files import Delivery, Exporter
from segtui.api.params import Params
from segtui.api.run import QuietRun, Run
from segtui.api.writing import WritingError
from segtui.export import Delivered, Manifest, Wanted, deliver, delivery_names

MANIFEST = Manifest("shop", 42, "2025-01-01", [], {}, [], [], {}, ["a note"])
ASSIGNMENTS = pl.LazyFrame({"customer": ["1"], "segment_code": [0], "segment": ["A"]})
DELIVERY = Delivery("shop", (), {"rfm": ASSIGNMENTS}, ())


class NoParams(Params):
    """None."""


class Writes(Exporter[NoParams]):
    """Writes a file by each of these names."""

    id, title, summary, Params = "writes", "Writes", "Writes.", NoParams

    def __init__(self, *names: str, said: tuple[str, ...] = ()) -> None:
        self.names, self.said = names, said

    def write(self, delivery: Delivery, folder: Path, params: NoParams, run: Run) -> tuple[Path, ...]:
        assert (delivery.title, params) == ("shop", NoParams())
        for name in self.names:
            (folder / name).write_text(name)
        run.progress(1.0)
        return tuple(folder / name for name in self.said or self.names)


def delivered(folder: Path, *exporters: Exporter[Any], **more: Any) -> tuple[Delivered, ...]:
    wanted = [Wanted(exporter, NoParams(), "tests:writes:1") for exporter in exporters]
    options = {"overwrite": False, "sources": (), **more}
    return deliver(DELIVERY, wanted, [], MANIFEST, folder, QuietRun(), **options)


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_and_the_manifest_that_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    made = delivered(folder, Writes("one.csv"), Writes("two.csv"))
    assert [file.path.name for file in made] == ["one.csv", "two.csv", "manifest.json"]
    assert there(folder) == ["manifest.json", "one.csv", "two.csv"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    found = json.loads((folder / "manifest.json").read_text())
    digest = hashlib.sha256(b"one.csv").hexdigest()
    assert found["files"][0] == {"name": "one.csv", "bytes": 7, "sha256": digest}
    assert (found["segtui_manifest"], found["project"], found["seed"]) == (1, "shop", 42)
    assert {"segtui", "python", "polars"} <= set(found["versions"])
    assert [file.size for file in made] == [path.stat().st_size for path in (file.path for file in made)]


def test_nothing_is_there_where_one_name_is_taken(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("mine")
    with pytest.raises(WritingError, match="exists already"):
        delivered(tmp_path, Writes("one.csv", "two.csv"))
    assert there(tmp_path) == ["two.csv"]
    delivered(tmp_path, Writes("one.csv", "two.csv"), overwrite=True)
    assert (tmp_path / "two.csv").read_text() == "two.csv"


@pytest.mark.parametrize("how", ["path", "symlink", "hard link"])
def test_a_source_is_never_written_to(tmp_path: Path, how: str) -> None:
    source, folder = tmp_path / "one.csv", tmp_path
    source.write_text("data")
    if how != "path":
        folder = tmp_path / "out"
        folder.mkdir()
        (os.symlink if how == "symlink" else os.link)(source, folder / "one.csv")
    with pytest.raises(WritingError, match="never written to"):
        delivered(folder, Writes("one.csv"), overwrite=True, sources=[source])
    assert source.read_text() == "data"


def test_a_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    folder, other = tmp_path / "out", tmp_path / "other.csv"
    folder.mkdir()
    other.write_text("other")
    (folder / "one.csv").symlink_to(other)
    with pytest.raises(WritingError):
        delivered(folder, Writes("one.csv"))
    delivered(folder, Writes("one.csv"), overwrite=True)
    assert other.read_text() == "other"
    assert not (folder / "one.csv").is_symlink()


@pytest.mark.parametrize("said", ["../outside.csv", "/etc/hosts", "nowhere.csv", "."])
def test_an_exporter_stays_in_its_folder(tmp_path: Path, said: str) -> None:
    (tmp_path / "outside.csv").write_text("x")
    folder = tmp_path / "out"
    with pytest.raises(ContractError, match="plain files into the folder"):
        delivered(folder, Writes("one.csv", said=(said,)))
    assert there(folder) == []


@pytest.mark.parametrize(
    ("raised", "told"), [(ZeroDivisionError(), PluginError), (OSError(errno.ENOSPC, "No space left"), WritingError)]
)
def test_an_exporter_that_fails_leaves_nothing(tmp_path: Path, raised: Exception, told: type[SegtuiError]) -> None:
    class Fails(Writes):
        def write(self, delivery: Delivery, folder: Path, params: NoParams, run: Run) -> tuple[Path, ...]:
            super().write(delivery, folder, params, run)
            raise raised

    with pytest.raises(told) as error:
        delivered(tmp_path / "out", Fails("one.csv"))
    assert error.value.where == "tests:writes:1"
    assert there(tmp_path / "out") == []


def test_the_names_of_files_are_known_before() -> None:
    class Names(Writes):
        def file_names(self, title: str, segmentations: Sequence[str], params: NoParams) -> tuple[str, ...]:  # noqa: ARG002
            return tuple(f"{title} {one}.txt" for one in segmentations)

    wanted = [Wanted(Names(), NoParams(), "tests:names:1"), Wanted(Writes("x"), NoParams(), "tests:writes:1")]
    assert delivery_names("shop", ["a", "b"], wanted, models=False) == ("shop a.txt", "shop b.txt", "manifest.json")
    assert delivery_names("shop", ["a"], [], models=True) == ("a.segmodel", "a.manifest.json")


@pytest.mark.parametrize("pair", [("a/b", "a:b"), ("X", "x")])
def test_two_segmentations_never_share_a_file(pair: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="files of the same name"):
        delivery_names("shop", pair, [], models=True)


def test_a_file_can_not_be_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WritingError, match="no folder"):
        delivered(tmp_path / "file", Writes("one.csv"))
