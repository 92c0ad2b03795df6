"""The program's side of one worker process: start it, talk to it, end it."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from segtui.worker.folder import places
from segtui.worker.pipe import LETTING_GO, Header, pack, unpack

BOOT = (
    "import json, os, sys\n"
    "with os.fdopen(int(sys.argv[1]), 'rb') as source: settings = json.load(source)\n"
    "sys.path[:] = settings['path']\n"
    "from segtui.worker.supervisor import main\n"
    "main(settings)\n"
)
KEPT = {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TZDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
KEPT |= {"VIRTUAL_ENV", "CONDA_PREFIX", "JAVA_HOME", "PYSPARK_PYTHON"}
KEPT_PREFIXES = ("LC_", "XDG_", "SEGTUI_", "POLARS_", "OMP_", "MKL_", "OPENBLAS_", "NUMBA_", "CUDA_", "SPARK_")
THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
FORCE_SECONDS = 0.5

_numbers = itertools.count(1)


class Process:
    """One worker process and its supervisor. `spawn` returns at once, while the process still imports."""

    def __init__(self, popen: subprocess.Popen[bytes], to: Connection, back: Connection, lifeline: int) -> None:
        self.warm: tuple[str, ...] = ()
        self._popen, self._requests, self._results, self._lifeline = popen, to, back, lifeline
        self._sending, self._ending = threading.Lock(), threading.Lock()
        self._attached, self._ended = False, threading.Event()

    @classmethod
    def spawn(cls, folder: Path, *, name: str = "job", threads: int | None = None) -> Process:
        """Start a process that keeps its logs and temporary files in `folder`."""
        name = f"{name}-{next(_numbers)}"
        (requests, to_worker), (from_worker, results) = os.pipe(), os.pipe()
        (lifeline, held), (source, settings) = os.pipe(), os.pipe()
        flags = ["-P", "-E", *(["-s"] if sys.flags.no_user_site else []), *(["-B"] if sys.dont_write_bytecode else [])]
        theirs = (requests, results, lifeline, source)
        try:
            popen = subprocess.Popen(
                [sys.executable, *flags, "-c", BOOT, str(source)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=theirs,
                start_new_session=True,
                cwd=folder,
                env=environment(places(folder, name)[1], threads),
            )
        except BaseException:
            for descriptor in (to_worker, from_worker, held, settings):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        told: dict[str, Any] = {"path": import_path(), "folder": str(folder), "name": name}
        told |= {"requests": requests, "results": results, "lifeline": lifeline, "parent": os.getpid()}
        with contextlib.suppress(BrokenPipeError), os.fdopen(settings, "wb") as target:
            target.write(json.dumps(told).encode())
        to, back = Connection(to_worker, readable=False), Connection(from_worker, writable=False)
        return cls(popen, to, back, held)

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        return self._popen.pid

    def attach(self, on_message: Callable[[Header, list[bytes]], None], on_end: Callable[[int], None]) -> None:
        """Hand every message to `on_message`, and at last the exit code (128 + signal where it was killed) to `on_end`,
        both in a thread of their own."""
        self._attached = True
        threading.Thread(target=self._listen, args=(on_message, on_end), name="segtui-worker", daemon=True).start()

    def send(self, header: Header, parts: Sequence[bytes] = ()) -> None:
        """Send a message; a process that has died gets none, and its end is told by `on_end`."""
        with self._sending, contextlib.suppress(OSError):
            self._requests.send_bytes(pack(header, parts))

    def kill(self) -> None:
        """End the process and all that it started, at once, without waiting for it."""
        with self._ending:
            if self._lifeline < 0:
                return
            with contextlib.suppress(BrokenPipeError):
                os.write(self._lifeline, LETTING_GO)
            os.close(self._lifeline)
            self._lifeline = -1
        force = threading.Timer(FORCE_SECONDS, self._force)
        force.daemon = True
        try:
            force.start()
        except RuntimeError:  # the interpreter is on its way out, and starts no thread any more
            self._force()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is gone; False where `timeout` passed first."""
        try:
            self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return self._ended.wait(timeout) if self._attached else True

    def _listen(self, on_message: Callable[[Header, list[bytes]], None], on_end: Callable[[int], None]) -> None:
        with contextlib.suppress(Exception):
            while True:
                on_message(*unpack(self._results.recv_bytes()))
        self.kill()
        code = self._popen.wait()
        self._results.close()
        with self._sending:
            self._requests.close()
        self._ended.set()
        on_end(128 - code if code < 0 else code)

    def _force(self) -> None:
        """For a supervisor that was stopped or killed itself."""
        if self._popen.poll() is not None:
            return
        import psutil

        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self._popen.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()
        with contextlib.suppress(OSError):
            self._popen.send_signal(signal.SIGKILL)


def import_path() -> list[str]:
    """Where the worker imports from: as here, but never from the working directory, which may hold a client's files."""
    here = os.path.realpath(Path(__file__).parents[2])
    working = os.path.realpath(Path.cwd())
    absolute = [entry for entry in sys.path if Path(entry).is_absolute()]
    return [entry for entry in absolute if os.path.realpath(entry) != working or working == here]


def environment(temporary: Path, threads: int | None) -> dict[str, str]:
    """What the worker needs of the environment: no secrets, no terminal, temporary files in a private folder. The
    worker itself takes no notice of PYTHONPATH; it is for processes that a plugin starts."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
    kept |= dict.fromkeys(("TMPDIR", "POLARS_TEMP_DIR", "JOBLIB_TEMP_FOLDER"), str(temporary)) | {"TERM": "dumb"}
    standard = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    importable = [entry for entry in import_path() if Path(entry).is_dir() and entry not in standard]
    kept["PYTHONPATH"] = os.pathsep.join(importable)
    if threads is not None:
        kept |= dict.fromkeys(THREADS, str(threads))
    return kept
