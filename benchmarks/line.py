"""What a line of the table is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Runs

OURS = "segtui"


@dataclass(frozen=True)
class Place:
    """Where generated data is kept, whether small data will do, and a Python that has pandas and scikit-learn."""

    data: Path
    quick: bool
    python: str | None

    def rows(self, full: int, quick: int) -> int:
        """How many rows to generate."""
        return quick if self.quick else full

    def made(self, name: str, write: Callable[[Path], object]) -> Path:
        """A file of the folder, written where it is not there from an earlier run."""
        path = self.data / name
        if not path.exists():
            unfinished = path.with_name(f"unfinished-{name}")
            write(unfinished)
            unfinished.rename(path)
        return path


@dataclass(frozen=True)
class Must:
    """A figure of both sides that has to be reached: at most `limit`, or at least."""

    what: str
    figure: Callable[[Runs, Runs], float]
    limit: float
    at_least: bool = False
    form: str = "{:.2f}x"

    def reached(self, ours: Runs, other: Runs) -> bool:
        """Whether it is."""
        found = self.figure(ours, other)
        return found >= self.limit if self.at_least else found <= self.limit

    def said(self, ours: Runs, other: Runs) -> str:
        """What was reached beside what must be."""
        found, limit = self.form.format(self.figure(ours, other)), self.form.format(self.limit)
        return f"{self.what} {found}, {'at least' if self.at_least else 'at most'} {limit}"


@dataclass(frozen=True)
class Line:
    """Commands that do the same work, `segtui` one of them, and by the name of each other what must be reached.

    What takes minutes needs no warming up.
    """

    title: str
    commands: Mapping[str, Sequence[str]]
    musts: Mapping[str, Sequence[Must]]
    rounds: int = 5
    warm_up: bool = True
    note: str = ""


def times_as_long(limit: float) -> Must:
    """segtui takes at most so many times as long."""
    return Must("takes", lambda ours, other: ours.seconds / other.seconds, limit)


def times_faster(limit: float) -> Must:
    """segtui is at least so many times faster."""
    return Must("faster", lambda ours, other: other.seconds / ours.seconds, limit, at_least=True)
