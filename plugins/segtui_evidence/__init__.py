"""Analyses that say what segments are like, how well apart they lie, how segmentations differ, and how they
were made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from segtui.api import Analysis, hookimpl
from segtui_evidence.comparison import Comparison
from segtui_evidence.explained import Explained
from segtui_evidence.profile import Profiled
from segtui_evidence.quality import Quality


@hookimpl
def segtui_analyses() -> Iterable[Analysis[Any]]:
    """Profile, quality, comparison, how it was made."""
    return (Profiled(), Quality(), Comparison(), Explained())
