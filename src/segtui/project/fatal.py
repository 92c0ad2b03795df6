"""Plugins that kill the worker that loads them: found out once, left out from then on, and said."""

from __future__ import annotations

import json
from pathlib import Path

from segtui.api.errors import SegtuiError
from segtui.plugins import fatal_plugin


def marker(folder: Path) -> Path:
    """The file that holds the name of the plugin being loaded."""
    return folder / "loading"


def noted(folder: Path) -> dict[str, str]:
    """The plugins that must not be loaded in this run, with the reason."""
    try:
        found: dict[str, str] = json.loads(_file(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def note(folder: Path, error: SegtuiError) -> bool:
    """Note the plugin that was being loaded when a worker died with `error`; False where none was."""
    name = fatal_plugin(marker(folder))
    known = noted(folder)
    if name is None or name in known:
        return False
    _file(folder).write_text(json.dumps({**known, name: f"It killed the worker that loaded it. {error.what}"}))
    marker(folder).unlink()
    return True


def _file(folder: Path) -> Path:
    return folder / "fatal.json"
