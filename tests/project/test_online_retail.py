"""Online Retail, from the file to saved models and back: the figures of methods.md ("Real data, computed")."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from project_sessions import NewSession

from segtui.prepare import Recipe
from segtui.project.document import SegmentationEntry
from segtui.project.facts import CustomersFacts, LocatedSource
from segtui.project.session import Session

SPENT = {"step": "derive", "table": "retail", "column": "spent", "formula": "Quantity * UnitPrice", "role": "amount"}
CLEAN = Recipe.model_validate(
    {
        "as_of": date(2011, 12, 10),
        "steps": [
            {"step": "drop", "table": "retail", "where": "CustomerID is missing", "reason": "without a customer"},
            {"step": "drop", "table": "retail", "where": "InvoiceNo starts with 'C'", "reason": "cancellations"},
            {"step": "keep", "table": "retail", "where": "Quantity > 0", "reason": "without a quantity"},
            {"step": "keep", "table": "retail", "where": "UnitPrice > 0", "reason": "without a price"},
            SPENT,
            {
                "step": "purchases",
                "table": "retail",
                "customer": "CustomerID",
                "date": "InvoiceDate",
                "order": "InvoiceNo",
                "amount": "spent",
            },
        ],
    }
)


@pytest.fixture(scope="module")
def retail(real_data: Path) -> Path:
    return real_data / "online_retail.parquet"


@pytest.fixture(scope="module")
def session(new_session: NewSession, retail: Path) -> Session:
    """Cleaned by steps that a person wrote, and segmented twice."""
    session = new_session(retail=retail)
    session.read()
    session.set_recipe(CLEAN)
    session.prepare()
    session.segment(SegmentationEntry(id="rfm", method="rfm"))
    session.segment(SegmentationEntry(id="clusters", method="kmeans", params={"k": 4}))
    return session


@pytest.fixture(scope="module")
def delivered(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivered")
    session.deliver(folder)
    return folder


def figures(customers: CustomersFacts) -> pl.DataFrame:
    assert customers.rows == 4_338
    return pl.read_ipc(customers.frame)


def check_figures(frame: pl.DataFrame) -> None:
    recency, frequency, monetary = (frame[name] for name in ("recency", "frequency", "monetary"))
    assert (round(recency.mean(), 3), recency.median()) == (93.059, 51)
    assert (round(frequency.mean(), 3), frequency.median(), frequency.max()) == (4.272, 2, 209)
    assert (round(monetary.mean(), 3), round(monetary.median(), 3)) == (2_054.266, 674.485)
    assert round(monetary.sum(), 2) == 8_911_407.90
    assert frequency.sum() == 18_532
    assert (frequency == 1).sum() == 1_493
    known = {row[0]: row[1:] for row in frame.select("CustomerID", "recency", "frequency", "monetary").iter_rows()}
    assert known["12346"] == (326, 1, 77_183.60)
    assert known["12347"] == (3, 7, 4_310.00)
    cuts = {name: [frame[name].quantile(q / 5, "linear") for q in range(1, 5)] for name in ("recency", "frequency")}
    assert [round(cut, 1) for cut in cuts["recency"]] == [13.8, 33, 72, 180]
    assert cuts["frequency"] == [1, 2, 3, 6]
    money = [round(monetary.quantile(q / 5, "linear"), 3) for q in range(1, 5)]
    assert money == [250.194, 490.096, 942.276, 2_058.426]


def test_the_clean_rule_as_steps(session: Session) -> None:
    customers = session.customers
    assert customers is not None and customers.as_of == date(2011, 12, 10)
    check_figures(figures(customers))
    account = customers.account
    assert (account.total, account.used) == (541_909, 397_884)
    assert {part.text: part.rows for part in account.dropped} == {
        "without a customer": 135_080,
        "cancellations": 8_905,
        "without a price": 40,
    }
    assert account.total == account.used + sum(part.rows for part in account.dropped)


def test_the_recipe_that_is_proposed(new_session: NewSession, retail: Path) -> None:
    customers = new_session(retail).prepare()
    assert customers.as_of == date(2011, 12, 10), "the day after the last purchase"
    check_figures(figures(customers))
    account = customers.account
    assert (account.total, account.used) == (541_909, 397_884)
    assert account.total == account.used + sum(part.rows for part in account.dropped)


def labels(path: Path) -> dict[str, tuple[int | None, str | None]]:
    frame = pl.read_csv(path, schema_overrides={"CustomerID": pl.String})
    return {row[0]: (row[1], row[2]) for row in frame.iter_rows()}


@pytest.mark.parametrize("name", ["rfm", "clusters"])
def test_saved_models_give_the_same_customers_the_same_segments(
    session: Session, delivered: Path, retail: Path, tmp_path: Path, name: str
) -> None:
    fitted = labels(delivered / f"{name}.csv")
    assert len(fitted) == 4_338
    model = delivered / f"{name}.segmodel"
    same = session.score(model, [LocatedSource("retail", retail)], out=tmp_path / "same.csv")
    assert (tmp_path / "same.csv").read_bytes() == (delivered / f"{name}.csv").read_bytes()
    assert same.as_of == date(2011, 12, 10)
    assert same.segments == session.results[name].segments
    half = tmp_path / "half.parquet"
    few = pl.col("CustomerID").is_null() | (pl.col("CustomerID") % 2 == 0)
    pl.scan_parquet(retail).filter(few).sink_parquet(half)
    found = session.score(model, [LocatedSource("anything", half)], out=tmp_path / "half.csv")
    scored = labels(tmp_path / "half.csv")
    assert scored == {customer: label for customer, label in fitted.items() if int(customer) % 2 == 0}
    assert 2_000 < found.account.total == len(scored) < 2_400


def test_the_model_is_small_and_names_no_customer(delivered: Path) -> None:
    for path in delivered.glob("*.segmodel"):
        assert path.stat().st_size < 40_000
        assert b"12346" not in path.read_bytes()


def test_the_account_of_the_segments(session: Session) -> None:
    for made in session.results.values():
        assert made.account.total == made.account.used == sum(segment.size for segment in made.segments) == 4_338
