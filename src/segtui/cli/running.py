"""Running what a command needs: sources are read, customers made, segmentations run, each said in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.segmentation import Account
from segtui.api.text import close_matches, count, duration, join_words, plural, safe
from segtui.cli import output
from segtui.prepare import FeatureSet
from segtui.project.document import SegmentationEntry
from segtui.project.facts import CustomersFacts, SegmentationFacts
from segtui.project.session import Session

MEASURED = "--feature-set"


def needed(session: Session, chosen: Sequence[str]) -> list[SegmentationEntry]:
    """The segmentations of these ids, in the order of the project, with those that they build on; checked, before any
    work. Raises UsageError for an id that is not there."""
    entries = session.document.segmentations
    by_id = {entry.id: entry for entry in entries}
    for name in chosen:
        _refuse_unknown(name, list(by_id), session)
    wanted: set[str] = set()
    waiting = list(chosen)
    while waiting:
        name = waiting.pop()
        if name not in wanted and name in by_id:
            wanted.add(name)
            waiting += by_id[name].after
    found = [entry for entry in entries if entry.id in wanted]
    if not found:
        raise UsageError(
            "The project has no segmentation to run.", where=safe(_name(session)), next_step="Add one to it."
        )
    for entry in found:
        session.check(entry, output.progress)
    return found


def _refuse_unknown(name: str, known: Sequence[str], session: Session) -> None:
    if name in known:
        return
    near = close_matches(name, known, most=1)
    there = join_words(safe(one, 60) for one in known) or "none"
    raise UsageError(
        f"The project has no segmentation {safe(name, 60)}.",
        where=safe(_name(session)),
        next_step=f"Did you mean {safe(near[0], 60)}?" if near else f"There are: {there}.",
    )


def _name(session: Session) -> str:
    return session.path.name if session.path else session.document.name


def prepare(
    session: Session, day: date | None = None, chosen: FeatureSet | None = None, measured: str | None = None
) -> CustomersFacts:
    """Read the sources and make customers, with the features chosen, else those of the project or proposed. Where
    another set is `measured` than is chosen, the proposed one is there too; UsageError where none has that name."""
    proposed = chosen is not None and measured not in (None, chosen.name)
    if chosen and not proposed:
        session.set_feature_set(chosen)
    read_sources(session)
    customers = session.prepare(day, output.progress)
    if chosen and proposed:
        session.change(session.document.replacing(feature_sets=(chosen, *customers.feature_sets)))
    if measured:
        session.check_feature_set(measured, MEASURED)
    if proposed:
        customers = session.prepare(on_progress=output.progress)
    say_customers(customers)
    return customers


def segment_all(session: Session, entries: Sequence[SegmentationEntry]) -> list[SegmentationFacts]:
    """Run each."""
    made = []
    for entry in entries:
        made.append(session.segment(entry, output.progress))
        say_segmentation(made[-1])
    return made


def read_sources(session: Session) -> None:
    for facts in session.read(output.progress):
        rejected = f", {plural(facts.rejected, 'row')} not readable" if facts.rejected else ""
        columns = plural(len(facts.columns), "column")
        output.say(f"{safe(facts.path.name)}   {plural(facts.rows, 'row')} × {columns}, {facts.grain}{rejected}")
        if facts.changed:
            output.say(f"! {safe(facts.path.name)} has changed since the project was saved; the labels may differ.")


def say_customers(customers: CustomersFacts) -> None:
    rows = [["recipe", "rows in", "rows out"]]
    notes: list[tuple[int, str]] = []
    for step in customers.steps:
        rows.append([f"{step.step} {step.text}", count(step.rows_in), count(step.rows_out)])
        changed = [f"{count(step.changed)} values changed"] if step.changed else []
        notes += [(len(rows) - 1, note) for note in (*changed, *step.notes)]
    output.say()
    for position, line in enumerate(output.table(rows, [False, True, True], "  ") if customers.steps else []):
        output.say(line)
        for at, note in notes:
            if at == position:
                output.say(f"      {note}")
    for account in filter(None, (customers.account, customers.customers_account)):
        output.say(f"  {account_in_words(account)}")
    day = f" as of {customers.as_of}" if customers.as_of else ""
    output.say(f"  {plural(customers.rows, 'customer')}{day}")
    for chosen in customers.feature_sets:
        forms = ", ".join(f"{safe(name, 40)} ({form})" for name, form in chosen.columns.items())
        output.say(f"  features {safe(chosen.name, 40)}: {forms}")
    personal = [name for name, column in customers.columns.items() if column.personal and name != customers.id]
    if personal:
        output.say(f"  personal columns stay here: {join_words(safe(name, 40) for name in personal)}")
    for note in customers.notes:
        output.say(f"  ! {note}")
    output.say()


def account_in_words(account: Account) -> str:
    """How a total comes about, on one line."""
    dropped = "".join(f" + {count(part.rows)} {part.text}" for part in account.dropped)
    return f"{count(account.total)} {account.what} = {count(account.used)} used{dropped}"


def say_segmentation(made: SegmentationFacts) -> None:
    params = ", ".join(f"{name} {_shown(value)}" for name, value in made.params.items() if _is_short(value))
    output.say(f"{made.title}: {plural(len(made.segments), 'segment')} in {duration(made.seconds)}, seed {made.seed}")
    output.say(f"  {params}")
    for part in made.account.dropped:
        output.say(f"  {count(part.rows)} customers {part.text}")
    for note in made.notes:
        output.say(f"  ! {note}")


def _is_short(value: Any) -> bool:
    return value not in (None, [], ()) and len(str(value)) <= 40


def _shown(value: Any) -> str:
    """A list as its words."""
    return safe(", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else value, 40)


def short_path(path: Path) -> Path:
    """The path as seen from the working folder, where it lies in it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
