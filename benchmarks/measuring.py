"""Runs commands in turn and measures each: seconds, processor time and memory of the command and all its children."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
_LOOK_SECONDS = 0.03
_LOOKS_AT_A_FAMILY = 10


@dataclass(frozen=True)
class Measured:
    """One run. `figures` is what the command says of its result."""

    seconds: float
    processor: float
    megabytes: float
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Runs:
    """All counted runs of one command."""

    runs: tuple[Measured, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def processor(self) -> float:
        """The median of user and system time together."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The highest of the peaks."""
        return max(run.megabytes for run in self.runs)

    @property
    def figures(self) -> Mapping[str, Any]:
        """Those of the last run."""
        return self.runs[-1].figures


def in_turn(
    commands: Mapping[str, Sequence[str]], rounds: int, warm_up: bool, tell: Callable[[str], None]
) -> dict[str, Runs]:
    """All commands in turn, `rounds` times, after a first time that does not count where `warm_up`."""
    found: dict[str, list[Measured]] = {name: [] for name in commands}
    for number in range(0 if warm_up else 1, rounds + 1):
        for name, command in commands.items():
            tell(f"{name}, {f'round {number} of {rounds}' if number else 'warming up'}")
            measured = run(command)
            if number:
                found[name].append(measured)
    return {name: Runs(tuple(runs)) for name, runs in found.items()}


def run(command: Sequence[str]) -> Measured:
    """One run. A last line of JSON may say `seconds` and `processor`, where only a part of the run counts."""
    before, began = os.times(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    peak = [0]
    watching = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    watching.start()
    out, errors = process.communicate()
    seconds, after = time.perf_counter() - began, os.times()
    watching.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:6])} ended with {process.returncode}:\n{errors[-2000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    said = {"seconds": seconds, "processor": used, **_said(out)}
    return Measured(said.pop("seconds"), said.pop("processor"), peak[0] / 2**20, said)


def _said(out: str) -> dict[str, Any]:
    last = out.rstrip().rsplit("\n", 1)[-1]
    if not last.startswith('{"'):
        return {}
    said: dict[str, Any] = json.loads(last)
    return said


def _watch(pid: int, peak: list[int]) -> None:
    """Memory that is resident, of the process and its descendants together, looked at many times a second."""
    try:
        top = psutil.Process(pid)
        for look in count():
            if not look % _LOOKS_AT_A_FAMILY:
                family = [top, *top.children(recursive=True)]
            found = sum(_resident(each) for each in family)
            if not found:
                return
            peak[0] = max(peak[0], found)
            time.sleep(_LOOK_SECONDS)
    except psutil.Error:
        return


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def processor_seconds() -> float:
    """User and system time of this process and its descendants, those that have ended among them."""
    total = sum(os.times()[:4])
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
