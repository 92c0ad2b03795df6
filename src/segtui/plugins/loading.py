"""Loading plugins: each on its own, within a time limit, so that a broken one is a line in the Catalogue."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pluggy

from segtui import __version__
from segtui.api import hooks
from segtui.api.errors import Cancelled
from segtui.api.text import safe
from segtui.plugins.catalogue import (
    AnalysisEntry,
    Catalogue,
    Entry,
    ExporterEntry,
    MethodEntry,
    PluginEntry,
    ReaderEntry,
)
from segtui.plugins.finding import Found, find
from segtui.plugins.folders import PluginFolders, name_taken
from segtui.plugins.offering import offered
from segtui.plugins.registry import Offer, Registry
from segtui.plugins.versions import refusal

SECONDS_TO_LOAD = 10.0
HOOKS = {
    "segtui_methods": "method",
    "segtui_analyses": "analysis",
    "segtui_readers": "reader",
    "segtui_exporters": "exporter",
}
MOST_CONTRIBUTIONS = 1_000

_loaded: dict[tuple[object, ...], Registry] = {}


class TookTooLong(BaseException):
    """Loading went past its time limit; no Exception, so that a plugin is less likely to swallow it."""


class Refused(Exception):
    """A rule of loading that a plugin breaks, in words."""


def load(
    plugin_folders: Sequence[Path] = (),
    only: Collection[str] | None = None,
    *,
    fatal: Mapping[str, str] | None = None,
    marker: Path | None = None,
    seconds: float = SECONDS_TO_LOAD,
) -> Registry:
    """Load the installed plugins and those of `plugin_folders`, or of these `only` the ones so named.

    `fatal` names plugins that must not be loaded, with the reason: those that killed a worker. `marker` is a file that
    holds the name of the plugin being loaded, for `fatal_plugin` after a death. Loaded once in a process.
    """
    fatal = fatal or {}
    plugins = [plugin for plugin in find(plugin_folders) if only is None or plugin.name in only]
    key = (*plugins, *sorted(fatal.items()))
    if key not in _loaded:
        _loaded[key] = _load(plugins, fatal, marker, seconds)
    return _loaded[key]


def fatal_plugin(marker: Path) -> str | None:
    """The plugin that was being loaded when the worker died, if it was one."""
    try:
        return marker.read_text(encoding="utf-8") or None
    except (OSError, ValueError):
        return None


def _load(plugins: Sequence[Found], fatal: Mapping[str, str], marker: Path | None, seconds: float) -> Registry:
    entries: list[PluginEntry] = []
    offers: list[Offer[Any, Any]] = []
    for plugin in plugins:
        brought: list[tuple[str, Any]] = []
        if plugin.name in fatal:
            reason = fatal[plugin.name]
        else:
            _mark(marker, plugin.name)
            reason, brought = _load_one(plugin, seconds)
            _mark(marker, "")
        mine, faults = offered(plugin, brought)
        offers += mine
        entries.append(_entry(plugin, " ".join([*([reason] if reason else []), *faults]), [offer.id for offer in mine]))
    return _registry(entries, offers)


def _registry(entries: Sequence[PluginEntry], offers: Sequence[Offer[Any, Any]]) -> Registry:
    def of(kind: type[Entry]) -> tuple[Any, ...]:
        return tuple(offer for offer in offers if type(offer.entry) is kind)

    methods, analyses, readers, exporters = map(of, (MethodEntry, AnalysisEntry, ReaderEntry, ExporterEntry))
    catalogue = Catalogue(
        tuple(entries),
        *(tuple(offer.entry for offer in kind) for kind in (methods, analyses, readers, exporters)),
    )
    return Registry(catalogue, methods, analyses, readers, exporters)


def _load_one(plugin: Found, seconds: float) -> tuple[str, list[tuple[str, Any]]]:
    """Why it can't be loaded, or what it brings."""
    before = set(sys.modules)
    try:
        refused = refusal(plugin.api) or name_taken(plugin)
        if refused:
            return refused, []
        with _within(seconds):
            module = _import(plugin)
            return "", _brought(module)
    except Cancelled:
        raise
    except Refused as error:
        return str(error), []
    except BaseException as error:
        _forget(plugin, before)
        return _reason(error, plugin, seconds), []


def _import(plugin: Found) -> ModuleType:
    if plugin.where:
        PluginFolders.add(plugin.where)
    module = importlib.import_module(plugin.module)
    if plugin.where and Path(str(module.__file__)).resolve() != plugin.files[0].resolve():
        raise Refused(f"Its name {plugin.module} is taken by another module; rename it.")
    refused = refusal(getattr(module, "SEGTUI_API", None))
    if refused:
        raise Refused(refused)
    return module


def _brought(module: ModuleType) -> list[tuple[str, Any]]:
    """Its contributions with their kind, one hook implementation after the other."""
    host = pluggy.PluginManager("segtui")
    host.add_hookspecs(hooks)
    host.register(module)
    host.check_pending()
    if not host.get_hookcallers(module):
        raise Refused("It brings nothing: no function in it is marked with @hookimpl.")
    brought = []
    for name, kind in HOOKS.items():
        for result in getattr(host.hook, name)():
            brought += [(kind, item) for item, _ in zip(result, range(MOST_CONTRIBUTIONS), strict=False)]
    return brought


def _forget(plugin: Found, before: set[str]) -> None:
    top = plugin.module.partition(".")[0]
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == top:
            del sys.modules[name]


def _reason(error: BaseException, plugin: Found, seconds: float) -> str:
    if isinstance(error, TookTooLong):
        return f"It took longer than {seconds:g} s to load."
    if isinstance(error, SystemExit):
        return "It tried to end the program while it was loaded (SystemExit)."
    if isinstance(error, ModuleNotFoundError) and error.name and error.name != plugin.module:
        return f"It needs the module {safe(error.name, 80)}, which is not installed."
    if isinstance(error, SyntaxError):
        return f"Its file {safe(Path(error.filename or '').name, 80)} has a syntax error in line {error.lineno}."
    if isinstance(error, pluggy.PluginValidationError):
        return f"It has a hook that segtui does not know, or with other arguments: {safe(error, 200)}."
    return f"Loading it failed: {safe(type(error).__name__, 80)}: {safe(error, 200)}."


def _entry(plugin: Found, reason: str, brings: Sequence[str]) -> PluginEntry:
    versions = f" ({safe(plugin.distribution, 80)} {safe(plugin.version, 40)}, segtui {__version__})"
    return PluginEntry(
        name=plugin.name,
        distribution=plugin.distribution,
        version=plugin.version,
        module=plugin.module,
        where=plugin.where,
        state="broken" if reason else "ok",
        reason=reason and reason + versions,
        brings=tuple(brings),
    )


def _mark(marker: Path | None, name: str) -> None:
    if marker:
        marker.write_text(name, encoding="utf-8")


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise TookTooLong after `seconds`, and again every second for code that swallows it. In the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
