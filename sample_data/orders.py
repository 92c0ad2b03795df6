"""orders.parquet: two years of order lines, in which each planted segment keeps its own habits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from people import DAYS, FIRST_DAY, SEGMENTS
from places import nearest_sites, stores

# Prices in cents, from low to high.
PRODUCTS: dict[str, dict[str, int]] = {
    "Coffee": {"Drip bags": 490, "Ground 250 g": 590, "Beans 250 g": 690, "Decaf 500 g": 1190, "Beans 500 g": 1290,
               "Espresso 1 kg": 1990, "Beans 1 kg": 2190, "Micro-lot 500 g": 2890},
    "Tea": {"Tea, mint": 390, "Tea, black": 450, "Tea, green": 620, "Chai": 750, "Tea, white": 1240, "Matcha": 1890},
    "Sweets": {"Biscuits": 290, "Liquorice": 320, "Chocolate bar": 380, "Honey": 690, "Nougat": 850, "Truffles": 1450},
    "Tableware": {"Spoon": 350, "Saucer": 490, "Mug": 800, "Glass, double": 1150, "Cup set": 2900, "Teapot": 3950},
    "Equipment": {"Filter papers": 420, "Descaler": 790, "Milk jug": 1690, "Hand filter": 2490, "Scale": 3490,
                  "Hand grinder": 6900, "Kettle": 7900, "Grinder, electric": 14900},
    "Gifts": {"Gift wrap": 250, "Tasting box": 1990, "Advent calendar": 2990, "Gift basket": 4500, "Gift card": 5000,
              "Hamper, large": 8900},
}  # fmt: skip
CHANNELS = np.array(["online", "store", "phone"])
_QUANTITIES, _QUANTITY_ODDS = np.array([1, 2, 3, 4, 6]), np.array([0.66, 0.21, 0.07, 0.04, 0.02])
_DISCOUNTS, _DISCOUNT_ODDS = np.array([0, 10, 20, 30]), np.array([0.86, 0.09, 0.04, 0.01])
_RISE_OF_2024 = 1.04
_WITHOUT_CUSTOMER, _RETURNED, _MISDATED = 0.0174, 0.0105, 14


@dataclass(frozen=True)
class Habit:
    """How one planted segment buys: counts are means, `silence` is days since the last order."""

    orders: float
    silence: float
    silence_spread: float
    lines: float
    channels: tuple[float, float, float]
    categories: tuple[float, ...]
    dearness: float
    seasonal: bool = False


HABITS = {
    "Frequent high spenders": Habit(38, 8, 0.6, 5.5, (0.46, 0.44, 0.10), (0.34, 0.14, 0.10, 0.16, 0.20, 0.06), 1.4),
    "Steady online": Habit(11.5, 26, 0.5, 4.6, (0.94, 0.04, 0.02), (0.52, 0.22, 0.10, 0.05, 0.09, 0.02), 1.0),
    "Occasional store": Habit(4.5, 80, 0.5, 3.4, (0.05, 0.92, 0.03), (0.18, 0.30, 0.30, 0.16, 0.03, 0.03), 0.9),
    "Lapsed low spend": Habit(2.0, 380, 0.2, 2.2, (0.14, 0.82, 0.04), (0.22, 0.26, 0.44, 0.06, 0.01, 0.01), 0.5),
    "Gift season": Habit(3.5, 18, 0.4, 5.0, (0.62, 0.28, 0.10), (0.05, 0.05, 0.19, 0.13, 0.02, 0.56), 1.5, True),
}


def order_lines(rng: np.random.Generator, everybody: pl.DataFrame) -> pl.DataFrame:
    """One row per order line, in the order the orders came in."""
    orders = _orders(rng, everybody.filter("buys"))
    lines = _lines(rng, orders)
    lines = pl.concat([lines, _returns(rng, lines)]).sort("day", "order", maintain_order=True)
    lines = lines.with_columns(order_id=(pl.col("order").rle_id() + 100_001).cast(pl.String))
    days = lines["day"].to_numpy().astype("timedelta64[D]")
    lines = _misdate(rng, lines.with_columns(order_date=pl.Series(FIRST_DAY + days).cast(pl.Date)))
    # Divided by numpy: polars multiplies by 0.01, and 1170 cents become 11.700000000000001.
    euros = [pl.Series(name, lines[name].to_numpy() / 100) for name in ("unit_price", "discount", "amount")]
    return lines.select(
        "order_id", "customer", "order_date", "product", "category", "channel", "site", "quantity", *euros
    )


def _orders(rng: np.random.Generator, buyers: pl.DataFrame) -> pl.DataFrame:
    """One row per order: who, when, through which channel, at which store."""
    habits = [HABITS[name] for name in buyers["segment"]]
    counts = 1 + rng.poisson(np.array([habit.orders - 1 for habit in habits]) * rng.lognormal(-0.03, 0.25, len(habits)))
    silence = np.array([habit.silence for habit in habits]) * np.exp(
        rng.normal(size=len(habits)) * [habit.silence_spread for habit in habits]
    )
    first = np.maximum(buyers["joined"].to_numpy(), 0)
    last = np.clip(DAYS - 1 - np.rint(silence).astype(int), first, DAYS - 1)
    online = np.array([habit.channels[0] for habit in habits])
    online = np.clip(online + rng.normal(0, 0.04, len(habits)), 0, 1)

    buyer = np.repeat(np.arange(len(habits)), counts)
    is_last = np.append(buyer[1:] != buyer[:-1], True)
    seasonal = np.array([habit.seasonal for habit in habits])
    day = np.where(is_last, last[buyer], _days(rng, first[buyer], last[buyer], seasonal[buyer]))
    by_phone = np.array([habit.channels[2] / (habit.channels[1] + habit.channels[2]) for habit in habits])
    remote = rng.random(len(buyer)) < by_phone[buyer]
    channel = np.where(rng.random(len(buyer)) < online[buyer], 0, np.where(remote, 2, 1))
    home = nearest_sites()[buyers["home"].to_numpy()][buyer]
    site = np.where(rng.random(len(buyer)) < 0.92, home, rng.integers(0, len(stores()), size=len(buyer)))
    nameless = rng.choice(np.flatnonzero(~is_last), size=round(_WITHOUT_CUSTOMER * len(buyer)), replace=False)
    codes = {segment.name: code for code, segment in enumerate(SEGMENTS)}
    return pl.DataFrame(
        {
            "order": rng.permutation(len(buyer)),
            "customer": buyers["customer"].gather(buyer),
            "segment": buyers["segment"].replace_strict(codes, return_dtype=pl.Int64).gather(buyer),
            "day": day,
            "channel": CHANNELS[channel],
            "site": stores()["site"].gather(site),
            "is_last": is_last,
            "nameless": np.isin(np.arange(len(buyer)), nameless),
        }
    ).with_columns(
        customer=pl.when("nameless").then(None).otherwise("customer"),
        site=pl.when(pl.col("channel") == "store").then("site").otherwise(None),
    )


def _days(
    rng: np.random.Generator, first: NDArray[np.int64], last: NDArray[np.int64], seasonal: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """A day from `first` to `last`, likelier where the season is busier."""
    dates = FIRST_DAY + np.arange(DAYS)
    weekday = (np.arange(DAYS) % 7).astype(int)
    month = dates.astype("datetime64[M]").astype(int) % 12
    day_of_month = (dates - dates.astype("datetime64[M]")).astype(int) + 1
    usual = np.array([0.9, 0.9, 0.95, 1.0, 1.1, 1.3, 0.6])[weekday] * np.where(month >= 10, 1.45, 1.0)
    before_feast = ((month == 10) & (day_of_month > 8)) | ((month == 11) & (day_of_month < 24))
    before_feast |= ((month == 1) & (day_of_month < 14)) | ((month == 4) & (day_of_month < 12))
    chosen = np.empty(len(first), dtype=np.int64)
    for rows, weights in ((~seasonal, usual), (seasonal, np.where(before_feast, usual, 0.01))):
        busy = np.concatenate([[0.0], np.cumsum(weights)])
        start, stop = busy[first[rows]], busy[last[rows] + 1]
        at = start + rng.random(int(rows.sum())) * (stop - start)
        chosen[rows] = np.clip(np.searchsorted(busy, at, side="right") - 1, first[rows], last[rows])
    return chosen


def _lines(rng: np.random.Generator, orders: pl.DataFrame) -> pl.DataFrame:
    """The lines of the orders, no product twice in one order; money in cents."""
    habits = [HABITS[segment.name] for segment in SEGMENTS]
    means = np.array([habit.lines for habit in habits])[orders["segment"].to_numpy()]
    lines = orders[np.repeat(np.arange(len(orders)), 1 + rng.poisson(means - 1))]
    segment, count = lines["segment"].to_numpy(), len(lines)

    limits = np.cumsum([habit.categories for habit in habits], axis=1)[segment]
    category = (rng.random((count, 1)) > limits[:, :-1]).sum(axis=1)
    sizes = np.array([len(products) for products in PRODUCTS.values()])
    dearness = np.array([habit.dearness for habit in habits])[segment]
    within = np.floor(sizes[category] * rng.random(count) ** (1 / dearness)).astype(int)
    product = (np.cumsum(sizes) - sizes)[category] + within

    prices = np.array([cents for products in PRODUCTS.values() for cents in products.values()])
    raised = np.rint(prices * _RISE_OF_2024 / 10).astype(int) * 10
    in_2024 = lines["day"].to_numpy() >= int((np.datetime64("2024-01-01") - FIRST_DAY).astype(int))
    unit_price = np.where(in_2024, raised[product], prices[product])
    quantity = np.where(unit_price > 2500, 1, rng.choice(_QUANTITIES, size=count, p=_QUANTITY_ODDS))
    percent = rng.choice(_DISCOUNTS, size=count, p=_DISCOUNT_ODDS)
    discount = (quantity * unit_price * percent + 50) // 100
    return lines.with_columns(
        pl.Series("product", np.array([name for products in PRODUCTS.values() for name in products])[product]),
        pl.Series("category", np.array(list(PRODUCTS))[category]),
        pl.Series("quantity", quantity),
        pl.Series("unit_price", unit_price),
        pl.Series("discount", discount),
        pl.Series("amount", quantity * unit_price - discount),
    ).unique(["order", "product"], keep="first", maintain_order=True)


def _returns(rng: np.random.Generator, lines: pl.DataFrame) -> pl.DataFrame:
    """Lines brought back some days later, as orders of one line with the signs turned."""
    back_on = lines["day"].to_numpy() + rng.integers(3, 31, size=len(lines))
    possible = np.flatnonzero((back_on < DAYS) & lines["customer"].is_not_null().to_numpy())
    rows = np.sort(rng.choice(possible, size=round(_RETURNED * len(lines)), replace=False))
    turned = [-pl.col(name) for name in ("quantity", "discount", "amount")]
    number = pl.int_range(pl.len(), dtype=pl.Int64) + lines["order"].max()
    return lines[rows].with_columns(*turned, pl.Series("day", back_on[rows]), order=number + 1)


def _misdate(rng: np.random.Generator, lines: pl.DataFrame) -> pl.DataFrame:
    """Swap two digits of the year in a few orders of one line: 2023 to 2032, 2024 to 2042."""
    alone = pl.len().over("order_id") == 1
    spare = ~pl.col("is_last") & (pl.col("amount") > 0) & (pl.col("order_date").dt.year() < 2025)
    possible = lines.select((alone & spare).arg_true()).to_series().to_numpy()
    rows = pl.Series(np.isin(np.arange(len(lines)), rng.choice(possible, size=_MISDATED, replace=False)))
    date = pl.col("order_date")
    swapped = pl.when(date.dt.year() == 2023).then(date.dt.offset_by("9y")).otherwise(date.dt.offset_by("18y"))
    return lines.with_columns(order_date=pl.when(rows).then(swapped).otherwise(date))
