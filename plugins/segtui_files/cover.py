"""What every renderer says around the reports: the brief, where the numbers come from, how they were made, what left.

It comes from the delivery and its manifest. Every key of a manifest may be missing; what is missing is not said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from segtui.api import Delivery, LeavingSegmentation
from segtui.api.text import count, join_words, plural, safe, safe_block, size

LONGEST_BRIEF = 10_000
_HASH = 12
_NONE = "none"


@dataclass(frozen=True)
class Fact:
    """A name and what is said of it, in safe words."""

    name: str
    words: str


@dataclass(frozen=True)
class AccountLine:
    """One line of an account; lines between the first and the last are taken away."""

    words: str
    rows: int


@dataclass(frozen=True)
class InputLine:
    """One file that was read."""

    name: str
    file: str
    rows: int | None
    rejected: int | None
    size: str
    digest: str


@dataclass(frozen=True)
class StepLine:
    """One step of the recipe, with rows in and out."""

    words: str
    table: str
    rows_in: int | None
    rows_out: int | None


@dataclass(frozen=True)
class Method:
    """How a segmentation was made, and what there is to know of it."""

    name: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Cover:
    """All that is said around the reports, in safe words."""

    title: str
    brief: tuple[str, ...]
    facts: tuple[Fact, ...]
    accounts: tuple[tuple[AccountLine, ...], ...]
    inputs: tuple[InputLine, ...]
    privacy: tuple[Fact, ...]
    steps: tuple[StepLine, ...]
    methods: tuple[Method, ...]
    notes: tuple[str, ...]
    versions: tuple[Fact, ...]
    chosen: str | None = None

    def heading(self, name: str) -> str:
        """What stands over a segmentation: its name, and that it was chosen among several."""
        return f"{safe(name)} (chosen)" if name == self.chosen else safe(name)


def cover(delivery: Delivery) -> Cover:
    """The words around the reports of a delivery."""
    manifest = delivery.manifest
    return Cover(
        title=safe(delivery.title),
        brief=tuple(line for line in safe_block(delivery.brief, LONGEST_BRIEF).split("\n") if line.strip()),
        facts=tuple(_facts(delivery)),
        accounts=tuple(
            lines
            for key, used in (("account", "rows used"), ("customers_account", "customers used"))
            if (lines := _account(_mapping(manifest.get(key)), used))
        ),
        inputs=tuple(_input(entry) for entry in _mappings(manifest.get("inputs"))),
        privacy=tuple(_privacy(_mapping(manifest.get("privacy")), manifest.get("threshold"), manifest.get("rounding"))),
        steps=tuple(_step(entry) for entry in _mappings(manifest.get("steps"))),
        methods=tuple(_method(one) for one in delivery.segmentations),
        notes=_notes(manifest),
        versions=tuple(Fact(safe(name), value_words(one)) for name, one in _mapping(manifest.get("versions")).items()),
        chosen=delivery.chosen if len(delivery.segmentations) > 1 else None,
    )


def _facts(delivery: Delivery) -> Iterable[Fact]:
    manifest = delivery.manifest
    if manifest.get("as_of"):
        yield Fact("data as of", value_words(manifest["as_of"]))
    if delivery.made:
        yield Fact("made", delivery.made.isoformat())
    if delivery.segmentations:
        names = join_words(f"{safe(one.id)} ({safe(one.method_title)})" for one in delivery.segmentations)
        yield Fact(plural(len(delivery.segmentations), "segmentation").partition(" ")[2], names)
    if len(delivery.segmentations) > 1 and delivery.chosen is not None:
        yield Fact("chosen", safe(delivery.chosen))
    if len(sizes := {one.customers for one in delivery.segmentations}) == 1:
        yield Fact("customers", count(sizes.pop()))
    if manifest.get("seed") is not None:
        yield Fact("seed", value_words(manifest["seed"]))
    if version := _mapping(manifest.get("versions")).get("segtui"):
        yield Fact("made by", f"segtui {value_words(version)}")


def _account(account: Mapping[str, Any], last: str) -> tuple[AccountLine, ...]:
    """All, what was left out and why, and what was used; nothing where the three do not add up."""
    total, used = _whole(account.get("total")), _whole(account.get("used"))
    dropped = [(safe(entry.get("reason")), _whole(entry.get("rows"))) for entry in _mappings(account.get("dropped"))]
    if total is None or used is None or total != used + sum(rows or 0 for _, rows in dropped):
        return ()
    left = [AccountLine(words, -rows) for words, rows in dropped if rows]
    what = safe(account.get("what") or "rows")
    return (AccountLine(what, total), *left, AccountLine(last, used))


def _input(entry: Mapping[str, Any]) -> InputLine:
    read = _whole(entry.get("bytes"))
    digest = safe(entry["sha256"], 200)[:_HASH] if entry.get("sha256") else ""
    return InputLine(
        safe(entry.get("name")),
        safe(entry.get("file")),
        _whole(entry.get("rows")),
        _whole(entry.get("rejected")),
        size(read) if read is not None else "",
        digest,
    )


def _step(entry: Mapping[str, Any]) -> StepLine:
    notes = "; ".join(safe(note) for note in _sequence(entry.get("notes")))
    words = safe(entry.get("text"), 2_000)
    table = safe(entry["table"]) if entry.get("table") else ""
    return StepLine(
        f"{words} ({notes})" if notes else words, table, _whole(entry.get("rows_in")), _whole(entry.get("rows_out"))
    )


_SAID = {
    "ids": "customers' ids",
    "columns": "columns that leave",
    "personal_columns_held_back": "personal columns held back",
    "personal_columns_chosen": "personal columns that leave",
}


def _privacy(privacy: Mapping[str, Any], threshold: object, rounding: object) -> Iterable[Fact]:
    """What left with the assignments, said once where it is the same for every segmentation."""
    entries = {safe(name): _mapping(entry) for name, entry in privacy.items()}
    for key, name in _SAID.items():
        said = {of: value_words(entry[key]) for of, entry in entries.items() if key in entry}
        if len(set(said.values())) == 1:
            yield Fact(name, next(iter(said.values())))
        elif said:
            yield Fact(name, "; ".join(f"{of}: {words}" for of, words in said.items()))
    least = _whole(threshold)
    if least is not None:
        yield Fact("small groups", f"values about fewer than {plural(least, 'customer')} are hidden")
    multiple = _whole(rounding)
    if multiple:
        yield Fact("rounding", f"counts are rounded to multiples of {count(multiple)}")
    notes = [safe(note, 2_000) for entry in entries.values() for note in _sequence(entry.get("notes"))]
    for note in dict.fromkeys(notes):
        yield Fact("note", note)


def _method(one: LeavingSegmentation) -> Method:
    facts = [Fact("method", safe(one.method_title) or safe(one.method))]
    facts += [Fact("features", safe(one.feature_set))] if one.feature_set else []
    facts += [Fact("seed", str(one.seed))]
    facts += [Fact(safe(name), value_words(value)) for name, value in one.params.items()]
    return Method(safe(one.id), tuple(facts), tuple(safe(note, 2_000) for note in one.notes))


def _notes(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(safe(note, 2_000) for note in _sequence(manifest.get("notes")))


def value_words(value: object) -> str:
    """Plain data in safe words: lists with commas, mappings as "name value", yes and no, numbers in full."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return safe(", ".join(f"{key} {value_words(item)}" for key, item in value.items()) or _NONE, 2_000)
    if isinstance(value, (list, tuple)):
        return safe(", ".join(value_words(item) for item in value) or _NONE, 2_000)
    return safe(value.isoformat() if isinstance(value, date) else value, 2_000)


def _whole(value: object) -> int | None:
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else ()


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(entry) for entry in _sequence(value)]
