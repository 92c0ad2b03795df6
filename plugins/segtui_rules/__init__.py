"""Methods that divide customers by rules known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Method, hookimpl
from segtui_rules.bands import Bands
from segtui_rules.rules import Rules


@hookimpl
def segtui_methods() -> Iterable[Method[Any, Any]]:
    """Bands and crosses of columns, and rules."""
    return (Bands(), Rules())
