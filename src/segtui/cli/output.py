"""What a command prints: data on stdout; progress, accounts, notes and errors on stderr, without client values.

Nothing else in this folder prints. Each line is made harmless here as a whole, so that a name from a file that slipped
through can't move the cursor or hide itself; what a caller made harmless before stays as it is.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from segtui.api.text import duration, harmless, safe

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.worker import Progress

BAR = 24
WIDTH = 100
LONGEST_PART = 2_000
TAKE_LINE_AWAY = "\r\x1b[K"


def say(line: str = "") -> None:
    """One line for the person, on stderr; on a terminal too narrow for it, broken between words."""
    clear_progress()
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    if len(line) <= width or not width:
        _print(line, sys.stderr)
        return
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    for part in textwrap.wrap(harmless(line), max(width, 40), subsequent_indent=indent):
        _print(part, sys.stderr)


def data(line: str) -> None:
    """One line of data, on stdout."""
    _print(line, sys.stdout)


def columns() -> int:
    """How wide lines of data may be: as the terminal is, or as COLUMNS says; 100 where there is neither."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def data_json(value: Any) -> None:
    """A value as JSON, on stdout; what could harm a terminal is escaped, so that programs read the same text."""
    written = json.dumps(value, indent=1, ensure_ascii=False, default=_plain)
    for line in written.split("\n"):
        _print(line if harmless(line) == line else _NOT_ASCII.sub(_escaped, line), sys.stdout)


_NOT_ASCII = re.compile("[^\x20-\x7e]")


def _escaped(character: re.Match[str]) -> str:
    """As JSON may write any character outside ASCII, and DEL."""
    return json.dumps(character[0])[1:-1] if ord(character[0]) > 0x7F else "\\u007f"


def data_file(path: Path) -> None:
    """A text file on stdout: byte for byte to a program or file, each line made harmless on a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.flush()
        with path.open("rb") as content:
            shutil.copyfileobj(content, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            _print(line.removesuffix("\n"), sys.stdout)


def _print(line: str, stream: TextIO) -> None:
    print(harmless(line), file=stream)


def _plain(value: Any) -> Any:
    return str(getattr(value, "value", value))


def say_error(error: SegtuiError) -> None:
    """What happened, where, and what to do."""
    clear_progress()
    _print(f"segtui: {error.title}.", sys.stderr)
    for part in (error.where, error.what, getattr(error, "caret", ""), error.next_step):
        for line in str(part).splitlines():
            _print(f"  {safe(line, LONGEST_PART)}", sys.stderr)


def say_block(written: str) -> None:
    """Several lines on stderr, such as a log or the usage of a command."""
    clear_progress()
    for line in written.replace("\r\n", "\n").split("\n"):
        _print(line, sys.stderr)


_shown = False


def progress(now: Progress) -> None:
    """The progress line, rewritten in place; nothing where stderr is no terminal."""
    global _shown
    if not sys.stderr.isatty():
        return
    filled = round(now.done * BAR)
    left = f"  about {duration(now.seconds_left)} left" if now.seconds_left is not None else ""
    line = f"{'█' * filled}{'░' * (BAR - filled)} {now.done:4.0%}  {safe(now.doing, 50)}{left}"
    print(f"{TAKE_LINE_AWAY}{harmless(line[:WIDTH])}", end="", file=sys.stderr, flush=True)
    _shown = True


def clear_progress() -> None:
    """Take the progress line away."""
    global _shown
    if _shown:
        print(TAKE_LINE_AWAY, end="", file=sys.stderr, flush=True)
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
