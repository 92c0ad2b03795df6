"""The project of the sample shop runs everything there is, and finds what was planted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from segtui.api.measures import adjusted_rand
from segtui.project.session import Session

SHOP = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Path]]:
    folder = tmp_path_factory.mktemp("shop")
    with Session.open(SHOP / "shop.segtui.toml") as session:
        for entry in session.document.segmentations:
            session.segment(entry)
        session.deliver(folder)
        yield session, folder


def test_every_source_and_every_method_is_used(delivered: tuple[Session, Path]) -> None:
    session, _ = delivered
    data = {path.name for path in SHOP.iterdir() if path.suffix in (".csv", ".parquet")}
    assert {Path(source.path).name for source in session.document.sources} == data
    recipe = session.document.recipe
    assert recipe is not None
    used = {step.table for step in recipe.steps} | {step.other for step in recipe.steps if step.step == "join"}
    assert used == {source.name for source in session.document.sources}
    methods = {method.id for method in session.catalogue().methods}
    assert {entry.method for entry in session.document.segmentations} == methods
    exporters = {exporter.id for exporter in session.catalogue().exporters}
    assert {entry.exporter for entry in session.document.export.wanted} == exporters


def test_the_counts_add_up_to_the_rows_of_the_file(delivered: tuple[Session, Path]) -> None:
    session, _ = delivered
    assert session.customers is not None
    account = session.customers.account
    assert account.total == 206_661 == account.used + sum(part.rows for part in account.dropped)
    assert session.customers.rows == 6_021
    assert not [name for name, column in session.customers.columns.items() if column.personal]


def test_the_planted_segments_are_found(delivered: tuple[Session, Path]) -> None:
    _, folder = delivered
    found = pl.read_csv(folder / "behaviour.csv", schema_overrides={"customer": pl.String})
    truth = pl.read_csv(SHOP / "truth" / "segments.csv", schema_overrides={"customer": pl.String})
    both = found.join(truth, on="customer", suffix="_planted")
    planted = both["segment_planted"].rank("dense").cast(pl.Int32)
    assert adjusted_rand(both["segment_code"], planted) > 0.85
    assert set(found["segment"]) == {
        "Occasional, in store",
        "Steady online",
        "Lapsed",
        "Gift season",
        "Frequent, high spend",
    }


def test_what_leaves(delivered: tuple[Session, Path]) -> None:
    session, folder = delivered
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {file["name"] for file in manifest["files"]} | {"manifest.json"} == {path.name for path in folder.iterdir()}
    assert manifest["privacy"]["rfm"]["columns"] == ["customer", "segment_code", "segment", "country"]
    assert manifest["brief"] == session.document.brief
    for path in SHOP.glob("*.csv"):
        assert path.read_bytes(), "sources are only read"
