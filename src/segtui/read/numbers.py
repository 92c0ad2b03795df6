"""Numbers in text: marks, currency signs, percent, brackets for negatives, and how many decimals there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "EUR": "EUR", "USD": "USD", "GBP": "GBP", "CHF": "CHF"}
_SIGN = r"(?:[£$€¥]|EUR|USD|GBP|CHF)"
_THOUSANDS = (",", ".", "'", "’", " ", "\u00a0", "\u202f")
NEEDED_SHARE = 0.9

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_DRESSED = re.compile(
    rf"(?P<open>\()?\s*(?P<minus>[-+−])?\s*(?P<before>{_SIGN})?\s*(?P<inner>[-+−])?"
    r"(?P<digits>\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)(?P<power>[eE][-+]?\d+)?"
    rf"\s*(?P<after>{_SIGN}|%)?(?P<trailing>-)?\s*(?P<close>\))?"
)
INFINITE = re.compile(r"[-+]?(?:inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True)
class NumberGuess:
    """How numbers are written; `share` of the values that fit, `decimals` the most digits after the mark."""

    share: float
    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    sign: str | None = None
    decimals: int = 0
    whole: bool = True
    plain: bool = True


def guessed(
    values: Sequence[str], decimal: Literal[".", ","] | None = None, thousands: str | None = None
) -> NumberGuess | None:
    """How the values, which are not blank, are written as numbers; None where under nine tenths are any."""
    plain = [value for value in values if _PLAIN.fullmatch(value)]
    if decimal != "," and len(plain) + _infinities(values) == len(values) and plain and not _grouped(values):
        return NumberGuess(1.0, ".", thousands, None, *_decimals(plain, "."))
    found = [match for match in map(_DRESSED.fullmatch, values) if match]
    if len(found) + _infinities(values) < len(values) * NEEDED_SHARE or not found:
        return None
    best: NumberGuess | None = None
    bodies = [match["digits"].strip() + (match["power"] or "") for match in found]
    signs = Counter(match["before"] or match["after"] for match in found if match["before"] or match["after"])
    sign = signs.most_common(1)[0][0] if signs else None
    dressed = any(match["open"] or match["trailing"] or match["minus"] == "−" or match["inner"] for match in found)
    marks: list[Literal[".", ","]] = [decimal] if decimal else [".", ","]
    for mark in marks:
        for group in [thousands] if thousands else [None, *(each for each in _THOUSANDS if each != mark)]:
            fitting = [body for body in bodies if _fits(body, mark, group)]
            share = (len(fitting) + _infinities(values)) / len(values)
            if fitting and (best is None or share > best.share):
                style = mark == "." and group is None and sign is None and not dressed
                best = NumberGuess(share, mark, group, sign, *_decimals(fitting, mark), style)
    return best if best is not None and best.share >= NEEDED_SHARE else None


def parsed(text: pl.Expr, decimal: str | None, thousands: str | None, whole: bool, strict: bool) -> pl.Expr:
    """Text without blanks around it -> Int64 or Float64; `decimal` None where all are written plainly. What is no
    number fails (strict) or becomes null."""
    if decimal is None:
        if whole:
            zeros = (text < "1") & (text >= "0") & (text.str.len_bytes() > 1)
            text = pl.when(zeros).then(pl.lit("an identifier")).otherwise(text) if strict else text
            return text.cast(pl.Int64, strict=strict)
        return text.cast(pl.Float64, strict=strict)
    negative = text.str.contains(r"^\(.*\)$|^\s*[-−]|-$") | text.str.contains(rf"^{_SIGN}\s*[-−]")
    bare = text.str.replace_all(rf"^\(|\)$|{_SIGN}|%|[-+−]$|^\s*[-+−]", "").str.replace(r"^\s*[-+−]", "")
    bare = bare.str.strip_chars()
    if thousands:
        group, mark = re.escape(thousands), re.escape(decimal)
        fits = bare.str.contains(rf"^(?:\d{{1,3}}(?:{group}\d{{3}})+|\d*)(?:{mark}\d*)?(?:[eE][-+]?\d+)?$")
        bare = pl.when(fits).then(bare.str.replace_all(thousands, "", literal=True)).otherwise(pl.lit("no number"))
        bare = pl.when(text.is_not_null()).then(bare)
    if decimal != ".":
        points = bare.str.contains(".", literal=True)
        bare = pl.when(points).then(pl.lit("no number")).otherwise(bare.str.replace(decimal, ".", literal=True))
    number = bare.cast(pl.Int64 if whole else pl.Float64, strict=strict)
    return pl.when(negative).then(-number).otherwise(number)


def _fits(body: str, mark: str, group: str | None) -> bool:
    digits = r"\d+" if group is None else rf"(?:\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)"
    return bool(re.fullmatch(rf"(?:{digits})?(?:{re.escape(mark)}\d*)?(?:[eE][-+]?\d+)?", body)) and any(
        map(str.isdigit, body)
    )


def _grouped(values: Sequence[str]) -> bool:
    """All as 1.234 with three digits after each point, some with two points: thousands, not decimals."""
    return any(value.count(".") > 1 for value in values)


def _decimals(values: Sequence[str], mark: str) -> tuple[int, bool]:
    most, whole = 0, True
    for value in values:
        body, _, power = value.lower().partition("e")
        digits = body.partition(mark)[2]
        if mark in body or power:
            whole = False
        most = max(most, len(digits) - int(power or 0))
    return max(most, 0), whole


def _infinities(values: Sequence[str]) -> int:
    return sum(bool(INFINITE.fullmatch(value)) for value in values)
