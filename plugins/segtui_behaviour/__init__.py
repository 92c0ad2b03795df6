"""Methods that segment customers by what they did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Method, hookimpl
from segtui_behaviour.rfm import Rfm


@hookimpl
def segtui_methods() -> Iterable[Method[Any, Any]]:
    """RFM."""
    return (Rfm(),)
