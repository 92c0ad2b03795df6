"""The real command on a terminal of its own: what it wrote there byte by byte, and how it left it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from command import Command

SECONDS = 60.0
LOOK = 0.05
TAKEN_BACK = (b"?1049", b"?1000", b"?1003", b"?2004")
SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b\]22;\w+\x07"  # the shape of the pointer
)
FAULTY = Path(__file__).with_name("faulty_program.py")


class Shown:
    """A running command, its terminal, and all that it wrote so far."""

    def __init__(
        self, command: Command, words: Sequence[object], before: Sequence[object], size: tuple[int, int], **more: str
    ) -> None:
        self._ours, self._theirs = pty.openpty()
        self.resize(*size)
        self._attributes = termios.tcgetattr(self._theirs)
        self._written = bytearray()
        self._hangs_up = False
        environment = command.environment(TERM="xterm-256color", **more)
        environment.pop("COLUMNS")
        self.process = subprocess.Popen(
            [*map(os.fsencode, map(str, (*before, *words)))],
            cwd=command.folder,
            env=environment,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while not self._hangs_up:
                if select.select([self._ours], [], [], LOOK)[0]:
                    self._written += os.read(self._ours, 65_536)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def raw(self) -> bytes:
        """All bytes so far."""
        return bytes(self._written)

    @property
    def text(self) -> str:
        """What was written so far without the sequences that place and colour it; what is not UTF-8 fails."""
        return SEQUENCE.sub(b"\x00", self.raw).replace(b"\x00", b"").decode()

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def until(self, *words: str, since: int = 0) -> None:
        """Wait until all of the words were written, from byte `since` on."""
        end, seen, text = time.monotonic() + SECONDS, -1, ""
        while time.monotonic() < end:
            if len(self._written) != seen:
                seen = len(self._written)
                text = SEQUENCE.sub(b"", self.raw[since:]).decode(errors="replace")
            if all(word in text for word in words):
                return
            assert self.process.poll() is None, f"it ended ({self.process.returncode}) before {words}: {text[-1500:]}"
            time.sleep(0.05)
        raise AssertionError(f"{words} never came: {text[-3000:]}")

    def family(self) -> list[psutil.Process]:
        """The command, the app, and all that they started."""
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def app(self) -> int:
        """The process that draws."""
        return int(psutil.Process(self.process.pid).children()[0].pid)

    def end(self, seconds: float = SECONDS) -> int:
        """Wait for its end; the exit code."""
        code = self.process.wait(seconds)
        self.rest()
        return code

    def rest(self, seconds: float = 0.15) -> None:
        """Wait until nothing more is written."""
        before = -1
        while len(self._written) != before:
            before = len(self._written)
            time.sleep(seconds)

    def not_given_back(self) -> list[str]:
        """What the terminal still is set to after the end."""
        left = [mode.decode() for mode in TAKEN_BACK if self._last(mode) != b"l"]
        left += ["?25"] if self._last(b"?25") != b"h" else []
        return left + (["attributes"] if termios.tcgetattr(self._theirs) != self._attributes else [])

    def _last(self, mode: bytes) -> bytes:
        found: list[bytes] = re.findall(re.escape(b"\x1b[" + mode) + rb"([hl])", self.raw)
        return found[-1] if found else b""

    def said_after(self) -> str:
        """What stands on the terminal once the app has gone."""
        after = self.raw[self.raw.rfind(b"\x1b[?1049l") :]
        return SEQUENCE.sub(b"", after).decode().strip()

    def hang_up(self) -> None:
        """Take the terminal away; while it is read from, closing it would do nothing."""
        self._hangs_up = True
        self._reader.join()
        for descriptor in (self._ours, self._theirs):
            os.close(descriptor)
        self._ours = self._theirs = -1

    def close(self) -> None:
        """End it all."""
        if self.process.poll() is None:
            for each in self.family():
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
            self.process.wait()
        if self._ours >= 0:
            self.hang_up()


def program(*words: object) -> list[Any]:
    """The command with a way to every fault, `words` first."""
    return [sys.executable, "-P", FAULTY, *words]
