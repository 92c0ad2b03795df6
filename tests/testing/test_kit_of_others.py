# ruff: noqa: ARG002
"""The kit for analyses, exporters and readers: what ships passes, and each fault is caught by the right check."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segtui.api import (
    Analysis,
    Axis,
    Column,
    Delivery,
    Exporter,
    Figure,
    Figures,
    Grid,
    Kind,
    Params,
    Reader,
    Report,
    Table,
    UsageError,
    View,
)
from segtui.testing import Check, Ending, checks_for, parametrize_with_checks
from segtui_evidence import segtui_analyses
from segtui_files import segtui_exporters

LINES = "".join(f"customer {number};{number}\n" for number in range(50))


@parametrize_with_checks([*segtui_analyses(), *segtui_exporters()])
def test_what_ships_keeps_every_rule(check: Check) -> None:
    outcome = check.run()
    assert outcome.ending is Ending.PASSED or (outcome.ending, outcome.id) == (Ending.LEFT_OUT, "cancel"), outcome.found


class Sizes(Analysis[Any]):
    id = "sizes"
    title = "Sizes"
    summary = "How many there are."
    Params = Params

    def report(self, view: View, params: Any, run: Any) -> Any:
        run.progress(0.5, "counting")
        return Report(self.title, (Figures((Figure("customers", len(view.customers)),)), *self.more(view)))

    def more(self, view: View) -> tuple[Any, ...]:
        return ()


class OtherEachTime(Sizes):
    def more(self, view: View) -> tuple[Any, ...]:
        return (Figures((Figure("luck", random.random()),)),)


class ChangesTheFrame(Sizes):
    def more(self, view: View) -> tuple[Any, ...]:
        view.customers.frame[0, "age"] = 1e6
        return ()


class NeedsMany(Sizes):
    def more(self, view: View) -> tuple[Any, ...]:
        assert len(view.customers) > 1
        return ()


class NotANumber(Sizes):
    def more(self, view: View) -> tuple[Any, ...]:
        return (Grid(Axis(("a",)), Axis(("b",)), ((float("nan"),),)),)


class NeverReports(Sizes):
    def report(self, view: View, params: Any, run: Any) -> Any:
        return Report(self.title, (Figures((Figure("customers", len(view.customers)),)),))


class Names(Exporter[Any]):
    id = "names"
    title = "Names"
    summary = "The names of the segmentations."
    Params = Params

    def file_names(self, title: str, segmentations: Sequence[str], params: Any) -> tuple[str, ...]:
        return ("names.txt",)

    def write(self, delivery: Delivery, folder: Path, params: Any, run: Any) -> tuple[Path, ...]:
        path = folder / "names.txt"
        path.write_text("\n".join(one.id for one in delivery.segmentations), encoding="utf-8")
        return (path, *self.more(delivery, folder))

    def more(self, delivery: Delivery, folder: Path) -> tuple[Path, ...]:
        return ()


class WritesElsewhere(Names):
    def more(self, delivery: Delivery, folder: Path) -> tuple[Path, ...]:
        Path("elsewhere.txt").write_text("x", encoding="utf-8")
        return ()


class LosesAFile(Names):
    def more(self, delivery: Delivery, folder: Path) -> tuple[Path, ...]:
        (folder / "lost.txt").write_text("x", encoding="utf-8")
        return ()


class NamesAnother(Names):
    def file_names(self, title: str, segmentations: Sequence[str], params: Any) -> tuple[str, ...]:
        return ("other.txt",)


class OtherBytes(Names):
    def more(self, delivery: Delivery, folder: Path) -> tuple[Path, ...]:
        (folder / "names.txt").write_text(str(random.random()), encoding="utf-8")
        return ()


class WantsReports(Names):
    def more(self, delivery: Delivery, folder: Path) -> tuple[Path, ...]:
        assert delivery.reports
        return ()


class Lines(Reader[Any]):
    id = "lines"
    title = "Lines"
    suffixes = (".lines",)
    Params = Params

    def tables(self, file: Any) -> Sequence[str]:
        return ("lines",)

    def read(self, file: Any, table: str, params: Any, run: Any) -> Table:
        lines = file.path.read_bytes().decode(errors="replace").splitlines()
        frame = pl.LazyFrame({"line": self.changed(file, lines)}, schema={"line": pl.String})
        return Table(table, frame, {"line": Column("line", Kind.TEXT)}, rows=len(lines))

    def changed(self, file: Any, lines: list[str]) -> list[str]:
        return lines


class MiscountsRows(Lines):
    def changed(self, file: Any, lines: list[str]) -> list[str]:
        return lines[1:]


class Shuffles(Lines):
    def changed(self, file: Any, lines: list[str]) -> list[str]:
        return random.sample(lines, len(lines))


class FailsWhereDamaged(Lines):
    def changed(self, file: Any, lines: list[str]) -> list[str]:
        return [line[: line.index(";")] for line in lines]


class WritesIntoTheFile(Lines):
    def changed(self, file: Any, lines: list[str]) -> list[str]:
        file.path.write_text("".join(f"{line}\n" for line in [*lines, "more"]), encoding="utf-8")
        return lines


class Connects(Lines):
    def changed(self, file: Any, lines: list[str]) -> list[str]:
        with contextlib.suppress(OSError):
            socket.getaddrinfo("example.invalid", 80)
        return lines


class WrongMagic(Lines):
    magic = (b"LINES",)


FAULTS: list[tuple[Callable[[], Any], str]] = [
    (OtherEachTime, "same_report"),
    (ChangesTheFrame, "view_untouched"),
    (NeedsMany, "few_customers"),
    (NotANumber, "report_contract"),
    (NeverReports, "progress_called"),
    (WritesElsewhere, "nothing_elsewhere"),
    (LosesAFile, "files_contract"),
    (NamesAnother, "files_contract"),
    (OtherBytes, "same_files"),
    (WantsReports, "parts_missing"),
    (MiscountsRows, "table_contract"),
    (Shuffles, "same_tables"),
    (FailsWhereDamaged, "damaged_file"),
    (WritesIntoTheFile, "file_untouched"),
    (Connects, "no_network"),
    (WrongMagic, "claims_its_file"),
]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "some.lines"
    path.write_text(LINES, encoding="utf-8")
    return path


@pytest.mark.parametrize(("contribution", "id"), FAULTS)
def test_a_fault_is_caught_by_the_right_check(contribution: Callable[[], Any], id: str, file: Path) -> None:
    outcome = {check.id: check for check in checks_for(contribution(), file=file)}[id].run()
    assert outcome.ending is Ending.FAILED, outcome.found
    assert outcome.says and outcome.found


@pytest.mark.parametrize("contribution", [Sizes, Names, Lines])
def test_the_small_ones_without_a_fault_fail_no_check(contribution: Callable[[], Any], file: Path) -> None:
    outcomes = [check.run() for check in checks_for(contribution(), file=file)]
    assert [outcome.found for outcome in outcomes if outcome.ending is Ending.FAILED] == []


def test_blocks_that_never_leave_are_told() -> None:
    class WithoutCounts(Sizes):
        def more(self, view: View) -> tuple[Any, ...]:
            return (Grid(Axis(("a",)), Axis(("b",)), ((1.0,),)),)

    outcome = {check.id: check for check in checks_for(WithoutCounts())}["can_leave"].run()
    assert outcome.ending is Ending.PASSED
    assert "block 2 (a Grid)" in outcome.found


def test_a_reader_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="on a file"):
        checks_for(Lines())
    with pytest.raises(UsageError, match="no such file"):
        checks_for(Lines(), file=tmp_path / "absent.lines")
