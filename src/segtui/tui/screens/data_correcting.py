"""What a person can correct of a column on screen 1, in words and as changes of the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segtui.api.table import Column, Kind, Personal, Role
from segtui.api.text import safe
from segtui.project.document import Document
from segtui.read import ColumnReading, Reading
from segtui.tui.dialogs import Ask, Choose
from segtui.tui.pane import Pane

NAME = 12
KINDS = {
    Kind.IDENTIFIER: "names a thing, such as a customer or an order",
    Kind.NUMBER: "can be counted with",
    Kind.CATEGORY: "one of a few values",
    Kind.FLAG: "yes or no",
    Kind.DATE: "a day, or a moment",
    Kind.TEXT: "free text",
}
ROLES = {
    Role.CUSTOMER: "who bought, or who the row is about",
    Role.ORDER: "the purchase that a line belongs to",
    Role.DATE: "when it was bought",
    Role.AMOUNT: "the money of the line",
    Role.QUANTITY: "how many pieces",
    Role.PRICE: "the money of one piece",
    Role.PRODUCT: "what was bought",
    Role.CHANNEL: "how it was bought",
    Role.GROUP: "the group of the product",
    Role.COUNTRY: "",
    Role.POSTCODE: "",
    Role.LATITUDE: "",
    Role.LONGITUDE: "",
    Role.RECENCY: "days since the last purchase, of a customer",
    Role.FREQUENCY: "number of purchases, of a customer",
    Role.MONETARY: "money spent, of a customer",
    Role.TARGET: "what is to be predicted",
    Role.TREATMENT: "who was treated, such as by a campaign",
}
NONE = "none"
LONGEST_UNIT = 40
KEPT = {"kind", "role", "source", "nulls", "unit", "personal", "sensitive"}
"""What stays of an earlier correction; the rest is found out anew."""


def parts_of(column: Column) -> dict[str, str]:
    """What can be corrected, each as it stands now."""
    now = {
        "kind": str(column.kind),
        "role": str(column.role or "none"),
        "unit": safe(column.unit, 40) or "none",
        "personal": str(column.personal or "no"),
        "sensitive": "yes" if column.sensitive else "no",
    }
    return {part: f"{part:<{NAME}}{value}" for part, value in now.items()}


def ask(pane: Pane, part: str, column: Column, take: Callable[[dict[str, Any]], None]) -> None:
    """Ask what a part of the column is instead; `take` gets the answer as fields of its reading."""
    name = safe(column.name, 40)
    push = pane.app.push_screen
    if part == "kind":
        kinds = {str(kind): f"{kind:<{NAME}}{words}" for kind, words in KINDS.items()}
        push(
            Choose(f"Kind of {name}", kinds, str(column.kind)),
            lambda kind: take({"kind": Kind(kind)}) if kind else None,
        )
    elif part == "role":
        roles = {NONE: "no role", **{str(role): f"{role:<{NAME}}{words}".rstrip() for role, words in ROLES.items()}}
        push(Choose(f"Role of {name}", roles, column.role or NONE), lambda role: take({"role": role}) if role else None)
    elif part == "unit":
        hint = "as EUR, days or orders; empty for none. enter takes it, esc goes back"
        dialog = Ask(f"Unit of {name}", column.unit, hint)
        push(dialog, lambda unit: take({"unit": unit.strip()[:LONGEST_UNIT]}) if unit is not None else None)
    elif part == "personal":
        sorts = {NONE: "not personal", **{str(one): str(one) for one in Personal}}
        dialog_of = Choose(f"Is {name} personal data?", sorts, column.personal or NONE)
        push(dialog_of, lambda personal: take({"personal": personal}) if personal else None)
    else:
        take({"sensitive": not column.sensitive})


def corrected(document: Document, source: str, column: str, change: dict[str, Any]) -> Document:
    """The document with another reading of a column: what depends on it is found out anew."""

    def settled(reading: Reading) -> Reading:
        others = {name: _decided(one) if reading.complete else one for name, one in reading.columns.items()}
        old = others.get(column) or ColumnReading()
        columns = {**others, column: ColumnReading(**{**old.model_dump(include=KEPT), **change})}
        return reading.model_copy(update={"columns": columns, "complete": False})

    return document.replacing(
        sources=tuple(
            one.model_copy(update={"reading": settled(one.reading or Reading())}) if one.name == source else one
            for one in document.sources
        )
    )


def _decided(one: ColumnReading) -> ColumnReading:
    """A column as it was read: what is said of personal and sensitive data is not found out again."""
    return one.model_copy(update={"personal": one.personal or NONE, "sensitive": bool(one.sensitive)})
