"""Where the sample customers live and where the sample shop has stores."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

# city, country, latitude, longitude, weight, postcode template, highest number in the template, store ("" for none)
_PLACES: tuple[tuple[str, str, float, float, int, str, int, str], ...] = (
    ("Leipzig", "Germany", 51.340, 12.375, 14, "04{:03d}", 357, "Leipzig Markt"),
    ("Dresden", "Germany", 51.050, 13.740, 9, "01{:03d}", 328, "Dresden Neustadt"),
    ("Halle (Saale)", "Germany", 51.483, 11.970, 5, "06{:03d}", 132, ""),
    ("Chemnitz", "Germany", 50.833, 12.917, 4, "09{:03d}", 247, ""),
    ("Berlin", "Germany", 52.520, 13.405, 13, "10{:03d}", 999, "Berlin Mitte"),
    ("Hamburg", "Germany", 53.550, 9.993, 8, "20{:03d}", 539, "Hamburg Altona"),
    ("Hannover", "Germany", 52.374, 9.738, 4, "30{:03d}", 659, ""),
    ("Köln", "Germany", 50.938, 6.957, 6, "50{:03d}", 999, "Köln Ehrenfeld"),
    ("Frankfurt am Main", "Germany", 50.110, 8.682, 5, "60{:03d}", 599, "Frankfurt Zeil"),
    ("Nürnberg", "Germany", 49.454, 11.077, 3, "90{:03d}", 491, ""),
    ("München", "Germany", 48.137, 11.575, 6, "80{:03d}", 999, "München Isartor"),
    ("Paris", "France", 48.857, 2.352, 8, "750{:02d}", 20, "Paris Marais"),
    ("Lyon", "France", 45.764, 4.836, 4, "6900{:d}", 9, "Lyon Presqu'île"),
    ("Nice", "France", 43.703, 7.266, 3, "06{:03d}", 300, "Nice Port"),
    ("Strasbourg", "France", 48.583, 7.746, 2, "67{:03d}", 200, ""),
    ("Bourg-en-Bresse", "France", 46.205, 5.226, 1, "01{:03d}", 60, ""),
    ("Leeds", "United Kingdom", 53.801, -1.549, 4, "LS{:d} 4QX", 29, "Leeds Kirkgate"),
    ("Sheffield", "United Kingdom", 53.381, -1.470, 2, "S{:d} 2QX", 36, ""),
    ("Bristol", "United Kingdom", 51.454, -2.588, 2, "BS{:d} 6QX", 16, "Bristol Harbour"),
)

PLACES = pl.DataFrame(
    _PLACES, schema=["city", "country", "latitude", "longitude", "weight", "template", "codes", "store"], orient="row"
)


def stores() -> pl.DataFrame:
    """One row per store."""
    with_store = PLACES.filter(pl.col("store") != "").with_row_index("number", offset=1)
    site = pl.format("S{}", pl.col("number").cast(pl.String).str.zfill(2)).alias("site")
    return with_store.select(site, pl.col("store").alias("name"), "latitude", "longitude", "city")


def nearest_sites() -> NDArray[np.int64]:
    """For each place, the row of its nearest store."""
    shrink = np.cos(np.radians(50.0))
    homes = PLACES.select("latitude", pl.col("longitude") * shrink).to_numpy()
    sites = stores().select("latitude", pl.col("longitude") * shrink).to_numpy()
    distances = np.linalg.norm(homes[:, None, :] - sites[None, :, :], axis=2)
    nearest: NDArray[np.int64] = distances.argmin(axis=1).astype(np.int64)
    return nearest
