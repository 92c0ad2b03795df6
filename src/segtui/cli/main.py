"""The command `segtui`: what its words ask for, its errors on stderr, its exit codes.

Opening the app goes past the parser of commands, so that the first frame waits for as little as can be.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from segtui.cli.fault import Faults
from segtui.cli.opening import COMMANDS, open_app

CLOSED_PIPE = 1
"""What a command leaves with when the reader of stdout has gone, as in `| head`, which is no fault."""


def main() -> None:
    """Run the command and leave with its exit code; every error is one message on stderr."""
    from segtui.worker.signals import ending_on_signals

    debug = "--debug" in sys.argv[1:]
    words = [word for word in sys.argv[1:] if word != "--debug"]
    faults = Faults(debug)
    try:
        with ending_on_signals(), faults.caught_everywhere():
            _refuse_bytes(words)
            code = _run(words)
    except SystemExit as leaving:
        if leaving.code != CLOSED_PIPE and not faults.told:
            raise
        code = faults.code
    except BaseException as error:
        code = _told(error, faults)
    sys.exit(code)


def _run(words: list[str]) -> int:
    """`segtui FILE` opens it, and `segtui` alone in a terminal opens the app; all else is a command."""
    in_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    files = bool(words) and not words[0].startswith("-") and words[0] not in COMMANDS
    if (files and not any(word.startswith("-") for word in words)) or (not words and in_terminal):
        return open_app(words, [], False)
    from segtui.cli.program import run

    return run(["open", *words] if files else words)


def _refuse_bytes(words: Sequence[str]) -> None:
    """Raise UsageError for a word that is no text: a file of such a name can't be named in a project or manifest."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            from segtui.api.errors import UsageError
            from segtui.api.text import safe

            raise UsageError(
                "This is not UTF-8 text.", where=safe(word), next_step="If it names a file, give it another name."
            ) from None


def _told(error: BaseException, faults: Faults) -> int:
    """Say what happened, once; where that fails too, say that. The exit code."""
    try:
        return _said(error, faults)
    except BaseException as worse:
        return faults.tell(worse)


def _said(error: BaseException, faults: Faults) -> int:
    from segtui.api.errors import Exit, SegtuiError
    from segtui.cli import output

    if isinstance(error, SegtuiError):
        output.say_error(error)
        if faults.debug:
            output.say_block(getattr(error, "log", ""))
        return int(error.exit_code)
    if isinstance(error, BrokenPipeError):
        return int(Exit.DONE)
    if isinstance(error, KeyboardInterrupt):
        return int(Exit.CANCELLED)
    return faults.tell(error)
