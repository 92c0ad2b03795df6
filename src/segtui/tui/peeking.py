"""The process that looks at the first rows while the app starts, and the way back from it.

Imports as little as it can: the process is there before the app.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from pathlib import Path

from segtui.tui.peeked import FirstRows, PeekedColumn
from segtui.worker.limits import LEAST_MEMORY, die_with_parent, limit_memory, prefer_for_killing
from segtui.worker.signals import ENDING

STANDARD = (0, 1, 2)


class Peeking:
    """A process that looks at the first rows of a file, and may die of them. Start it before the program has threads;
    it is a copy of it."""

    def __init__(self, process: int, answer: int) -> None:
        self._process, self._answer = process, answer

    @classmethod
    def start(cls, path: Path) -> Peeking:
        """Begin to look at a file."""
        program = os.getpid()
        ours, theirs = os.pipe()
        process = os.fork()
        if not process:
            os.close(ours)
            _look(path, theirs, program)
        os.close(theirs)
        return cls(process, ours)

    async def first_rows(self) -> FirstRows | None:
        """What it found, once it has; None where there is nothing to show."""
        told = asyncio.StreamReader()
        pipe = os.fdopen(self._answer, "rb", 0)
        self._answer = -1
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(told), pipe
        )
        try:
            columns, rows = json.loads(await told.read())
        except ValueError:
            return None
        finally:
            transport.close()
            self.close()
        return FirstRows(tuple(PeekedColumn(*column) for column in columns), rows)

    def close(self) -> None:
        """End it, where it has not ended."""
        if self._answer >= 0:
            os.close(self._answer)
            self._answer = -1
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0


def _look(path: Path, answer: int, program: int) -> None:
    """In the process of its own."""
    with contextlib.suppress(BaseException):
        os.setsid()
        die_with_parent(program)
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        prefer_for_killing()
        limit_memory(LEAST_MEMORY)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in STANDARD:
            os.dup2(nothing, standard)
        from segtui.tui.peek import peek

        found = peek(path)
        if found is not None:
            with os.fdopen(answer, "w", encoding="ascii") as back:
                json.dump(found, back)
    os._exit(0)
