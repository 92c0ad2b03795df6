"""Files that come in another shape than those of the fit, and rows that could not be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from segtui.prepare import FeatureSet, Form
from segtui.project.document import SegmentationEntry
from segtui.project.facts import LocatedSource
from segtui.project.session import Session
from segtui.read import Reading

LINES = pl.DataFrame(
    {
        "customer_id": [f"{number % 40:03d}" for number in range(400)],
        "order_id": [f"A{number // 2}" for number in range(400)],
        "order_date": [date(2024, 1 + number % 12, 1 + number % 28) for number in range(400)],
        "amount": [round(1.0 + (number * number) % 97 / 10, 2) for number in range(400)],
    }
)


def test_a_model_fitted_on_parquet_scores_a_csv(tmp_path: Path) -> None:
    LINES.write_parquet(tmp_path / "orders.parquet")
    LINES.write_csv(tmp_path / "next.csv")
    with Session.new() as session:
        session.add_source(tmp_path / "orders.parquet")
        session.segment(SegmentationEntry(id="rfm", method="rfm"))
        session.deliver(tmp_path / "out")
        scored = session.score(
            tmp_path / "out" / "rfm.segmodel",
            [LocatedSource("next", tmp_path / "next.csv")],
            out=tmp_path / "scored.csv",
        )
    assert scored.account.total == 40
    assert (tmp_path / "scored.csv").read_bytes() == (tmp_path / "out" / "rfm.csv").read_bytes()


def test_rows_that_do_not_fit_are_counted_and_listed_in_the_delivery(tmp_path: Path) -> None:
    good = LINES.write_csv()
    (tmp_path / "orders.csv").write_text(good + "041,A999,2024-05-05,1.5,surplus\n042\n")
    with Session.new() as session:
        session.add_source(tmp_path / "orders.csv", reading=Reading(tolerant=True))
        session.segment(SegmentationEntry(id="rfm", method="rfm"))
        session.deliver(tmp_path / "out")
        assert session.customers is not None
        account = session.customers.account
    assert (account.total, account.used) == (402, 400)
    assert {part.text: part.rows for part in account.dropped} == {"not readable": 2}
    listed = pl.read_csv(tmp_path / "out" / "orders.rejects.csv")
    assert listed["row"].to_list() == [401, 402]
    assert listed.columns == ["row", "reason"]


def test_undo_redo_and_stale_results(tmp_path: Path) -> None:
    LINES.write_parquet(tmp_path / "orders.parquet")
    with Session.new() as session:
        session.add_source(tmp_path / "orders.parquet")
        assert session.stale("bands").reasons == ("it has not been run",)
        session.prepare()
        assert session.unmet("rfm") == ()
        entry = SegmentationEntry(id="bands", method="bands", params={"columns": ["recency"]})
        session.segment(entry)
        assert session.stale("bands").reasons == ()
        recipe = session.document.recipe
        assert recipe is not None
        session.set_recipe(recipe.model_copy(update={"as_of": date(2025, 6, 1)}))
        assert session.stale("bands").reasons == ("the data or the recipe changed",)
        assert session.undo()
        assert session.stale("bands").reasons == ()
        assert session.redo()
        assert session.segment(entry).account.total == 40
        assert session.customers is not None
        assert session.customers.as_of == date(2025, 6, 1)


def test_a_preview_says_what_it_is_made_of(tmp_path: Path) -> None:
    LINES.write_parquet(tmp_path / "orders.parquet")
    with Session.new() as session:
        session.add_source(tmp_path / "orders.parquet")
        found = session.preview(SegmentationEntry(id="kmeans", method="kmeans", params={"k": "2"}))
    assert (found.rows, found.of) == (40, 40)
    assert sum(segment.size for segment in found.segments) == 40


@pytest.mark.parametrize("method", ["rfm", "kmeans", "bands", "rules"])
def test_why_a_method_can_not_run_is_said_before(tmp_path: Path, method: str) -> None:
    pl.DataFrame({"customer_id": ["1", "2"], "city": ["a", "b"]}).write_csv(tmp_path / "people.csv")
    with Session.new() as session:
        assert session.unmet(method) == ("There are no customers yet. Run the recipe first.",)
        session.add_source(tmp_path / "people.csv")
        session.prepare()
        assert bool(session.unmet(method)) is (method in ("rfm", "kmeans"))


def test_a_result_stands_until_the_features_it_names_change(tmp_path: Path) -> None:
    LINES.write_parquet(tmp_path / "orders.parquet")
    with Session.new() as session:
        session.add_source(tmp_path / "orders.parquet")
        session.prepare()
        session.segment(SegmentationEntry(id="k", method="kmeans", params={"k": 2}))
        session.set_feature_set(FeatureSet(name="other", columns={"recency": Form.Z}))
        assert session.customers_are_stale and session.stale("k").reasons == ()
        session.segment(SegmentationEntry(id="o", method="kmeans", params={"k": 2}, feature_set="other"))
        assert session.stale("k").reasons == session.stale("o").reasons == ()
        session.set_feature_set(FeatureSet(name="other", columns={"monetary": Form.Z}))
        assert session.stale("k").reasons == ()
        assert session.stale("o").reasons == ("its features changed",)
