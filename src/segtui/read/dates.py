"""Dates in text: recognising the format from what is there, and saying so where day and month can't be told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_DATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{4}-\d{1,2}-\d{1,2}", ("%Y-%m-%d",)),
    (r"\d{4}/\d{1,2}/\d{1,2}", ("%Y/%m/%d",)),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", ("%Y.%m.%d",)),
    (r"\d{8}", ("%Y%m%d", "%d%m%Y")),
    (r"\d{1,2}/\d{1,2}/\d{4}", ("%d/%m/%Y", "%m/%d/%Y")),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", ("%d.%m.%Y", "%m.%d.%Y")),
    (r"\d{1,2}-\d{1,2}-\d{4}", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"\d{1,2}/\d{1,2}/\d{2}", ("%d/%m/%y", "%m/%d/%y")),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", ("%d.%m.%y", "%m.%d.%y")),
    (r"\d{1,2}-\d{1,2}-\d{2}", ("%d-%m-%y", "%m-%d-%y")),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", ("%d-%b-%Y",)),
    (r"\d{1,2}-[A-Za-z]{3}-\d{2}", ("%d-%b-%y",)),
    (r"\d{1,2} [A-Za-z]{3} \d{4}", ("%d %b %Y",)),
    (r"\d{1,2} [A-Za-z]{3,9} \d{4}", ("%d %B %Y",)),
    (r"[A-Za-z]{3} \d{1,2},? \d{4}", ("%b %d, %Y", "%b %d %Y")),
    (r"[A-Za-z]{3,9} \d{1,2},? \d{4}", ("%B %d, %Y", "%B %d %Y")),
    (r"\d{1,2}/[A-Za-z]{3}/\d{4}", ("%d/%b/%Y",)),
    (r"\d{1,2}[A-Za-z]{3}\d{4}", ("%d%b%Y",)),
)
_TIMES: tuple[tuple[str, str], ...] = (
    (r"", ""),
    (r" \d{1,2}:\d{2}", " %H:%M"),
    (r" \d{1,2}:\d{2}:\d{2}", " %H:%M:%S"),
    (r" \d{1,2}:\d{2}:\d{2}\.\d{1,9}", " %H:%M:%S%.f"),
    (r"T\d{1,2}:\d{2}", "T%H:%M"),
    (r"T\d{1,2}:\d{2}:\d{2}", "T%H:%M:%S"),
    (r"T\d{1,2}:\d{2}:\d{2}\.\d{1,9}", "T%H:%M:%S%.f"),
    (r"T\d{1,2}:\d{2}:\d{2}Z", "T%H:%M:%SZ"),
    (r"T\d{1,2}:\d{2}:\d{2}\.\d{1,9}Z", "T%H:%M:%S%.fZ"),
    (r"T\d{1,2}:\d{2}:\d{2}[+-]\d{2}:?\d{2}", "T%H:%M:%S%z"),
    (r"T\d{1,2}:\d{2}:\d{2}\.\d{1,9}[+-]\d{2}:?\d{2}", "T%H:%M:%S%.f%z"),
    (r" \d{1,2}:\d{2}:\d{2} ?[+-]\d{2}:?\d{2}", " %H:%M:%S%z"),
    (r" \d{1,2}:\d{2}:\d{2} UTC", " %H:%M:%S UTC"),
    (r" \d{1,2}:\d{2} ?[AaPp][Mm]", " %I:%M %p"),
    (r" \d{1,2}:\d{2}:\d{2} ?[AaPp][Mm]", " %I:%M:%S %p"),
)
_SHAPES = tuple(
    (re.compile(day + time), tuple(form + clock for form in forms)) for day, forms in _DATES for time, clock in _TIMES
)
_LIKELY = re.compile(r"\d{1,4}[-/. ]?(?:\d{1,2}|[A-Za-z]{3,9})[-/. ]?,? ?\d{1,4}|[A-Za-z]{3,9} \d")
EXCEL = "excel"
NEEDED_SHARE = 0.9
_TWIN = {"%d": "%m", "%m": "%d"}


@dataclass(frozen=True)
class DateGuess:
    """A format that fits `share` of the values; `twin` the one with day and month exchanged, where it fits as well."""

    format: str
    share: float
    twin: str | None = None


def guessed(values: Sequence[str], digits_allowed: bool) -> DateGuess | None:
    """The format that fits most of the values, which are not blank; None where none fits nine tenths of them.
    `digits_allowed`: whether 20240131 may be a date."""
    sample = values[:400]
    if sum(bool(_LIKELY.match(value)) for value in sample[:40]) < len(sample[:40]) * 0.5:
        return None
    likely = [shape for shape in _SHAPES if any(shape[0].fullmatch(value) for value in sample[:12])]
    shapes = [shape for shape in likely if sum(bool(shape[0].fullmatch(value)) for value in sample) >= len(sample) / 2]
    if not shapes and len(sample) > 10:
        return None
    candidates = {form for pattern, forms in (shapes or _SHAPES) for form in forms if pattern.fullmatch(sample[0])}
    candidates |= {form for _, forms in shapes for form in forms}
    if not digits_allowed:
        candidates = {form for form in candidates if not form.startswith(("%Y%m%d", "%d%m%Y"))}
    series = pl.Series(list(values), dtype=pl.String)
    shares = {form: _share(series, form) for form in sorted(candidates)}
    shares = {form: share for form, share in shares.items() if share >= NEEDED_SHARE}
    if not shares:
        return None
    best = max(shares, key=lambda form: (shares[form], _order(form)))
    other = twin(best)
    return DateGuess(best, shares[best], other if shares.get(other, 0.0) == shares[best] and other != best else None)


def twin(form: str) -> str:
    """The format with day and month exchanged (itself where months are words)."""
    if "%d" not in form or "%m" not in form or form.startswith("%Y"):
        return form
    return re.sub(r"%[dm]", lambda found: _TWIN[found[0]], form)


def has_time(form: str) -> bool:
    """Whether a format holds a time of day."""
    return "%H" in form or "%I" in form


def parsed(text: pl.Expr, form: str, strict: bool) -> pl.Expr:
    """Text without blanks around it -> Date, or Datetime in microseconds (UTC where the text has an offset)."""
    if form == EXCEL:
        days = text.cast(pl.Float64, strict=strict).floor().cast(pl.Int32, strict=strict)
        return (pl.lit(pl.Series([-25569], dtype=pl.Int32)).first() + days).cast(pl.Date)
    if "%p" in form:
        text = text.str.replace(r"(?i) ?([ap]m)$", " $1").str.to_uppercase()
    if "%z" in form:
        text = text.str.replace(r" ?([+-]\d{2}):?(\d{2})$", "$1$2")
        moment = text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=strict, ambiguous="earliest")
        return moment.dt.replace_time_zone(None)
    if has_time(form):
        return text.str.to_datetime(form, time_unit="us", strict=strict)
    return text.str.to_date(form, strict=strict)


def _order(form: str) -> tuple[int, int]:
    """Which format to prefer among those that fit alike: year first, then day first, with points always so."""
    return (int(form.startswith("%Y")), int(form.startswith("%d")))


def _share(series: pl.Series, form: str) -> float:
    parse = parsed(pl.col("text"), form, strict=False)
    found = pl.DataFrame({"text": series}).select(date=parse).to_series()
    year = found.dt.year()
    return int(((year >= 1850) & (year <= 2150)).sum()) / max(len(series), 1)
