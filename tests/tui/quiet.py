"""When an app under test has come to rest, told by its messages.

Textual asks whether the process uses the processor, which a process that waits for its turn on a busy machine doesn't.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from textual.message_pump import MessagePump

ROUND = 0.02
LONGEST = 1.0


def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pauses and keys of a Pilot wait until no message is handled for some rounds."""
    handled = 0
    dispatch = MessagePump._dispatch_message

    async def counted(self: MessagePump, message: Any) -> None:
        nonlocal handled
        handled += 1
        await dispatch(self, message)

    def resting(rounds: int) -> Callable[..., Coroutine[Any, Any, None]]:
        async def rest(*_times: float) -> None:
            end, quiet = time.monotonic() + LONGEST, 0
            while quiet < rounds and time.monotonic() < end:
                before = handled
                await asyncio.sleep(ROUND)
                quiet = quiet + 1 if handled == before else 0

        return rest

    monkeypatch.setattr(MessagePump, "_dispatch_message", counted)
    monkeypatch.setattr("textual.app.wait_for_idle", resting(1))
    monkeypatch.setattr("textual.pilot.wait_for_idle", resting(3))
