"""Watching what a plugin does to the machine: connections and files, as far as Python and the folders it is in tell.

Python reports what goes through it, also from the C code of its own library. Code below it that writes on its own is
seen by what it leaves in the working folder, the home folder and the folder for temporary files, for which a fresh one
stands in meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
_CONNECTS = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind"}
_HOMES = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


@dataclass
class Seen:
    """What was tried: reaches for the network, and paths that were written, changed or left behind."""

    network: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Watch:
    """The one hook of this process, which sees nothing but while something is watched."""

    def __init__(self) -> None:
        self.seen: Seen | None = None
        self.allowed: tuple[Path, ...] = ()
        self._is_there = False

    def start(self, seen: Seen, allowed: tuple[Path, ...]) -> None:
        self.seen, self.allowed = seen, allowed
        if not self._is_there:
            sys.addaudithook(self._hear)
            self._is_there = True

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.seen is None:
            return
        if event in _CONNECTS:
            self.seen.network.append(event)
            raise OSError("there is no network in this check")
        if event in _CHANGES or (event == "open" and _opens_for_writing(arguments)):
            self._note(arguments[0])

    def _note(self, path: object) -> None:
        if self.seen is None or not isinstance(path, (str, bytes, os.PathLike)):
            return
        place = Path(os.fsdecode(os.path.abspath(path)))  # noqa: PTH100
        compiled = "__pycache__" in place.parts or place.suffix == ".pyc"
        inside = any(place.is_relative_to(folder) for folder in self.allowed)
        if not compiled and not inside and place.parts[1:2] != ("dev",):
            self.seen.files.append(str(place))


_WATCH = _Watch()


def _opens_for_writing(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & _WRITES)


@contextlib.contextmanager
def watched(folder: Path | None = None) -> Iterator[Seen]:
    """What happens meanwhile in this process; connections are refused. Inside `folder`, files are allowed."""
    seen = Seen()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as elsewhere, _environment(elsewhere):
        place = Path(elsewhere).resolve()
        allowed = [place, *([folder, folder.resolve()] if folder else [])]
        os.chdir(place)
        _WATCH.start(seen, tuple(allowed))
        try:
            yield seen
        finally:
            _WATCH.seen = None
            os.chdir(before)
            seen.files += [str(left.relative_to(place)) for left in sorted(place.rglob("*")) if left.is_file()]


@contextlib.contextmanager
def _environment(folder: str) -> Iterator[None]:
    kept, temporary = {name: os.environ.get(name) for name in _HOMES}, tempfile.tempdir
    os.environ.update(dict.fromkeys(_HOMES, folder))
    tempfile.tempdir = folder
    try:
        yield
    finally:
        tempfile.tempdir = temporary
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
