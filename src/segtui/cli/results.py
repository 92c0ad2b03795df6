"""Results of a run: segments as a table for people, or as plain data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from segtui.api.profile import NumberFacts
from segtui.api.table import Column
from segtui.api.text import count, percents, plural, safe
from segtui.cli import output
from segtui.cli.running import short_path
from segtui.draw.means import mean, unit_of_mean
from segtui.project.facts import CustomersFacts, DeliveredFile, SegmentationFacts
from segtui.project.session import Session

MOST_COLUMNS = 6


def print_results(
    made: Sequence[SegmentationFacts],
    customers: CustomersFacts,
    files: Sequence[DeliveredFile],
    session: Session,
    as_json: bool,
) -> None:
    output.clear_progress()
    if as_json:
        output.data_json(as_data(made, customers, files, session))
        return
    for position, one in enumerate(made):
        if position:
            output.data("")
        if len(made) > 1:
            output.data(f"{safe(one.id)}  {one.title}")
        _print_segments(one, customers)


def _print_segments(made: SegmentationFacts, customers: CustomersFacts) -> None:
    """Segments as rows; the size, and the numbers that the segmentation was made on, else those with a role."""
    profile = made.profile
    features = customers.scalings[made.feature_set].columns if made.feature_set else ()
    chosen = [place for place, column in enumerate(profile.numbers) if column.name in features]
    chosen = chosen or [place for place, column in enumerate(profile.numbers) if column.role]
    chosen = (chosen or list(range(len(profile.numbers))))[:MOST_COLUMNS]
    header = ["", "segment", "customers", "share", *[safe(profile.numbers[place].name, 16) for place in chosen]]
    by_code = {row.code: row for row in profile.segments}
    unassigned = made.account.total - made.account.used
    shares = percents([*[segment.size for segment in made.segments], unassigned], 1)
    rows = [header]
    empty = sum(not segment.size for segment in made.segments)
    for segment, share in zip(made.segments, shares, strict=False):
        if not segment.size:
            continue
        figures = [_figure(by_code[segment.code].numbers[place], profile.numbers[place]) for place in chosen]
        rows.append([segment.letter, safe(segment.name, 40), count(segment.size), share, *figures])
    if empty:
        which = "it" if empty == 1 else "them"
        rows.append(["", f"and {plural(empty, 'segment')} with nobody in {which}", "", "", *["" for _ in chosen]])
    if unassigned:
        rows.append(["", "in no segment", count(unassigned), shares[-1], *["" for _ in chosen]])
    whole = [_figure(profile.all.numbers[place], profile.numbers[place]) for place in chosen]
    rows.append(["", "all", count(made.account.total), "100 %", *whole])
    units = [unit_of_mean(profile.numbers[place]) for place in chosen]
    if any(units):
        rows.insert(1, ["", "", "", "", *[f"{unit} " if unit else "" for unit in units]])
    for line in output.table(rows, [False, False, True, True, *[True] * len(chosen)]):
        output.data(line)


def _figure(facts: NumberFacts, column: Column) -> str:
    cell = mean(facts, column)
    return cell.text + (cell.mark or " ")


def as_data(
    made: Sequence[SegmentationFacts], customers: CustomersFacts, files: Sequence[DeliveredFile], session: Session
) -> dict[str, Any]:
    return {
        "project": session.document.name,
        "seed": session.document.seed,
        "as_of": customers.as_of,
        "sources": [
            {
                "name": facts.name,
                "rows": facts.rows,
                "rejected": facts.rejected,
                "sha256": facts.fingerprint.sha256,
                "changed": facts.changed,
            }
            for facts in session.sources
        ],
        "steps": [asdict(step) for step in customers.steps],
        "account": asdict(customers.account),
        "customers_account": asdict(customers.customers_account) if customers.customers_account else None,
        "customers": customers.rows,
        "segmentations": [
            {
                "id": one.id,
                "method": one.method,
                "plugin": one.plugin,
                "params": one.params,
                "feature_set": one.feature_set,
                "seconds": round(one.seconds, 3),
                "fingerprint": one.fingerprint,
                "segments": [asdict(segment) for segment in one.segments],
                "account": asdict(one.account),
                "notes": one.notes,
            }
            for one in made
        ],
        "files": [{"path": str(short_path(file.path)), "bytes": file.size} for file in files],
        "notes": customers.notes,
    }
