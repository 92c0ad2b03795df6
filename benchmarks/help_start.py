"""What a first look costs: `segtui --help` against the import of the library that reads its options.

Both are whole processes. `import typer` is the least that a program made with it can take.
"""

from __future__ import annotations

import sys

from benchmarks.line import OURS, Line, Place, times_as_long

OTHER = "import typer"


def lines(_: Place) -> list[Line]:
    """The one line."""
    commands = {
        OURS: [sys.executable, "-m", "segtui", "--help"],
        OTHER: [sys.executable, "-c", "import typer"],
    }
    return [Line("segtui --help", commands, {OTHER: [times_as_long(2.0)]}, rounds=21)]
