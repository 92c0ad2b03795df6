"""A private cache, and plugins loaded as in a fresh process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segtui.plugins import loading
from segtui.plugins.folders import PluginFolders

FAULTS = Path(__file__).parents[1] / "fault_plugins"


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing loaded before, nothing left loaded after."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(loading, "_loaded", {})
    modules, finders = set(sys.modules), list(sys.meta_path)
    yield
    sys.meta_path[:] = [finder for finder in finders if not isinstance(finder, PluginFolders)]
    for name in set(sys.modules) - modules:
        where = getattr(sys.modules[name], "__file__", None) or ""
        if where.startswith((str(FAULTS), str(tmp_path))):
            del sys.modules[name]


@pytest.fixture
def faults() -> Path:
    """The folder of the fault plugins."""
    return FAULTS


@pytest.fixture
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Installs a distribution with one plugin module, as pip would."""

    def install(name: str, version: str, module: str, code: str) -> Path:
        site = tmp_path / "site"
        information = site / f"{name.replace('-', '_')}-{version}.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (information / "entry_points.txt").write_text(f"[segtui.plugins]\n{module} = {module}\n")
        (site / f"{module}.py").write_text(code)
        if str(site) not in sys.path:
            monkeypatch.syspath_prepend(str(site))
        return site

    return install
