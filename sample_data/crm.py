"""customers.csv: the people as a CRM system hands them over, with its mess."""

from __future__ import annotations

import numpy as np
import polars as pl
from people import LAST_DAY

COLUMNS = (
    "customer", "first_name", "last_name", "email", "phone", "birth_date", "gender", "postcode", "city", "country",
    "signup_date", "newsletter", "loyalty_tier", "income_band", "household_size", "acquisition_channel",
    "acquisition_cost",
)  # fmt: skip

# What is written for a true value, and how often.
_SPELLINGS: dict[str, dict[str, dict[str | None, float]]] = {
    "gender": {
        "F": {"F": 0.72, "female": 0.14, "Female": 0.06, "f": 0.03, None: 0.05},
        "M": {"M": 0.73, "Male": 0.13, "male": 0.06, "m": 0.03, None: 0.05},
    },
    "country": {
        "Germany": {"Germany": 0.70, "DE": 0.19, "germany ": 0.05, "Deutschland": 0.04, "GERMANY": 0.02},
        "France": {"France": 0.80, "FR": 0.15, "france": 0.05},
        "United Kingdom": {"United Kingdom": 0.60, "UK": 0.25, "GB": 0.10, "United kingdom ": 0.05},
    },
    "newsletter": {
        "yes": {"yes": 0.70, "Y": 0.24, None: 0.06},
        "no": {"no": 0.68, "N": 0.22, None: 0.10},
    },
}


def crm_extract(rng: np.random.Generator, everybody: pl.DataFrame) -> pl.DataFrame:
    """One row per record: every recorded customer, some of them twice."""
    frame = everybody.filter("recorded").with_columns(
        pl.col("birth_date", "signup_date").cast(pl.Date).dt.to_string("%Y-%m-%d")
    )
    for column, spellings in _SPELLINGS.items():
        frame = frame.with_columns(_respell(rng, frame[column], spellings))
    for column, share, broken in _faults():
        rows = rng.choice(len(frame), size=max(1, round(share * len(frame))), replace=False)
        chosen = pl.Series(np.isin(np.arange(len(frame)), rows))
        frame = frame.with_columns(pl.when(chosen).then(broken).otherwise(pl.col(column)).alias(column))
    frame = frame.with_columns(email=pl.when("copied").then(pl.col("email").str.to_uppercase()).otherwise("email"))
    return pl.concat([frame, _second_records(rng, frame)]).select(COLUMNS)


def _faults() -> list[tuple[str, float, pl.Expr]]:
    """Column, share of the rows, and what stands there instead."""
    email, phone, birth = pl.col("email"), pl.col("phone"), pl.col("birth_date")
    in_the_future = pl.format("{}{}", pl.lit("20"), birth.str.slice(2))
    later = pl.when(in_the_future > str(LAST_DAY)).then(in_the_future).otherwise(pl.lit("2057-03-14"))
    nothing = pl.lit(None)
    return [
        ("email", 0.006, email.str.replace("@", "", literal=True)),
        ("email", 0.004, email.str.replace("@", "@@", literal=True)),
        ("email", 0.004, email.str.replace("@example.", "@example,", literal=True)),
        ("email", 0.002, pl.lit("n/a")),
        ("email", 0.006, pl.format(" {} ", email)),
        ("email", 0.030, nothing),
        ("phone", 0.300, phone.str.replace(r"^\+\d+ ", "0")),
        ("phone", 0.150, phone.str.replace_all(" ", "", literal=True)),
        ("phone", 0.080, phone.str.replace("+", "00", literal=True)),
        ("phone", 0.060, nothing),
        ("birth_date", 0.004, pl.lit("1900-01-01")),
        ("birth_date", 0.001, later),
        ("birth_date", 0.00683, nothing),
        ("last_name", 0.008, pl.format("{}  ", pl.col("last_name"))),
        ("last_name", 0.008, pl.col("last_name").str.to_uppercase()),
        ("first_name", 0.005, pl.format(" {}", pl.col("first_name"))),
        ("city", 0.010, pl.format("{} ", pl.col("city"))),
        ("city", 0.010, pl.col("city").str.to_lowercase()),
        ("city", 0.003, pl.lit("   ")),
        ("postcode", 0.010, nothing),
        ("income_band", 0.090, nothing),
        ("household_size", 0.050, nothing),
        ("household_size", 0.003, pl.lit(99)),
        ("acquisition_cost", 0.040, nothing),
    ]


def _respell(rng: np.random.Generator, true: pl.Series, spellings: dict[str, dict[str | None, float]]) -> pl.Series:
    written = np.full(len(true), None, dtype=object)
    for value, odds in spellings.items():
        rows = (true == value).to_numpy()
        variants = np.array(list(odds), dtype=object)
        written[rows] = variants[rng.choice(len(variants), size=int(rows.sum()), p=list(odds.values()))]
    return pl.Series(true.name, written.tolist(), dtype=pl.String)


def _second_records(rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """Records with an id that is there already: half are exact copies, half tell an older state."""
    count = max(2, round(len(frame) / 150))
    again = frame[np.sort(rng.choice(len(frame), size=count, replace=False))]
    older = pl.int_range(pl.len()) % 2 == 0
    return again.with_columns(
        newsletter=pl.when(older).then(pl.lit("N")).otherwise("newsletter"),
        loyalty_tier=pl.when(older).then(pl.lit("none")).otherwise("loyalty_tier"),
        phone=pl.when(older).then(None).otherwise("phone"),
    )
