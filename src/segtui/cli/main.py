"""The command `segtui`: its commands, its errors on stderr, its exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from segtui.cli import commands

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

        typer.echo(__version__)
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

    Start with what is in a file, segment it, then score next year's customers alike:

    \b
      segtui inspect orders.parquet
      segtui segment orders.parquet --method rfm --out deliverables/
      segtui score deliverables/rfm.segmodel next_year.parquet --as-of 2012-06-30

    Nothing leaves this machine.
    """


app.command("inspect")(commands.inspect)
app.command("segment")(commands.segment)
app.command("run")(commands.run)
app.command("score")(commands.score)
app.command("analyse")(commands.analyse)
app.command("compare")(commands.compare)
app.command("plugins")(commands.plugins)


def main() -> None:
    """Run the command and leave with its exit code; every error is one message on stderr."""
    from segtui.worker.signals import ending_on_signals

    debug = "--debug" in sys.argv[1:]
    words = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        with ending_on_signals():
            code = app(words, standalone_mode=False)
    except typer.Exit as leaving:
        code = leaving.exit_code
    except SystemExit as leaving:
        if leaving.code != CLOSED_PIPE:
            raise
        code = 0
    except Exception as error:
        code = _told(error, debug)
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: Exception, debug: bool) -> int:
    from segtui.api.errors import Exit, SegtuiError
    from segtui.cli.output import say_error

    if isinstance(error, SegtuiError):
        say_error(error)
        if debug:
            print(getattr(error, "log", ""), file=sys.stderr)
        return int(error.exit_code)
    if isinstance(error, USAGE):
        error.show(file=sys.stderr)  # type: ignore[attr-defined]
        return int(Exit.USAGE)
    if isinstance(error, BrokenPipeError):
        return int(Exit.DONE)
    kind, place = type(error).__name__, _place(error)
    print(f"segtui: a fault of segtui itself ({kind} at {place}). Please report it; it holds no data.", file=sys.stderr)
    return int(Exit.INTERNAL)


def _place(error: Exception) -> str:
    """File and line of the fault, without values."""
    import traceback
    from pathlib import Path

    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
