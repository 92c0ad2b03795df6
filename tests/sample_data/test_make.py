"""The sample data: made again byte for byte, messy where it says so, and with segments that can be found."""

from __future__ import annotations

import importlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

FOLDER = Path(__file__).parents[2] / "sample_data"
TODAY = date(2025, 1, 1)
NAMES = (
    "customers.csv",
    "orders.parquet",
    "survey.csv",
    "campaigns.csv",
    "stores.csv",
    "truth/segments.csv",
    "truth/same_person.csv",
    "truth/attitudes.csv",
    "truth/lift.csv",
)


def read(folder: Path, name: str) -> pl.DataFrame:
    path = folder / name
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)


@pytest.fixture(scope="module")
def make() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)
        yield importlib.import_module("make")
        for name in ("make", "crm", "orders", "people", "places"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def customers() -> pl.DataFrame:
    return read(FOLDER, "customers.csv")


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    return read(FOLDER, "orders.parquet")


@pytest.fixture(scope="module")
def purchases(orders: pl.DataFrame) -> pl.DataFrame:
    usable = pl.col("customer").is_not_null() & (pl.col("amount") > 0) & (pl.col("order_date") <= TODAY)
    return orders.filter(usable)


def test_same_seed_gives_the_same_bytes(make: Any, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        make.main(["--customers", "400", "--to", str(tmp_path / folder)])
    make.main(["--customers", "400", "--seed", "7", "--to", str(tmp_path / "other")])
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert (tmp_path / "one" / NAMES[0]).read_bytes() != (tmp_path / "other" / NAMES[0]).read_bytes()


def test_committed_files_are_what_make_writes(make: Any, tmp_path: Path) -> None:
    make.main(["--to", str(tmp_path)])
    assert sorted(str(path.relative_to(tmp_path).as_posix()) for path in tmp_path.rglob("*.*")) == sorted(NAMES)
    for name in NAMES:
        assert_frame_equal(read(FOLDER, name), read(tmp_path, name))


@pytest.mark.parametrize("count", ["299", "49001"])
def test_refuses_ids_that_would_not_fit(make: Any, count: str) -> None:
    with pytest.raises(SystemExit):
        make.main(["--customers", count])


def test_sizes(customers: pl.DataFrame, orders: pl.DataFrame) -> None:
    assert customers.height == 6040
    assert 195_000 < orders.height < 215_000
    assert read(FOLDER, "survey.csv").height == 1500
    assert read(FOLDER, "campaigns.csv").height == 4000
    assert (FOLDER / "orders.parquet").stat().st_size < 4_000_000
    assert sum((FOLDER / name).stat().st_size for name in NAMES) < 10_000_000


def test_ids_and_postcodes_keep_their_zeros(customers: pl.DataFrame, orders: pl.DataFrame) -> None:
    assert customers["customer"].str.contains(r"^\d{5}$").all()
    assert customers["customer"].str.starts_with("0").any()
    assert customers["postcode"].str.starts_with("0").sum() > 1000
    assert orders["customer"].drop_nulls().str.contains(r"^\d{5}$").all()


def test_everybody_is_fictional(customers: pl.DataFrame) -> None:
    hosts = customers["email"].str.to_lowercase().str.strip_chars().drop_nulls()
    assert hosts.str.contains(r"example[.,](com|org|net)$|^n/a$").all()
    digits = customers["phone"].drop_nulls().str.replace_all(r"\D", "").str.replace(r"^(0049|0033|0044|49|33|44)", "0")
    german = "3023125|4066969|6990009|2214710|8999998"
    others = "19900|26191|35301|46571|53649|63998|11[345]4960|2079460|7700900"
    assert digits.str.contains(f"^0({german}|{others})").all()


@pytest.mark.parametrize(
    ("column", "spellings"),
    [
        ("gender", {None, "F", "f", "female", "Female", "M", "m", "male", "Male"}),
        ("newsletter", {None, "yes", "Y", "no", "N"}),
        ("loyalty_tier", {"none", "silver", "gold"}),
    ],
)
def test_spellings(customers: pl.DataFrame, column: str, spellings: set[str | None]) -> None:
    assert set(customers[column]) == spellings


def test_planted_mess_in_customers(customers: pl.DataFrame) -> None:
    assert customers["customer"].n_unique() == 6000
    assert customers.height - customers.unique().height == 20
    assert {"Germany", "DE", "germany "} <= set(customers["country"])
    assert (customers["birth_date"] > str(TODAY)).sum() == 6
    assert customers["birth_date"].null_count() == 42
    assert customers["birth_date"].drop_nulls().str.to_date("%Y-%m-%d").null_count() == 0
    assert (customers["city"] == "   ").sum() == 18
    email = customers["email"].drop_nulls()
    assert (email != email.str.strip_chars()).sum() == 36
    well_formed = r"(?i)^[^@\s]+@example\.(com|org|net)$"
    assert (~email.str.strip_chars().str.contains(well_formed)).sum() == 94


def test_planted_mess_in_orders(orders: pl.DataFrame) -> None:
    assert orders["customer"].null_count() / orders.height == pytest.approx(0.018, abs=0.001)
    assert (orders["amount"] < 0).mean() == pytest.approx(0.0104, abs=0.001)
    late = orders.filter(pl.col("order_date") > TODAY)
    assert late.height == 14
    assert set(late["order_date"].dt.year()) == {2032, 2042}
    dates = orders.filter(pl.col("order_date") <= TODAY)["order_date"]
    assert (dates.min(), dates.max(), dates.n_unique()) == (date(2023, 1, 2), TODAY, 731)


def test_amounts_are_whole_cents_and_add_up(orders: pl.DataFrame) -> None:
    cents = {name: np.rint(orders[name].to_numpy() * 100) for name in ("unit_price", "discount", "amount")}
    for name, values in cents.items():
        assert np.array_equal(values / 100, orders[name].to_numpy()), name
    assert np.array_equal(orders["quantity"].to_numpy() * cents["unit_price"] - cents["discount"], cents["amount"])


def test_an_order_is_one_visit(orders: pl.DataFrame) -> None:
    one = orders.group_by("order_id").agg(pl.col("customer", "order_date", "channel", "site").n_unique())
    assert one.select(pl.exclude("order_id").max()).row(0) == (1, 1, 1, 1)
    assert orders.select("order_id", "product").is_unique().all()
    assert set(orders["site"].drop_nulls()) <= set(read(FOLDER, "stores.csv")["site"])
    assert ((orders["channel"] == "store") == orders["site"].is_not_null()).all()


def test_who_matches(customers: pl.DataFrame, purchases: pl.DataFrame) -> None:
    buyers, records = set(purchases["customer"]), set(customers["customer"])
    assert (len(buyers), len(buyers - records), len(records - buyers)) == (6021, 33, 12)
    assert set(read(FOLDER, "survey.csv")["customer"]) <= buyers & records
    assert set(read(FOLDER, "campaigns.csv")["customer"]) <= buyers & records


def test_truth_covers_everybody(customers: pl.DataFrame, orders: pl.DataFrame) -> None:
    truth = read(FOLDER, "truth/segments.csv")
    assert truth["customer"].is_unique().all()
    assert set(truth["customer"]) == set(customers["customer"]) | set(orders["customer"].drop_nulls())
    shares = dict(truth.group_by("segment").agg(pl.len() / truth.height).iter_rows())
    planned = {
        "Frequent high spenders": 0.07,
        "Steady online": 0.29,
        "Occasional store": 0.34,
        "Lapsed low spend": 0.22,
        "Gift season": 0.08,
        "Never bought": 12 / 6033,
    }
    assert shares == pytest.approx(planned, abs=0.015)
    twins = read(FOLDER, "truth/same_person.csv")
    assert twins.height == 60
    assert set(twins["customer"]) | set(twins["same_person_as"]) <= set(customers["customer"])
    attitudes = read(FOLDER, "truth/attitudes.csv")
    assert attitudes["customer"].equals(read(FOLDER, "survey.csv")["customer"])
    assert attitudes["attitude"].n_unique() == 3


def test_survey_answers() -> None:
    items = read(FOLDER, "survey.csv").drop("customer", "age_band")
    assert items.width == 12
    values = items.unpivot()["value"]
    assert set(values.drop_nulls()) == set("12345")
    assert 0.01 < values.null_count() / len(values) < 0.03


def test_the_email_works() -> None:
    test = pl.read_csv(FOLDER / "campaigns.csv")
    assert test.filter(pl.col("arm") == "control")["opened"].sum() == 0
    assert ((test["revenue"] > 0) == (test["converted"] == 1)).all()
    rates = dict(test.group_by("arm").agg(pl.col("converted").mean()).iter_rows())
    assert 0.025 < rates["treatment"] - rates["control"] < 0.06


def test_planted_segments_can_be_found(purchases: pl.DataFrame) -> None:
    cluster = pytest.importorskip("sklearn.cluster")
    metrics = pytest.importorskip("sklearn.metrics")
    found = purchases.group_by("customer").agg(
        recency=(TODAY - pl.col("order_date").max()).dt.total_days().log1p(),
        orders=pl.col("order_id").n_unique().log1p(),
        average=(pl.col("amount").sum() / pl.col("order_id").n_unique()).log1p(),
        online=(pl.col("channel") == "online").mean(),
    )
    found = found.join(read(FOLDER, "truth/segments.csv"), on="customer").sort("customer")
    features = found.select(pl.col("recency", "orders", "average", "online")).to_numpy()
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    labels = cluster.KMeans(5, n_init=10, random_state=0).fit_predict(scaled)
    assert metrics.adjusted_rand_score(found["segment"].to_list(), labels) > 0.85
