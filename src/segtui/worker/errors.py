"""Errors of workers, and how an error crosses from a worker to the program: its class by name, its fields as data."""

from __future__ import annotations

import sys
from typing import Any

from segtui.api.errors import Exit, LimitError, PluginError, SegtuiError
from segtui.api.text import size

HEAD = ("what", "where", "next_step")
MORE = "Run with --debug to see more."


class WorkerDied(PluginError):
    """The process that did the work ended without an answer."""

    title = "The worker died"


class InternalError(SegtuiError):
    """A fault of segtui itself."""

    title = "This is a fault of segtui"
    exit_code = Exit.INTERNAL


def pack_error(error: SegtuiError) -> dict[str, Any]:
    """An error as plain data."""
    names = [f"{known.__module__}:{known.__qualname__}" for known in type(error).__mro__]
    simple = {name: value for name, value in vars(error).items() if isinstance(value, (str, int, float, bool))}
    return {"classes": names, "fields": simple}


def revive_error(data: dict[str, Any]) -> SegtuiError:
    """The error again, as the nearest of its classes that this process knows; nothing is imported for it."""
    fields = data["fields"]
    known = next((found for found in map(_known, data["classes"]) if found), SegtuiError)
    error = known.__new__(known)
    vars(error).update({**dict.fromkeys(HEAD, ""), **fields})
    error.args = tuple(str(fields.get(name, "")) for name in HEAD)
    return error


def _known(name: str) -> type[SegtuiError] | None:
    module, _, qualified = name.partition(":")
    found = getattr(sys.modules.get(module), qualified, None) if module.startswith("segtui.") else None
    return found if isinstance(found, type) and issubclass(found, SegtuiError) else None


def too_much_memory(limit: int, doing: str) -> LimitError:
    """More memory would be needed than the worker may take."""
    return LimitError(
        f"{doing[:1].upper()}{doing[1:]} needs more than {size(limit)} of memory, which is the limit.",
        next_step="Use fewer rows or columns, or allow more (SEGTUI_MEMORY_GB).",
    )
