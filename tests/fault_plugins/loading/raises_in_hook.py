"""Loads well, and fails when asked what it brings."""

from segtui.api import hookimpl


@hookimpl
def segtui_methods() -> list[object]:
    raise ZeroDivisionError("\x1b[31mred")
