"""What the Segment screen knows of methods and runs: what can run, which run is which, what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.params import CountOrRange
from segtui.api.table import Column, Kind, Role
from segtui.api.text import plural, safe
from segtui.plugins import MethodEntry
from segtui.project.document import SegmentationEntry
from segtui.project.facts import CustomersFacts
from segtui.tui.widgets.params_fields import Field, Offers, Takes, defaults, fields_of
from segtui.tui.widgets.params_values import shown
from segtui.tui.work import Task

FEATURE_SET, AFTER = "@feature_set", "@after"
"""Fields of the form that are no parameters."""
LONGEST_ID = 100


@dataclass
class Attempt:
    """A run that was asked for: `error` where it failed or was stopped, else it waits or runs."""

    entry: SegmentationEntry
    seed: int
    task: Task | None = None
    error: SegtuiError | None = None

    @property
    def is_over(self) -> bool:
        """Whether it failed or was stopped."""
        return self.error is not None

    @property
    def was_stopped(self) -> bool:
        """Whether somebody stopped it."""
        return isinstance(self.error, Cancelled)

    @property
    def words(self) -> str:
        """How it stands."""
        if self.error is None:
            return "waiting" if self.task and self.task.waiting else "running"
        return "stopped" if self.was_stopped else f"failed: {safe(self.error.what, 200)}"


def earlier_columns(names: Iterable[str]) -> dict[str, Column]:
    """The columns that earlier segmentations become."""
    return {name: Column(name, Kind.CATEGORY, Role.SEGMENT) for name in names}


def reads_earlier(method: MethodEntry) -> bool:
    """Whether a method can read earlier segmentations: by need, or because it is told which columns to read."""
    marks = re.findall(r"'choice': '(\w+)", str(method.params))
    return method.needs.segmentations > 0 or bool({"column", "condition", "segmentation"} & set(marks))


def unmet(
    method: MethodEntry, customers: CustomersFacts, feature_set: str | None, earlier: Iterable[str]
) -> tuple[str, ...]:
    """Why a method can't run on these customers with these earlier segmentations, a sentence each."""
    scaling = customers.scalings.get(feature_set or next(iter(customers.scalings), ""))
    columns = {**customers.columns, **earlier_columns(earlier)}
    return method.needs.unmet(columns, scaling.columns if scaling else (), (), customers.rows)


def form_fields(
    method: MethodEntry, customers: CustomersFacts, results: Sequence[str], after: Sequence[str]
) -> tuple[Field, ...]:
    """The parameters of a method, before them the feature set, and after them which results it builds on."""
    params = fields_of(method.params, Offers({**customers.columns, **earlier_columns(after)}, (), tuple(after)))
    first, last = [], []
    if method.needs.features and customers.feature_sets:
        sets = {chosen.name: f"{safe(chosen.name, 40)} ({len(chosen.columns)})" for chosen in customers.feature_sets}
        words = "What describes customers to the method; sets are made on screen 2"
        first.append(Field(FEATURE_SET, "Feature set", Takes.ONE, words, next(iter(sets)), choices=sets))
    if results and reads_earlier(method):
        named = {name: safe(name, 40) for name in results}
        words = "Earlier results that it may read, each as a column"
        last.append(Field(AFTER, "Builds on", Takes.SEVERAL, words, [], choices=named))
    return (*first, *params, *last)


def form_values(entry: SegmentationEntry) -> dict[str, Any]:
    """What a form holds for a run."""
    values = {**entry.params, AFTER: list(entry.after)}
    return {**values, FEATURE_SET: entry.feature_set} if entry.feature_set else values


def settled(fields: Sequence[Field], params: Mapping[str, Any]) -> dict[str, Any]:
    """All values of parameters as a form with these fields holds them, however they were written in a project."""
    counts = {one.name for one in fields if one.takes is Takes.COUNT}
    known = {one.name for one in fields}
    values = {**defaults(fields), **{name: _listed(value) for name, value in params.items() if name in known}}
    return {name: _count(value) if name in counts else value for name, value in values.items()}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _count(value: Any) -> str:
    try:
        return str(CountOrRange.parse(value))
    except ValueError:
        return str(value)


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """An id that nothing has: the wanted one, or with a number."""
    used, number = set(taken), 2
    found = wanted
    while found in used:
        found = f"{wanted}-{number}"
        number += 1
    return found


def in_short(fields: Sequence[Field], params: Mapping[str, Any]) -> str:
    """The parameters that differ from their defaults, in a few words: k 4, starts 20."""
    values = settled(fields, params)
    told = [
        f"{safe(one.title, 30)} {shown(one, values[one.name])}"
        for one in fields
        if one.name in values and values[one.name] != one.default
    ]
    return ", ".join(f"{words[:1].lower()}{words[1:]}" for words in told)


def fits(method: MethodEntry, customers: CustomersFacts, feature_set: str | None) -> str:
    """What a method works on."""
    rows = plural(customers.rows, "customer")
    if not method.needs.features:
        return f"from {rows}"
    name = feature_set or next(iter(customers.scalings), "")
    features = customers.scalings[name].columns if name in customers.scalings else ()
    return f"from {plural(len(features), 'feature')} of {rows}"
