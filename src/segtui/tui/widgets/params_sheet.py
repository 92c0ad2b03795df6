"""The values of a form as rows: a row a field, and below a table that is open its own rows and their fields."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segtui.tui.widgets.params_fields import Field, Takes, defaults
from segtui.tui.widgets.params_values import problem

Path = tuple[str | int, ...]
"""Where a value is: a field's name, then the place of a row in its table, then the name of a field of that row."""


@dataclass(frozen=True)
class Row:
    """A row of the form: a field where `field` is given, else a row of a table, or the offer to add one."""

    path: Path
    field: Field | None = None
    adds: bool = False

    @property
    def name(self) -> str:
        """The name of the form's field that it belongs to."""
        return str(self.path[0])

    @property
    def place(self) -> int | None:
        """Which row of the table it is, or is in."""
        return int(self.path[1]) if len(self.path) > 1 and not self.adds else None

    @property
    def is_table(self) -> bool:
        """Whether it is the field of a table."""
        return self.field is not None and self.field.takes is Takes.TABLE


class Sheet:
    """Fields with their values. `opened` is the table, or the row of one, that is unfolded."""

    def __init__(self, fields: Sequence[Field] = (), values: Mapping[str, Any] | None = None, opened: Path = ()):
        known = {one.name for one in fields}
        given = {name: value for name, value in (values or {}).items() if name in known}
        self.fields = tuple(fields)
        self.values: dict[str, Any] = copy.deepcopy({**defaults(fields), **given})
        self.opened: Path = opened if self._is_there(opened) else ()

    @property
    def given(self) -> dict[str, Any]:
        """The values that differ from their defaults."""
        return {
            one.name: self.values[one.name]
            for one in self.fields
            if one.name in self.values and (one.required or self.values[one.name] != one.default)
        }

    @property
    def problem(self) -> str:
        """What is wrong with the first value that is; empty where nothing is."""
        return next((words for one in self.fields if (words := problem(one, self.values.get(one.name)))), "")

    def rows(self) -> list[Row]:
        """All rows, in their order."""
        return [row for one in self.fields for row in self._rows_of(one)]

    def _rows_of(self, one: Field) -> list[Row]:
        rows = [Row((one.name,), one)]
        if one.takes is not Takes.TABLE or self.opened[:1] != (one.name,):
            return rows
        for place in range(len(self._items(one.name))):
            rows.append(Row((one.name, place)))
            if self.opened == (one.name, place):
                rows += [Row((one.name, place, each.name), each) for each in one.fields]
        return [*rows, Row((one.name, -1), adds=True)]

    def value(self, row: Row) -> Any:
        """The value of a field, or the row of a table with all its values."""
        value: Any = self.values.get(row.name)
        if row.place is not None:
            value = self._items(row.name)[row.place]
        return value.get(row.path[2], row.field.default) if row.field and len(row.path) > 2 else value

    def table(self, row: Row) -> Field:
        """The table that a row belongs to."""
        return next(one for one in self.fields if one.name == row.name)

    def empty_beside(self, row: Row) -> Row | None:
        """In the row of a table that a field is in, the first field that has to be filled and isn't."""
        beside = (one for one in self.rows() if len(row.path) > 2 and one.path[:2] == row.path[:2])
        return next((one for one in beside if one.field and one.field.required and self.value(one) in (None, "")), None)

    def set(self, row: Row, value: Any) -> bool:
        """Give a field a value; whether it is another."""
        before = self.value(row)
        if row.place is None:
            self.values[row.name] = value
        else:
            self._items(row.name)[row.place][str(row.path[2])] = value
        return bool(before != value)

    def add(self, row: Row) -> Path:
        """Add a row to the table below this one, or at its end, and open it; where its first field is."""
        items = self._items(row.name)
        place = len(items) if row.place is None else row.place + 1
        self.values[row.name] = [*items[:place], {}, *items[place:]]
        self.opened = (row.name, place)
        return (row.name, place, self.table(row).fields[0].name)

    def remove(self, row: Row) -> Path:
        """Take a row out of its table; where the next one is."""
        items = [item for place, item in enumerate(self._items(row.name)) if place != row.place]
        self.values[row.name], self.opened = items, (row.name,)
        return (row.name, min(row.place or 0, len(items) - 1)) if items else (row.name,)

    def shift(self, row: Row, by: int) -> Path | None:
        """Move a row of a table; where it is then, None where it can't go further."""
        items, place = list(self._items(row.name)), row.place
        if place is None or not 0 <= place + by < len(items):
            return None
        items[place], items[place + by] = items[place + by], items[place]
        self.values[row.name], self.opened = items, (row.name,)
        return (row.name, place + by)

    def _items(self, name: str) -> list[dict[str, Any]]:
        return self.values.get(name) or []

    def _is_there(self, path: Path) -> bool:
        """Whether a table that was open still has the row."""
        known = any(one.name == path[0] for one in self.fields if one.takes is Takes.TABLE) if path else False
        return known and (len(path) < 2 or int(path[1]) < len(self._items(str(path[0]))))
