"""What the export screen says: what would leave this machine, and what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Column, Table
from rich.text import Text

from segtui.api.text import count, file_name, join_words, plural, safe, size
from segtui.export.deliver import manifest_name
from segtui.export.gate import NAMES_A_PERSON
from segtui.plugins import Catalogue
from segtui.project.facts import CustomersFacts, DeliveryFacts
from segtui.project.jobs.leaving import leaving
from segtui.project.session import Session
from segtui.tui.screens.export_choices import chosen_of, forms_of
from segtui.tui.screens.export_rows import personal_columns

OWN_COLUMNS = 3
"""The id, and the code and the name of the segment."""
NAME = 13
MOST_FILES = 40


@dataclass(frozen=True)
class Written:
    """A delivery that was made: when, in words, and what it was."""

    clock: str
    folder: Path
    facts: DeliveryFacts


def hidden_sizes(session: Session) -> int | None:
    """How many sizes of the segments that leave are hidden, as far as sizes alone decide it; None where a segmentation
    has no result yet."""
    names = list(chosen_of(session.document.export, [entry.id for entry in session.document.segmentations]))
    results = session.results
    if any(name not in results for name in names):
        return None
    builds_on = [name for one in names for name in results[one].after if name in results]
    made = [results[name] for name in dict.fromkeys([*names, *builds_on])]
    passed = leaving(made, (), session.document.export).segmentations
    return sum(segment.customers is None for name in names for segment in passed[name].segments)


def what_leaves(session: Session, catalogue: Catalogue, hidden: int | None) -> Table:
    """Rows, ids, personal data, small groups, models and the manifest, a line each."""
    customers, export = session.customers, session.document.export
    names = chosen_of(export, [entry.id for entry in session.document.segmentations])
    lines = [("into", safe((session.folder / export.folder).absolute(), 300))]
    if not export.wanted and not export.models:
        lines = [("files", "none is chosen, so there is nothing to export")]
    elif customers is None:
        lines = [("customers", "there are none yet; r makes them")]
    else:
        lines += [("customers", words) for words in _rows(session, customers, names)]
        lines += [("personal data", words) for words in _personal(session, customers)]
        lines += [("small groups", _small(session, hidden, names))]
        lines += [("reports", words) for words in _reports(session, catalogue, names)]
        lines += [("models", words) for words in _models(session, names)]
        lines += [("manifest", f"{manifest_name(names)}: inputs with hashes, counts, columns, parameters, versions")]
    return _told("What leaves this machine", lines)


def _told(title: str, lines: Iterable[tuple[str, str]]) -> Table:
    """A title, and below it names with words that wrap in a column of their own."""
    table = Table.grid(Column(width=NAME), Column(ratio=1), padding=(0, 1, 0, 0), expand=True)
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    shown = ""
    for name, words in lines:
        table.add_row(Text("" if name == shown else name, style="dim"), Text(words))
        shown = name
    return table


def _rows(session: Session, customers: CustomersFacts, names: Sequence[str]) -> Iterator[str]:
    export = session.document.export
    forms = forms_of(export)
    if not forms:
        yield "rows in a sheet of the workbook" if _rows_elsewhere(session) else "no file holds rows of customers"
        return
    columns = OWN_COLUMNS + len(dict.fromkeys((*export.columns, *export.personal_columns)))
    files = len(names) * len(forms)
    each = f" in each of {files} files" if files > 1 else ""
    yield f"{plural(customers.rows, 'row')} × {columns} columns{each}"
    more = [safe(name, 40) for name in dict.fromkeys((*export.columns, *export.personal_columns))]
    yield join_words([safe(customers.id, 40), "code of the segment", "its name", *more])
    yield from _ids(session, customers)


def _rows_elsewhere(session: Session) -> bool:
    return any(entry.params.get("assignments") for entry in session.document.export.files)


def _ids(session: Session, customers: CustomersFacts) -> Iterator[str]:
    kind = customers.columns[customers.id].personal
    if session.document.export.ids == "clear":
        named = kind in NAMES_A_PERSON
        yield f"! ids in clear, and the id is itself personal data ({kind})" if named else "ids in clear"
        return
    yield f"ids pseudonymised; the key stays here, in {safe(_key(session), 120)}"


def _key(session: Session) -> str:
    own = session.path.name.removesuffix(".toml") if session.path else file_name(session.document.name)
    return session.document.export.key or f"{own}.key"


def _personal(session: Session, customers: CustomersFacts) -> Iterator[str]:
    chosen = session.document.export.personal_columns
    if chosen:
        yield f"! leaves, as you chose: {_listed(chosen)}"
    held = [name for name in personal_columns(customers) if name not in chosen]
    if held:
        yield f"held back: {_listed(held)}"
    if not chosen and not held:
        yield "none besides the id" if customers.columns[customers.id].personal else "none found"


def _small(session: Session, hidden: int | None, names: Sequence[str]) -> str:
    export = session.document.export
    under = f"under {count(export.threshold)} customers"
    if hidden is None:
        return f"groups {under} are hidden"
    reported = bool(export.reports_on(names))
    if hidden == 0:
        return f"no segment {under}" + ("; reports hide smaller groups" if reported else "")
    more = "; reports may hide more" if reported else ""
    return f"the sizes of {plural(hidden, 'segment')} are hidden: {under}, or telling one that is{more}"


def _reports(session: Session, catalogue: Catalogue, names: Sequence[str]) -> Iterable[str]:
    """Titles with what each looks at; the same report on several segmentations in one line."""
    entries = session.document.export.reports_on(names)
    if not entries:
        pinned = session.document.export.reports
        lost = f"! {plural(len(pinned), 'report')} pinned, but " if pinned else "none: "
        return (f"{lost}no file that holds reports is chosen",)
    titles = {entry.id: entry.title for entry in catalogue.analyses}
    by_title: dict[str, list[str]] = {}
    for entry in entries:
        title = titles.get(entry.analysis, entry.analysis)
        by_title.setdefault(title, []).extend(entry.segmentations)
    return [f"{safe(title, 40)} of {_listed(list(dict.fromkeys(of)))}" for title, of in by_title.items()]


def _models(session: Session, names: Sequence[str]) -> Iterator[str]:
    export = session.document.export
    if export.models:
        yield f"{plural(len(names), 'model')}: what was learned from all customers"
        yield "! those that hold rows of customers leave too" if export.models_with_rows else "no rows, no ids"


def _listed(names: Sequence[str]) -> str:
    return join_words(safe(name, 40) for name in names)


def what_was_written(written: Written, reported: bool) -> Table:
    """The files with their sizes, and what is to be said of them."""
    facts = written.facts
    table = Table.grid(Column(width=9, justify="right"), Column(ratio=1), padding=(0, 1, 0, 0), expand=True)
    table.title, table.title_justify, table.title_style = f"Written at {written.clock}", "left", "bold"
    table.add_row("", Text(safe(written.folder, 300), style="dim"))
    for file in facts.files[:MOST_FILES]:
        table.add_row(Text(size(file.size)), Text(safe(file.path.name, 200)))
    if len(facts.files) > MOST_FILES:
        table.add_row("", f"and {count(len(facts.files) - MOST_FILES)} more")
    if facts.hidden:
        where = "reports and manifest" if reported else "the manifest"
        table.add_row("", Text(f"the sizes of {plural(facts.hidden, 'segment')} are hidden in {where}"))
    for note in facts.notes:
        table.add_row("!", Text(safe(note, 300)))
    return table
