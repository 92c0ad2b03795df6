"""A few customers and segmentations of them, for screens that look at results."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from journeys import settled
from textual.pilot import Pilot
from textual.widgets import Static

from segtui.project.document import GivenName, SegmentationEntry
from segtui.tui.app import SegtuiApp

HOSTILE = "[red]x[/] \x1b]0;t\x07 \u202e[@click=app.quit]"
GROUPS = SegmentationEntry(id="groups", method="kmeans", params={"k": 3, "starts": 2})
REGIONS = SegmentationEntry(id="regions", method="bands", params={"columns": ("region",)})
BIG = SegmentationEntry(id="big", method="rules", params={"rules": ({"name": "Big", "when": "spend > 100"},)})


def people(folder: Path, region: str = "South", rows: int = 300) -> Path:
    """A CSV of customers with two numbers and a category; `region` is one of its levels."""
    random = np.random.default_rng(2)
    group = np.arange(rows) % 3
    table = {
        "customer": [f"c{row:04}" for row in range(rows)],
        "spend": (group * 80 + random.normal(60, 5, rows)).round(2),
        "visits": (group * 10 + random.normal(20, 2, rows)).round(1),
        "region": [["North", region, "East"][row % 3] for row in range(rows)],
    }
    path = folder / "people.csv"
    pl.DataFrame(table).write_csv(path)
    return path


def app_of(pilot: Pilot[int]) -> SegtuiApp:
    """The app, by its own type."""
    assert isinstance(pilot.app, SegtuiApp)
    return pilot.app


async def with_results(pilot: Pilot[int], *entries: SegmentationEntry) -> SegtuiApp:
    """The app once these segmentations are there."""
    app = app_of(pilot)

    def run() -> None:
        for entry in entries:
            app.session.segment(entry)

    await asyncio.to_thread(run)
    app.changed()
    await settled(pilot)
    return app


async def rename(pilot: Pilot[int], identifier: str, **names: str) -> None:
    """Name segments by their codes, as in c0="First"."""
    app = app_of(pilot)
    given = {int(code.removeprefix("c")): GivenName(name=name) for code, name in names.items()}
    await asyncio.to_thread(app.session.rename, identifier, given)
    app.changed()
    await settled(pilot)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys one by one, each once what the one before asked for is done."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def drawn(view: Any) -> str:
    """The text of a report that is laid out."""
    return "\n".join("".join(piece.text for piece in line) for line in view.lines)


def said(widget: Static) -> str:
    """The text of a widget."""
    return str(widget.render())
