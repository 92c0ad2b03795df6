"""The people of the sample shop as they really are: one row per customer id, before any mess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from places import PLACES

FIRST_DAY = np.datetime64("2023-01-02")
LAST_DAY = np.datetime64("2025-01-01")
DAYS = int((LAST_DAY - FIRST_DAY).astype(int)) + 1


@dataclass(frozen=True)
class Segment:
    """Who is in a planted segment; what they buy is in orders.py."""

    name: str
    share: float
    age: float
    income: float
    household: float
    tiers: tuple[float, float, float]
    joins_until: int


SEGMENTS = (
    Segment("Frequent high spenders", 0.07, 48, 3.3, 1.6, (0.10, 0.35, 0.55), 300),
    Segment("Steady online", 0.29, 37, 2.4, 1.3, (0.45, 0.45, 0.10), 400),
    Segment("Occasional store", 0.34, 54, 2.0, 1.0, (0.75, 0.23, 0.02), 350),
    Segment("Lapsed low spend", 0.22, 33, 1.3, 0.8, (0.92, 0.08, 0.00), 60),
    Segment("Gift season", 0.08, 45, 2.8, 2.1, (0.80, 0.17, 0.03), 300),
)
NEVER_BOUGHT = "Never bought"

INCOME_BANDS = np.array(["under 20k", "20k to 35k", "35k to 50k", "50k to 75k", "over 75k"])
TIERS = np.array(["none", "silver", "gold"])
ACQUISITION = np.array(["search, paid", "social", "referral", "store", "catalogue", "marketplace"])
_ACQUISITION_ODDS = np.array([0.24, 0.18, 0.14, 0.26, 0.07, 0.11])
_MEDIAN_COSTS = np.array([14.0, 9.0, 5.0, 2.5, 11.0, 7.5])

_STARTS = ("Al", "Bren", "Cor", "Dar", "El", "Fen", "Gal", "Hes", "Ith", "Jor", "Kel", "Lor", "Mir", "Nev", "Or", "Zé")
_ENDINGS = {"F": ("ina", "ette", "wyn", "isa", "ara", "élie"), "M": ("ric", "ando", "wick", "as", "on", "bert")}
_SURNAMES = (
    "Amber", "Birch", "Copper", "Dunkel", "Elder", "Fräu", "Glimmer", "Hazel", "Iron", "Juniper", "Kessel", "Linden",
    "Marrow", "Nettle", "Ochre", "Pebble", "Quill", "Raven", "Silber", "Thistle", "Umber", "Violet", "Wölk", "Yarrow",
)  # fmt: skip
_SURNAME_ENDS = ("bach", "croft", "dale", "feld", "garde", "höfer", "kamp", "lein", "mere", "thwaite", "vogel", "worth")

# Ranges that the regulators of the three countries keep free for films and books.
_PHONES = {
    "Germany": (("+49 30 23125 ", "+49 40 66969 ", "+49 69 90009 ", "+49 221 4710 ", "+49 89 99998 "), 3),
    "France": (("+33 1 99 00 ", "+33 2 61 91 ", "+33 3 53 01 ", "+33 4 65 71 ", "+33 5 36 49 ", "+33 6 39 98 "), 4),
    "United Kingdom": (("+44 113 496 0", "+44 114 496 0", "+44 115 496 0", "+44 20 7946 0", "+44 7700 900 "), 3),
}
_PLAIN = str.maketrans({"é": "e", "ä": "a", "ö": "o"})


def people(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """`count` recorded customers and, on top, the buyers without a record, in order of their id."""
    unrecorded, never_bought, twins = (max(1, round(count * share)) for share in (0.0055, 0.002, 0.01))
    total = count + unrecorded
    codes = rng.choice(len(SEGMENTS), size=total, p=[segment.share for segment in SEGMENTS])
    roles = rng.permutation(total)
    frame = _portraits(rng, codes).with_columns(
        recorded=_at(total, roles[:unrecorded]).not_(),
        buys=_at(total, roles[unrecorded : unrecorded + never_bought]).not_(),
    )
    recorded = roles[unrecorded + never_bought :]
    frame = _same_people(frame, copies=recorded[:twins], originals=recorded[twins : 2 * twins])
    numbers = np.sort(rng.choice(np.arange(1, 2 * total + 1), size=total, replace=False))
    customer = pl.Series("customer", numbers).cast(pl.String).str.zfill(5)
    # "person" is the row of the original, before the sort that makes ids grow with the date of signing up.
    frame = frame.sort("joined", "person", maintain_order=True).with_columns(customer)
    return frame.select("customer", pl.exclude("customer"))


def same_person(everybody: pl.DataFrame) -> pl.DataFrame:
    """The ids that stand for somebody who has another id too."""
    originals = everybody.filter(~pl.col("copied")).select("person", same_person_as="customer")
    copies = everybody.filter("copied").join(originals, on="person", maintain_order="left")
    return copies.select("customer", "same_person_as")


def true_segments(everybody: pl.DataFrame) -> pl.DataFrame:
    """The planted segment of every customer id."""
    return everybody.select("customer", segment=pl.when("buys").then("segment").otherwise(pl.lit(NEVER_BOUGHT)))


def _portraits(rng: np.random.Generator, codes: NDArray[np.int64]) -> pl.DataFrame:
    total = len(codes)
    home = rng.choice(len(PLACES), size=total, p=(PLACES["weight"] / PLACES["weight"].sum()).to_numpy())
    gender = rng.choice(["F", "M"], size=total, p=[0.57, 0.43])
    first, last = _names(rng, gender)
    host = rng.choice(["example.com", "example.org", "example.net"], size=total, p=[0.6, 0.25, 0.15])
    age = np.clip(rng.normal([SEGMENTS[code].age for code in codes], 11), 18, 92)
    income = np.clip(np.rint(rng.normal([SEGMENTS[code].income for code in codes], 0.9)), 0, 4).astype(int)
    channel = rng.choice(len(ACQUISITION), size=total, p=_ACQUISITION_ODDS)
    cost = rng.lognormal(np.log(_MEDIAN_COSTS[channel]), 0.35)
    until = np.array([segment.joins_until for segment in SEGMENTS])[codes]
    joined = np.where(rng.random(total) < 0.6, rng.integers(-2400, 1, size=total), rng.integers(1, until))
    tier_limits = np.cumsum([segment.tiers for segment in SEGMENTS], axis=1)[codes]
    return pl.DataFrame(
        {
            "person": np.arange(total),
            "segment": np.array([segment.name for segment in SEGMENTS])[codes],
            "joined": joined,
            "first_name": first,
            "last_name": last,
            "email": _emails(first, last, rng.integers(1, 90, size=total), host),
            "phone": _phones(rng, PLACES["country"].gather(home).to_list()),
            "birth_date": LAST_DAY - np.rint(age * 365.25).astype("timedelta64[D]"),
            "gender": gender,
            "postcode": _postcodes(rng, home),
            "city": PLACES["city"].gather(home),
            "country": PLACES["country"].gather(home),
            "home": home,
            "signup_date": FIRST_DAY + joined.astype("timedelta64[D]"),
            "newsletter": rng.choice(["yes", "no"], size=total, p=[0.55, 0.45]),
            "loyalty_tier": TIERS[(rng.random((total, 1)) > tier_limits[:, :2]).sum(axis=1)],
            "income_band": INCOME_BANDS[income],
            "household_size": np.minimum(1 + rng.poisson([SEGMENTS[code].household for code in codes]), 7),
            "acquisition_channel": ACQUISITION[channel],
            "acquisition_cost": np.rint(cost * 100) / 100,
        }
    )


def _names(rng: np.random.Generator, gender: NDArray[np.str_]) -> tuple[list[str], list[str]]:
    starts = rng.choice(_STARTS, size=len(gender))
    ends = rng.integers(0, 6, size=len(gender))
    first = [f"{start}{_ENDINGS[who][end]}" for start, who, end in zip(starts, gender, ends, strict=True)]
    roots = rng.choice(_SURNAMES, size=len(gender))
    tails = rng.choice(_SURNAME_ENDS, size=len(gender))
    return first, [f"{root}{tail}" for root, tail in zip(roots, tails, strict=True)]


def _emails(first: list[str], last: list[str], number: NDArray[np.int64], host: NDArray[np.str_]) -> list[str]:
    parts = zip(first, last, number, host, strict=True)
    return [f"{one}.{two}{three}@{four}".lower().translate(_PLAIN) for one, two, three, four in parts]


def _phones(rng: np.random.Generator, countries: list[str]) -> list[str]:
    orders = {country: rng.permutation(len(ranges) * 10**digits) for country, (ranges, digits) in _PHONES.items()}
    used = dict.fromkeys(_PHONES, 0)
    phones = []
    for country in countries:
        ranges, digits = _PHONES[country]
        pick, number = divmod(int(orders[country][used[country] % len(orders[country])]), 10**digits)
        used[country] += 1
        phones.append(f"{ranges[pick]}{number:0{digits}d}")
    return phones


def _postcodes(rng: np.random.Generator, home: NDArray[np.int64]) -> list[str]:
    templates, codes = PLACES["template"].to_list(), PLACES["codes"].to_numpy()
    numbers = rng.integers(1, codes[home] + 1)
    return [str(templates[place]).format(number) for place, number in zip(home, numbers, strict=True)]


def _at(length: int, rows: NDArray[np.int64]) -> pl.Series:
    mask = np.zeros(length, dtype=bool)
    mask[rows] = True
    return pl.Series(mask)


def _same_people(frame: pl.DataFrame, copies: NDArray[np.int64], originals: NDArray[np.int64]) -> pl.DataFrame:
    """Give the rows `copies` the person of the rows `originals`, and leave them their own dates and tiers."""
    own = {"joined", "signup_date", "newsletter", "loyalty_tier", "acquisition_channel", "acquisition_cost"}
    source = np.arange(len(frame))
    source[copies] = originals
    shared = [name for name in frame.columns if name not in own | {"recorded", "buys"}]
    return frame.with_columns(*frame.select(shared)[source].get_columns(), _at(len(frame), copies).alias("copied"))
