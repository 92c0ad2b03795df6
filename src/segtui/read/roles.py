"""Guessing what columns mean: by their names in several languages, and only where the facts agree."""

from __future__ import annotations

from collections.abc import Mapping

from segtui.api.table import Kind, Role
from segtui.read import names
from segtui.read.measures import Measured
from segtui.read.reading import NONE, SET_BY_YOU, ColumnReading

_KINDS: dict[Role, tuple[Kind, ...]] = {
    Role.CUSTOMER: (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT),
    Role.ORDER: (Kind.IDENTIFIER,),
    Role.DATE: (Kind.DATE,),
    Role.AMOUNT: (Kind.NUMBER,),
    Role.QUANTITY: (Kind.NUMBER,),
    Role.PRICE: (Kind.NUMBER,),
    Role.PRODUCT: (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT),
    Role.CHANNEL: (Kind.CATEGORY,),
    Role.GROUP: (Kind.CATEGORY,),
    Role.COUNTRY: (Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER),
    Role.POSTCODE: (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT),
    Role.LATITUDE: (Kind.NUMBER,),
    Role.LONGITUDE: (Kind.NUMBER,),
    Role.RECENCY: (Kind.NUMBER,),
    Role.FREQUENCY: (Kind.NUMBER,),
    Role.MONETARY: (Kind.NUMBER,),
    Role.TARGET: (Kind.FLAG,),
    Role.TREATMENT: (Kind.FLAG,),
}
_PURCHASES = (Role.ORDER, Role.DATE, Role.QUANTITY, Role.PRICE, Role.PRODUCT, Role.GROUP, Role.CHANNEL)
_PER_CUSTOMER = (Role.RECENCY, Role.FREQUENCY, Role.MONETARY)
_BEST_NAMES: dict[Role, tuple[str, ...]] = {
    Role.CUSTOMER: ("customer id", "customer unique id", "customer", "cust id", "cust", "kunden nr", "client id"),
    Role.ORDER: ("order id", "invoice no", "order no", "order number", "invoice", "transaction id"),
    Role.DATE: ("order date", "invoice date", "purchase date", "transaction date", "date"),
    Role.AMOUNT: ("amount", "revenue", "line total", "total amount", "order value", "sales"),
    Role.PRODUCT: ("product id", "stock code", "sku", "product", "product code"),
    Role.COUNTRY: ("country",),
    Role.GROUP: ("category", "product category", "product group"),
    Role.CHANNEL: ("channel",),
}  # fmt: skip
_NAME = "name"


def guessed(readings: Mapping[str, ColumnReading], measures: Mapping[str, Measured]) -> dict[str, tuple[Role, str]]:
    """Role and reason of the columns that have one; at most one column a role. Given roles are kept."""
    found: dict[str, tuple[Role, str]] = {}
    for name, reading in readings.items():
        if reading.role is not None and reading.role != NONE:
            found[name] = (Role(reading.role), SET_BY_YOU)
    taken = {role for role, _ in found.values()}
    free = {name: reading for name, reading in readings.items() if reading.role is None}
    _choose(Role.CUSTOMER, free, measures, found, taken)
    _only_identifier(free, measures, found, taken)
    repeated = not _one_row_each(found, measures)
    wanted = [Role.ORDER, Role.DATE, *(role for role in _KINDS if role not in (Role.CUSTOMER, Role.ORDER, Role.DATE))]
    for role in wanted:
        if role in _PER_CUSTOMER and repeated:
            continue
        if role is Role.AMOUNT and not _of_purchases(found, repeated):
            continue
        if role in (Role.ORDER, *_PURCHASES[2:]) and not repeated and role is not Role.CHANNEL:
            continue
        if role is Role.DATE and not repeated and Role.CUSTOMER in taken:
            continue
        _choose(role, free, measures, found, taken)
    return found


def _choose(
    role: Role,
    free: Mapping[str, ColumnReading],
    measures: Mapping[str, Measured],
    found: dict[str, tuple[Role, str]],
    taken: set[Role],
) -> None:
    if role in taken:
        return
    best: tuple[float, str, str] | None = None
    for position, (name, reading) in enumerate(free.items()):
        if name in found or reading.kind not in _KINDS[role]:
            continue
        fact = _fact(role, reading, measures[name])
        if fact is None:
            continue
        by_name = role in names.roles_of(name)
        if not by_name and not (role is Role.DATE and reading.personal is None and fact == "all valid"):
            continue
        score = _name_score(role, name) - position / 1e4 if by_name else -1 - position / 1e4
        if best is None or score > best[0]:
            best = (
                score,
                name,
                f"{_NAME}, {fact}" if by_name and fact else _NAME if by_name else f"the first date, {fact}",
            )
    if best is not None:
        found[best[1]] = (role, best[2])
        taken.add(role)


def _name_score(role: Role, name: str) -> float:
    known = _BEST_NAMES.get(role, ())
    plain = names.plain(name)
    if plain in known:
        return 10.0 - known.index(plain)
    return 1.0


def _fact(role: Role, reading: ColumnReading, measure: Measured) -> str | None:
    """What the values say for the role in a few words, empty for nothing much, None where they speak against it."""
    if not measure.valid:
        return None
    missing = measure.nulls / max(measure.rows, 1)
    if role is Role.DATE:
        if reading.personal is not None:
            return None
        return "all valid" if not measure.nulls and not measure.missed else "nearly all valid" if missing < 0.05 else ""
    if role is Role.CUSTOMER:
        if measure.distinct >= measure.rows * 0.99:
            return _how_often(measure)
        return "values repeat" if measure.distinct > 1 else None
    if role is Role.ORDER:
        return _how_often(measure) if measure.distinct >= measure.rows * 0.97 else "values repeat"
    if role in (Role.LATITUDE, Role.LONGITUDE):
        most = 90 if role is Role.LATITUDE else 180
        fits = measure.smallest is not None and -most <= measure.smallest <= measure.largest <= most
        return f"within ±{most}" if fits else None
    if role in (Role.AMOUNT, Role.PRICE, Role.MONETARY):
        return "numbers" if measure.negative < measure.valid * 0.5 else None
    if role is Role.QUANTITY:
        return "whole numbers" if reading.whole or reading.decimals == 0 else ""
    if role in (Role.COUNTRY, Role.GROUP, Role.CHANNEL):
        return "few values" if measure.distinct <= 300 else None
    return ""


def _how_often(measure: Measured) -> str:
    """Said as sure only where it was counted."""
    return "no value twice" if measure.exact and measure.distinct == measure.valid else "hardly a value twice"


def _only_identifier(
    free: Mapping[str, ColumnReading],
    measures: Mapping[str, Measured],
    found: dict[str, tuple[Role, str]],
    taken: set[Role],
) -> None:
    """A column called id, with no value twice, is the customer where nothing else is and no order is in sight."""
    if Role.CUSTOMER in taken:
        return
    if any(Role.ORDER in names.roles_of(name) and free[name].kind is Kind.IDENTIFIER for name in free):
        return
    for name, reading in free.items():
        unique = measures[name].distinct >= measures[name].rows * 0.97 and not measures[name].nulls
        if (
            reading.kind is Kind.IDENTIFIER
            and unique
            and names.plain(name) in ("id", "nr", "key", "no", "number", "uid")
        ):
            found[name] = (Role.CUSTOMER, f"called id, {_how_often(measures[name])}")
            taken.add(Role.CUSTOMER)
            return


def _one_row_each(found: Mapping[str, tuple[Role, str]], measures: Mapping[str, Measured]) -> bool:
    """Whether each customer has one row."""
    name = next((name for name, (role, _) in found.items() if role is Role.CUSTOMER), None)
    return name is not None and measures[name].distinct >= measures[name].rows * 0.97


def _of_purchases(found: Mapping[str, tuple[Role, str]], repeated: bool) -> bool:
    return repeated and any(role in (Role.DATE, Role.ORDER) for role, _ in found.values())
