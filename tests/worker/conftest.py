"""Workers for the tests: spawning one takes a second, so tests share them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segtui.worker import RunFolder, Worker, Workers

FAULTS = Path(__file__).parents[1] / "fault_plugins"


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    with RunFolder.create() as folder:
        yield folder.path


@pytest.fixture(scope="session")
def workers(run_folder: Path) -> Iterator[Workers]:
    """A job worker with a warm spare, which the tests kill over and over."""
    with Workers(run_folder, plugin_folders=[FAULTS / "fitting"], look=False, memory_limit=3 * 10**9) as workers:
        yield workers


@pytest.fixture(scope="session")
def worker(workers: Workers) -> Worker:
    return workers.job


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a program of the tests with a home and temporary folders of its own, all in `tmp_path`."""

    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        for name in ("home", "temporary", "cache", "here"):
            (tmp_path / name).mkdir(exist_ok=True)
        source = tmp_path / "here" / "program.py"
        source.write_text(code)
        own = {
            "HOME": str(tmp_path / "home"),
            "TMPDIR": str(tmp_path / "temporary"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PYTHONPATH": os.pathsep.join([*sys.path[1:], str(Path(__file__).parent)]),
            "PATH": os.environ["PATH"],
        }
        program = subprocess.Popen(
            [sys.executable, "-B", str(source), *arguments],
            cwd=tmp_path / "here",
            env={**own, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()
