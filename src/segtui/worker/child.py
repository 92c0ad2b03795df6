"""Inside a worker process: take jobs from the pipe, run them, answer, and put everything back as it was."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import queue
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from segtui.worker.folder import places, private
from segtui.worker.pipe import Header, pack, unpack

Message = tuple[Header, list[bytes]]


def work(settings: dict[str, Any]) -> None:
    """Serve until the program lets go of the pipe."""
    folder, name = Path(settings["folder"]), settings["name"]
    if not folder.is_dir():
        os._exit(0)  # the program has ended already, and its folder went with it
    private(folder / "logs")
    desk, temporary = (private(place) for place in places(folder, name))
    open_log(folder / "logs" / f"{name}.log")
    requests = Connection(settings["requests"], writable=False)
    results = Connection(settings["results"], readable=False)
    waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
    outlet = Outlet(results)
    threading.Thread(target=_receive, args=(requests, waiting, outlet), name="segtui-requests", daemon=True).start()
    from segtui.worker.perform import Performer

    performer = Performer(desk, temporary, folder, outlet)
    outlet.send({"say": "ready", "pid": os.getpid()})
    while True:
        header, parts = waiting.get()
        if header["do"] == "warm":
            _warm(header["modules"])
            performer.remember()
        else:
            performer.perform(header, parts)


def open_log(path: Path) -> None:
    """Everything that this process and its children print goes to `path` from now on."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for descriptor in (log, nothing):
        if descriptor > 2:
            os.close(descriptor)
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = os.fdopen(number, mode, 1, encoding="utf-8", errors="backslashreplace", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    faulthandler.enable(file=2, all_threads=False)


class Outlet:
    """The way back to the program. Progress is thinned out: at most one message in `EVERY`, always the newest."""

    EVERY = 0.05

    def __init__(self, results: Connection) -> None:
        self.cancelled: set[int] = set()
        self._results, self._sending = results, threading.Lock()
        self._newest: Header | None = None
        self._news = threading.Event()
        threading.Thread(target=self._report, name="segtui-progress", daemon=True).start()

    def send(self, header: Header, parts: tuple[bytes, ...] = ()) -> None:
        """Send a message; progress that still waits is dropped, for it would come too late."""
        with self._sending:
            self._newest = None
            self._results.send_bytes(pack(header, parts))

    def progress(self, header: Header) -> None:
        """Send this soon, unless a newer one comes first."""
        self._newest = header
        self._news.set()

    def _report(self) -> None:
        pause = threading.Event()
        while True:
            self._news.wait()
            self._news.clear()
            with self._sending:
                newest, self._newest = self._newest, None
                if newest:
                    self._results.send_bytes(pack(newest))
            pause.wait(self.EVERY)


def _receive(requests: Connection, waiting: queue.SimpleQueue[Message], outlet: Outlet) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            header, parts = unpack(requests.recv_bytes())
            if header["do"] == "cancel":
                outlet.cancelled.add(header["number"])
            else:
                waiting.put((header, parts))
    os._exit(0)


def _warm(modules: list[str]) -> None:
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:
            print(f"{module} could not be imported early: {type(error).__name__}", file=sys.stderr)
