"""Recovery: decisions that are not saved yet are kept beside, so that a killed program loses none of them.

What is kept is the document, as a project file would hold it: decisions and names, no rows. It lies in the user's own
state folder, never beside the data.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from segtui.api.errors import ProjectError, UsageError
from segtui.api.params import checked
from segtui.api.writing import private_folder, sweep, write_atomically
from segtui.project.document import FORMAT, Document
from segtui.project.project_file import plain
from segtui.worker.folder import started

MOST_BYTES = 20_000_000
HOUR = 3600.0
_NAME = re.compile(r"(?P<key>[0-9a-f]{32})\.(?P<pid>\d+)-(?P<began>\d+)\.json")


def state_folder() -> Path:
    """Where unsaved work and locks lie."""
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    base = given if given.is_absolute() else Path.home() / ".local" / "state"
    return base / "segtui" / "recovery"


def key_of(paths: Iterable[Path]) -> str:
    """What names the work on a project, or on these files together, whatever the order."""
    real = sorted(os.path.realpath(path) for path in paths)
    return hashlib.sha256("\n".join(real).encode(errors="surrogateescape")).hexdigest()[:32]


@dataclass(frozen=True)
class UnsavedWork:
    """What a program that ended did not save: when it was last kept, how many changes it holds, and the document, with
    paths in full."""

    file: Path
    kept: datetime
    changes: int
    document: Document

    def discard(self) -> None:
        """Remove it."""
        self.file.unlink(missing_ok=True)


def unsaved_work(key: str) -> UnsavedWork | None:
    """The newest work of that key whose program is gone; None where there is none.

    Raises ProjectError where it can't be read.
    """
    left = [file for file in _files(key) if _is_over(file)]
    newest = max(left, key=lambda file: file.stat().st_mtime, default=None)
    return _read(newest) if newest else None


def _files(key: str) -> list[Path]:
    return [file for file in state_folder().glob(f"{key}.*.json") if _NAME.fullmatch(file.name) and file.is_file()]


def _is_over(file: Path) -> bool:
    named = _NAME.fullmatch(file.name)
    return named is not None and started(int(named["pid"])) != int(named["began"])


def _read(file: Path) -> UnsavedWork:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        held = json.loads(file.read_bytes())
        if held["format"] != FORMAT:
            raise ValueError("another format")
        kept, changes = datetime.fromtimestamp(held["kept"]), int(held["changes"])
        document = checked(Document, held["document"], file.name)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UsageError):
        raise ProjectError(
            "Unsaved work was kept, but can't be read: it is damaged, or of another version of segtui.",
            where=str(file),
            next_step="Open it with the segtui that wrote it, or remove the file.",
        ) from None
    return UnsavedWork(file, kept, changes, document)


class Journal:
    """Keeps the unsaved work of this program under a key, in a thread of its own: a slow disk holds nothing up."""

    def __init__(self, key: str) -> None:
        self.file = _own_file(key)
        self._writer = ThreadPoolExecutor(1, "journal")
        self._last: Future[None] | None = None
        sweep(self.file.parent, HOUR)

    def keep(self, document: Document, changes: int) -> Future[None]:
        """Keep a document, whose paths are in full, instead of the one before."""
        self._last = self._writer.submit(_write, self.file, document, changes)
        return self._last

    def clear(self) -> None:
        """Nothing is unsaved any more."""
        self._writer.submit(self.file.unlink, missing_ok=True)

    def close(self) -> None:
        """Finish what is being written; what is kept stays."""
        self._writer.shutdown(wait=True)


def _own_file(key: str) -> Path:
    return state_folder() / f"{key}.{os.getpid()}-{started(os.getpid()) or 0}.json"


def _write(file: Path, document: Document, changes: int) -> None:
    held = {"format": FORMAT, "kept": time.time(), "changes": changes, "document": plain(document)}
    private_folder(file.parent)
    write_atomically(file, json.dumps(held, default=_plain_date).encode(), overwrite=True)


def _plain_date(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain data")
