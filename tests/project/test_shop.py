"""The sample shop through the Session: joined tables, planted segments found again, projects, models on models."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from project_sessions import NewSession

from segtui.api.errors import DataError, ReadError, UsageError
from segtui.api.measures import adjusted_rand
from segtui.prepare import FeatureSet, Form
from segtui.project import project_file
from segtui.project.document import GivenName, SegmentationEntry
from segtui.project.facts import LocatedSource
from segtui.project.session import Session

FEATURES = {"recency": Form.LOG_Z, "frequency": Form.LOG_Z, "average_order": Form.LOG_Z, "online_share": Form.Z}


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name in ("customers.csv", "orders.parquet"):
        shutil.copy(root / "sample_data" / name, folder)
    return folder


@pytest.fixture(scope="module")
def shop(new_session: NewSession, folder: Path) -> Session:
    """Two tables joined, and k-means on four features with one segment named by a person."""
    session = new_session(folder / "customers.csv", folder / "orders.parquet", folder=folder)
    session.set_feature_set(FeatureSet(name="habits", columns=FEATURES))
    session.prepare()
    made = session.segment(SegmentationEntry(id="habit", method="kmeans", params={"k": 5}))
    best = max(made.segments, key=lambda segment: segment.size)
    session.rename("habit", {best.code: GivenName(name="The many", description="Most customers.")})
    return session


@pytest.fixture(scope="module")
def built(shop: Session) -> Session:
    """The shop, with rules on its segments and bands across both."""
    rules = [
        {"name": "call", "when": "habit = 'The many' and monetary > 500"},
        {"name": "mail", "when": "habit in ('The many') or monetary > 2000"},
    ]
    shop.segment(SegmentationEntry(id="action", method="rules", after=("habit",), params={"rules": rules}))
    params = {"columns": ["action", "frequency"], "bands": 2}
    shop.segment(SegmentationEntry(id="cross", method="bands", after=("habit", "action"), params=params))
    return shop


@pytest.fixture(scope="module")
def habit(shop: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the k-means segments were delivered."""
    target = tmp_path_factory.mktemp("habit")
    shop.deliver(target)
    return target


@pytest.fixture(scope="module")
def delivered(built: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all three were delivered."""
    target = tmp_path_factory.mktemp("delivered")
    built.deliver(target)
    return target


def given(folder: Path) -> list[LocatedSource]:
    return [LocatedSource("customers", folder / "customers.csv"), LocatedSource("orders", folder / "orders.parquet")]


def test_the_join_is_counted(shop: Session) -> None:
    customers = shop.customers
    assert customers and customers.rows == 6_021 and customers.as_of == date(2025, 1, 2)
    notes = [note for step in customers.steps for note in step.notes]
    assert "5,988 matched, 33 without a record, 12 unused records" in notes
    assert customers.account.total == 206_661
    assert customers.account.total == customers.account.used + sum(part.rows for part in customers.account.dropped)


def test_the_planted_segments_are_found_again(habit: Path, root: Path) -> None:
    found = pl.read_csv(habit / "habit.csv", infer_schema=False)
    truth = pl.read_csv(root / "sample_data" / "truth" / "segments.csv", infer_schema=False)
    both = found.join(truth, on="customer", suffix="_planted")
    assert both.height == 6_021
    first, second = (both[name].to_physical().rank("dense").to_numpy() for name in ("segment_code", "segment_planted"))
    assert adjusted_rand(first, second) > 0.6


def test_a_segmentation_builds_on_another(built: Session) -> None:
    habit, action, cross = (built.results[name] for name in ("habit", "action", "cross"))
    assert (action.after, cross.after) == (("habit",), ("habit", "action"))
    sizes = {segment.name: segment.size for segment in action.segments}
    many = next(segment.size for segment in habit.segments if segment.name == "The many")
    assert 0 < sizes["call"] < many
    assert sum(sizes.values()) == sum(segment.size for segment in cross.segments) == 6_021
    assert len(cross.segments) >= 6


def test_a_model_that_builds_on_others_scores_alone(
    built: Session, delivered: Path, folder: Path, tmp_path: Path
) -> None:
    for name in ("action", "cross"):
        alone = tmp_path / f"{name}.segmodel"
        shutil.copy(delivered / f"{name}.segmodel", alone)
        scored = built.score(alone, given(folder), out=tmp_path / f"{name}.csv")
        assert scored.account.total == 6_021
        assert (tmp_path / f"{name}.csv").read_bytes() == (delivered / f"{name}.csv").read_bytes()


def test_a_missing_predecessor_is_said(shop: Session) -> None:
    entry = SegmentationEntry(id="x", method="rules", after=("nothing",), params={})
    with pytest.raises(UsageError, match="builds on nothing"):
        shop.segment(entry)


def test_the_saved_project_runs_to_the_same_labels(
    built: Session, new_session: NewSession, delivered: Path, folder: Path, tmp_path: Path
) -> None:
    path = built.save(folder / "shop.segtui.toml")
    text = path.read_text()
    assert 'path = "orders.parquet"' in text and str(folder) not in text
    assert 'name = "The many"' in text
    again = new_session(document=project_file.load(path), folder=folder)
    for entry in again.document.segmentations:
        again.segment(entry)
    again.deliver(tmp_path)
    for file in delivered.iterdir():
        if "manifest" not in file.name:
            assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
    assert not any(facts.changed for facts in again.sources)


class TestScoring:
    """What the new files must bring, and what is said of what they lack."""

    def test_new_purchases_after_the_fit_need_a_day(self, shop: Session, tmp_path: Path) -> None:
        path = lines_of(shop, tmp_path / "later.parquet", date(2025, 3, 1))
        with pytest.raises(DataError, match="--as-of") as caught:
            shop.score(rfm_model(shop, tmp_path), [LocatedSource("orders", path)])
        assert "2025-03-02" in str(caught.value) and "2025-01-02" in str(caught.value)

    def test_the_day_is_that_of_the_fit_where_the_data_ends_before(self, shop: Session, tmp_path: Path) -> None:
        path = lines_of(shop, tmp_path / "before.parquet", date(2024, 12, 1))
        model = rfm_model(shop, tmp_path)
        assert shop.score(model, [LocatedSource("orders", path)]).as_of == date(2025, 1, 2)
        said = shop.score(model, [LocatedSource("orders", path)], date(2024, 12, 24))
        assert said.as_of == date(2024, 12, 24)

    def test_unseen_levels_and_missing_values_are_counted(self, new_session: NewSession, tmp_path: Path) -> None:
        rows = [f"{n:03},{'gold' if n % 2 else 'none'},{n * 3 % 17}.5" for n in range(80)]
        old = tmp_path / "old.csv"
        old.write_text("customer,tier,spend\n" + "\n".join(rows) + "\n")
        session = new_session(old)
        session.set_feature_set(FeatureSet(name="s", columns={"tier": Form.AS_IS, "spend": Form.Z}))
        session.segment(SegmentationEntry(id="k", method="kmeans", params={"k": 2}))
        session.deliver(tmp_path / "out")
        new = tmp_path / "new.csv"
        new.write_text("customer,tier,spend\n900,platinum,3.5\n901,gold,\n902,,4.5\n903,none,5.5\n")
        scored = session.score(tmp_path / "out" / "k.segmodel", [LocatedSource("old", new)])
        assert scored.account.total == 4
        notes = " ".join(scored.notes)
        assert "1 customer has a level of tier that the fit did not know" in notes
        assert "1 customer has no spend: taken as the value of the fit" in notes
        assert "1 customer has no tier: taken as none of its levels" in notes

    def test_a_missing_column_is_named(self, shop: Session, tmp_path: Path) -> None:
        path = lines_of(shop, tmp_path / "short.parquet", date(2024, 12, 1), without="amount")
        with pytest.raises((DataError, ReadError), match="amount"):
            shop.score(rfm_model(shop, tmp_path), [LocatedSource("orders", path)])

    def test_the_sources_are_asked_for_by_name(self, shop: Session, habit: Path, folder: Path) -> None:
        model = habit / "habit.segmodel"
        with pytest.raises(UsageError, match="NAME=FILE") as caught:
            shop.score(model, [LocatedSource("orders", folder / "orders.parquet")])
        assert "customers" in str(caught.value) and "orders" in str(caught.value)


def rfm_model(shop: Session, folder: Path) -> Path:
    """An rfm model that needs the lines alone."""
    target = folder / "rfm"
    if not target.exists():
        document = shop.document.replacing(segmentations=(), recipe=None, feature_sets=())
        document = document.replacing(sources=(document.sources[1],))
        session = Session(document, shop.folder, shop.workers)
        session.segment(SegmentationEntry(id="rfm", method="rfm"))
        session.deliver(target)
    return target / "rfm.segmodel"


def lines_of(shop: Session, path: Path, last: date, without: str = "") -> Path:
    """A hundred lines of the shop, the last of them on that day."""
    lines = pl.read_parquet(shop.folder / "orders.parquet").filter(pl.col("quantity") > 0).head(100)
    day = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(last)).otherwise(pl.lit(date(2024, 11, 1)))
    lines = lines.with_columns(day.cast(lines.schema["order_date"]).alias("order_date"))
    lines.drop([without] if without else []).write_parquet(path)
    return path
