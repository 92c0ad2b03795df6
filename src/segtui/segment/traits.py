"""What sets a segment apart, in a few words: traits of a profile, the strongest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from segtui.api import text
from segtui.api.profile import EFFECT, LEAST_CUSTOMERS, LevelFacts, NumberFacts, Profile, ProfileRow
from segtui.api.table import Column, Kind, Role

_WORDS = {
    Role.RECENCY: ("lapsed", "recent"),
    Role.FREQUENCY: ("frequent", "infrequent"),
    Role.MONETARY: ("high spend", "low spend"),
}
_SHARE = re.compile(r"(?:share[ _](?:of[ _])?(?P<after>.+))|(?:(?P<before>.+)[ _]share)", re.IGNORECASE)
_LONGEST_WORD = 30
_ORDER = [*_WORDS]


@dataclass(frozen=True)
class Trait:
    """A few words, the place they take among others in a name, and how strongly the trait sets the segment apart."""

    words: str
    place: int
    strength: float


def traits(profile: Profile, row: ProfileRow) -> list[Trait]:
    """The marked columns and levels of one segment in words, strongest first."""
    found = [
        Trait(_number_words(column, facts), _place(column), _strength(column, facts))
        for column, facts in zip(profile.numbers, row.numbers, strict=True)
        if facts.mark
    ]
    found += [
        Trait(f"{_called(column)}: {_word(level.level)}", len(_ORDER) + 2, abs(level.difference or 0.0))
        for column, levels in zip(profile.categories, row.levels, strict=True)
        for level in _sought_after(levels)
    ]
    unlike = {trait.words.casefold(): trait for trait in sorted(found, key=_weight, reverse=True)}
    return sorted(unlike.values(), key=_weight)


def name_of(chosen: list[Trait], row: ProfileRow) -> str:
    """A name made of traits, in an order of its own; without any, what can be said without them."""
    if not chosen:
        return "Few customers" if row.size < LEAST_CUSTOMERS else "Average"
    words = ", ".join(trait.words for trait in sorted(chosen, key=lambda trait: trait.place))
    return words[0].upper() + words[1:]


def _weight(trait: Trait) -> tuple[float, int, str]:
    return (-trait.strength, trait.place, trait.words)


def _strength(column: Column, facts: NumberFacts) -> float:
    """How far from all; what customers buy counts double, as names are mostly about that."""
    apart = max(abs(facts.difference or 0.0), EFFECT)
    return apart * 2 if column.role in _WORDS else apart


def _place(column: Column) -> int:
    if column.role in _ORDER:
        return _ORDER.index(column.role)
    return len(_ORDER) + (0 if _shared(column) else 1)


def _shared(column: Column) -> str:
    """What a share column is the share of, empty for other columns."""
    match = _SHARE.fullmatch(column.name.strip()) if column.kind is Kind.NUMBER else None
    return _word((match["after"] or match["before"] or "").replace("_", " ")) if match else ""


def _number_words(column: Column, facts: NumberFacts) -> str:
    high = facts.mark > 0
    if column.role in _WORDS:
        return _WORDS[column.role][0 if high else 1]
    mean = facts.mean or 0.0
    shared = _shared(column)
    if shared:
        whole = 100.0 if column.unit == "%" else 1.0
        if high:
            return f"{'mostly' if mean > whole / 2 else 'more'} {shared}"
        return f"{'hardly' if mean < whole / 10 else 'less'} {shared}"
    if column.kind is Kind.FLAG:
        return f"{_called(column)}: {'yes' if high else 'no'}"
    return f"{'high' if high else 'low'} {_called(column)}"


def _sought_after(levels: tuple[LevelFacts, ...]) -> list[LevelFacts]:
    return [level for level in levels if level.mark > 0]


def _called(column: Column) -> str:
    return _word(column.name.replace("_", " "))


def _word(name: str) -> str:
    return text.safe(" ".join(name.split()) or "unnamed", _LONGEST_WORD)
