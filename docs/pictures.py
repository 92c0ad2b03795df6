"""Pictures of the app: text for docs/app.md, and one drawing for the README. Run it to make them anew:

python docs/pictures.py
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from segtui.project.begin import begin
from segtui.tui.app import SegtuiApp

ROOT = Path(__file__).parents[1]
SIZES = ((120, 40), (80, 24))
SECONDS = 60.0
DRAWING = ROOT / "docs" / "app.svg"
PAGE = ROOT / "docs" / "app.md"

A_MOMENT = "0.1 s"
FOLDER = "~/clients/coffee"
"""Stands for the folder the pictures were drawn in, in as many letters."""

JOURNEY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("data", ()),
    ("customers", ("2",)),
    ("segment", ("3", "r", "m", "down", "enter", "r")),
    ("compare", ("4",)),
    ("report", ("5",)),
    ("export", ("6",)),
)
"""Screens in their order, with the keys that lead to each from the one before."""


async def settled(pilot: Pilot[int]) -> None:
    """Wait until nothing runs any more."""
    app = pilot.app
    assert isinstance(app, SegtuiApp)
    end = time.monotonic() + SECONDS
    quiet = 0
    while quiet < 12:
        if time.monotonic() > end:
            raise TimeoutError("the app did not come to rest")
        await pilot.pause(0.05)
        quiet = quiet + 1 if app.is_open and not app.work.busy else 0


@asynccontextmanager
async def app_on(folder: Path, size: tuple[int, int]) -> AsyncIterator[Pilot[int]]:
    """The app on a copy of the sample orders, with a state of its own."""
    path = Path(shutil.copy(ROOT / "sample_data" / "orders.parquet", folder))
    app = SegtuiApp([path], begun=begin())
    try:
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield pilot
    finally:
        if app.opened is not None:
            await asyncio.to_thread(app.opened.close)


async def walk(size: tuple[int, int], seen: Callable[[str, SegtuiApp], None]) -> None:
    """Go through the screens, and show each."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, contextlib.chdir(folder):
        for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        async with app_on(Path(folder), size) as pilot:
            app = pilot.app
            assert isinstance(app, SegtuiApp)
            for name, keys in JOURNEY:
                for key in keys:
                    await pilot.press(key)
                    await settled(pilot)
                seen(name, app)


def text_of(app: SegtuiApp) -> str:
    """What stands on the screen, with durations, which differ from run to run, as they might be."""
    lines = ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]
    text = re.sub(r"(?<=   ) *\d+(?:\.\d)? s\b", lambda found: A_MOMENT.rjust(len(found[0])), "\n".join(lines))
    text = re.sub(r"\b\d+(?:\.\d)? s\b", A_MOMENT, text)
    return text.replace(str(Path.cwd()), FOLDER)


def pictures() -> dict[str, str]:
    """The text of every screen at each size, by "screen WIDTHxHEIGHT"."""
    found: dict[str, str] = {}
    for size in SIZES:
        asyncio.run(
            walk(size, lambda name, app, size=size: found.update({f"{name} {size[0]}x{size[1]}": text_of(app)}))
        )
    return found


def drawn(page: str, found: dict[str, str]) -> str:
    """The page with each ```text picture NAME``` block drawn anew."""
    return re.sub(
        r"```text picture ([a-z]+ \d+x\d+)\n.*?\n```",
        lambda block: f"```text picture {block[1]}\n{found[block[1]]}\n```",
        page,
        flags=re.DOTALL,
    )


def main() -> None:
    """Draw the page anew, and the README's picture."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8"), pictures()), encoding="utf-8")

    def keep(name: str, app: SegtuiApp) -> None:
        if name == "segment":
            DRAWING.write_text(app.export_screenshot(title="segtui orders.parquet"), encoding="utf-8")

    asyncio.run(walk((120, 34), keep))
    print(f"drew {PAGE.name} and {DRAWING.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
