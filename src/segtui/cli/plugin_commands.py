"""The command about plugins: what is installed, what holds against the rules, a package to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from segtui.cli.options import Json, PluginFolders
from segtui.project.begin import begin


def plugins(
    words: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(
            metavar="[check|new] [NAME]",
            help="A method or plugin to show in full; after check, to hold against the rules; after new, to make.",
        ),
    ] = None,
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="For check: a parameter of what is checked."),
    ] = None,
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", metavar="FOLDER", help="For new: where to make the package. [the working folder]"),
    ] = None,
    on: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--on", metavar="FILE", help="For check: a file that the reader can read."),
    ] = None,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Show what is installed: methods with their parameters and needs; what is broken, and why.

    Authors of plugins: `check` holds what a plugin brings against every rule of its contract; `new` makes a package to
    start from.

    \b
    Examples:
      segtui plugins
      segtui plugins kmeans
      segtui plugins new top_customers --to my_plugins
      segtui plugins check top_customers --plugin-dir my_plugins/top_customers
    """
    doing, name = _plugin_words(words or [], settings, to, on)
    if doing == "check":
        from segtui.cli import checking

        checking.check(name or "", settings or [], on, as_json, plugin_dir or [])
        return
    if doing == "new":
        from segtui.cli import checking

        checking.new(name or "", to or Path(), as_json)
        return
    begun = begin()
    from segtui.cli import listing

    listing.plugins(name, as_json, plugin_dir or [], begun)


def _plugin_words(
    words: list[str], settings: list[str] | None, to: Path | None, on: Path | None
) -> tuple[str, str | None]:
    """What to do (show, check, new) and with what name. Raises BadParameter."""
    doing = words[0] if words and words[0] in ("check", "new") else "show"
    names = words if doing == "show" else words[1:]
    if len(names) > 1 or (doing != "show" and not names):
        raise typer.BadParameter("write NAME, check NAME or new NAME, or nothing", param_hint="plugins")
    if settings and doing != "check":
        raise typer.BadParameter("it belongs to check", param_hint="--set")
    if to and doing != "new":
        raise typer.BadParameter("it belongs to new", param_hint="--to")
    if on and doing != "check":
        raise typer.BadParameter("it belongs to check", param_hint="--on")
    return doing, names[0] if names else None
