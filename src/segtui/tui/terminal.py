"""The terminal: taken by the app alone, and given back as it was, however the app ends.

Imports as little as it can: the app starts after it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
from collections.abc import Iterator
from types import FrameType
from typing import Any

from segtui.worker.signals import ENDING

RESET = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l"  # what is drawn at once, pasting, wrapping, sizes told
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"  # the mouse, and the focus
    b"\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"  # keys, colours, the other screen, the cursor
)
GIVE_UP_SECONDS = 10
BY_SIGNAL = 128
STDIN, STDOUT, STDERR = 0, 1, 2


class Keeper:
    """Waits for the app, which is a child on the same terminal, and puts right what it could not."""

    def __init__(self) -> None:
        self._before = _attributes()
        self._child = 0

    def wait(self, child: int) -> int:
        """Its exit code, or 128 and the signal that killed it. Signals go on to it; one that hangs is killed."""
        self._child = child
        handed_on = (*ENDING, signal.SIGTSTP)
        earlier = {number: signal.signal(number, self._hand_on) for number in handed_on}
        earlier[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._give_up)
        try:
            code = self._end()
        finally:
            signal.alarm(0)
            for number, handler in earlier.items():
                signal.signal(number, handler)
        if code < 0 or _attributes() != self._before:
            self._restore()
        if code >= 0:
            return code
        name = signal.Signals(-code).name
        said = f"segtui: the app was ended by {name}. What was not saved is offered at the next start.\n"
        with contextlib.suppress(OSError):
            os.write(STDERR, said.encode())
        return BY_SIGNAL - code

    def _end(self) -> int:
        """Stop with the app where it is stopped, until it has ended."""
        while True:
            _, status = os.waitpid(self._child, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                return os.waitstatus_to_exitcode(status)
            os.kill(os.getpid(), signal.SIGSTOP)
            os.kill(self._child, signal.SIGCONT)

    def _hand_on(self, number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, number)
        if number in ENDING:
            signal.alarm(GIVE_UP_SECONDS)

    def _give_up(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)

    def _restore(self) -> None:
        with contextlib.suppress(OSError):
            os.write(STDOUT, RESET)
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(STDIN, termios.TCSAFLUSH, self._before)


def _attributes() -> list[Any] | None:
    """How the terminal is set; None where it is gone."""
    try:
        return termios.tcgetattr(STDIN)
    except termios.error:
        return None


@contextlib.contextmanager
def drawn_by_python_alone() -> Iterator[None]:
    """What native libraries write to stdout and stderr would tear the screen, and may quote values: it goes nowhere."""
    streams = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    screen = open(os.dup(STDOUT), "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115, PTH123
    kept = [os.dup(STDOUT), os.dup(STDERR)]
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, STDOUT)
    os.dup2(nothing, STDERR)
    sys.stdout = sys.stderr = screen
    sys.__stdout__ = sys.__stderr__ = screen  # type: ignore[misc]
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            screen.close()
        for number, descriptor in zip((STDOUT, STDERR), kept, strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(nothing)
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
