"""The commands of `segtui`, and what their words mean."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Annotated

import typer

from segtui.cli import file_commands, plugin_commands, project_commands

EPILOG = (
    "Exit codes: 0 done, 2 the command or project is off, 3 the data does not allow it, 4 a plugin failed, "
    "5 over a limit, 70 a fault of segtui, 130 stopped, 143 ended by the system."
)

USAGE = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What the parser of the command line raises; newer versions of typer bring a click of their own."""

MISUSED = 2

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


app.command("open")(project_commands.open_app)
app.command("inspect")(file_commands.inspect)
app.command("segment")(file_commands.segment)
app.command("run")(project_commands.run)
app.command("score")(file_commands.score)
app.command("analyse")(project_commands.analyse)
app.command("compare")(file_commands.compare)
app.command("export")(project_commands.export)
app.command("plugins")(plugin_commands.plugins)


def run(words: Sequence[str]) -> int:
    """Run the command that the words name; its exit code. What is wrong with the words themselves is said here."""
    try:
        code = app(list(words), standalone_mode=False)
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except Exception as error:
        if not isinstance(error, USAGE):
            raise
        from segtui.cli import output

        usage = io.StringIO()
        error.show(file=usage)  # type: ignore[attr-defined]
        output.say_block(usage.getvalue().rstrip())
        return MISUSED
    return code if isinstance(code, int) else 0
