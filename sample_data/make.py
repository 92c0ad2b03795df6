"""Makes the sample data of segtui: messy on purpose, the planted truth beside it, the same bytes from the same seed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from crm import crm_extract
from orders import order_lines
from people import LAST_DAY, SEGMENTS, people, same_person, true_segments
from places import stores

ATTITUDES = ("Bargain hunters", "Quality seekers", "Convenience buyers")
# Item, and its mean answer in each attitude class on a scale of 1 (not at all) to 5 (fully agree).
ITEMS = {
    "compares_prices": (4.6, 2.4, 2.0),
    "waits_for_sales": (4.4, 1.9, 2.2),
    "switches_for_less": (4.2, 1.6, 2.9),
    "buys_in_bulk": (3.9, 2.4, 2.6),
    "asks_for_origin": (1.9, 4.5, 1.8),
    "pays_for_quality": (1.8, 4.6, 3.2),
    "reads_labels": (2.6, 4.2, 1.8),
    "tries_new_things": (2.7, 4.1, 2.6),
    "wants_delivery": (2.6, 2.3, 4.5),
    "orders_at_night": (2.3, 1.8, 4.1),
    "hates_queues": (2.9, 2.7, 4.6),
    "likes_coffee": (3.8, 4.2, 3.8),
}
_ATTITUDE_ODDS = {
    "Frequent high spenders": (0.15, 0.60, 0.25),
    "Steady online": (0.30, 0.25, 0.45),
    "Occasional store": (0.45, 0.40, 0.15),
    "Lapsed low spend": (0.65, 0.15, 0.20),
    "Gift season": (0.25, 0.35, 0.40),
}
# Chance to buy within 14 days without the e-mail, and what the e-mail adds.
EMAIL_EFFECT = {
    "Frequent high spenders": (0.160, 0.010),
    "Steady online": (0.070, 0.080),
    "Occasional store": (0.045, 0.045),
    "Lapsed low spend": (0.012, 0.008),
    "Gift season": (0.030, -0.010),
}
_AGE_BANDS = np.array(["18-29", "30-44", "45-59", "60+"])
MOST_CUSTOMERS = 49_000


def survey(rng: np.random.Generator, everybody: pl.DataFrame, answers: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers to twelve statements, one row per respondent, and the planted classes."""
    asked = _drawn(rng, everybody, answers)
    limits = np.cumsum([_ATTITUDE_ODDS[name] for name in asked["segment"]], axis=1)
    attitude = (rng.random((answers, 1)) > limits[:, :-1]).sum(axis=1)
    means = np.array(list(ITEMS.values())).T[attitude]
    scores = np.clip(np.rint(means + rng.normal(0, 1.05, size=means.shape)), 1, 5)
    careless = np.isin(np.arange(answers), rng.choice(answers, size=answers // 50, replace=False))
    scores[careless] = rng.integers(2, 5, size=(int(careless.sum()), 1))
    scores[rng.random(scores.shape) < 0.02] = np.nan
    age = ((LAST_DAY - asked["birth_date"].to_numpy()).astype("timedelta64[D]").astype(int) / 365.25).astype(int)
    bands = pl.Series("age_band", _AGE_BANDS[np.digitize(age, [30, 45, 60])])
    columns = [pl.Series(item, scores[:, i]).fill_nan(None).cast(pl.Int64) for i, item in enumerate(ITEMS)]
    told = pl.when(pl.Series(rng.random(answers) > 0.03)).then(bands).otherwise(None).alias("age_band")
    truth = asked.select(
        "customer",
        pl.Series("attitude", np.array(ATTITUDES)[attitude]),
        pl.Series("straight_lined", np.where(careless, "yes", "no")),
    )
    return asked.select("customer").with_columns(*columns, told), truth


def campaigns(rng: np.random.Generator, everybody: pl.DataFrame, mailed: int) -> pl.DataFrame:
    """A randomised e-mail test after the last order, one row per customer; half of them got no e-mail."""
    drawn = _drawn(rng, everybody, mailed)
    treated = rng.permutation(mailed) < mailed // 2
    base, lift = np.array([EMAIL_EFFECT[name] for name in drawn["segment"]]).T
    converted = rng.random(mailed) < base + lift * treated
    opened = treated & (rng.random(mailed) < np.where(converted, 0.85, 0.31))
    cents = np.rint(rng.lognormal(np.log(3800), 0.55, size=mailed)).astype(int)
    wave = np.array(["2025-01-14", "2025-01-21", "2025-01-28"])[rng.integers(0, 3, size=mailed)]
    return drawn.select("customer").with_columns(
        pl.Series("sent_on", wave),
        pl.Series("arm", np.where(treated, "treatment", "control")),
        pl.Series("opened", opened.astype(int)),
        pl.Series("converted", converted.astype(int)),
        pl.Series("revenue", np.where(converted, cents, 0) / 100),
    )


def planted_lift() -> pl.DataFrame:
    """The chance to buy with and without the e-mail, in each segment."""
    rows = [(segment.name, *EMAIL_EFFECT[segment.name]) for segment in SEGMENTS]
    return pl.DataFrame(rows, schema=["segment", "without_email", "lift"], orient="row")


def sample(seed: int, customers: int) -> dict[str, pl.DataFrame]:
    """Every file by its path in the folder; each has random numbers of its own."""
    streams = np.random.default_rng(seed).spawn(5)
    everybody = people(streams[0], customers)
    answers, attitudes = survey(streams[3], everybody, customers // 4)
    return {
        "customers.csv": crm_extract(streams[1], everybody),
        "orders.parquet": order_lines(streams[2], everybody),
        "survey.csv": answers,
        "campaigns.csv": campaigns(streams[4], everybody, customers * 2 // 3),
        "stores.csv": stores(),
        "truth/segments.csv": true_segments(everybody),
        "truth/same_person.csv": same_person(everybody),
        "truth/attitudes.csv": attitudes,
        "truth/lift.csv": planted_lift(),
    }


def write(frames: dict[str, pl.DataFrame], folder: Path) -> None:
    """Write each frame as CSV or Parquet, as its name says."""
    for name, frame in frames.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            frame.write_parquet(path, compression="zstd", compression_level=12, statistics=True)
        else:
            frame.write_csv(path, float_precision=3 if name in ("stores.csv", "truth/lift.csv") else 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=42, help="the same seed gives the same bytes")
    parser.add_argument("--customers", type=int, default=6000, help="recorded customers, about 34 order lines each")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, help="the folder to write into")
    options = parser.parse_args(arguments)
    if not 300 <= options.customers <= MOST_CUSTOMERS:
        parser.error(f"--customers must be from 300 to {MOST_CUSTOMERS}")
    write(sample(options.seed, options.customers), options.to)


def _drawn(rng: np.random.Generator, everybody: pl.DataFrame, count: int) -> pl.DataFrame:
    reachable = everybody.filter("buys", "recorded")
    return reachable[np.sort(rng.choice(len(reachable), size=count, replace=False))]


if __name__ == "__main__":
    main()
