"""The table: a row for each side, and what was reached beside what must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.line import OURS, Line
from benchmarks.measuring import Runs


def as_text(line: Line, runs: Mapping[str, Runs]) -> str:
    """One line of the table as Markdown."""
    ours = runs[OURS]
    rows = [f"### {line.title}", ""]
    if line.note:
        rows += [line.note, ""]
    rows += [
        "| | seconds | processor seconds | peak memory | reached |",
        "|---|---:|---:|---:|---|",
        _row(OURS, ours),
    ]
    for name, other in runs.items():
        if name == OURS:
            continue
        said = [f"{_word(must.reached(ours, other))}: {must.said(ours, other)}" for must in line.musts.get(name, ())]
        rows.append(_row(name, other, "<br>".join(said)))
        ratio = f"{ours.seconds / other.seconds:.2f} | {ours.processor / max(other.processor, 1e-9):.2f}"
        rows.append(f"| segtui / {name} | {ratio} | {ours.megabytes / max(other.megabytes, 1e-9):.2f} | |")
    return "\n".join([*rows, ""])


def _row(name: str, runs: Runs, said: str = "") -> str:
    return f"| {name} | {runs.seconds:.2f} | {runs.processor:.2f} | {runs.megabytes:,.0f} MB | {said} |"


def _word(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


def as_plain_data(found: Iterable[tuple[Line, Mapping[str, Runs]]]) -> list[dict[str, Any]]:
    """All lines, for programs."""
    return [
        {
            "title": line.title,
            "sides": {name: _side(each) for name, each in runs.items()},
            "musts": [
                {
                    "against": name,
                    "what": must.what,
                    "found": must.figure(runs[OURS], runs[name]),
                    "limit": must.limit,
                    "at_least": must.at_least,
                    "reached": must.reached(runs[OURS], runs[name]),
                }
                for name, musts in line.musts.items()
                if name in runs
                for must in musts
            ],
        }
        for line, runs in found
    ]


def _side(runs: Runs) -> dict[str, Any]:
    return {
        "seconds": [run.seconds for run in runs.runs],
        "processor_seconds": [run.processor for run in runs.runs],
        "peak_megabytes": [run.megabytes for run in runs.runs],
        "figures": dict(runs.figures),
    }
