"""Whole reports as lines: their order, what stands apart, their width, and that hostile text stays text."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from sample_blocks import BLOCKS, REPORT, text_of

from segtui.api.report import Bars, Block, Figure, Outcome, Report, Text, Tone, Verdict
from segtui.draw.line import plain
from segtui.draw.report import draw_report


def lines_of(report: Report, width: int = 80) -> list[str]:
    return [plain(line).rstrip() for line in draw_report(report, width)]


@pytest.mark.parametrize("width", [36, 80, 100])
def test_the_blocks_stand_in_their_order_between_the_title_and_the_notes(width: int) -> None:
    lines = lines_of(REPORT, width)
    assert lines[:3] == ["Four segments", "═════════════", ""]
    drawn = [line for block in BLOCKS.values() for line in text_of(block, width) if line]
    notes = ["Notes", "─────", *text_of(Text(REPORT.notes[0].template, tone=Tone.NOTE), width)]
    assert [line for line in lines if line][2:] == [*drawn, *notes]
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize(
    ("before", "after", "free"),
    [
        (Text("One."), Text("Two."), 1),
        (Text("Head", tone=Tone.HEADING), Text("One."), 0),
        (Text("One."), Text("Head", tone=Tone.HEADING), 2),
        (Text("One.", tone=Tone.NOTE), Text("Two.", tone=Tone.NOTE), 0),
        (Text("One.", tone=Tone.NOTE), Text("Two.", tone=Tone.WARNING), 1),
        (Verdict(Outcome.PASS, Text("One.")), Verdict(Outcome.WARN, Text("Two.")), 0),
        (Verdict(Outcome.PASS, Text("One.")), Text("Two."), 1),
        (Bars(("a",), (1.0,), title="One"), Bars(("a",), (1.0,), title="Two"), 1),
    ],
)
def test_what_belongs_together_stands_together(before: Block, after: Block, free: int) -> None:
    lines = lines_of(Report("Title", (before, after)))
    assert lines[3:] == [*text_of(before, 80), *[""] * free, *text_of(after, 80)]


def test_a_report_without_blocks_is_its_title() -> None:
    assert lines_of(Report("Nothing to say", ())) == ["Nothing to say", "══════════════"]


def test_hostile_titles_and_notes_are_inert() -> None:
    hostile = "\x1b[31m\u202eevil\n"
    note = Text("{name}", {"name": Figure("name", hostile)})
    assert lines_of(Report(hostile, (), (note,))) == [
        "␛[31m<202E>evil␊", "════════════════", "", "Notes", "─────", "· ␛[31m<202E>evil␊",
    ]  # fmt: skip
