"""k-means on features as they are, through the Session: the figures of methods.md for iris and McDonald's."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import polars as pl
import pytest
from project_sessions import NewSession

from segtui.prepare import FeatureSet, Form
from segtui.project.document import SegmentationEntry
from segtui.project.session import Session

ITEMS = ["yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty", "expensive"]
ITEMS += ["healthy", "disgusting"]


def within(session: Session, name: str, features: list[str]) -> float:
    """The sum of squares within the segments, from the labels and the customers that the Session holds."""
    assert session.customers
    frame = pl.read_ipc(session.customers.frame).select(pl.col(features).cast(pl.Float64))
    labels = pl.read_ipc(session.results[name].labels).to_series()
    spread = frame.with_columns((pl.col(features) - pl.col(features).mean().over(labels)) ** 2)
    return float(spread.sum().sum_horizontal().item())


def segmented(session: Session, features: list[str], k: int, starts: int = 10) -> list[int]:
    session.set_feature_set(FeatureSet(name="raw", columns=dict.fromkeys(features, Form.AS_IS)))
    params = {"k": k, "starts": starts}
    made = session.segment(SegmentationEntry(id="k", method="kmeans", feature_set="raw", params=params))
    return [segment.size for segment in made.segments]


def test_iris(new_session: NewSession, tmp_path: Path) -> None:
    found = importlib.util.find_spec("sklearn")
    assert found and found.origin
    flowers = (Path(found.origin).parent / "datasets" / "data" / "iris.csv").read_text().splitlines()[1:]
    path = tmp_path / "iris.csv"
    path.write_text("\n".join(["sl,sw,pl,pw,species", *flowers]) + "\n")
    session, features = new_session(path), ["sl", "sw", "pl", "pw"]
    assert segmented(session, features, 3) == [62, 50, 38]
    assert round(within(session, "k", features), 4) == 78.8514


@pytest.mark.parametrize(("k", "expected"), [(2, 2145.50), (3, 1818.70), (4, 1602.93)])
def test_mcdonalds(new_session: NewSession, real_data: Path, k: int, expected: float) -> None:
    session = new_session(real_data / "mcdonalds.csv")
    sizes = segmented(session, ITEMS, k, starts=100)
    assert sum(sizes) == 1_453
    found = within(session, "k", ITEMS)
    assert found <= expected + 0.005, "no worse than the best that was known"
    assert found == pytest.approx(expected, rel=1e-4)
