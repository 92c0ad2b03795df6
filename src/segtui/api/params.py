"""Parameters, declared once: form, `--set`, project key, help and validation all come from the declaration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from segtui.api.errors import UsageError
from segtui.api.table import Kind, Role

T = TypeVar("T", bound=BaseModel)


class Params(BaseModel):
    """Base of every Params model: frozen, unknown names refused.

    Fields hold bool, int, float, str, Literal, date, Optional of these, `ColumnName`, `TableName`, `Condition`,
    `CountOrRange`, and tuples of these or of a small model. Each field has a default and a `description`; bounds by
    pydantic's `Field(ge=..., le=...)`. The seed is never a parameter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


@dataclass(frozen=True)
class Choice:
    """Marks a text parameter as the name of something that the host knows and offers: `what` is column, table,
    segmentation or condition; `kinds` and `roles` narrow columns down."""

    what: str
    kinds: tuple[Kind, ...] = ()
    roles: tuple[Role, ...] = ()

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        found["segtui"] = {"choice": self.what, "kinds": list(self.kinds), "roles": list(self.roles)}
        return found


ColumnName = Annotated[str, Choice("column")]
NumberColumn = Annotated[str, Choice("column", kinds=(Kind.NUMBER,))]
TableName = Annotated[str, Choice("table")]
SegmentationName = Annotated[str, Choice("segmentation")]
Condition = Annotated[str, Choice("condition")]
"""A condition in the language of `segtui.api.expression`."""


@dataclass(frozen=True)
class CountOrRange:
    """A number of segments, or a range of which the best is taken: "5", "2..8" or "auto" (the method's own range)."""

    low: int
    high: int
    auto: bool = False

    @classmethod
    def parse(cls, text: object) -> CountOrRange:
        """From 5, "5", "2..8" or "auto". Raises ValueError."""
        if isinstance(text, CountOrRange):
            return text
        written = str(text).strip().lower()
        if written == "auto":
            return cls(0, 0, True)
        match = re.fullmatch(r"(\d{1,6})(?:\s*\.\.\s*(\d{1,6}))?", written)
        if not match or isinstance(text, bool):
            raise ValueError('a number such as 5, a range such as 2..8, or "auto"')
        low = int(match[1])
        high = int(match[2]) if match[2] else low
        if low < 1 or high < low:
            raise ValueError("a range starts at 1 or more and ends no lower than it starts")
        return cls(low, high)

    def within(self, low: int, high: int) -> range:
        """The counts to try: its own, or `low` to `high` where auto."""
        return range(low, high + 1) if self.auto else range(self.low, self.high + 1)

    def __str__(self) -> str:
        if self.auto:
            return "auto"
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "segtui": {"choice": "count or range"}}


def checked(model: type[T], values: object, where: str) -> T:
    """`values` as a `model`, or a UsageError that names the parameter and says what would be right."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise UsageError(_first_problem(error, model), where=where, next_step="") from None


def _first_problem(error: ValidationError, model: type[BaseModel]) -> str:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = _place(problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = f", which are: {', '.join(model.model_fields)}" if len(problem["loc"]) == 1 else ""
        return f"{place} is not one of its names{known}."
    if problem["type"] in ("tuple_type", "list_type"):
        return f'{place} should be a list, such as ["a", "b"].'
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{place} {message}." if problem["msg"].startswith("Input ") else f"{place}: {message}."


def _place(location: Sequence[int | str]) -> str:
    place = ""
    for part in location:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if place else part
    return place or "This"
