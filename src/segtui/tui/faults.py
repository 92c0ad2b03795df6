"""Faults that Textual does not see: in tasks, in threads, and in the loop itself. Each ends the app, and is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Tell = Callable[[Any], None]
ENDING = (KeyboardInterrupt, SystemExit)
"""What the loop itself ends on."""


def watch_for_faults(loop: asyncio.AbstractEventLoop, tell: Tell) -> None:
    """Call `tell`, in the loop, with what goes wrong in it or in a thread. Textual catches every Exception of a widget,
    but not the panics of polars, which are none: the widget would be dead, and the screen wait for it for ever."""

    def task_of(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Future[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **more)
        task.add_done_callback(done)
        return task

    def done(task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, (Exception, *ENDING)):
            tell(error)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            tell(error)

    def in_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
            loop.call_soon_threadsafe(tell, found.exc_value)

    loop.set_task_factory(task_of)
    loop.set_exception_handler(in_loop)
    threading.excepthook = in_thread


def fault_words(fault: BaseException | None) -> str:
    """A fault of the program in one line: what and where, without the values that its variables hold."""
    place, trace = "an unknown place", fault.__traceback__ if fault else None
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"segtui: a fault of segtui itself ({type(fault).__name__} at {place}). Please report it; it holds no data."
