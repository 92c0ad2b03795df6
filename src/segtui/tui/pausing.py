"""Stopped and continued by a shell: the terminal is given back meanwhile, and drawn anew afterwards.

Textual does it within the signal's handler, which may interrupt drawing, draws only a part afterwards, and takes the
terminal twice where the shell and the command both continue the app.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import Any

from textual.app import App

from segtui.tui.terminal import STDIN

SAME_STOP_SECONDS = 0.5
"""A shell stops the app and the command, which hands that on: what is heard so soon after is the same stop."""


class Pausing:
    """Stops the app when the system asks it to, and goes on when it is continued."""

    def __init__(self, app: App[Any]) -> None:
        self._app, self._continued = app, 0.0

    def listen(self) -> None:
        """Take the place of Textual's own handlers."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, self._pause)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)

    def _pause(self) -> None:
        if time.monotonic() - self._continued < SAME_STOP_SECONDS:
            return
        with self._app.suspend():
            _stop()
            while _in_background():
                _stop()
        self._continued = time.monotonic()


def _stop() -> None:
    """Until continued. Sent to this thread, which can't go on before it is stopped, as it could with another's."""
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def _in_background() -> bool:
    """Whether the app was continued while another program has the terminal."""
    try:
        return os.tcgetpgrp(STDIN) != os.getpgrp()
    except OSError:
        return False
