"""The fields of a form, told from the JSON schema of a model: what each holds, how it is shown and read from text."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from segtui.api.table import Column, Kind
from segtui.api.text import NONE, join_words, plural, safe

NOT_IN_FORMS = ("step", "active")


class How(StrEnum):
    """How a field is edited."""

    FLAG = "flag"
    CHOICE = "choice"
    TABLE = "table"
    COLUMN = "column"
    COLUMNS = "columns"
    SHARES = "shares"
    DESCRIPTORS = "descriptors"
    CONDITION = "condition"
    FORMULA = "formula"
    TEXT = "text"
    VALUE = "value"
    TEXTS = "texts"
    NUMBER = "number"
    PAIRS = "pairs"


TYPED = (How.CONDITION, How.FORMULA, How.TEXT, How.VALUE, How.TEXTS, How.NUMBER)
"""Fields that are typed in a line."""


@dataclass(frozen=True)
class FormField:
    """One field: `choices` of a choice; `of_other` where its columns are those of the other table."""

    name: str
    how: How
    help: str
    required: bool
    optional: bool
    choices: tuple[str, ...] = ()
    of_other: bool = False

    @property
    def label(self) -> str:
        """The name in words."""
        return self.name.replace("_", " ")

    def shown(self, value: Any) -> str:
        """A value in words, harmless."""
        if value in (None, "", (), {}):
            return NONE
        match self.how:
            case How.FLAG:
                return "yes" if value else "no"
            case How.COLUMNS:
                return join_words(safe(name, 60) for name in value)
            case How.SHARES:
                return join_words(safe(share["column"], 60) for share in value)
            case How.DESCRIPTORS:
                return join_words(f"{safe(one['column'], 60)} ({one['by']})" for one in value)
            case How.TEXTS:
                return ", ".join(safe(word, 40) for word in value)
            case How.PAIRS:
                first = ", ".join(f"{safe(old, 20)} = {safe(new, 20)}" for old, new in list(value.items())[:3])
                more = len(value) - 3
                return f"{first} and {plural(more, 'other')}" if more > 0 else first
        return safe(value, 300)

    def written(self, value: Any) -> str:
        """A value as it is typed."""
        if self.how is How.TEXTS:
            return ", ".join(f'"{word}"' if "," in word else word for word in value or ())
        return "" if value is None else str(value)

    def typed(self, text: str, kind: Kind | None = None) -> Any:
        """The value of a typed text; `kind` is that of the column it is for. Raises ValueError with what to type."""
        text = text.strip()
        if self.how is How.TEXTS:
            words = next(iter(csv.reader([text], skipinitialspace=True)), [])
            return tuple(word.strip() for word in words if word.strip())
        if not text:
            return None if self.optional else ""
        if self.how is How.NUMBER or (self.how is How.VALUE and kind is Kind.NUMBER):
            return _number(text)
        if self.how is How.VALUE and kind is Kind.FLAG:
            if text.lower() not in ("yes", "no", "true", "false"):
                raise ValueError("Type yes or no.")
            return text.lower() in ("yes", "true")
        return text


def _number(text: str) -> int | float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("Type a number, such as 12 or 0.8.") from None
    return int(value) if value.is_integer() and "." not in text else value


def fields_of(model: type[BaseModel]) -> tuple[FormField, ...]:
    """The fields of a model in their order."""
    schema = model.model_json_schema()
    parts, needed = schema.get("$defs", {}), schema.get("required", [])
    return tuple(
        _field(name, part, parts, name in needed)
        for name, part in schema["properties"].items()
        if name not in NOT_IN_FORMS
    )


def _field(name: str, part: Mapping[str, Any], parts: Mapping[str, Any], required: bool) -> FormField:
    kinds = [one for one in part.get("anyOf", [part]) if one.get("type") != "null"]
    optional = len(kinds) < len(part.get("anyOf", [part]))
    inside = _followed(kinds[0], parts)
    items = _followed(inside.get("items", {}), parts)
    choice = (inside.get("segtui") or items.get("segtui") or {}).get("choice", "")
    how = _how(inside, items, choice, len(kinds) > 1)
    other = choice == "column of the other table"
    choices = tuple(str(one) for one in inside.get("enum", ()))
    return FormField(name, how, part.get("description", ""), required, optional, choices, other)


def _followed(part: Mapping[str, Any], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    return parts[part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def _how(inside: Mapping[str, Any], items: Mapping[str, Any], choice: str, of_any_kind: bool) -> How:
    if of_any_kind:
        return How.VALUE
    if inside.get("type") == "array":
        if items.get("type") == "object":
            return How.DESCRIPTORS if "by" in items["properties"] else How.SHARES
        return How.COLUMNS if choice else How.TEXTS
    if "enum" in inside:
        return How.CHOICE
    of_choice = {"column": How.COLUMN, "table": How.TABLE, "condition": How.CONDITION, "formula": How.FORMULA}
    of_type = {"boolean": How.FLAG, "number": How.NUMBER, "integer": How.NUMBER, "object": How.PAIRS}
    return of_choice.get(choice) or of_type.get(str(inside.get("type")), How.TEXT)


def describes(column: Column) -> str:
    """Kind and role of a column, as beside its name in a list."""
    return " · ".join(filter(None, (str(column.kind), str(column.role or ""))))
