"""The one way to write a file: a private temporary file beside it, fsync, rename. Old or new, whole, never neither."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from segtui.api.errors import SegtuiError
from segtui.api.text import safe

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_PATTERN = ".segtui-*.tmp"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class WritingError(SegtuiError):
    """A file can't be written, or must not be."""

    title = "This file can't be written"


def write_atomically(
    path: Path, write: Callable[[BinaryIO], None] | bytes, *, overwrite: bool = False, sources: Iterable[Path] = ()
) -> Path:
    """Writes the file whole or not at all, mode 0600 whatever the umask; returns `path`.

    `write` is the content, or is called with the open temporary file. Its folder must exist. Whatever goes wrong, or
    whoever stops it, the temporary file is removed and an old file stays as it was. A symbolic link at `path` is never
    followed: it is replaced with `overwrite`, refused without.

    Raises WritingError where `path` exists and not `overwrite`, is no regular file, is one of `sources` by any name
    (link, hard link, other case), or the system refuses (no room, no right); what `write` raises goes through.
    """

    def fill(temporary: Path) -> None:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_TRUNC | getattr(os, "O_BINARY", 0) | _NO_FOLLOW)
        with os.fdopen(descriptor, "wb") as file:
            if callable(write):
                write(file)
            else:
                file.write(write)

    path = Path(path)
    _refuse(path, overwrite, sources)
    with _temporary_file(path.parent, path) as temporary, _plain_errors(path):
        fill(temporary)
        _settle(temporary, path, overwrite)
    return path


def private_file(path: Path) -> BinaryIO:
    """A new, empty file of mode 0600 whatever the umask, open for writing, in place of what stood at `path`. For frames
    that polars writes (`frame.sink_parquet(file)`), in a folder that nobody else sees.

    It is never a file that is there and cut: some file systems write such a one out to the disk when it is closed.
    Raises OSError where the system refuses.
    """
    path.unlink(missing_ok=True)
    _create(path)
    return path.open("r+b")


def write_through_path(
    path: Path, write: Callable[[Path], None], *, overwrite: bool = False, sources: Iterable[Path] = ()
) -> Path:
    """The same for libraries that want a path: `write` gets that of an empty file of mode 0600 with the name of `path`,
    in a temporary folder (0700) beside it, and may replace it. What else `write` leaves in that folder is removed.
    """
    path = Path(path)
    _refuse(path, overwrite, sources)
    with temporary_folder(path.parent) as folder, _plain_errors(path):
        temporary = folder / path.name
        _create(temporary)
        write(temporary)
        _settle(temporary, path, overwrite)
    return path


def deliver(
    folder: Path, files: Sequence[tuple[Path, str]], *, overwrite: bool = False, sources: Iterable[Path] = ()
) -> tuple[Path, ...]:
    """Moves finished files into `folder`, each at once, as (where it is, its name there); returns where they are now.

    All is checked before the first is moved. `folder` is made, 0700, where it is missing. Names are plain file names
    that differ by more than case. Files become mode 0600. Raises WritingError as `write_atomically` does.
    """
    folder, sources = Path(folder), tuple(sources)
    _refuse_names([name for _, name in files], folder)
    for finished, name in files:
        if not stat.S_ISREG(finished.lstat().st_mode):
            raise WritingError("What was written under this name is no file.", where=safe(name))
        _refuse(folder / name, overwrite, sources, in_new_folder=True)
    if not folder.exists():
        private_folder(folder)
    return tuple(_move(finished, folder / name, overwrite) for finished, name in files)


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise WritingError for the first path that is there already: before long work whose end would be refused."""
    for path in paths:
        if os.path.lexists(path):
            raise _exists(path)


def private_folder(path: Path) -> Path:
    """Makes a folder, and what is missing above it, that only its owner may enter (0700); returns it.

    One that exists is closed to others. Raises WritingError where something else has its name, a link to one included.
    """
    path = Path(path)
    with _plain_errors(path):
        missing = [parent for parent in (path, *path.parents) if not os.path.lexists(parent)]
        for parent in reversed(missing):
            parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            parent.chmod(PRIVATE_FOLDER)
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise WritingError("This is no folder.", where=_shown(path), next_step="Choose another name.")
        path.chmod(PRIVATE_FOLDER)
    return path


@contextlib.contextmanager
def temporary_folder(beside: Path) -> Iterator[Path]:
    """A folder (0700) inside `beside`, removed with all that is left in it."""
    folder = _temporary_name(beside)
    try:
        with _plain_errors(beside):
            folder.mkdir(mode=PRIVATE_FOLDER)
            folder.chmod(PRIVATE_FOLDER)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path, older_than_seconds: float) -> int:
    """Removes temporary files and folders that a killed process left in `folder`; returns how many.

    Only what is older (nothing in it changed since), belongs to this user and bears the name of a temporary file.
    """
    swept = 0
    for leftover in sorted(Path(folder).glob(_PATTERN)):
        with contextlib.suppress(OSError):
            status = leftover.lstat()
            mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
            if mine and time.time() - _last_change(leftover) >= older_than_seconds:
                shutil.rmtree(leftover) if stat.S_ISDIR(status.st_mode) else leftover.unlink()
                swept += 1
    return swept


def _last_change(path: Path) -> float:
    changes = [path.lstat().st_mtime]
    if not path.is_symlink() and path.is_dir():
        changes += [inner.lstat().st_mtime for inner in path.rglob("*")]
    return max(changes)


def _temporary_name(folder: Path) -> Path:
    return folder / _PATTERN.replace("*", secrets.token_hex(16))


@contextlib.contextmanager
def _temporary_file(folder: Path, path: Path) -> Iterator[Path]:
    temporary = _temporary_name(folder)
    try:
        with _plain_errors(path):
            _create(temporary)
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _create(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, PRIVATE_FILE)
    try:
        path.chmod(PRIVATE_FILE)
    finally:
        os.close(descriptor)


def _settle(temporary: Path, path: Path, overwrite: bool) -> None:
    """Makes a finished file safe on disk and gives it its name."""
    _make_durable(temporary)
    _rename(temporary, path, overwrite)
    _sync_folder(path.parent)


def _make_durable(temporary: Path) -> None:
    descriptor = os.open(temporary, os.O_RDWR | _NO_FOLLOW)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise WritingError("What was written is no regular file.", where=_shown(temporary))
        temporary.chmod(PRIVATE_FILE)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(temporary: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:
        _refuse(path, overwrite, ())
        temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move(finished: Path, path: Path, overwrite: bool) -> Path:
    with _plain_errors(path):
        if finished.lstat().st_dev == path.parent.stat().st_dev:
            _settle(finished, path, overwrite)
            finished.unlink(missing_ok=True)
            return path
    with finished.open("rb") as content:
        write_atomically(path, lambda file: shutil.copyfileobj(content, file), overwrite=overwrite)
    finished.unlink()
    return path


def _refuse(path: Path, overwrite: bool, sources: Iterable[Path], in_new_folder: bool = False) -> None:
    """Raises WritingError where nothing may be written under this name."""
    if "\x00" in str(path) or not path.name:
        raise WritingError("This is no file name.", where=_shown(path))
    with _plain_errors(path):
        if not path.parent.is_dir() and not in_new_folder:
            raise WritingError("There is no such folder.", where=_shown(path.parent), next_step="Make it first.")
        taken = _identities(path)
        if any(taken & _identities(source) or _same_place(path, source) for source in map(Path, sources)):
            raise WritingError(
                "This is one of the source files, which are never written to.",
                where=_shown(path),
                next_step="Choose another name.",
            )
        if not os.path.lexists(path):
            return
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise WritingError("This is no regular file.", where=_shown(path), next_step="Choose another name.")
        if not overwrite:
            raise _exists(path)


def _exists(path: Path) -> WritingError:
    return WritingError(
        "This file exists already.", where=_shown(path), next_step="Choose another place, or use --force to replace it."
    )


def _identities(path: Path) -> set[tuple[int, int]]:
    """Device and inode of what has this name, and of what it leads to."""
    found = set()
    for status in (os.stat, os.lstat):
        with contextlib.suppress(OSError):
            seen = status(path)
            found.add((seen.st_dev, seen.st_ino))
    return found


def _same_place(path: Path, source: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(source)


def _refuse_names(names: Sequence[str], folder: Path) -> None:
    for name in names:
        if name in {"", ".", ".."} or Path(name).name != name or "\x00" in name or "\\" in name:
            raise WritingError("This is no plain file name.", where=safe(name))
    if len({name.casefold() for name in names}) < len(names):
        raise WritingError("Two files would get the same name.", where=_shown(folder))


def _shown(path: Path) -> str:
    return safe(str(path))


@contextlib.contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """What the system refuses, as a WritingError that names the file."""
    try:
        yield
    except OSError as error:
        what = f"The system refuses: {error.strerror or type(error).__name__}."
        raise WritingError(
            what, where=_shown(path), next_step="Make room, or choose another folder; what was there is as it was."
        ) from error
