"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

# ruff: noqa: UP045  (typer of older versions reads Optional, not None unions in lists)

Files = Annotated[
    list[str], typer.Argument(metavar="FILE", help="CSV, Parquet, Arrow or JSON lines; NAME=FILE gives it a name.")
]
Project = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project file, such as shop.segtui.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for programs.")]
Out = Annotated[Optional[Path], typer.Option("--out", "-o", help="The folder to write results into.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
AsOf = Annotated[
    Optional[str],
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day to look at purchases from. [the day after the last]"),
]
Read = Annotated[
    Optional[list[str]],
    typer.Option(
        "--read",
        metavar="NAME=VALUE",
        help="How to read the files: delimiter, encoding, decimal, header, table ... or COLUMN.kind, COLUMN.role.",
    ),
]
Features = Annotated[
    Optional[list[str]],
    typer.Option("--feature", "-f", metavar="COLUMN[=FORM]", help='A feature; FORM is z, "log z", robust, "as is".'),
]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="The seed of every random choice.")]
Forms = Annotated[
    Optional[list[str]],
    typer.Option(
        "--as",
        metavar="FORM",
        help="What to write: csv, parquet, xlsx, model, report, workbook, markdown, json, or a plugin's exporter.",
    ),
]
Segmentations = Annotated[
    Optional[list[str]],
    typer.Option("--segmentation", metavar="ID", help="Which one; may be given several times. [all]"),
]
FeatureSetName = Annotated[
    Optional[str],
    typer.Option(
        "--feature-set", metavar="NAME", help="The feature set to measure on. [that of the first segmentation with one]"
    ),
]
AllowOutside = Annotated[
    bool, typer.Option("--allow-outside", help="Trust the project to name files outside its folder.")
]
PluginFolders = Annotated[
    Optional[list[Path]],
    typer.Option("--plugin-dir", metavar="FOLDER", help="A folder with further plugins. They can do all you can."),
]
