"""Guessing the kind of a column, and how its values are written, from a sample; what is given is never guessed."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import polars as pl

from segtui.api.table import Kind, Personal, Role
from segtui.read import dates, names, numbers, words
from segtui.read.reading import NONE, ColumnReading

FEW_LEVELS = 50
_LONG_NUMBER = 15
_DATE_NAMES = re.compile(
    r".*\b(date|day|datum|tag|fecha|dt|created|updated|timestamp|since|birthday|dob|time|yyyymmdd|ymd)\b.*"
)
_COUNT_ROLES = frozenset({Role.QUANTITY, Role.FREQUENCY, Role.RECENCY, Role.AMOUNT, Role.PRICE, Role.MONETARY})


def of_text(
    name: str,
    values: Sequence[str | None],
    given: ColumnReading,
    *,
    nulls: Sequence[str] | None = None,
    decimal: Literal[".", ","] | None = None,
    thousands: str | None = None,
) -> ColumnReading:
    """The reading of a column of text, from a sample of it."""
    texts = [value for value in values if value is not None and value.strip()]
    markers = given.nulls or tuple(nulls or ())
    strict = tuple(sorted(set(texts) & set(markers))) if nulls is not None or given.nulls else None
    if given.kind is not None:
        return _of_given_kind(name, texts, given, strict, decimal, thousands)
    safe_nulls = strict if strict is not None else _markers(texts, words.ALWAYS_NULL, signs=False)
    loose_nulls = strict if strict is not None else _markers(texts, words.OFTEN_NULL, signs=True)
    kept = [value.strip() for value in texts if value not in loose_nulls]
    for guess in (_flag, _date, _identifier_by_shape, _number):
        found = guess(name, kept, given, decimal, thousands) if kept else None
        if found is not None:
            return found.model_copy(update={"nulls": loose_nulls})
    if names.personal_of(name) is Personal.NAME and strict is None:
        safe_nulls = ()
    kept = [value for value in texts if value not in safe_nulls]
    return _of_words(name, kept, given, values).model_copy(update={"nulls": safe_nulls})


def of_typed(
    name: str, series: pl.Series, given: ColumnReading, *, nulls: Sequence[str] | None = None
) -> ColumnReading:
    """The reading of a column that has a type already (Parquet, Arrow, JSON), from a sample of it."""
    dtype = series.dtype
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return of_text(name, series.cast(pl.String).to_list(), given, nulls=nulls)
    if given.kind in (Kind.DATE, Kind.FLAG) and dtype.is_numeric():
        return of_text(name, series.cast(pl.String, strict=False).to_list(), given)
    if given.kind is not None and given.kind is not Kind.NUMBER:
        return given
    if dtype == pl.Boolean:
        return given.model_copy(update={"kind": Kind.FLAG, "reason": "yes or no in the file"})
    if dtype in (pl.Date, pl.Datetime):
        return given.model_copy(update={"kind": Kind.DATE, "reason": "a date in the file"})
    if dtype.is_integer():
        return _of_integers(name, series.drop_nulls(), given)
    if dtype.is_float():
        return _of_floats(name, series.drop_nulls(), given)
    if dtype.is_decimal():
        scale = getattr(dtype, "scale", None)
        return given.model_copy(update={"kind": Kind.NUMBER, "reason": "numbers in the file", "decimals": scale})
    return given.model_copy(update={"kind": given.kind or Kind.TEXT, "reason": "kept as text"})


def file_decimal(readings: Sequence[ColumnReading]) -> Literal[".", ","] | None:
    """The decimal mark that columns with decimals agree on, for those that could be read either way."""
    seen = Counter(
        reading.decimal or "."
        for reading in readings
        if reading.kind is Kind.NUMBER and reading.decimals not in (None, 0, 3)
    )
    return "," if seen and seen.most_common(1)[0][0] == "," else None


def _of_given_kind(
    name: str,
    texts: Sequence[str],
    given: ColumnReading,
    strict: tuple[str, ...] | None,
    decimal: Literal[".", ","] | None,
    thousands: str | None,
) -> ColumnReading:
    """How to read a column whose kind was said: the best way of writing found, even where it fits few values."""
    loose = strict if strict is not None else _markers(texts, words.OFTEN_NULL, signs=True)
    tight = strict if strict is not None else _markers(texts, words.ALWAYS_NULL, signs=False)
    kept = [value.strip() for value in texts if value not in loose]
    found: ColumnReading | None = None
    if given.kind is Kind.NUMBER:
        likely = [value for value in kept if re.search(r"\d", value)] or kept
        found = _number(name, likely, given, decimal, thousands) if likely else None
    elif given.kind is Kind.DATE and given.format is None:
        guess = dates.guessed([value for value in kept if re.search(r"\d", value)] or ["x"], True)
        found = given.model_copy(update={"format": guess.format if guess else "%Y-%m-%d"})
    elif given.kind is Kind.FLAG and not (given.yes or given.no):
        found = _flag(name, kept, given, decimal, thousands) if kept else None
    elif given.kind in (Kind.IDENTIFIER, Kind.CATEGORY, Kind.TEXT):
        return given.model_copy(update={"nulls": tight})
    return (found or given).model_copy(update={"kind": given.kind, "nulls": loose})


def _markers(texts: Sequence[str], known: frozenset[str], *, signs: bool) -> tuple[str, ...]:
    """The spellings of "missing" that occur, as they are written."""
    found = Counter(texts)
    known_ones = {text for text in found if text.strip().lower() in known}
    if signs:
        known_ones |= {
            text for text in found if words.SIGNS_ALONE.fullmatch(text.strip()) and not text.strip().isalpha()
        }
    return tuple(sorted(known_ones))


def _flag(name: str, kept: Sequence[str], given: ColumnReading, *_: object) -> ColumnReading | None:
    found = {value.lower() for value in kept}
    if len(found) > 2:
        return None
    for yes, no in words.YES_NO:
        both = bool(found & set(yes)) and bool(found & set(no))
        alone = found <= {"yes", "true", "ja", "oui", "no", "false", "nein", "non"} and len(found) == 1
        if not found <= {*yes, *no} or not (both or alone):
            continue
        if yes[0].startswith("1") and names.roles_of(name) & _COUNT_ROLES:
            return None
        spelled = sorted(set(kept))
        return given.model_copy(
            update={
                "kind": Kind.FLAG,
                "yes": tuple(value for value in spelled if value.lower() in yes) or (yes[0],),
                "no": tuple(value for value in spelled if value.lower() in no) or (no[0],),
                "reason": "two values, yes and no",
            }
        )
    return None


def _date(name: str, kept: Sequence[str], given: ColumnReading, *_: object) -> ColumnReading | None:
    plain = names.plain(name)
    digits = bool(_DATE_NAMES.fullmatch(plain)) or Role.DATE in names.roles_of(name)
    if given.format is not None:
        return given.model_copy(update={"kind": Kind.DATE, "reason": "a format was set"})
    guess = dates.guessed(kept, digits)
    if guess is None:
        return None
    return given.model_copy(update={"kind": Kind.DATE, "format": guess.format, "reason": "values are dates"})


def _identifier_by_shape(name: str, kept: Sequence[str], given: ColumnReading, *_: object) -> ColumnReading | None:
    """Digits that must stay as they are: leading zeros, too long for a number, names that say so, running numbers."""
    found = given.model_copy(update={"kind": Kind.IDENTIFIER})
    whole = all(value.isascii() and value.isdigit() for value in kept)
    zero_ends = not whole and all(re.fullmatch(r"\d+\.0+", value) for value in kept)
    if whole and any(len(value) > 1 and value[0] == "0" for value in kept):
        return found.model_copy(update={"reason": "digits with leading zeros"})
    if whole and any(len(value) > _LONG_NUMBER for value in kept):
        return found.model_copy(update={"reason": f"more than {_LONG_NUMBER} digits"})
    if (whole or zero_ends) and names.names_a_thing(name):
        return found.model_copy(update={"reason": "name", "whole": zero_ends})
    if whole and not names.roles_of(name) & _COUNT_ROLES and _runs(kept):
        return found.model_copy(update={"reason": "running numbers, none twice"})
    if names.personal_of(name) is Personal.PHONE and all(re.fullmatch(r"[+()\d\s/.-]+", value) for value in kept):
        return found.model_copy(update={"reason": "name"})
    return None


def _runs(kept: Sequence[str]) -> bool:
    """All different and each one more than the last, at least at the start: the number of a row."""
    if len(kept) < 5 or len(set(kept)) != len(kept):
        return False
    first = [int(value) for value in kept[:200]]
    if 1800 <= first[0] <= 2100 and len(kept) < 300:
        return False
    return all(after == before + 1 for before, after in itertools.pairwise(first))


def _number(
    name: str,
    kept: Sequence[str],
    given: ColumnReading,
    decimal: Literal[".", ","] | None,
    thousands: str | None,
) -> ColumnReading | None:
    guess = numbers.guessed(kept, given.decimal or decimal, given.thousands or thousands)
    if guess is None:
        return None
    if given.kind is None and guess.plain and _names_codes(name, kept, guess.whole):
        return None
    unit = given.unit or ("%" if guess.sign == "%" else numbers.CURRENCIES.get(guess.sign or "", ""))
    return given.model_copy(
        update={
            "kind": Kind.NUMBER,
            "decimal": None if guess.plain else guess.decimal,
            "thousands": guess.thousands,
            "currency": guess.sign,
            "decimals": guess.decimals if given.decimals is None else given.decimals,
            "whole": guess.whole,
            "unit": unit,
            "reason": "values are numbers",
        }
    )


def _names_codes(name: str, kept: Sequence[str], whole: bool) -> bool:
    """Whole numbers among which some are codes, such as C536379."""
    odd = [value for value in kept if not re.fullmatch(r"[-+]?\d+", value)]
    return (
        whole
        and bool(odd)
        and (names.names_a_thing(name) or all(re.fullmatch(r"[A-Za-z]+[-_]?\d+", each) for each in odd))
    )


def _of_words(name: str, kept: Sequence[str], given: ColumnReading, values: Sequence[str | None]) -> ColumnReading:
    """Category, identifier or text, by how often values repeat and what they look like. The whole column decides
    later whether its levels are few."""
    if not kept:
        return given.model_copy(update={"kind": Kind.TEXT, "reason": "no values"})
    found = Counter(kept)
    many = len(kept)
    personal = names.personal_of(name)
    if names.names_a_thing(name) and _like_codes(kept):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "reason": "name"})
    if personal is not None and personal is not Personal.OTHER:
        return given.model_copy(update={"kind": Kind.TEXT, "reason": "name"})
    if (
        len(found) <= FEW_LEVELS
        and (len(found) <= max(many * 0.5, 1) or len(found) <= 2)
        and max(map(len, found)) <= 100
    ):
        return given.model_copy(update={"kind": Kind.CATEGORY, "reason": "few different values"})
    if names.roles_of(name) & {Role.COUNTRY, Role.CHANNEL, Role.GROUP} and len(found) <= 1000:
        return given.model_copy(update={"kind": Kind.CATEGORY, "reason": "name"})
    if Role.CUSTOMER in names.roles_of(name):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "reason": "name"})
    if (
        len(found) == len(values)
        and many >= 5
        and "://" not in kept[0]
        and _like_codes(kept)
        and any(re.search(r"\d", each) for each in kept)
    ):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "reason": "codes, none twice"})
    if max(map(len, kept)) <= 60 and len(found) <= many * 0.1:
        return given.model_copy(update={"kind": Kind.CATEGORY, "reason": "values repeat"})
    return given.model_copy(update={"kind": Kind.TEXT, "reason": "many different values"})


def _like_codes(kept: Sequence[str]) -> bool:
    """Mostly short and without blanks."""
    return sum(len(value) <= 64 and " " not in value.strip() for value in kept) >= len(kept) * 0.9


def _of_integers(name: str, values: pl.Series, given: ColumnReading) -> ColumnReading:
    found = {*values.unique().head(3).to_list()}
    roles = names.roles_of(name)
    if given.kind is None and found == {0, 1} and not roles & _COUNT_ROLES:
        return given.model_copy(update={"kind": Kind.FLAG, "yes": ("1",), "no": ("0",), "reason": "only 0 and 1"})
    if given.kind is None and names.names_a_thing(name):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "reason": "name"})
    if given.kind is None and len(values) and _runs([str(value) for value in values.head(200).to_list()]):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "reason": "running numbers, none twice"})
    return given.model_copy(update={"kind": Kind.NUMBER, "decimals": 0, "whole": True, "reason": "numbers in the file"})


def _of_floats(name: str, values: pl.Series, given: ColumnReading) -> ColumnReading:
    finite = values.filter(values.is_finite())
    whole = bool(len(finite)) and bool((finite == finite.floor()).all())
    if given.kind is None and whole and names.names_a_thing(name):
        return given.model_copy(update={"kind": Kind.IDENTIFIER, "whole": True, "reason": "name, all whole numbers"})
    return given.model_copy(
        update={"kind": Kind.NUMBER, "decimals": decimals_of(finite), "reason": "numbers in the file"}
    )


def decimals_of(values: pl.Series) -> int | None:
    """The fewest decimals that give all values exactly; None beyond nine."""
    for digits in range(10):
        if bool((values.cast(pl.Float64).round(digits) == values).all()):
            return digits
    return None


def merged(found: ColumnReading, given: ColumnReading) -> ColumnReading:
    """What was given wins over what was found."""
    fields = {name: getattr(given, name) for name in given.model_fields_set}
    return found.model_copy(update={key: value for key, value in fields.items() if value not in (None, "", ())})


def role_of(reading: ColumnReading) -> Role | None:
    """The role of a finished reading."""
    return None if reading.role in (None, NONE) else Role(reading.role)
