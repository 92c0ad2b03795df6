"""The frozen plain data that says how a source is read; from a project, it reads next year's file the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from segtui.api.table import Kind, Personal, Role

NONE: Literal["none"] = "none"
"""Stands for "there is none" where leaving a field out means "find out"."""

SET_BY_YOU = "set by you"

BY_PLUGIN = "plugin"
"""The content of a file that a plugin's reader reads, as `Reading.for_content` takes it."""


class ColumnReading(BaseModel):
    """How one column is read. A field left out is found out from the data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind | None = None
    role: Role | Literal["none"] | None = None
    reason: str = ""
    source: str | None = Field(None, description="The header in the file, where the column was renamed.")
    format: str | None = Field(None, description="Of a date in text, such as %d/%m/%Y %H:%M; excel for day numbers.")
    decimal: Literal[".", ","] | None = Field(None, description="The decimal mark of a number in text.")
    thousands: str | None = Field(None, description="The thousands mark of a number in text.")
    decimals: int | None = Field(None, ge=0, le=30, description="Digits after the decimal mark.")
    whole: bool = Field(False, description="Whole numbers, kept as integers.")
    currency: str | None = Field(None, description="A sign written at the number, left out in reading.")
    nulls: tuple[str, ...] = Field((), description="What stands for a missing value, beside nothing at all.")
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    unit: str = ""
    levels: tuple[str, ...] = ()
    ordered: bool = False
    personal: Personal | Literal["none"] | None = None
    sensitive: bool | None = None


class Reading(BaseModel):
    """How a source is read. A field left out is found out; `complete` says that nothing is: the columns listed are
    the columns read, matched by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complete: bool = False
    format: Literal["csv", "parquet", "arrow", "json-lines"] | None = None
    reader: str | None = Field(None, description="A plugin's reader, by its id or as DISTRIBUTION:ID.")
    table: str | None = Field(None, description="Which table (sheet) of the file; the first where left out.")
    params: Mapping[str, Any] = Field(default_factory=dict, description="Parameters of the reader.")
    compression: Literal["none", "gzip", "zstd"] | None = None
    encoding: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=4, description="One character, or none.")
    quote: str | None = Field(None, min_length=1, max_length=4, description="One character, or none.")
    escape: str | None = Field(None, min_length=1, max_length=4, description="One character, or none.")
    comment: str | None = Field(
        None, min_length=1, max_length=8, description="What a comment line starts with, or none."
    )
    padded: bool | None = Field(None, description="Blanks around the delimiter are not part of the values.")
    header: int | Literal["none"] | None = Field(None, description="The number of the header's line, or none.")
    header_rows: int = Field(1, ge=1, le=5, description="Lines of the header.")
    skip_rows: int | None = Field(None, ge=0, description="Lines left out after the header, or at the start.")
    line_ends: Literal["lf", "crlf", "cr"] | None = None
    nulls: tuple[str, ...] | None = Field(None, description="What stands for a missing value in every column.")
    decimal: Literal[".", ","] | None = None
    thousands: str | None = None
    tolerant: bool = Field(False, description="Leave out rows that do not fit, and count them, instead of refusing.")
    columns: dict[str, ColumnReading] = Field(default_factory=dict)

    def for_content(self, content: str) -> Reading:
        """The reading for a file whose content is `content` (of `guard.content`, or `BY_PLUGIN`). Where that is of
        another format than the one this was made for, kinds and roles stay and the rest is found out again."""
        if self._is_for(content):
            return self
        kept = {
            name: ColumnReading(kind=column.kind, role=column.role or NONE, source=column.source, levels=column.levels)
            for name, column in self.columns.items()
        }
        return Reading(tolerant=self.tolerant, columns=kept)

    def corrected_by(self, given: Reading) -> Reading:
        """This reading with all that was said in `given`; a decimal or thousands mark said of the whole file is that of
        each column of numbers."""
        marks: dict[str, Any] = {
            name: getattr(given, name) for name in ("decimal", "thousands") if name in given.model_fields_set
        }
        columns = {
            name: column.model_copy(update=marks) if column.decimal is not None else column
            for name, column in self.columns.items()
        }
        for name, column in given.columns.items():
            said = {field: getattr(column, field) for field in column.model_fields_set}
            columns[name] = columns.get(name, ColumnReading()).model_copy(update=said)
        said = {field: getattr(given, field) for field in given.model_fields_set}
        return self.model_copy(update={**said, "columns": columns})

    def _is_for(self, content: str) -> bool:
        if content == BY_PLUGIN or self.reader is not None:
            return content == BY_PLUGIN and self.reader is not None
        if content in ("parquet", "arrow"):
            return self.format in (None, content)
        return self.format in (None, "csv", "json-lines")


def given(value: str | None) -> str | None:
    """A field that may hold "none", as the value to work with."""
    return None if value in (None, NONE) else value
