"""Implements a hook that is not there."""

from segtui.api import hookimpl


@hookimpl
def segtui_colours() -> list[object]:
    return []
