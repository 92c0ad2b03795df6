"""The commands. Each parses its words, asks the Session, and prints: data on stdout, everything else on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from segtui.cli.options import (
    AllowOutside,
    AsOf,
    Features,
    Files,
    Force,
    Forms,
    Json,
    Out,
    PluginFolders,
    Project,
    Read,
    Seed,
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

    scoring.score(model, files, as_of, out, raw, force, as_json, plugin_dir or [], begun)


def analyse(
    project: Project,
    analysis: Annotated[str, typer.Argument(metavar="ANALYSIS", help="profile, quality, comparison, or a plugin's.")],
    segmentations: Segmentations = None,
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="A parameter of the analysis."),
    ] = None,
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
