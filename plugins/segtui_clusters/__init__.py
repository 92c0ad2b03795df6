"""Methods that find groups of customers who are alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Method, hookimpl
from segtui_clusters.kmeans import KMeans


@hookimpl
def segtui_methods() -> Iterable[Method[Any, Any]]:
    """k-means."""
    return (KMeans(),)
