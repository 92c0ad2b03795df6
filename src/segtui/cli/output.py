"""What a command prints: data on stdout; progress, accounts, notes and errors on stderr, without client values."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from segtui.api.text import duration, safe

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.worker import Progress

BAR = 24
WIDTH = 100


def say(line: str = "") -> None:
    """One line for the person, on stderr; on a terminal too narrow for it, broken between words."""
    clear_progress()
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    if len(line) <= width or not width:
        print(line, file=sys.stderr)
        return
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    for part in textwrap.wrap(line, max(width, 40), subsequent_indent=indent):
        print(part, file=sys.stderr)


def data(line: str) -> None:
    """One line of data, on stdout."""
    print(line)


def data_json(value: Any) -> None:
    """A value as JSON, on stdout."""
    json.dump(value, sys.stdout, indent=1, ensure_ascii=False, default=_plain)
    print()


def _plain(value: Any) -> Any:
    return str(getattr(value, "value", value))


def say_error(error: SegtuiError) -> None:
    """What happened, where, and what to do."""
    clear_progress()
    print(f"segtui: {error.title}.", file=sys.stderr)
    for part in (error.where, error.what, getattr(error, "caret", ""), error.next_step):
        for line in str(part).splitlines():
            print(f"  {safe(line, 2000)}", file=sys.stderr)


_shown = False


def progress(now: Progress) -> None:
    """The progress line, rewritten in place; nothing where stderr is no terminal."""
    global _shown
    if not sys.stderr.isatty():
        return
    filled = round(now.done * BAR)
    left = f"  about {duration(now.seconds_left)} left" if now.seconds_left is not None else ""
    line = f"{'█' * filled}{'░' * (BAR - filled)} {now.done:4.0%}  {safe(now.doing, 50)}{left}"
    print(f"\r\x1b[K{line[:WIDTH]}", end="", file=sys.stderr, flush=True)
    _shown = True


def clear_progress() -> None:
    """Take the progress line away."""
    global _shown
    if _shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        _shown = False


def table(rows: Sequence[Sequence[str]], right: Sequence[bool], indent: str = "") -> list[str]:
    """Lines of aligned columns; `right` says which are numbers. Widths count characters."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
