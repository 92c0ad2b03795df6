"""How a program ends, also when the system asks it to: everything is put away on the way out."""

from __future__ import annotations

import atexit
import signal
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Terminated(SystemExit):
    """The system or the user ended the command by a signal; leaves the program with 128 + its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Raise `Terminated` in the main thread on the first ending signal; further ones can't disturb the clean-up."""

    def end(number: int, _frame: FrameType | None) -> None:
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        raise Terminated(number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is end:
                signal.signal(number, handler)


class Stoppable(Protocol):
    """Something that must not outlive the program."""

    def stop(self) -> None: ...


def stopping_at_exit(thing: Stoppable) -> Callable[[], None]:
    """Stop it when the program ends, if it is still there then; returns what was registered with atexit."""
    itself = weakref.ref(thing)

    def stop() -> None:
        found = itself()
        if found is not None:
            found.stop()

    return atexit.register(stop)
