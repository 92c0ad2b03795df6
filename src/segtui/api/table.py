"""A Table: what a source becomes when it has been read; its columns, their kinds and roles, and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """What sort of values a column holds, and the dtype its frame gives them."""

    IDENTIFIER = "identifier"
    """Names a thing; String, leading zeros kept."""
    NUMBER = "number"
    """Int64 or Float64."""
    CATEGORY = "category"
    """One of few values; String."""
    FLAG = "flag"
    """Yes or no; Boolean."""
    DATE = "date"
    """Date or Datetime without time zone."""
    TEXT = "text"
    """Free text; String."""


class Role(StrEnum):
    """What a column means to a segmentation, whatever it is called."""

    CUSTOMER = "customer"
    ORDER = "order"
    DATE = "date"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    PRICE = "price"
    PRODUCT = "product"
    CHANNEL = "channel"
    GROUP = "group"
    """A product group, for shares by category."""
    COUNTRY = "country"
    POSTCODE = "postcode"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    RECENCY = "recency"
    FREQUENCY = "frequency"
    MONETARY = "monetary"
    TARGET = "target"
    TREATMENT = "treatment"
    SEGMENT = "segment"
    """The segments of an earlier segmentation, added by the host."""


class Personal(StrEnum):
    """Why a column counts as personal data; such columns never leave with a result."""

    NAME = "name"
    EMAIL = "e-mail"
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH_DATE = "birth date"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """What is known of one column.

    `reason` says in a few words why it has this kind and role; `levels` are its values in order where it is a
    category with an order or with few values; `decimals` the digits after the decimal mark found in reading (numbers
    only, None where unknown); `unit` is shown beside numbers ("days", "EUR"); `sensitive` marks what law or ethics
    treat with care (age, gender, origin, health).
    """

    name: str
    kind: Kind
    role: Role | None = None
    reason: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    ordered: bool = False
    personal: Personal | None = None
    sensitive: bool = False
    decimals: int | None = None


class Severity(StrEnum):
    """How much a finding matters."""

    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something noticed about a table: `text` is a sentence without client values, `rows` how many rows it concerns."""

    text: str
    column: str | None = None
    rows: int | None = None
    severity: Severity = Severity.WARNING


class Grain(StrEnum):
    """What one row of a table stands for."""

    CUSTOMER = "one row per customer"
    ORDER = "one row per order"
    LINE = "one row per order line"
    OTHER = "one row per record"


@dataclass(frozen=True, eq=False)
class Table:
    """A source as read. `frame` has `rows` rows and exactly the `columns`, in their order.

    `rows` counts the rows of the source that were read; `rejected` those that could not be, so that both add up to the
    rows of the file.
    """

    name: str
    frame: pl.LazyFrame
    columns: Mapping[str, Column]
    rows: int
    grain: Grain = Grain.OTHER
    rejected: int = 0
    findings: tuple[Finding, ...] = field(default=())

    def having(self, role: Role) -> str | None:
        """The name of the first column with that role, or None."""
        return having(self.columns, role)


def having(columns: Mapping[str, Column], role: Role) -> str | None:
    """The name of the first column with that role, or None."""
    return next((name for name, column in columns.items() if column.role is role), None)
