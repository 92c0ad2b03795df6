"""A lock for each project: who saves into it. Two programs on one project would overwrite each other's work."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from segtui.api.writing import WritingError, private_folder
from segtui.project.recovery import key_of, state_folder
from segtui.worker.folder import started

_OPENING = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class ProjectLock:
    """The lock of one project file. The system gives it back when its holder ends, however it ends, so that what a
    killed program left is no lock any more; the file says which process holds it."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.file = state_folder() / f"{key_of([project])}.lock"
        self._descriptor = -1

    @property
    def held(self) -> bool:
        """Whether it is held here."""
        return self._descriptor >= 0

    def take(self) -> bool:
        """Take it; False where another process holds it. True also where nothing can be locked on this machine."""
        if self.held:
            return True
        try:
            private_folder(self.file.parent)
            while not self.held:
                if not self._try():
                    return False
        except (WritingError, OSError):
            return True
        return True

    def holder(self) -> int | None:
        """The process that holds it, None where none does."""
        try:
            pid, began = (int(word) for word in self.file.read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return None
        return pid if started(pid) == began else None

    def release(self) -> None:
        """Give it back."""
        if self.held:
            with contextlib.suppress(OSError):
                self.file.unlink()
            os.close(self._descriptor)
            self._descriptor = -1

    def _try(self) -> bool:
        """Take it where it is free. Another may remove the file between opening and locking it: then it is not held."""
        descriptor = os.open(self.file, _OPENING, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError:
            os.close(descriptor)
            raise
        if _is(descriptor, self.file):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {started(os.getpid()) or 0}\n".encode())
            self._descriptor = descriptor
        else:
            os.close(descriptor)
        return True


def _is(descriptor: int, file: Path) -> bool:
    try:
        there = file.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)
