"""In a worker: any exception as one SegtuiError that says whose fault it is and quotes no value of client data."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

from segtui.api.analysis import Analysis
from segtui.api.errors import LimitError, PluginError, SegtuiError
from segtui.api.files import Exporter, Reader
from segtui.api.method import Method, Model
from segtui.api.text import safe
from segtui.worker.errors import MORE, InternalError, too_much_memory

Contribution = Method | Analysis | Reader | Exporter | Model  # type: ignore[type-arg]
KINDS = {Method: "method", Analysis: "analysis", Reader: "reader", Exporter: "exporter"}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def said(error: BaseException, memory_limit: int) -> SegtuiError:
    """What to tell a person of `error`: its type and place at most, for its message may quote values."""
    if isinstance(error, SegtuiError):
        return error
    blamed = _blamed(error.__traceback__)
    if isinstance(error, MemoryError):
        return too_much_memory(memory_limit, blamed[0] if blamed else "this")
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return LimitError("There is no room left on the disk.", next_step="Make room, or set TMPDIR to a larger disk.")
    name = safe(type(error).__name__, 80)
    if blamed:
        who, place = blamed
        return PluginError(f"{who[:1].upper()}{who[1:]} failed: {name} ({place}).", next_step=MORE)
    place = _place(_innermost(error.__traceback__))
    return InternalError(f"Something went wrong inside: {name} ({place}).", next_step=MORE)


def leaves_process_sound(error: BaseException) -> bool:
    """Whether the process can be trusted with another job: not after a panic, an exit or a lack of memory."""
    return isinstance(error, Exception) and not isinstance(error, MemoryError)


def _blamed(traceback: TracebackType | None) -> tuple[str, str] | None:
    """Whose code the error came from, and where in it, if a plugin was at work."""
    owner: Contribution | None = None
    place: tuple[FrameType, int] | None = None
    for frame, line in _frames(traceback):
        mine = frame.f_locals.get("self")
        if owner is None and isinstance(mine, (Method, Analysis, Reader, Exporter, Model)):
            owner = mine
        if owner is not None and (place is None or _package(frame.f_globals) == _package_of(owner)):
            place = (frame, line)
    return None if owner is None else (_named(owner), _place(place))


def _named(owner: Contribution) -> str:
    plugin = safe(_package_of(owner), 80)
    kind = next((word for known, word in KINDS.items() if isinstance(owner, known)), None)
    if kind is None:
        return f"the model {safe(type(owner).__name__, 80)} of the plugin {plugin}"
    return f"the {kind} {safe(getattr(owner, 'id', type(owner).__name__), 80)} of the plugin {plugin}"


def _package_of(owner: Contribution) -> str:
    return type(owner).__module__.partition(".")[0]


def _package(names: dict[str, object]) -> str:
    return str(names.get("__name__", "")).partition(".")[0]


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _innermost(traceback: TracebackType | None) -> tuple[FrameType, int] | None:
    every = list(_frames(traceback))
    return every[-1] if every else None


def _place(found: tuple[FrameType, int] | None) -> str:
    if found is None:
        return "place unknown"
    frame, line = found
    return f"{safe(Path(frame.f_code.co_filename).name, 80)}, line {line}"
