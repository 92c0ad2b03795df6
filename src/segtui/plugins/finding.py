"""Where plugins are, and what can be known of them without running any of their code."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, distributions
from pathlib import Path

GROUP = "segtui.plugins"
CODE = (".py", ".so", ".pyd")
MOST_FILES = 2_000


@dataclass(frozen=True)
class Found:
    """A plugin as found. `where` is its plugin folder, empty where it is installed; `files` its code; `api` which
    versions of the border it states."""

    name: str
    module: str
    distribution: str
    version: str
    where: str
    files: tuple[Path, ...]
    api: str | None


def find(plugin_folders: Sequence[Path] = ()) -> tuple[Found, ...]:
    """The installed plugins by distribution, then those of the plugin folders in their order; no module twice."""
    found = [*_installed(), *(plugin for folder in plugin_folders for plugin in _in_folder(folder))]
    kept: dict[tuple[str, tuple[Path, ...]], Found] = {}
    for plugin in found:
        kept.setdefault((plugin.module, plugin.files[:1]), plugin)
    return tuple(kept.values())


def searched_path() -> list[str]:
    """Where distributions are looked for: never in the working directory."""
    working = os.path.realpath(Path.cwd())
    here = os.path.realpath(Path(__file__).parents[2])
    absolute = [entry for entry in sys.path if Path(entry).is_absolute()]
    return [entry for entry in absolute if os.path.realpath(entry) != working or working == here]


def _installed() -> Iterator[Found]:
    path = searched_path()
    by_name: dict[str, Distribution] = {}
    for distribution in distributions(path=path):
        name = distribution.metadata["Name"] if GROUP in (distribution.read_text("entry_points.txt") or "") else None
        if name:
            by_name.setdefault(re.sub(r"[-_.]+", "-", name).lower(), distribution)
    for normal_name, distribution in sorted(by_name.items()):
        for entry in distribution.entry_points:
            if entry.group == GROUP:
                files = _files_of(entry.value, path)
                yield Found(entry.name, entry.value, normal_name, distribution.version, "", files, _stated(files)[0])


def _files_of(module: str, path: list[str]) -> tuple[Path, ...]:
    top = module.partition(".")[0].partition(":")[0]
    try:
        spec = PathFinder.find_spec(top, path) or importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return ()
    if spec is None or not spec.origin:
        return ()
    return _code(Path(spec.origin))


def _in_folder(folder: Path) -> Iterator[Found]:
    folder = Path(os.path.realpath(folder))
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    for entry in entries:
        start = entry / "__init__.py" if entry.is_dir() else entry
        module = entry.name if entry.is_dir() else entry.stem
        if start.suffix != ".py" or not start.is_file() or not module.isidentifier() or module.startswith("_"):
            continue
        files = _code(start)
        api, version = _stated(files)
        yield Found(module, module, module, version or f"0+{_digest(files)}", str(folder), files, api)


def _code(start: Path) -> tuple[Path, ...]:
    """The file that is loaded first, then the others of its package."""
    if start.name != "__init__.py":
        return (start,)
    others = (path for path in sorted(start.parent.rglob("*")) if path.suffix in CODE and path != start)
    return (start, *(path for path, _ in zip(others, range(MOST_FILES), strict=False)))


def _stated(files: Sequence[Path]) -> tuple[str | None, str | None]:
    """The constants SEGTUI_API and __version__ of a module, read without running it."""
    stated: dict[str, str] = {}
    try:
        tree = ast.parse(files[0].read_bytes()) if files and files[0].suffix == ".py" else ast.Module([], [])
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None, None
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant):
            continue
        for target in statement.targets:
            if isinstance(target, ast.Name) and isinstance(statement.value.value, str):
                stated[target.id] = statement.value.value
    return stated.get("SEGTUI_API"), stated.get("__version__")


def _digest(files: tuple[Path, ...]) -> str:
    content = hashlib.sha256()
    for path in files:
        content.update(path.read_bytes())
    return content.hexdigest()[:12]
