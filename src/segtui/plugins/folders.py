"""Modules of plugin folders: importable, and never able to stand in for another module."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from segtui.api.text import safe
from segtui.plugins.finding import Found


def name_taken(plugin: Found) -> str:
    """Why the plugin's module can't be imported: it would stand in for another module, or another for it. Or empty."""
    if not plugin.where:
        return "" if plugin.files else f"Its module {safe(plugin.module, 80)} is not there."
    if plugin.module in sys.stdlib_module_names:
        return f"Its name {plugin.module} is that of a module of Python; rename it."
    loaded = sys.modules.get(plugin.module)
    origin = getattr(loaded, "__file__", None) if loaded else None
    if loaded is None:
        spec = PathFinder.find_spec(plugin.module)
        origin = spec.origin if spec else str(plugin.files[0])
    if origin is None or os.path.realpath(origin) != os.path.realpath(plugin.files[0]):
        return f"Its name {plugin.module} is taken by another module; rename it."
    return ""


class PluginFolders(MetaPathFinder):
    """Finds modules in plugin folders, after everyone else: nothing in them can stand in for another module."""

    def __init__(self) -> None:
        self.folders: list[str] = []

    @classmethod
    def add(cls, folder: str) -> None:
        """Look into `folder` too."""
        finder = next((each for each in sys.meta_path if isinstance(each, cls)), None)
        if finder is None:
            finder = cls()
            sys.meta_path.append(finder)
        if folder not in finder.folders:
            finder.folders.append(folder)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a top-level module in one of the folders."""
        return PathFinder.find_spec(fullname, self.folders, target) if path is None else None
