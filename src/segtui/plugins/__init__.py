"""Plugins: how they are found, loaded one by one, checked and offered; the Catalogue is what the program knows of them.

Reading the Catalogue from the cache, or asking it, loads no plugin. `load` does, and belongs into a worker.
"""

from __future__ import annotations

from segtui.plugins.cache import cached_catalogue, save_catalogue
from segtui.plugins.catalogue import (
    AnalysisEntry,
    Catalogue,
    ExporterEntry,
    MethodEntry,
    PluginEntry,
    Provenance,
    ReaderEntry,
)
from segtui.plugins.loading import fatal_plugin, load
from segtui.plugins.registry import Registry, validate_params

__all__ = [
    "AnalysisEntry",
    "Catalogue",
    "ExporterEntry",
    "MethodEntry",
    "PluginEntry",
    "Provenance",
    "ReaderEntry",
    "Registry",
    "cached_catalogue",
    "fatal_plugin",
    "load",
    "save_catalogue",
    "validate_params",
]
