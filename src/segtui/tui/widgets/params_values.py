"""The values of fields: as text, read from text, their limits and what is wrong with them in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from segtui.api.errors import SegtuiError
from segtui.api.expression import parse_condition
from segtui.api.params import CountOrRange
from segtui.api.text import count, plural, safe
from segtui.tui.widgets.params_fields import Field, Takes, yes_no

NOTHING = "none"
FEW = 5
"""So many choices are named where the limits of a field are told."""


def shown(one: Field, value: Any) -> str:
    """A value as it stands in the form."""
    if value is None or value == "" or value == []:
        return NOTHING
    match one.takes:
        case Takes.WHOLE if isinstance(value, int):
            return count(value)
        case Takes.ONE if value in one.choices:
            return one.choices[value]
        case Takes.TABLE:
            return plural(len(value), "row")
        case Takes.SEVERAL | Takes.TEXTS | Takes.NUMBERS:
            return ", ".join(yes_no(item) for item in value)
    return yes_no(value)


def written(value: Any) -> str:
    """A value as it is edited."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)


def read(one: Field, text: str) -> Any:
    """The value that a text means. Raises ValueError with words that say what would be right."""
    text = text.strip()
    if not text and one.optional:
        return None
    value = _value(one, text)
    wrong = problem(one, value)
    if wrong:
        raise ValueError(wrong)
    return value


def _value(one: Field, text: str) -> Any:
    try:
        match one.takes:
            case Takes.WHOLE:
                return int(text.replace(",", ""))
            case Takes.NUMBER:
                return float(text.replace(",", ""))
            case Takes.NUMBERS:
                return [_number(part) for part in re.split(r"[,;\s]+", text) if part]
            case Takes.TEXTS:
                return [part.strip() for part in text.split(",") if part.strip()]
            case Takes.DAY:
                return date.fromisoformat(text).isoformat()
            case Takes.COUNT:
                return str(CountOrRange.parse(text))
    except (ValueError, OverflowError):
        raise ValueError(limits(one)) from None
    return text


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def problem(one: Field, value: Any) -> str:
    """What is wrong with a value, in words; empty where nothing is."""
    if value is None or (value == "" and one.required):
        return "" if one.optional else f"{one.title} is missing."
    if one.takes is Takes.TABLE:
        found = (
            f"Row {place + 1}: {words}"
            for place, row in enumerate(value)
            for each in one.fields
            if (words := problem(each, row.get(each.name, each.default)))
        )
        too_many = len(value) > one.schema.get("maxItems", len(value))
        return limits(one) if too_many else next(found, "")
    if one.takes is Takes.CONDITION and value:
        return _wrong_condition(one, value)
    return "" if _within(one.schema, value) and _is_one(one, value) else limits(one)


def _within(schema: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (
            math.isfinite(value)
            and schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and schema.get("exclusiveMinimum", -math.inf) < value < schema.get("exclusiveMaximum", math.inf)
        )
    if isinstance(value, str):
        fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return fits and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, (list, tuple)):
        items = schema.get("items") or {}
        return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and all(
            _within(items, item) for item in value
        )
    return True


def _is_one(one: Field, value: Any) -> bool:
    """Whether a value that must be offered is."""
    if one.takes is Takes.ONE:
        return value in one.choices
    return one.takes is not Takes.SEVERAL or all(item in one.choices for item in value)


def _wrong_condition(one: Field, text: str) -> str:
    try:
        parse_condition(text).check(one.kinds)
    except SegtuiError as error:
        return " ".join(filter(None, (error.what, error.next_step)))
    return "" if _within(one.schema, text) else limits(one)


def limits(one: Field) -> str:
    """What a field takes, as a sentence."""
    bounds, schema = _bounds(one.schema), one.schema
    match one.takes:
        case Takes.WHOLE:
            return f"A whole number{bounds}."
        case Takes.NUMBER:
            return f"A number{bounds}."
        case Takes.DAY:
            return "A day, such as 2025-01-31."
        case Takes.COUNT:
            return "A number, a range such as 2..8, or auto."
        case Takes.CONDITION:
            return "A condition, such as recency > 90 and frequency >= 3."
        case Takes.YES_NO:
            return "Yes or no."
        case Takes.ONE if one.choices:
            few = len(one.choices) <= FEW
            return f"One of: {', '.join(one.choices.values())}." if few else f"One of {len(one.choices)}."
        case Takes.ONE:
            return "There is none to choose."
        case Takes.SEVERAL:
            return f"Some of {len(one.choices)}{_at_most(schema)}."
        case Takes.NUMBERS:
            return f"Numbers with commas between them{_at_most(schema)}."
        case Takes.TEXTS:
            return f"Words with commas between them{_at_most(schema)}."
        case Takes.TABLE:
            return f"Rows{_at_most(schema)}."
    longest = f", at most {count(schema['maxLength'])} characters" if "maxLength" in schema else ""
    form = f" of the form {safe(schema['pattern'], 60)}" if "pattern" in schema else ""
    return f"Text{form}{longest}."


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_bound(low)} to {_bound(high)}"
    parts = [f"at least {_bound(low)}"] if low is not None else []
    parts += [f"above {_bound(above)}"] if above is not None else []
    parts += [f"at most {_bound(high)}"] if high is not None else []
    parts += [f"below {_bound(below)}"] if below is not None else []
    return f", {' and '.join(parts)}" if parts else ""


def _bound(value: float) -> str:
    return count(int(value)) if float(value).is_integer() else str(value)


def _at_most(schema: Mapping[str, Any]) -> str:
    return f", at most {count(schema['maxItems'])}" if "maxItems" in schema else ""


def stepped(one: Field, value: Any, by: int) -> Any:
    """The value a step further where a field has steps and there is one; else the value as it is."""
    match one.takes:
        case Takes.YES_NO:
            return not value
        case Takes.ONE if one.choices:
            values = list(one.choices)
            at = values.index(value) + by if value in one.choices else 0
            return values[min(max(at, 0), len(values) - 1)]
        case Takes.WHOLE if isinstance(value, int):
            further: Any = value + by
        case Takes.COUNT if str(value).isdecimal() and int(value) + by >= 1:
            further = str(int(value) + by)
        case _:
            return value
    return value if problem(one, further) else further
