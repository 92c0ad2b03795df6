"""The fields of a form, from the JSON schema of Params: what each takes, and what it may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from segtui.api.table import Column
from segtui.api.text import safe


class Takes(Enum):
    """What a field takes, and so how it is edited."""

    TEXT = auto()
    WHOLE = auto()
    NUMBER = auto()
    DAY = auto()
    COUNT = auto()
    """A number of segments, a range, or auto."""
    CONDITION = auto()
    YES_NO = auto()
    ONE = auto()
    """One of its choices."""
    SEVERAL = auto()
    """Some of its choices, in the order in which they are chosen."""
    NUMBERS = auto()
    TEXTS = auto()
    TABLE = auto()
    """Rows, each with fields of its own."""


@dataclass(frozen=True)
class Offers:
    """What the host knows and a field may name: columns, tables, and earlier segmentations."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    segmentations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field: `choices` are values with their words, `fields` those of each row of a table."""

    name: str
    title: str
    takes: Takes
    help: str = ""
    default: Any = None
    required: bool = False
    optional: bool = False
    schema: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[Any, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds of columns, where a field names them."""


def fields_of(schema: Mapping[str, Any], offers: Offers) -> tuple[Field, ...]:
    """A field for each parameter, in their order."""
    return _fields(schema, schema.get("$defs", {}), offers)


def _fields(schema: Mapping[str, Any], definitions: Mapping[str, Any], offers: Offers) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(
        _field(name, found, name in required, definitions, offers)
        for name, found in schema.get("properties", {}).items()
    )


def _field(
    name: str, schema: Mapping[str, Any], required: bool, definitions: Mapping[str, Any], offers: Offers
) -> Field:
    own, optional = _resolved(schema, definitions)
    takes, choices, rows = _takes(own, definitions, offers)
    return Field(
        name,
        _title(name, schema),
        takes,
        str(schema.get("description", "")),
        schema.get("default"),
        required,
        optional,
        own,
        choices,
        rows,
        {name: str(column.kind) for name, column in offers.columns.items()} if _names_columns(own) else {},
    )


def _names_columns(schema: Mapping[str, Any]) -> bool:
    marked = schema.get("segtui") or (schema.get("items") or {}).get("segtui") or {}
    return marked.get("choice") in ("column", "condition")


def _title(name: str, schema: Mapping[str, Any]) -> str:
    plain = name.replace("_", " ")
    given = str(schema.get("title", ""))
    return given if given and given != plain.title() else plain[:1].upper() + plain[1:]


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The schema behind references and Optional, and whether it was Optional."""
    if "$ref" in schema:
        return _resolved(definitions.get(schema["$ref"].rpartition("/")[2], {}), definitions)
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    if parts:
        found, _ = _resolved(parts[0], definitions)
        return {**found, **{key: value for key, value in schema.items() if key == "segtui"}}, True
    return schema, False


def _takes(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], offers: Offers
) -> tuple[Takes, Mapping[Any, str], tuple[Field, ...]]:
    kind = schema.get("type")
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return Takes.ONE, {value: yes_no(value) for value in values}, ()
    if kind == "array":
        items, _ = _resolved(schema.get("items") or {}, definitions)
        if "properties" in items:
            return Takes.TABLE, {}, _fields(items, definitions, offers)
        choices = _offered(items, offers)
        if choices is not None or "enum" in items:
            return Takes.SEVERAL, choices or {value: yes_no(value) for value in items.get("enum", ())}, ()
        return (Takes.NUMBERS if items.get("type") in ("number", "integer") else Takes.TEXTS), {}, ()
    choices = _offered(schema, offers)
    if choices is not None:
        return Takes.ONE, choices, ()
    marked = schema.get("segtui", {}).get("choice")
    if marked in ("condition", "count or range"):
        return (Takes.CONDITION if marked == "condition" else Takes.COUNT), {}, ()
    if schema.get("format") == "date":
        return Takes.DAY, {}, ()
    simple = {"boolean": Takes.YES_NO, "integer": Takes.WHOLE, "number": Takes.NUMBER}
    return simple.get(str(kind), Takes.TEXT), {}, ()


def _offered(schema: Mapping[str, Any], offers: Offers) -> dict[Any, str] | None:
    """The names that the host offers for what is marked as one of them; None where it isn't."""
    marked = schema.get("segtui", {})
    match marked.get("choice"):
        case "column":
            kinds, roles = marked.get("kinds", ()), marked.get("roles", ())
            return {
                name: safe(name, 60)
                for name, column in offers.columns.items()
                if (not kinds or column.kind in kinds) and (not roles or column.role in roles)
            }
        case "table":
            return {name: safe(name, 60) for name in offers.tables}
        case "segmentation":
            return {name: safe(name, 60) for name in offers.segmentations}
    return None


def defaults(fields: Iterable[Field]) -> dict[str, Any]:
    """The values that fields have where nobody said anything; those that are required have none."""
    return {one.name: one.default for one in fields if not one.required}


def yes_no(value: Any) -> str:
    """A value in words."""
    return ("yes" if value else "no") if isinstance(value, bool) else safe(value, 200)
