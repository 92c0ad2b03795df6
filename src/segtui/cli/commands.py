"""The commands. Each parses its words, asks the Session, and prints: data on stdout, everything else on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from segtui.project.begin import begin

Files = Annotated[
    list[str], typer.Argument(metavar="FILE", help="CSV, Parquet, Arrow or JSON lines; NAME=FILE gives it a name.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for programs.")]
Out = Annotated[Optional[Path], typer.Option("--out", "-o", help="The folder to write results into.")]  # noqa: UP045
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
AsOf = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day to look at purchases from. [the day after the last]"),
]
Read = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--read",
        metavar="NAME=VALUE",
        help="How to read the files: delimiter, encoding, decimal, header, tolerant ... or COLUMN.kind, COLUMN.role.",
    ),
]
PluginFolders = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option("--plugin-dir", metavar="FOLDER", help="A folder with further plugins. They can do all you can."),
]


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
    features: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--feature", "-f", metavar="COLUMN[=FORM]", help='A feature; FORM is z, "log z", robust, "as is".'
        ),
    ] = None,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of every random choice.")] = 42,
    out: Out = None,
    form: Annotated[str, typer.Option("--format", help="csv or parquet, for the assignments.")] = "csv",
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
        form,
        save_project,
        read or [],
        force,
        as_json,
        plugin_dir or [],
    )
    segmenting.segment(wanted, begun)


def run(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project file, such as shop.segtui.toml.")],
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Trust the project to name files outside its folder.")
    ] = False,
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
        typer.Option("--out", "-o", help="The file to write (.csv or .parquet). [stdout, as CSV]"),
    ] = None,
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

    scoring.score(model, files, as_of, out, force, as_json, plugin_dir or [], begun)


def analyse(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project file, such as shop.segtui.toml.")],
    analysis: Annotated[str, typer.Argument(metavar="ANALYSIS", help="profile, quality, comparison, or a plugin's.")],
    segmentations: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--segmentation", metavar="ID", help="What to look at; may be given several times. [all]"),
    ] = None,
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="A parameter of the analysis."),
    ] = None,
    as_json: Json = False,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Trust the project to name files outside its folder.")
    ] = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Say what segments are like: run what is needed of a project, and print a report.

    \b
    Examples:
      segtui analyse shop.segtui.toml profile --segmentation rfm
      segtui analyse shop.segtui.toml quality --json
    """
    begun = begin()
    from segtui.cli import analysing

    analysing.analyse(
        project, analysis, segmentations or [], settings or [], as_json, allow_outside, plugin_dir or [], begun
    )


def compare(
    files: Files,
    methods: Annotated[
        list[str], typer.Option("--method", "-m", help="How to segment; give two or more, each with --method.")
    ],
    settings: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", "-s", metavar="METHOD.NAME=VALUE", help="A parameter of one of the methods."),
    ] = None,
    features: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--feature", "-f", metavar="COLUMN[=FORM]", help='A feature; FORM is z, "log z", robust, "as is".'
        ),
    ] = None,
    as_of: AsOf = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of every random choice.")] = 42,
    out: Out = None,
    form: Annotated[str, typer.Option("--format", help="csv or parquet, for the assignments.")] = "csv",
    read: Read = None,
    force: Force = False,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Segment by several methods and compare: measures on one feature set, agreement, who is where.

    \b
    Example:
      segtui compare orders.parquet --method rfm --method kmeans --set kmeans.k=5
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
        form,
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
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="For check: a parameter of the method."),
    ] = None,
    to: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--to", metavar="FOLDER", help="For new: where to make the package. [the working folder]"),
    ] = None,
    as_json: Json = False,
    plugin_dir: PluginFolders = None,
) -> None:
    """Show what is installed: methods with their parameters and needs; what is broken, and why.

    Authors of plugins: `check` holds a method against every rule of the contract; `new` makes a package to start from.

    \b
    Examples:
      segtui plugins
      segtui plugins kmeans
      segtui plugins new top_customers --to my_plugins
      segtui plugins check top_customers --plugin-dir my_plugins/top_customers
    """
    doing, name = _plugin_words(words or [], settings, to)
    if doing == "check":
        from segtui.cli import checking

        checking.check(name or "", settings or [], as_json, plugin_dir or [])
        return
    if doing == "new":
        from segtui.cli import checking

        checking.new(name or "", to or Path(), as_json)
        return
    begun = begin()
    from segtui.cli import listing

    listing.plugins(name, as_json, plugin_dir or [], begun)


def _plugin_words(words: list[str], settings: list[str] | None, to: Path | None) -> tuple[str, str | None]:
    """What to do (show, check, new) and with what name. Raises BadParameter."""
    doing = words[0] if words and words[0] in ("check", "new") else "show"
    names = words if doing == "show" else words[1:]
    if len(names) > 1 or (doing != "show" and not names):
        raise typer.BadParameter("write NAME, check NAME or new NAME, or nothing", param_hint="plugins")
    if settings and doing != "check":
        raise typer.BadParameter("it belongs to check", param_hint="--set")
    if to and doing != "new":
        raise typer.BadParameter("it belongs to new", param_hint="--to")
    return doing, names[0] if names else None
