"""A fault of segtui itself: one message with its type and place, and exit code 70. No text of the error, no locals."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Faults:
    """Faults in any thread, told once: the first is the cause, and what comes after it is not."""

    def __init__(self, debug: bool) -> None:
        self.debug = debug
        self.told = False

    @property
    def code(self) -> int:
        """The exit code so far."""
        from segtui.api.errors import Exit

        return int(Exit.INTERNAL) if self.told else int(Exit.DONE)

    def tell(self, error: BaseException) -> int:
        """Say what happened and where, with --debug also how it came there. The exit code."""
        from segtui.cli import output

        if not self.told:
            self.told = True
            places = _places(error)
            place = places[-1] if places else "an unknown place"
            kind = type(error).__name__
            with suppress(OSError, ValueError):  # stderr is closed: there is nobody to tell
                output.say(f"segtui: a fault of segtui itself ({kind} at {place}). Please report it; it holds no data.")
                for each in places if self.debug else ():
                    output.say(f"  {each}")
        return self.code

    @contextmanager
    def caught_everywhere(self) -> Iterator[None]:
        """Python would print what goes wrong in a thread, with its message, and go on: whoever waits for the thread
        would wait for ever. So the program ends instead."""

        def in_thread(found: threading.ExceptHookArgs) -> None:
            if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
                self.tell(found.exc_value)
                signal.raise_signal(signal.SIGTERM)

        threading.excepthook, sys.unraisablehook = in_thread, _say_nothing
        try:
            yield
        finally:
            threading.excepthook = _say_nothing


def _say_nothing(*_: object) -> None:
    """For what goes wrong where nobody can be told, or too late to matter."""


def _places(error: BaseException) -> list[str]:
    """Files and lines that led to the fault, outermost first."""
    import traceback
    from pathlib import Path

    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
