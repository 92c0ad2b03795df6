"""Analyses that say what segments are like, how well apart they lie, and how segmentations differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Analysis, hookimpl
from segtui_evidence.comparison import Comparison
from segtui_evidence.profile import Profiled
from segtui_evidence.quality import Quality


@hookimpl
def segtui_analyses() -> Iterable[Analysis[Any]]:
    """Profile, quality, comparison."""
    return (Profiled(), Quality(), Comparison())
