"""`segtui segment` and `segtui run`: from files or a project to segments on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segtui.api.errors import UsageError
from segtui.api.profile import NumberFacts
from segtui.api.table import Column, Kind
from segtui.api.text import count, duration, join_words, number, percent, percents, plural, safe, size
from segtui.api.writing import refuse_existing
from segtui.cli import output, words
from segtui.project.begin import Begun
from segtui.project.document import ExportEntry, SegmentationEntry
from segtui.project.facts import CustomersFacts, DeliveredFile, SegmentationFacts
from segtui.project.session import Session

MOST_COLUMNS = 6
MARKS = {-1: "▼", 0: " ", 1: "▲"}


@dataclass(frozen=True)
class Wanted:
    """What `segtui segment` was told, as the words of the command line."""

    files: Sequence[str]
    method: str
    settings: Sequence[str]
    features: Sequence[str]
    as_of: str | None
    seed: int
    out: Path | None
    form: str
    save_project: Path | None
    read: Sequence[str]
    force: bool
    as_json: bool
    plugin_folders: Sequence[Path]

    @property
    def name(self) -> str:
        """A name for the project: that of its file, else of the first source."""
        if self.save_project is None:
            return words.named_files(self.files)[0][1].stem[:200] or "untitled"
        return self.save_project.name.removesuffix(".toml").removesuffix(".segtui")[:200] or "untitled"


def segment(wanted: Wanted, begun: Begun) -> None:
    """Segment files by one method."""
    if wanted.form not in ("csv", "parquet"):
        form = safe(wanted.form, 20)
        raise UsageError(f"{form} is no format of assignments.", where="--format", next_step="Say csv or parquet.")
    day, reading, chosen = words.day(wanted.as_of), words.reading(wanted.read), words.feature_set(wanted.features)
    params = words.settings(wanted.settings, wanted.method)
    with Session.new(
        seed=wanted.seed, name=wanted.name, plugin_folders=words.folders(wanted.plugin_folders), begun=begun
    ) as session:
        entry = SegmentationEntry(id=wanted.method.rpartition(":")[2], method=wanted.method, params=params)
        session.check(entry, output.progress)
        if wanted.out:
            session.refuse_existing(wanted.out, [entry.id], wanted.form, wanted.force)
        if wanted.save_project and not wanted.force:
            refuse_existing([wanted.save_project])
        for name, path in words.named_files(wanted.files):
            session.add_source(path, name, reading)
        if chosen:
            session.set_feature_set(chosen)
        folder = str(wanted.out or "deliverables")
        session.change(session.document.replacing(export=ExportEntry(folder=folder, assignments=wanted.form)))
        read_sources(session)
        customers = session.prepare(day, output.progress)
        say_customers(customers)
        made = session.segment(entry, output.progress)
        say_segmentation(made)
        if wanted.save_project:
            _save(session, wanted.save_project, wanted.force)
        files_written = deliver(session, wanted.out, wanted.force)
        print_results([made], customers, files_written, session, wanted.as_json)


def run(
    project: Path,
    out: Path | None,
    force: bool,
    as_json: bool,
    allow_outside: bool,
    plugin_folders: Sequence[Path],
    begun: Begun,
) -> None:
    """Run everything a project names."""
    with Session.open(
        project, allow_outside=allow_outside, plugin_folders=words.folders(plugin_folders), begun=begun
    ) as session:
        entries = session.document.segmentations
        if not entries:
            raise UsageError(
                "The project has no segmentation to run.", where=safe(project.name), next_step="Add one to it."
            )
        target = out or session.folder / session.document.export.folder
        chosen = session.document.export.segmentations or [entry.id for entry in entries]
        session.refuse_existing(target, chosen, session.document.export.assignments, force)
        for entry in entries:
            session.check(entry, output.progress)
        read_sources(session)
        customers = session.prepare(on_progress=output.progress)
        say_customers(customers)
        made = []
        for entry in entries:
            made.append(session.segment(entry, output.progress))
            say_segmentation(made[-1])
        files_written = deliver(session, target, force)
        print_results(made, customers, files_written, session, as_json)


def _save(session: Session, path: Path, force: bool) -> None:
    saved = session.save(path, overwrite=force)
    output.say(f"wrote {safe(saved)}")
    if any(Path(source.path).is_absolute() or ".." in Path(source.path).parts for source in session.document.sources):
        output.say("  it names files outside its folder, so run it with --allow-outside")


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
    account = customers.account
    dropped = "".join(f" + {count(part.rows)} {part.text}" for part in account.dropped)
    output.say(f"  {count(account.total)} {account.what} = {count(account.used)} used{dropped}")
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


def deliver(session: Session, folder: Path | None, force: bool) -> tuple[DeliveredFile, ...]:
    if folder is None:
        return ()
    written = session.deliver(folder, overwrite=force, on_progress=output.progress)
    for file in written:
        output.say(f"wrote {safe(_short(file.path))}  {size(file.size)}")
    return written


def _short(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


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
        rows.append(["", f"and {plural(empty, 'segment')} with nobody in it", "", "", *["" for _ in chosen]])
    if unassigned:
        rows.append(["", "in no segment", count(unassigned), shares[-1], *["" for _ in chosen]])
    whole = [_figure(profile.all.numbers[place], profile.numbers[place]) for place in chosen]
    rows.append(["", "all", count(made.account.total), "100 %", *whole])
    units = [unit if (unit := profile.numbers[place].unit) != "share" else "" for place in chosen]
    if any(units):
        rows.insert(1, ["", "", "", "", *[f"{unit} " if unit else "" for unit in units]])
    for line in output.table(rows, [False, False, True, True, *[True] * len(chosen)]):
        output.data(line)


def _figure(facts: NumberFacts, column: Column) -> str:
    """The mean, with its mark; of a flag, and of a share, in percent."""
    is_share = column.kind is Kind.FLAG or column.unit == "share"
    shown = percent(facts.mean, 0) if is_share else number(facts.mean)
    return f"{shown}{MARKS.get(facts.mark, ' ')}"


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
        "files": [{"path": str(_short(file.path)), "bytes": file.size} for file in files],
        "notes": customers.notes,
    }
