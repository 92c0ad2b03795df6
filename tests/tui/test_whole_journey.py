"""The whole main job in the app, on Online Retail: from the file to what the client gets, and again headless."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from journeys import AppOn, added, made, settled

from segtui.tui.app import SegtuiApp
from segtui.tui.pane import State
from segtui.tui.screens.compare import ComparePane
from segtui.tui.screens.report import ReportPane
from segtui.tui.screens.segment import SegmentPane
from segtui.tui.widgets.segment_table import SegmentTable

REAL = os.environ.get("SEGTUI_REAL_DATA")


@pytest.mark.skipif(not REAL, reason="needs SEGTUI_REAL_DATA")
@pytest.mark.timeout(300)
def test_from_the_file_to_what_the_client_gets(app_on: AppOn, tmp_path: Path) -> None:
    data = Path(shutil.copy(Path(str(REAL)) / "online_retail.parquet", tmp_path))

    async def journey() -> None:
        async with app_on([data]) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            session = app.session
            await settled(pilot, made)
            assert session.sources[0].rows == 541_909
            await pilot.press("2")
            await settled(pilot, made)
            before = len(session.document.recipe.steps)  # type: ignore[union-attr]
            await added(pilot, 0, "Quantity < 80000 and UnitPrice < 10000 and StockCode <> 'POST'")
            await settled(pilot, made)
            assert len(session.document.recipe.steps) == before + 1  # type: ignore[union-attr]
            account = session.customers.account  # type: ignore[union-attr]
            assert account.total == 541_909 == account.used + sum(part.rows for part in account.dropped)

            await pilot.press("3")
            await settled(pilot, lambda app: app.frame.query_one(SegmentPane).state is State.READY)
            await pilot.press("r")
            await settled(pilot, lambda app: "rfm" in app.session.results)
            await pilot.press("m", "down", "enter")
            await settled(pilot)
            await pilot.press("r")
            await settled(pilot, lambda app: "kmeans" in app.session.results)
            app.frame.query_one(SegmentTable).focus()
            await pilot.press("n", *"Best", "enter")
            await settled(pilot, lambda app: app.session.results["kmeans"].segments[0].name == "Best")
            await pilot.press("c")

            await pilot.press("4")
            await settled(pilot, lambda app: app.frame.query_one(ComparePane).state is State.READY)
            assert app.showing is app.frame.query_one(ComparePane)
            await pilot.press("5")
            await settled(pilot, lambda app: app.frame.query_one(ReportPane).state is State.READY)
            await pilot.press("p")
            await settled(pilot)
            assert len(session.document.export.reports) == 1

            session.change(
                session.document.replacing(
                    export=session.document.export.model_copy(update={"folder": str(tmp_path / "out")})
                )
            )
            app.changed()
            await pilot.press("6")
            await settled(pilot)
            await pilot.press("x")
            await settled(pilot, lambda _app: (tmp_path / "out" / "manifest.json").exists())
            session.save(tmp_path / "retail.segtui.toml")

    asyncio.run(journey())
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "Best" in json.dumps(manifest["segmentations"])
    command = [str(Path(sys.executable).with_name("segtui")), "run", "retail.segtui.toml", "--out", "again"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    for name in ("rfm.csv", "kmeans.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
