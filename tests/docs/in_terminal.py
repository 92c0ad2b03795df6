"""Opening the app in a terminal of its own, as a reader of the README does, and leaving it again."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 60.0


def opened_and_left(command: Sequence[str], folder: Path, sign: bytes, environment: Mapping[str, str]) -> int:
    """The exit code of the app, once `sign` was on the screen and Q and d (give it up) were pressed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    app = subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=dict(environment)
    )
    os.close(theirs)
    try:
        seen = _read_until(ours, app, lambda text: sign in text)
        assert sign in seen, seen[-500:]
        os.write(ours, b"Q")
        _read_until(ours, app, lambda text: b"unsaved" in text.lower() or b"save" in text.lower(), 3.0)
        if app.poll() is None:
            os.write(ours, b"d")
        _read_until(ours, app, lambda _text: False)
        return app.wait(SECONDS)
    finally:
        app.kill()
        app.wait()
        os.close(ours)


def _read_until(terminal: int, app: subprocess.Popen[bytes], enough: object, seconds: float = SECONDS) -> bytes:
    found, end = b"", time.monotonic() + seconds
    assert callable(enough)
    while time.monotonic() < end and not enough(found):
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if not ready:
            if app.poll() is not None:
                break
            continue
        try:
            found += os.read(terminal, 65_536)
        except OSError:
            break
    return found
