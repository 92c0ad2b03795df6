"""Running the command on a terminal of its own, and what it wrote there, byte by byte."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from dataclasses import dataclass
from typing import Any

from command import SEGTUI, Command
from hostile import harmful

OWN = ("\r\x1b[K", "\r\n")
"""What the command itself writes: the end of a line, and taking the line of progress away."""


@dataclass(frozen=True)
class Shown:
    """What a command wrote to its terminal."""

    code: int
    raw: bytes

    @property
    def text(self) -> str:
        """Without the command's own sequences."""
        text = self.raw.decode()
        for own in OWN:
            text = text.replace(own, "\n")
        return f"\n{text}"

    @property
    def json(self) -> Any:
        """What stands on the terminal from the first brace on, where the command was asked for JSON."""
        start = min(place for place in (self.text.find("\n["), self.text.find("\n{")) if place >= 0)
        return json.loads(self.text[start:])

    def harm(self) -> set[str]:
        """Characters that could do something to the terminal."""
        return harmful(self.text) - {"\n"}


def on_a_terminal(command: Command, *words: object, columns: int = 100) -> Shown:
    """Run it with a terminal for its input and both of its outputs."""
    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        program = subprocess.Popen(
            [*SEGTUI, *map(os.fsencode, map(str, words))],
            cwd=command.folder,
            env={**command.environment(), "COLUMNS": str(columns), "TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
    finally:
        os.close(theirs)
    written = bytearray()
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65_536):
            written += part
    os.close(ours)
    return Shown(program.wait(60), bytes(written))
