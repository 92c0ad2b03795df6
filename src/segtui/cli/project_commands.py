"""The commands on a project: it is opened, run, looked at, and handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from segtui.cli.options import (
    AllowOutside,
    FeatureSetName,
    Force,
    Forms,
    Json,
    Out,
    PluginFolders,
    Project,
    Segmentations,
)
from segtui.project.begin import begin


def open_app(
    files: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(metavar="FILE", help="Data files, or one project file, such as shop.segtui.toml."),
    ] = None,
    allow_outside: AllowOutside = False,
    plugin_dir: PluginFolders = None,
) -> int:
    """Open files or a project in the app; `segtui FILE` does the same.

    \b
    Examples:
      segtui orders.parquet
      segtui customers.csv orders.parquet
      segtui shop.segtui.toml
    """
    from segtui.cli import opening

    return opening.open_app(files or [], plugin_dir or [], allow_outside)


def run(
    project: Project,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Run a project file: the same work, the same labels.

    A source that has changed since the project was saved is named. Results go to the folder the project names, or to
    --out.

    \b
    Example:
      segtui run shop.segtui.toml --out deliverables/2025-01
    """
    begun = begin()
    from segtui.cli import segmenting

    segmenting.run(project, out, force, as_json, allow_outside, plugin_dir or [], begun)


def analyse(
    project: Project,
    analysis: Annotated[
        str, typer.Argument(metavar="ANALYSIS", help="profile, quality, comparison, explain, or a plugin's.")
    ],
    segmentations: Segmentations = None,
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="A parameter of the analysis."),
    ] = None,
    feature_set: FeatureSetName = None,
    form: Annotated[
        str, typer.Option("--format", help="text, html, markdown, json or workbook; all but text hide small cells.")
    ] = "text",
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Say what segments are like: run what is needed of a project, and print a report.

    Text is for your eyes and exact. Whatever may go further (--format, --json) passes the privacy gate: figures about
    few customers are hidden.

    \b
    Examples:
      segtui analyse shop.segtui.toml profile --segmentation rfm
      segtui analyse shop.segtui.toml quality --format html > quality.html
    """
    begun = begin()
    from segtui.cli import analysing

    wanted = analysing.Analysed(
        project,
        analysis,
        segmentations or [],
        settings or [],
        feature_set,
        form,
        out,
        force,
        as_json,
        allow_outside,
        plugin_dir or [],
    )
    analysing.analyse(wanted, begun)


def export(
    project: Project,
    forms: Forms = None,
    segmentations: Segmentations = None,
    ids: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--ids", metavar="HOW", help="clear, or pseudonymised by a key that stays here."),
    ] = None,
    key: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--key", metavar="FILE", help="The key of the pseudonyms. [the project's name with .key]"),
    ] = None,
    columns: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--column", metavar="NAME", help="A column that leaves with each customer."),
    ] = None,
    personal: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--personal", metavar="NAME", help="A personal column that leaves all the same."),
    ] = None,
    threshold: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--threshold", min=5, max=1000, help="In reports, hide figures about fewer customers. [10]"),
    ] = None,
    rounding: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--rounding", min=0, max=1000, help="In reports, round counts to multiples of this. [not]"),
    ] = None,
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="FORM.NAME=VALUE", help="A parameter of one of the forms."),
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    allow_outside: AllowOutside = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Write what a client gets: run what is needed of a project, pass the privacy gate, write files and a manifest.

    What, how and where to is in the project; options say otherwise for this once. Reports are those pinned in the
    project, else the usual ones.

    \b
    Examples:
      segtui export shop.segtui.toml --as workbook --as report --ids pseudonymised --out deliverables/
      segtui export shop.segtui.toml --as csv --column country --segmentation rfm --out crm/
    """
    begun = begin()
    from segtui.cli import exporting

    wanted = exporting.Exported(
        project,
        forms or [],
        segmentations or [],
        ids,
        key,
        columns or [],
        personal or [],
        threshold,
        rounding,
        settings or [],
        out,
        force,
        as_json,
        allow_outside,
        plugin_dir or [],
    )
    exporting.export(wanted, begun)
