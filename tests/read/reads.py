"""What the tests of reading share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from segtui.read import ReadResult

TODAY = date(2026, 1, 1)
Read = Callable[..., ReadResult]
