"""The Catalogue kept between runs, so that the program starts without loading a plugin."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from segtui import __version__
from segtui.api.codec import CodecError, decode, encode
from segtui.plugins.catalogue import Catalogue
from segtui.plugins.finding import find, searched_path

KEPT = 8
PREFIX = "catalogue-"
LARGEST = 64 * 1024**2


def cached_catalogue(plugin_folders: Sequence[Path] = ()) -> Catalogue | None:
    """The Catalogue as saved for exactly these plugins, Python and segtui; None where there is none or it is damaged.

    Imports no plugin.
    """
    path = _path(plugin_folders)
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        return decode(path.read_bytes(), Catalogue)
    except (OSError, CodecError, TypeError, ValueError):
        return None


def save_catalogue(catalogue: Catalogue, plugin_folders: Sequence[Path] = ()) -> None:
    """Keep the Catalogue for next time; where that can't be done, next time is slower and nothing else."""
    path = _path(plugin_folders)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(encode(catalogue))
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        _forget_old(path.parent)


def cache_folder() -> Path:
    """segtui's folder among the user's caches."""
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (chosen if chosen.is_absolute() else Path.home() / ".cache") / "segtui"


def _path(plugin_folders: Sequence[Path]) -> Path:
    key = hashlib.sha256("\0".join(_depends_on(plugin_folders)).encode(errors="surrogateescape"))
    return cache_folder() / f"{PREFIX}{key.hexdigest()[:32]}"


def _depends_on(plugin_folders: Sequence[Path]) -> Iterator[str]:
    """All that the Catalogue depends on: segtui and Python, what is installed, and each plugin's files."""
    yield from (__version__, sys.version, sys.executable)
    here = Path(__file__).parent
    for folder in (here, here.parent / "api", *map(Path, searched_path())):
        yield _stamp(folder)
    for source in sorted([*here.glob("*.py"), *(here.parent / "api").glob("*.py")]):
        yield _stamp(source)
    for plugin in find(plugin_folders):
        yield from (plugin.name, plugin.module, plugin.distribution, plugin.version, plugin.where, plugin.api or "")
        yield from map(_stamp, plugin.files)


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return f"{path} is gone"
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)
