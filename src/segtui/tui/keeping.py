"""Keeping: what the app does so that nothing decided is lost: the project's lock, and the journal of unsaved work."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from segtui.project.document import Document
from segtui.project.lock import ProjectLock
from segtui.project.recovery import Journal, UnsavedWork, key_of, unsaved_work
from segtui.project.session import Session


class Keeping:
    """Watches one Session. `opened` are the files or the project that it was opened on, which name its work."""

    def __init__(self, session: Session, opened: Sequence[Path]) -> None:
        self.session = session
        self._key = key_of(opened)
        self._journal = Journal(self._key)
        self._kept: Document | None = session.document
        self._writing: Future[None] | None = None
        self._changes_before = session.changes
        self._recovered = 0
        self._lock: ProjectLock | None = None
        self._on_disk = b""
        if session.path is not None:
            self._lock = ProjectLock(session.path)
            self._lock.take()
            self._on_disk = _content(session.path)

    # What is not saved

    @property
    def changes(self) -> int:
        """How many changes are not saved."""
        return self.session.changes - self._changes_before + self._recovered if self.session.unsaved else 0

    def left_behind(self) -> UnsavedWork | None:
        """What an earlier program on the same files did not save. Raises ProjectError where it can't be read."""
        return unsaved_work(self._key)

    def recover(self, work: UnsavedWork) -> None:
        """Take it over as one change, which can be undone."""
        self.session.change(work.document.with_paths(self._short))
        self._recovered = work.changes - 1
        self.keep().result()
        work.discard()

    def tick(self) -> Exception | None:
        """Keep what changed since the last time. The error where that failed, once."""
        error = None
        if self._writing is not None and self._writing.done():
            error = self._writing.exception()
            self._writing = None
        document = self.session.document
        if document is not self._kept:
            self._kept = document
            if self.changes:
                self.keep()
            else:
                self._journal.clear()
        return error if isinstance(error, Exception) else None

    def keep(self) -> Future[None]:
        """Keep the document as it is now."""
        self._kept = self.session.document
        self._writing = self._journal.keep(self._kept.with_paths(self._full), self.changes)
        return self._writing

    def _full(self, path: str) -> str:
        return str((self.session.folder / path).absolute())

    def _short(self, path: str) -> str:
        """A path inside the folder of the project as the document writes it."""
        with contextlib.suppress(ValueError):
            return Path(path).relative_to(self.session.folder.absolute()).as_posix()
        return path

    # The project file

    @property
    def reads_only(self) -> bool:
        """Whether another program holds the project, so that nothing is saved into it from here."""
        return self._lock is not None and not self._lock.take()

    @property
    def holder(self) -> int | None:
        """The process that holds it."""
        return self._lock.holder() if self._lock else None

    @property
    def changed_on_disk(self) -> bool:
        """Whether the project file is another than the one that was opened or saved here."""
        path = self.session.path
        return path is not None and path.exists() and _content(path) != self._on_disk

    def lock_for(self, path: Path) -> ProjectLock | None:
        """The lock of a project file that is to be written; None where another program holds it."""
        if self._lock is not None and self._lock.file == ProjectLock(path).file:
            return self._lock if self._lock.take() else None
        lock = ProjectLock(path)
        return lock if lock.take() else None

    def saved(self, lock: ProjectLock) -> None:
        """The project was written into the file of that lock: nothing is unsaved, and this is the file from now on."""
        if self._lock is not None and self._lock is not lock:
            self._lock.release()
        self._lock, self._on_disk = lock, _content(lock.project)
        self._changes_before, self._recovered, self._kept = self.session.changes, 0, self.session.document
        self._journal.clear()
        key = key_of([lock.project])
        if key != self._key:
            self._journal.close()
            self._key, self._journal = key, Journal(key)

    def not_saved(self, lock: ProjectLock) -> None:
        """Writing into the file of that lock failed."""
        if lock is not self._lock:
            lock.release()

    # The end

    def finish(self) -> None:
        """The person leaves: what is not saved is given up."""
        self._journal.clear()
        self.close()

    def close(self) -> None:
        """The program ends; what is not saved stays for the next start."""
        self._journal.close()
        if self._lock is not None:
            self._lock.release()


def _content(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
