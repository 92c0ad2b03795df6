"""The hooks of a plugin: registration only. A plugin implements those it has something for, with `@hookimpl`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from segtui.api.analysis import Analysis
from segtui.api.files import Exporter, Reader
from segtui.api.method import Method

API_VERSION = 1
"""The version of the border. A plugin package may state `SEGTUI_API = ">=1,<2"`; without one it is taken as it is."""

hookspec = pluggy.HookspecMarker("segtui")
hookimpl = pluggy.HookimplMarker("segtui")


@hookspec
def segtui_readers() -> Iterable[Reader[Any]]:
    """Readers that this plugin brings."""
    return ()


@hookspec
def segtui_methods() -> Iterable[Method[Any, Any]]:
    """Methods that this plugin brings."""
    return ()


@hookspec
def segtui_analyses() -> Iterable[Analysis[Any]]:
    """Analyses that this plugin brings."""
    return ()


@hookspec
def segtui_exporters() -> Iterable[Exporter[Any]]:
    """Exporters that this plugin brings."""
    return ()
