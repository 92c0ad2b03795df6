"""`segtui score`: a saved model on new files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from segtui.api.errors import ReadError
from segtui.api.text import count, plural, safe, size
from segtui.cli import output, words
from segtui.cli.running import account_in_words
from segtui.project.begin import Begun
from segtui.project.facts import LocatedSource, ScoreFacts
from segtui.project.session import Session
from segtui.project.source_names import source_name
from segtui.read.guard import refuse_scheme


def score(
    model: Path,
    files: Sequence[str],
    as_of: str | None,
    out: Path | None,
    read: Sequence[str],
    raw: bool,
    force: bool,
    as_json: bool,
    plugin_folders: Sequence[Path],
    begun: Begun,
) -> None:
    """Score files; labels go to `out`, or to stdout as CSV (with --json a summary goes there instead)."""
    day, reading = words.day(as_of), words.reading(read)
    located = []
    for name, path in words.named_files(files):
        refuse_scheme(path)
        located.append(LocatedSource(name or source_name(path), path.absolute(), reading))
    if not model.is_file():
        raise ReadError("There is no such model file.", where=safe(model), next_step="Check its path.")
    with Session.new(plugin_folders=words.folders(plugin_folders), begun=begun) as session:
        to_stdout = out is None and not as_json
        target = session.workers.folder / "scored.csv" if to_stdout else out
        found = session.score(model, located, day, target, raw=raw, overwrite=force, on_progress=output.progress)
        _say(found)
        if to_stdout and found.file:
            output.data_file(found.file.path)
    if found.file and out:
        output.say(f"wrote {safe(out)}  {size(found.file.size)}")
    if as_json:
        output.data_json(
            {
                "method": found.method,
                "as_of": found.as_of,
                "segments": [asdict(segment) for segment in found.segments],
                "account": asdict(found.account),
                "customers_account": asdict(found.customers_account) if found.customers_account else None,
                "steps": [asdict(step) for step in found.steps],
                "notes": found.notes,
                "file": str(out) if out else None,
            }
        )


def _say(found: ScoreFacts) -> None:
    for facts in found.sources:
        output.say(f"{safe(facts.path.name)}   {plural(facts.rows, 'row')}, {facts.grain}")
    if found.customers_account:
        output.say(account_in_words(found.customers_account))
    day = f" as of {found.as_of}" if found.as_of else ""
    output.say(f"{plural(found.account.total, 'customer')}{day}, {count(found.account.used)} in a segment")
    rows = [[segment.letter, safe(segment.name, 40), count(segment.size)] for segment in found.segments]
    for line in output.table(rows, [False, False, True], "  "):
        output.say(line)
    for note in found.notes:
        output.say(f"! {note}")
