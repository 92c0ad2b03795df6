"""Promises 45 and 46: one id from two plugins is refused until chosen; a missing plugin is said and nothing more."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segtui import plugins
from segtui.api.codec import decode, encode
from segtui.api.errors import PluginError
from segtui.plugins import cache

Install = Callable[..., Path]


def test_one_id_from_two_plugins_is_refused_until_chosen(faults: Path) -> None:
    registry = plugins.load([faults / "sound", faults / "clash"])
    for offer in (registry, registry.catalogue):
        with pytest.raises(PluginError, match="brings a method halves: copycat:halves and sound:halves"):
            offer.method("halves")
        assert offer.method("sound:halves").id == offer.method("copycat:halves").id == "halves"
    assert type(registry.method("sound:halves")).__module__ == "sound"
    assert type(registry.method("copycat:halves")).__module__ == "copycat"
    chosen = registry.catalogue.method("copycat:halves")
    assert registry.catalogue.ambiguous(chosen)
    assert chosen.identity == "copycat:halves:9.0"


def test_a_shipped_method_can_not_be_shadowed(faults: Path, distribution: Install) -> None:
    code = (faults / "sound" / "sound.py").read_text()
    distribution("segtui", "0.1.0", "shipped", code)
    registry = plugins.load([faults / "clash"])
    with pytest.raises(PluginError, match="copycat:halves and segtui:halves"):
        registry.method("halves")
    assert type(registry.method("segtui:halves")).__module__ == "shipped"


def test_a_plugin_that_is_missing_is_said_and_nothing_is_imported(faults: Path) -> None:
    catalogue = plugins.load([faults / "sound"]).catalogue
    before = set(sys.modules)
    with pytest.raises(PluginError, match=r"There is no method magic \(from acme\)"):
        catalogue.method("acme:magic")
    with pytest.raises(PluginError, match="There is no plugin"):
        catalogue.plugin("os")
    assert set(sys.modules) == before


def test_the_catalogue_is_plain_data(faults: Path) -> None:
    catalogue = plugins.load([faults / "sound", faults / "loading"], seconds=0.5).catalogue
    assert decode(encode(catalogue), plugins.Catalogue) == catalogue


def test_the_cache_answers_without_loading_a_plugin(faults: Path) -> None:
    folders = [faults / "sound"]
    assert plugins.cached_catalogue(folders) is None
    catalogue = plugins.load(folders).catalogue
    before = os.umask(0)
    try:
        plugins.save_catalogue(catalogue, folders)
    finally:
        os.umask(before)
    del sys.modules["sound"]
    assert plugins.cached_catalogue(folders) == catalogue
    assert "sound" not in sys.modules
    assert plugins.cached_catalogue([]) is None
    (saved,) = cache.cache_folder().iterdir()
    assert saved.stat().st_mode & 0o777 == 0o600
    assert saved.parent.stat().st_mode & 0o777 == 0o700


def test_the_cache_is_for_exactly_these_files(tmp_path: Path, faults: Path, distribution: Install) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    plugin = folder / "mine.py"
    plugin.write_text((faults / "sound" / "sound.py").read_text())
    catalogue = plugins.load([folder]).catalogue
    plugins.save_catalogue(catalogue, [folder])
    assert plugins.cached_catalogue([folder]) == catalogue
    plugin.write_text(plugin.read_text() + "\n")
    assert plugins.cached_catalogue([folder]) is None
    plugins.save_catalogue(catalogue, [folder])
    distribution("acme", "1.0", "acme", "")
    assert plugins.cached_catalogue([folder]) is None


def test_a_damaged_cache_is_ignored(faults: Path, tmp_path: Path) -> None:
    folders = [faults / "sound"]
    plugins.save_catalogue(plugins.load(folders).catalogue, folders)
    (saved,) = cache.cache_folder().iterdir()
    content = saved.read_bytes()
    for damaged in (b"", b"x", content[:-1], content[:500], content[:40] + b"\x00" + content[41:], encode({"a": 1})):
        saved.write_bytes(damaged)
        assert plugins.cached_catalogue(folders) is None
    saved.unlink()
    saved.mkdir()
    assert plugins.cached_catalogue(folders) is None
    saved.rmdir()
    saved.symlink_to(tmp_path / "elsewhere")
    assert plugins.cached_catalogue(folders) is None


def test_a_cache_that_can_not_be_written_costs_nothing(faults: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    plugins.save_catalogue(plugins.load([faults / "sound"]).catalogue, [])
    assert plugins.cached_catalogue([]) is None


def test_old_caches_are_put_away(faults: Path) -> None:
    catalogue = plugins.load([faults / "sound"]).catalogue
    for number in range(20):
        plugins.save_catalogue(catalogue, [faults / f"not-there-{number}"])
        plugins.save_catalogue(catalogue, [faults / "sound"])
    assert len(list(cache.cache_folder().iterdir())) <= cache.KEPT
