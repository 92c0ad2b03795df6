"""Segments as people see them: in one order, with letters, and with names that differ and are never empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from segtui.api import text
from segtui.api.customers import Customers
from segtui.api.errors import UsageError
from segtui.api.method import Model, Segment
from segtui.api.profile import Profile, ProfileRow, profile
from segtui.api.segmentation import Account, Count, ShownSegment, letter
from segtui.segment.traits import name_of, traits

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
_FEWEST_TRAITS = 2
_MOST_TRAITS = 3


@dataclass(frozen=True)
class GivenName:
    """What a person calls a segment; an empty name leaves it to the method or to what sets the segment apart."""

    name: str = ""
    description: str = ""


def shown(
    model: Model,
    labels: pl.Series,
    customers: Customers,
    given: Mapping[int, GivenName] | None = None,
    profiled: Profile | None = None,
) -> tuple[ShownSegment, ...]:
    """The segments of a model, by size (largest first, then by code) unless the model has an order of its own.

    Names are those given by people, else the method's, else made from the profile; `profiled` saves making it again.
    Raises UsageError where `given` names a segment that is not there, or two segments alike.
    """
    given = given or {}
    sizes = dict(labels.drop_nulls().value_counts().iter_rows())
    segments = list(model.segments)
    if not model.ordered:
        segments.sort(key=lambda segment: (-sizes.get(segment.code, 0), segment.code))
    letters = {segment.code: letter(position) for position, segment in enumerate(segments)}
    names = _given_names(given, segments)
    names |= _default_names(segments, names, letters)
    nameless = [segment.code for segment in segments if segment.code not in names]
    if nameless:
        codes = [segment.code for segment in segments]
        profiled = profiled or profile(customers.frame, customers.columns, labels, codes)
        names |= _made_names([row for row in profiled.segments if row.code in nameless], profiled, names, letters)
    return tuple(
        ShownSegment(
            code=segment.code,
            letter=letters[segment.code],
            name=names[segment.code],
            size=sizes.get(segment.code, 0),
            rule=text.safe(segment.rule, 20_000),
            description=_description(given, segment.code),
        )
        for segment in segments
    )


def account(labels: pl.Series) -> Account:
    """How the customers come about: those with a segment and those without."""
    unassigned = labels.null_count()
    dropped = (Count("in no segment", unassigned),) if unassigned else ()
    return Account("customers", labels.len(), labels.len() - unassigned, dropped)


def _key(name: str) -> str:
    return name.casefold()


def _description(given: Mapping[int, GivenName], code: int) -> str:
    description = given[code].description.strip() if code in given else ""
    return text.safe(description, LONGEST_DESCRIPTION)


def _given_names(given: Mapping[int, GivenName], segments: list[Segment]) -> dict[int, str]:
    strangers = sorted(set(given) - {segment.code for segment in segments})
    if strangers:
        raise UsageError(
            f"There is no segment with the code {strangers[0]} to give a name to.",
            next_step="Remove that name, or run the segmentation it was given for.",
        )
    names = {code: " ".join(word.name.split()) for code, word in given.items()}
    names = {code: text.safe(name, LONGEST_NAME) for code, name in names.items() if name}
    taken = Counter(_key(name) for name in names.values())
    taken.update(_key(_default_name(segment)) for segment in segments if segment.code not in names and segment.name)
    twice = [name for name in names.values() if taken[_key(name)] > 1]
    if twice:
        raise UsageError(f"Two segments are called {twice[0]}.", next_step="Give each segment a name of its own.")
    return names


def _default_name(segment: Segment) -> str:
    return text.safe(" ".join(segment.name.split()), LONGEST_NAME)


def _default_names(segments: Iterable[Segment], names: Mapping[int, str], letters: Mapping[int, str]) -> dict[int, str]:
    defaults = {segment.code: _default_name(segment) for segment in segments if segment.code not in names}
    return _told_apart({code: name for code, name in defaults.items() if name}, names, letters)


def _made_names(
    rows: list[ProfileRow], profiled: Profile, names: Mapping[int, str], letters: Mapping[int, str]
) -> dict[int, str]:
    """Names of two traits; where these are the same, of three; where they still are, with the letter."""
    found = {code: traits(profiled, row) for row in rows if (code := row.code) is not None}
    made = {row.code: name_of(found[row.code][:_FEWEST_TRAITS], row) for row in rows if row.code is not None}
    taken = Counter(_key(name) for name in [*names.values(), *made.values()])
    for row in rows:
        if row.code is not None and taken[_key(made[row.code])] > 1:
            made[row.code] = name_of(found[row.code][:_MOST_TRAITS], row)
    return _told_apart({code: text.safe(name, LONGEST_NAME) for code, name in made.items()}, names, letters)


def _told_apart(made: dict[int, str], names: Mapping[int, str], letters: Mapping[int, str]) -> dict[int, str]:
    """The same names, with the letter of the segment behind those that are not unique."""
    taken = Counter(_key(name) for name in [*names.values(), *made.values()])
    apart: dict[int, str] = {}
    used = {_key(name) for name in names.values()} | {key for key, times in taken.items() if times == 1}
    for code, name in made.items():
        if taken[_key(name)] == 1:
            apart[code] = name
            continue
        apart[code] = f"{name} ({letters[code]})"
        while _key(apart[code]) in used:
            apart[code] += f" ({letters[code]})"
        used.add(_key(apart[code]))
    return apart
