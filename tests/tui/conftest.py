"""The app as a person has it, on a private home."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from app_terminal import Shown
from command import SEGTUI, Command
from journeys import AppOn, settled
from quiet import patched
from textual.pilot import Pilot

from segtui.project.begin import begin
from segtui.tui.app import SegtuiApp


@pytest.fixture(autouse=True)
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pilot waits for rest by the messages of the app, on a busy machine too."""
    patched(monkeypatch)


@pytest.fixture
def app_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppOn:
    """Opens the app on files, in a folder of its own, and closes it with everything it started."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        place = tmp_path / "home" / name.lower()
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        monkeypatch.setenv(name, str(place))

    @asynccontextmanager
    async def opened(
        paths: Sequence[Path],
        size: tuple[int, int] = (120, 40),
        plugin_folders: Sequence[Path] = (),
        opens: bool = True,
    ) -> AsyncIterator[Pilot[int]]:
        app = SegtuiApp(paths, begun=begin(), plugin_folders=plugin_folders)
        try:
            async with app.run_test(size=size) as pilot:
                if opens:
                    await settled(pilot)
                yield pilot
        finally:
            if app.opened is not None:
                await asyncio.to_thread(app.opened.close)

    return opened


@pytest.fixture
def on_terminal(machine: Path, tmp_path: Path) -> Iterator[Callable[..., Shown]]:
    """Starts the command, or another program, on a terminal of its own; in the end no run folder is left."""
    command, started = Command(machine, tmp_path), list[Shown]()

    def start(
        *words: object, before: Sequence[object] = SEGTUI, size: tuple[int, int] = (120, 40), **more: str
    ) -> Shown:
        started.append(Shown(command, words, before, size, **more))
        return started[-1]

    yield start
    for shown in started:
        shown.close()
    left = command.left()
    for folder in left:
        shutil.rmtree(folder)
    assert left == []
