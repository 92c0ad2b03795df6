"""One job in a worker: arguments in, function, result or error out."""

from __future__ import annotations

import importlib
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, get_type_hints

from segtui.api.codec import decode, encode
from segtui.api.errors import Cancelled
from segtui.worker.child import Outlet, open_log
from segtui.worker.errors import pack_error
from segtui.worker.faults import leaves_process_sound, said
from segtui.worker.limits import limit_memory
from segtui.worker.pipe import Header
from segtui.worker.restore import Surroundings
from segtui.worker.run import WorkerRun

MOST_FRAMES = 100


class Performer:
    """Runs one job after the other and puts the process back as it was after each."""

    def __init__(self, desk: Path, temporary: Path, folder: Path, outlet: Outlet) -> None:
        self._folder, self._outlet = folder, outlet
        self._surroundings = Surroundings(desk, temporary)

    def remember(self) -> None:
        """What is there now is what to go back to."""
        self._surroundings = Surroundings(self._surroundings.desk, self._surroundings.temporary)

    def perform(self, header: Header, parts: list[bytes]) -> None:
        """Run the job and answer, whatever happens in it."""
        number = header["number"]
        self._outlet.send({"say": "begun", "number": number})
        open_log(Path(header["log"]))
        limit_memory(header["memory_limit"])
        self._surroundings.seed(header["seed"])
        folders = tuple(Path(folder) for folder in header["plugin_folders"])
        run = WorkerRun(number, header["seed"], self._folder, folders, self._outlet)
        answer: dict[str, Any] = {"say": "done", "number": number}
        result, sound = b"", True
        try:
            result = _call(run, header, parts)
            if run.stopped:
                raise Cancelled()
        except BaseException as error:
            _write_traceback(error)
            error = Cancelled() if run.stopped else error
            answer |= {"say": "failed", "error": pack_error(said(error, header["memory_limit"]))}
            result, sound = b"", leaves_process_sound(error)
        sound = self._surroundings.restore() and sound
        self._outlet.send({**answer, "clean": sound}, (result,))


def _call(run: WorkerRun, header: Header, parts: list[bytes]) -> bytes:
    module, _, name = header["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    hints = get_type_hints(function)
    arguments = {
        argument: decode(part, hints.get(argument, object))
        for argument, part in zip(header["names"], parts, strict=True)
    }
    return encode(function(run, **arguments))


def _write_traceback(error: BaseException) -> None:
    try:
        traceback.print_exception(error, limit=MOST_FRAMES, file=sys.stderr)
    except BaseException:
        os.write(2, f"{type(error).__name__} in thread {threading.current_thread().name}\n".encode())
