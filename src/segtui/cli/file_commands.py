"""The commands on files. Each parses its words, asks the Session, and prints: data on stdout, else on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from segtui.cli.options import AsOf, Features, FeatureSetName, Files, Force, Forms, Json, Out, PluginFolders, Read, Seed
from segtui.project.begin import begin


def inspect(files: Files, read: Read = None, as_json: Json = False, plugin_dir: PluginFolders = None) -> None:
    """Show what is in a file: columns, kinds, roles with reasons, findings, what one row is.

    \b
    Examples:
      segtui inspect customers.csv
      segtui inspect export.txt --read delimiter=";" --read "Zip code.kind=identifier"
    """
    begun = begin()
    from segtui.cli import inspecting

    inspecting.inspect(files, read or [], as_json, plugin_dir or [], begun)


def segment(
    files: Files,
    method: Annotated[str, typer.Option("--method", "-m", help="How to segment: rfm, kmeans, rules, bands ...")],
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="A parameter of the method; tables as @file.toml."),
    ] = None,
    features: Features = None,
    as_of: AsOf = None,
    seed: Seed = 42,
    out: Out = None,
    forms: Forms = None,
    save_project: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--save-project", metavar="FILE", help="Write what was done as a project that `run` repeats."),
    ] = None,
    read: Read = None,
    force: Force = False,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Segment customers: read, make one row per customer, segment, write.

    Purchases become customers by a recipe that is proposed, shown, and saved with --save-project. Without --out
    nothing is written.

    \b
    Examples:
      segtui segment orders.parquet --method rfm --out deliverables/
      segtui segment customers.csv orders.parquet --method kmeans --set k=2..8 --out deliverables/
      segtui segment survey.csv -m kmeans -s k=4 -f q1 -f q2 --save-project survey.segtui.toml
    """
    begun = begin()
    from segtui.cli import segmenting

    wanted = segmenting.Wanted(
        files,
        method,
        settings or [],
        features or [],
        as_of,
        seed,
        out,
        forms or [],
        save_project,
        read or [],
        force,
        as_json,
        plugin_dir or [],
    )
    segmenting.segment(wanted, begun)


def compare(
    files: Files,
    methods: Annotated[
        list[str], typer.Option("--method", "-m", help="How to segment; give two or more, each with --method.")
    ],
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="METHOD.NAME=VALUE", help="A parameter of one of the methods."),
    ] = None,
    features: Features = None,
    feature_set: FeatureSetName = None,
    as_of: AsOf = None,
    seed: Seed = 42,
    out: Out = None,
    forms: Forms = None,
    read: Read = None,
    force: Force = False,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Segment by several methods and compare: measures on one feature set, agreement, who is where.

    With --out the assignments, the models and the report are written, or what --as names.

    \b
    Examples:
      segtui compare orders.parquet --method rfm --method kmeans --set kmeans.k=5
      segtui compare orders.parquet -m rfm -m kmeans --as report --as workbook --out deliverables/
    """
    begun = begin()
    from segtui.cli import analysing

    wanted = analysing.Compared(
        files,
        methods,
        settings or [],
        features or [],
        feature_set,
        as_of,
        seed,
        out,
        forms or [],
        read or [],
        force,
        as_json,
        plugin_dir or [],
    )
    analysing.compare(wanted, begun)


def score(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model that was saved, such as rfm.segmodel.")],
    files: Files,
    as_of: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--as-of",
            metavar="YYYY-MM-DD",
            help="The day to look at purchases from. [the day of the fit, where the new data ends before it]",
        ),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", "-o", help="The file to write (.csv, .parquet or .xlsx). [stdout, as CSV]"),
    ] = None,
    read: Read = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Leave text that a spreadsheet would take for a formula as it is.")
    ] = False,
    force: Force = False,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Give new customers their segments, by a model that was saved: its own recipe runs on the new files.

    \b
    Example:
      segtui score deliverables/rfm.segmodel next_year.parquet --as-of 2012-06-30 --out labels.csv
    """
    begun = begin()
    from segtui.cli import scoring

    scoring.score(model, files, as_of, out, read or [], raw, force, as_json, plugin_dir or [], begun)
