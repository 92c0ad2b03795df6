"""The border: everything a plugin may import.

Its names come from `border` when one of them is asked for, so that what needs `segtui.api.text` alone is there at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segtui.api.border import *  # noqa: F403


def __getattr__(name: str) -> Any:
    border = import_module("segtui.api.border")
    if name not in border.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(border, name)
