"""Running `segtui` as a shell would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

SCRIPT = Path(sys.executable).with_name("segtui")
SEGTUI = (str(SCRIPT),) if SCRIPT.exists() else (sys.executable, "-P", "-m", "segtui")
FAULTS = Path(__file__).parents[1] / "fault_plugins"


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        """Its stdout, which is JSON and nothing else."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """The sample shop's folder, and the command that segmented it."""

    folder: Path
    ended: Ended


class Command:
    """Runs the command in a folder; what is still running at the end of a test is ended."""

    def __init__(self, machine: Path, folder: Path) -> None:
        self.machine, self.folder = machine, folder
        self._started: list[subprocess.Popen[str]] = []

    @property
    def temporary(self) -> Path:
        """Where run folders are made."""
        return self.machine / "temporary"

    def environment(self, **more: str) -> dict[str, str]:
        """What the command needs, and nothing of the terminal."""
        own = {
            "HOME": str(self.machine / "home"),
            "XDG_CACHE_HOME": str(self.machine / "cache"),
            "TMPDIR": str(self.temporary),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
        }
        return {**own, **more}

    def start(
        self, *words: object, before: tuple[str, ...] = (), umask: int = -1, **more: str
    ) -> subprocess.Popen[str]:
        """Start the command. `before` stands before it; `more` is added to its environment."""
        program = subprocess.Popen(
            [*before, *SEGTUI, *map(str, words)],
            cwd=self.folder,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            umask=umask,
        )
        self._started.append(program)
        return program

    def __call__(self, *words: object, before: tuple[str, ...] = (), umask: int = -1, **more: str) -> Ended:
        """Run the command to its end."""
        began = time.monotonic()
        program = self.start(*words, before=before, umask=umask, **more)
        out, err = program.communicate(timeout=60)
        assert "Traceback" not in err, err
        return Ended(program.returncode, out, err, time.monotonic() - began)

    def left(self) -> list[Path]:
        """Run folders that are still there."""
        return sorted(self.temporary.glob("segtui-*"))

    def end(self) -> None:
        """Kill what still runs."""
        for program in self._started:
            if program.poll() is None:
                for child in psutil.Process(program.pid).children(recursive=True):
                    child.kill()
                program.kill()
            program.communicate()


def family(pid: int) -> list[psutil.Process]:
    """A process with all that it started."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    """Whether all of them end in time; a zombie has ended."""
    _, running = psutil.wait_procs(processes, timeout=0.01)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        running = [each for each in running if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        if not running:
            return True
        time.sleep(0.02)
    return False
