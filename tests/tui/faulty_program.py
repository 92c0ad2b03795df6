"""The command with a key for faults: `faulty_program.py FAULT,FAULT FILE...`; each `!` makes the next happen."""

# ruff: noqa: F841 - a local that a traceback would show

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
from textual.binding import Binding, BindingType
from textual.widgets import Static

from segtui.api.errors import DataError
from segtui.tui import app as module
from segtui.tui.frame import Rail

CANARY = "CANARY7Q"


def raising(*_: object) -> Any:
    client = f"{CANARY} in a local"
    raise ValueError(f"{CANARY} in words")


def panicking(*_: object) -> Any:
    client = f"{CANARY} in a local"
    pl.repeat(client, 2**62, eager=True)


def interrupting(*_: object) -> Any:
    client = f"{CANARY} in a local"
    raise KeyboardInterrupt(CANARY)


def leaving(*_: object) -> Any:
    client = f"{CANARY} in a local"
    raise SystemExit(CANARY)


class Drawn(Static):
    """Draws itself wrongly."""

    def render(self) -> Any:
        return raising()


class FaultyApp(module.SegtuiApp):
    """Has a key for a fault."""

    CSS_PATH = Path(module.__file__).with_name("segtui.tcss")
    faults: ClassVar[list[str]]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("exclamation_mark", "fault", "Fault")]

    async def action_fault(self) -> None:
        """Do what goes wrong."""
        client = f"{CANARY} in a local"
        await getattr(self, f"_{self.faults.pop(0)}")()

    async def _handler(self) -> None:
        raising()

    async def _group(self) -> None:
        raise ExceptionGroup(CANARY, [ValueError(CANARY)])

    async def _handler_panics(self) -> None:
        panicking()

    async def _handler_leaves(self) -> None:
        leaving()

    async def _handler_is_interrupted(self) -> None:
        interrupting()

    async def _widget(self) -> None:
        self.frame.query_one(Rail).call_later(raising)

    async def _widget_panics(self) -> None:
        self.frame.query_one(Rail).call_later(panicking)

    async def _drawing(self) -> None:
        await self.screen.mount(Drawn())

    async def _timer_panics(self) -> None:
        self.set_timer(0.01, panicking)

    async def _task(self) -> None:
        async def task() -> None:
            panicking()

        self.kept = asyncio.create_task(task())

    async def _loop(self) -> None:
        asyncio.get_running_loop().call_soon(raising)

    async def _thread(self) -> None:
        threading.Thread(target=raising).start()

    async def _thread_panics(self) -> None:
        threading.Thread(target=panicking).start()

    async def _textual_worker_panics(self) -> None:
        self.run_worker(panicking, thread=True)

    async def _twice(self) -> None:
        asyncio.get_running_loop().call_soon(raising)
        self.set_timer(0.001, raising)
        panicking()

    async def _abort(self) -> None:
        os.abort()

    async def _segfault(self) -> None:
        ctypes.string_at(0)

    async def _vanish(self) -> None:
        os._exit(9)

    async def _hang(self) -> None:
        time.sleep(1000)

    async def _write(self) -> None:
        os.write(1, f"{CANARY} to 1".encode())
        os.write(2, f"{CANARY} to 2".encode())
        print(CANARY)
        print(CANARY, file=sys.stderr)
        self.notify("it went on", markup=False)

    async def _work_panics(self) -> None:
        self.work.look("faults", panicking, print, lambda error: self.tell(f"It did not work: {error.title}."))

    async def _work_raises(self) -> None:
        self.work.long("Faults", raising, print, lambda error: self.tell(f"It did not work: {error.title}."))

    async def _work_refuses(self) -> None:
        def refusing(_progress: object) -> None:
            raise DataError("There are no rows.")

        self.work.long("Faults", refusing, print, lambda error: self.tell(f"It did not work: {error.title}."))


if __name__ == "__main__":
    FaultyApp.faults = sys.argv.pop(1).split(",")
    module.SegtuiApp = FaultyApp  # type: ignore[misc]
    from segtui.cli.main import main

    main()
