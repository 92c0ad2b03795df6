"""The command `segtui`: its commands, its errors on stderr, its exit codes."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from segtui.cli import commands
from segtui.cli.fault import Faults

EPILOG = (
    "Exit codes: 0 done, 2 the command or project is off, 3 the data does not allow it, 4 a plugin failed, "
    "5 over a limit, 70 a fault of segtui, 130 stopped, 143 ended by the system."
)

USAGE = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What the parser of the command line raises; newer versions of typer bring a click of their own."""

CLOSED_PIPE = 1
"""What typer leaves with when the reader of stdout has gone, as in `| head`, which is no fault."""

app = typer.Typer(
    name="segtui",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from segtui import __version__
        from segtui.cli import output

        output.data(__version__)
        raise typer.Exit()


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="On an error, show the worker's log too. It may hold values of your data.")
    ] = False,
) -> None:
    """Customer segmentation, offline: from a client's file to segments on disk.

    A file or a project opens in the app; without it, start with what is in a file, segment it, then score next year's
    customers alike:

    \b
      segtui orders.parquet
      segtui inspect orders.parquet
      segtui segment orders.parquet --method rfm --out deliverables/
      segtui score deliverables/rfm.segmodel next_year.parquet --as-of 2012-06-30

    Nothing leaves this machine.
    """


app.command("open")(commands.open_app)
app.command("inspect")(commands.inspect)
app.command("segment")(commands.segment)
app.command("run")(commands.run)
app.command("score")(commands.score)
app.command("analyse")(commands.analyse)
app.command("compare")(commands.compare)
app.command("export")(commands.export)
app.command("plugins")(commands.plugins)


def main() -> None:
    """Run the command and leave with its exit code; every error is one message on stderr."""
    from segtui.worker.signals import ending_on_signals

    debug = "--debug" in sys.argv[1:]
    words = [word for word in sys.argv[1:] if word != "--debug"]
    faults = Faults(debug)
    try:
        with ending_on_signals(), faults.caught_everywhere():
            _refuse_bytes(words)
            code = app(_with_command(words), standalone_mode=False)
    except typer.Exit as leaving:
        code = leaving.exit_code
    except SystemExit as leaving:
        if leaving.code != CLOSED_PIPE and not faults.told:
            raise
        code = faults.code
    except BaseException as error:
        code = _told(error, faults)
    sys.exit(code if isinstance(code, int) else 0)


def _with_command(words: list[str]) -> list[str]:
    """The words with the command they mean: `segtui FILE` opens it, and `segtui` alone in a terminal opens the app."""
    if not words:
        return ["open"] if sys.stdin.isatty() and sys.stdout.isatty() else words
    known = {command.name for command in app.registered_commands}
    return words if words[0].startswith("-") or words[0] in known else ["open", *words]


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
    if isinstance(error, USAGE):
        usage = io.StringIO()
        error.show(file=usage)  # type: ignore[attr-defined]
        output.say_block(usage.getvalue().rstrip())
        return int(Exit.USAGE)
    if isinstance(error, BrokenPipeError):
        return int(Exit.DONE)
    if isinstance(error, KeyboardInterrupt):
        return int(Exit.CANCELLED)
    return faults.tell(error)
