"""The model file: the same bytes each time, read without the plugin, and refused where anything is off."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pickle
import stat
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_models import METHODS, method_of, saved_model
from small_methods import Cut, some_customers

from segtui.api.errors import ModelError, PluginError, SegtuiError
from segtui.api.segmentation import ShownSegment
from segtui.segment.model_file import SavedModel, load, packed, read_metadata, save
from segtui.segment.model_metadata import FORMAT


@pytest.fixture(scope="module")
def content() -> bytes:
    return packed(saved_model())


@pytest.fixture
def written(tmp_path: Path, content: bytes) -> Callable[[bytes], Path]:
    def write(changed: bytes = content) -> Path:
        path = tmp_path / "a.segmodel"
        path.write_bytes(changed)
        return path

    return write


def changed_zip(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in entries.items():
            archive.writestr(name, part)
    return target.getvalue()


def changed_metadata(content: bytes, **values: Any) -> bytes:
    def change(entries: dict[str, bytes]) -> None:
        entries["segmodel.json"] = json.dumps({**json.loads(entries["segmodel.json"]), **values}).encode()

    return changed_zip(content, change)


def without_sizes(saved: SavedModel) -> tuple[ShownSegment, ...]:
    return tuple(replace(segment, size=0) for segment in saved.segments)


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    saved, path = saved_model(), tmp_path / "rfm.segmodel"
    save(path, saved)
    found = load(path, method_of)
    assert found.segments == without_sizes(saved)
    for name in ("method", "plugin", "revision", "params", "seed", "feature_set", "columns", "as_of"):
        assert getattr(found, name) == getattr(saved, name), name
    assert (found.created_from, found.plan, found.builds_on) == (saved.created_from, saved.plan, {})
    customers = some_customers(50, seed=3)
    assert found.model.assign(customers).equals(saved.model.assign(customers))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SegtuiError, match="exist"):
        save(path, saved)
    save(path, found, overwrite=True)
    assert path.read_bytes() == packed(saved)


def test_the_same_model_gives_the_same_bytes(content: bytes) -> None:
    time.sleep(0.01)
    assert packed(saved_model()) == content


def test_metadata_is_readable_without_the_plugin(written: Callable[..., Path]) -> None:
    metadata = read_metadata(written())
    assert (metadata.method, metadata.revision, metadata.format) == ("cutting", 3, FORMAT)
    assert metadata.columns == {"monetary": "number"}
    assert [segment.name for segment in metadata.segments] == ["Lapsed, low spend", "Best"]
    with zipfile.ZipFile(written()) as archive:
        raw = archive.read("segmodel.json").decode()
    assert '"plugin": "small-methods:small_methods:1.0"' in raw
    assert '"as_of": "2025-01-01"' in raw


def test_no_rows_of_customers_are_in_the_file(content: bytes) -> None:
    assert b"C00003" not in content
    assert b"free text" not in content


def test_no_size_of_a_segment_is_in_the_file(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (first, *_) = json.loads(archive.read("segmodel.json"))["segments"]
    assert set(first) == {"code", "letter", "name", "rule", "description"}


def test_models_it_builds_on_come_along(tmp_path: Path) -> None:
    inner = saved_model("nearest", {"deep": saved_model()})
    saved, path = saved_model("cutting", {"../odd \u202e name": inner, "other": saved_model()}), tmp_path / "b.segmodel"
    save(path, saved)
    found = load(path, method_of)
    assert list(found.builds_on) == ["../odd \u202e name", "other"]
    assert list(found.builds_on["../odd \u202e name"].builds_on) == ["deep"]
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["segmodel.json", "model.bin", "models/1.segmodel", "models/2.segmodel"]


def test_too_deep_a_nest_is_refused(tmp_path: Path) -> None:
    saved = saved_model()
    for _ in range(7):
        saved = replace(saved, builds_on={"earlier": saved})
    save(tmp_path / "c.segmodel", saved)
    with pytest.raises(ModelError, match="build on one another"):
        load(tmp_path / "c.segmodel", method_of)


class Bomb:
    """A pickle of it leaves a marker when it is loaded."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("place", ["whole", "model.bin", "segmodel.json", "data.pkl", "models/1.segmodel"])
def test_pickles_are_refused_wherever_they_hide_and_never_run(
    tmp_path: Path, content: bytes, written: Callable[[bytes], Path], protocol: int, place: str
) -> None:
    marker = tmp_path / "marker"
    bomb = pickle.dumps(Bomb(str(marker)), protocol=protocol)
    path = written(bomb if place == "whole" else changed_zip(content, lambda entries: entries.update({place: bomb})))
    with pytest.raises(ModelError) as caught:
        load(path, method_of)
    if place == "whole":
        assert "pickle" in caught.value.what
        assert caught.value.next_step
    assert not marker.exists()


@pytest.mark.parametrize(
    "head",
    [b"\x1f\x8b\x08", b"BZh91AY", b"\xfd7zXZ\x00", b"x\x9c\xab", b"PAR1", b"", b"segtui", b"PK\x05\x06", b"\x00" * 50],
)
def test_other_files_are_refused(written: Callable[[bytes], Path], head: bytes) -> None:
    with pytest.raises(ModelError):
        load(written(head), method_of)


@pytest.mark.parametrize(
    "name", ["schema.json", "../x", "/etc/x", "models/../x.segmodel", "a.txt", "models/x.segmodel"]
)
def test_unknown_parts_and_paths_are_refused(content: bytes, written: Callable[[bytes], Path], name: str) -> None:
    path = written(changed_zip(content, lambda entries: entries.update({name: b"{}"})))
    with pytest.raises(ModelError):
        load(path, method_of)
    assert not (path.parent.parent / "x").exists()


def test_missing_parts_are_refused(content: bytes, written: Callable[[bytes], Path]) -> None:
    for name in ("segmodel.json", "model.bin"):
        with pytest.raises(ModelError, match="parts"):
            load(written(changed_zip(content, lambda entries, gone=name: entries.pop(gone))), method_of)


def test_bombs_are_refused_before_they_unpack(written: Callable[[bytes], Path]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("segmodel.json", b"{}")
        archive.writestr("model.bin", b"\0" * (200 << 20))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"models/{number}.segmodel", b"")
    for bomb in (target.getvalue(), many.getvalue()):
        path = written(bomb)
        started = time.process_time()
        with pytest.raises(ModelError):
            load(path, method_of)
        assert time.process_time() - started < 1


def test_a_lying_size_is_refused(written: Callable[[bytes], Path]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("segmodel.json", b"{}")
        archive.writestr("model.bin", b"\0" * 1_000_000)
    lying = bytearray(target.getvalue())
    size = (1_000_000).to_bytes(4, "little")
    at = lying.find(size)
    while at >= 0:
        lying[at : at + 4] = (100).to_bytes(4, "little")
        at = lying.find(size)
    with pytest.raises(ModelError):
        load(written(bytes(lying)), method_of)


def test_links_and_folders_are_refused(written: Callable[[bytes], Path], content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        metadata = archive.read("segmodel.json")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("segmodel.json", metadata)
        link = zipfile.ZipInfo("model.bin")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="no plain file"):
        load(written(target.getvalue()), method_of)


@pytest.mark.timeout(20)
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "pipe", Path("/dev/zero"), tmp_path / "a\0b"):
        with pytest.raises(ModelError):
            load(path, method_of)


def test_a_damaged_file_is_refused_or_the_same(content: bytes, written: Callable[[bytes], Path]) -> None:
    random = np.random.default_rng(0)
    expected = saved_model()
    customers = some_customers(30)
    for position in random.integers(0, len(content), 300):
        flipped = bytearray(content)
        flipped[position] ^= 1 << int(random.integers(0, 8))
        try:
            found = load(written(bytes(flipped)), method_of)
        except ModelError:
            continue
        assert found.segments == without_sizes(expected)
        assert (found.plan, found.columns) == (expected.plan, expected.columns)
        assert found.model.assign(customers).equals(expected.model.assign(customers))
    for end in random.integers(0, len(content), 30):
        with pytest.raises(ModelError):
            load(written(content[:end]), method_of)


def test_a_forged_model_with_right_hashes_is_an_error_of_the_model(
    content: bytes, written: Callable[[bytes], Path]
) -> None:
    random = np.random.default_rng(1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        model = archive.read("model.bin")[:-32]
    for position in random.integers(0, len(model), 300):
        forged = bytearray(model)
        forged[position] = int(random.integers(0, 256))
        forged += hashlib.sha256(forged).digest()
        whole = changed_zip(content, lambda entries, forged=forged: entries.update({"model.bin": bytes(forged)}))
        path = written(changed_metadata(whole, model_sha256=hashlib.sha256(forged).hexdigest()))
        with contextlib.suppress(ModelError):
            load(path, method_of)


def test_newer_formats_are_refused_by_name(content: bytes, written: Callable[[bytes], Path]) -> None:
    path = written(changed_metadata(content, format=FORMAT + 1, segtui="9.9", future=True))
    with pytest.raises(ModelError, match=r"format 2 of segtui 9\.9.*Update segtui"):
        read_metadata(path)


@pytest.mark.parametrize("values", [{"format": 0}, {"format": "1"}, {"format": True}, {"format": None}])
def test_formats_that_never_were_are_refused(content: bytes, written: Callable[[bytes], Path], values: Any) -> None:
    with pytest.raises(ModelError, match="version of the format"):
        read_metadata(written(changed_metadata(content, **values)))


def test_unknown_keys_are_refused_not_dropped(content: bytes, written: Callable[[bytes], Path]) -> None:
    with pytest.raises(ModelError, match="does not know: surprise"):
        read_metadata(written(changed_metadata(content, surprise=1)))
    segment = {"code": 0, "letter": "A", "name": "x", "rule": "", "description": "", "surprise": 1}
    with pytest.raises(ModelError, match="surprise"):
        read_metadata(written(changed_metadata(content, segments=[segment])))


@pytest.mark.parametrize(
    "values",
    [
        {"seed": "42"},
        {"segments": []},
        {"columns": {"monetary": "number", "other": "number"}},
        {"columns": {"monetary": "colour"}},
        {"as_of": "yesterday"},
        {"keeps_customers": True},
        {"model_sha256": "0" * 64},
        {"builds_on": [{"name": "a", "file": "models/1.segmodel", "sha256": "0"}]},
        {"plan": []},
    ],
)
def test_metadata_that_does_not_fit_is_refused(
    content: bytes, written: Callable[[bytes], Path], values: dict[str, Any]
) -> None:
    with pytest.raises(ModelError):
        load(written(changed_metadata(content, **values)), method_of)


@pytest.mark.parametrize(
    "text", [b"[]", b"{", b'{"format": NaN}', b'{"format": 1, "format": 1}', b"[" * 100_000, b"\xff"]
)
def test_metadata_that_is_no_metadata_is_refused(content: bytes, written: Callable[[bytes], Path], text: bytes) -> None:
    with pytest.raises(ModelError):
        read_metadata(written(changed_zip(content, lambda entries: entries.update({"segmodel.json": text}))))


def test_another_revision_is_named_with_what_to_do(content: bytes, written: Callable[[bytes], Path]) -> None:
    path = written(changed_metadata(content, revision=2))
    with pytest.raises(ModelError, match=r"revision 2 of cutting, and revision 3 is installed.*Fit again"):
        load(path, method_of)
    assert read_metadata(path).revision == 2


def test_a_missing_plugin_and_a_model_of_another_class_are_said(
    content: bytes, written: Callable[[bytes], Path]
) -> None:
    with pytest.raises(PluginError):
        load(written(changed_metadata(content, method="absent")), method_of)
    with pytest.raises(ModelError):
        load(written(changed_metadata(content, method="nearest", revision=1)), method_of)


def test_what_is_not_json_is_refused_when_it_is_saved() -> None:
    for plan in ({"a": float("nan")}, {"a": Cut}, {"a": METHODS}, {"a": {1: 2}}, {"a": (1,)}):
        with pytest.raises(ValueError, match="plan of a model"):
            packed(replace(saved_model(), plan=plan))
