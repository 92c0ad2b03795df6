"""Which versions of the border a plugin works with, stated as ">=1,<2"."""

from __future__ import annotations

import operator
import re

from segtui.api.hooks import API_VERSION

COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
PART = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d{1,6})\s*")


def refusal(stated: str | None) -> str:
    """Empty where this border is among the versions stated (or none are), else why the plugin is refused."""
    if stated is None:
        return ""
    parts = [PART.fullmatch(part) for part in stated[:200].split(",")]
    if not all(parts):
        return f"It states a range of border versions that can't be read ({stated[:80]!r}); such as '>=1,<2' is right."
    if all(COMPARISONS[part[1]](API_VERSION, int(part[2])) for part in parts if part):
        return ""
    return f"It needs segtui's border in version {stated[:80]}, and this segtui has version {API_VERSION}."
