"""`segtui FILE`: into the app. What can be said before the terminal is taken is said here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = ("open", "inspect", "segment", "run", "score", "analyse", "compare", "export", "plugins")
"""The words that are no files."""


def open_app(files: Sequence[str], plugin_folders: Sequence[Path], allow_outside: bool) -> int:
    """Open the app on files, or on none; its exit code."""
    _refuse(files)
    if plugin_folders:
        from segtui.cli import words

        plugin_folders = words.folders(plugin_folders)
    from segtui.tui.launch import launch

    return launch([Path(file) for file in files], plugin_folders, allow_outside)


def _refuse(files: Sequence[str]) -> None:
    """Raise where a file is not there, or there is no terminal to draw on."""
    missing = next((file for file in files if not Path(file).exists()), None)
    if missing is None and sys.stdin.isatty() and sys.stdout.isatty():
        return
    from segtui.api.errors import UsageError
    from segtui.api.text import close_matches, safe
    from segtui.read.guard import refuse_scheme

    if missing is not None:
        refuse_scheme(missing)
        near = close_matches(missing, COMMANDS[1:], most=1)
        advice = f"Did you mean segtui {near[0]}?" if near else "See segtui --help."
        raise UsageError("There is no such file or command.", where=safe(missing), next_step=advice)
    raise UsageError(
        "The app needs a terminal.",
        next_step="In a script, use segtui inspect, segment, run or export; see segtui --help.",
    )
