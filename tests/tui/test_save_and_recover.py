"""Saving, opening another, and what happens to work that was not saved: on a screen of its own, and after kill -9."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from command import SEGTUI, Command, family
from journeys import AppOn, settled
from textual.pilot import Pilot
from textual.widgets import Input, Static

from segtui.project import project_file
from segtui.project.document import SegmentationEntry
from segtui.project.lock import ProjectLock
from segtui.project.recovery import state_folder
from segtui.tui.app import SegtuiApp
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.dialogs_saving import Recover, Unsaved
from segtui.tui.filing import KEEP_EVERY
from segtui.tui.frame import TitleLine

SECONDS = 60.0
QUIET = 0.35
"""Seconds without a byte after which it is at rest; less than those between two blinks of a cursor."""
PEOPLE = "id,age,spent\n" + "\n".join(f"p{n:03},{20 + n % 50},{n * 1.25}" for n in range(60)) + "\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A small file."""
    path = tmp_path / "data" / "people.csv"
    path.parent.mkdir()
    path.write_text(PEOPLE)
    return path


def app_of(pilot: Pilot[int]) -> SegtuiApp:
    assert isinstance(pilot.app, SegtuiApp)
    return pilot.app


def change(app: SegtuiApp, seed: int) -> None:
    """Something that a person decides."""
    app.session.change(app.session.document.replacing(seed=seed))
    app.changed()


async def save_as(pilot: Pilot[int], path: Path) -> None:
    assert isinstance(pilot.app.screen, Ask)
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")
    await settled(pilot)


def test_the_first_save_asks_and_the_next_does_not(app_on: AppOn, people: Path) -> None:
    async def journey() -> None:
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            title = app.frame.query_one(TitleLine)
            assert not title.unsaved, "nothing was decided yet"
            change(app, 7)
            assert title.unsaved
            await pilot.press("w")
            assert isinstance(app.screen, Ask)
            assert Path(app.screen.query_one(Input).value) == people.with_name("people.segtui.toml")
            await pilot.press("enter")
            await settled(pilot)
            project = people.with_name("people.segtui.toml")
            assert app.session.path == project and not title.unsaved and title.project == project.name
            saved = project_file.load(project)
            assert saved.seed == 7 and [source.path for source in saved.sources] == ["people.csv"]
            change(app, 8)
            await pilot.press("w")
            await settled(pilot)
            assert project_file.load(project).seed == 8 and not title.unsaved
            await pilot.press("u", "u")
            assert app.session.document.seed == 42
            located = app.session.folder / app.session.document.sources[0].path
            assert located.resolve() == people.resolve(), "undo goes to a document whose paths hold after the save"

    asyncio.run(journey())


def test_another_file_is_replaced_only_on_a_yes(app_on: AppOn, people: Path) -> None:
    async def journey() -> None:
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            change(app, 7)
            other = people.with_name("other.segtui.toml")
            other.write_text('segtui = 1\nname = "other"\n')
            await pilot.press("W")
            await save_as(pilot, other)
            assert isinstance(app.screen, Confirm)
            await pilot.press("n")
            assert project_file.load(other).name == "other" and app.session.path is None
            await pilot.press("W")
            await save_as(pilot, other)
            await pilot.press("y")
            await settled(pilot)
            assert project_file.load(other).seed == 7 and app.session.path == other
            other.write_text(other.read_text() + "# by hand\n")
            change(app, 9)
            await pilot.press("w")
            assert isinstance(app.screen, Confirm), "the file is another than the one that was saved here"
            await pilot.press("n")
            assert project_file.load(other).seed == 7
            await pilot.press("W")
            await save_as(pilot, people)
            await settled(pilot)
            if isinstance(app.screen, Confirm):
                await pilot.press("y")
                await settled(pilot)
            assert people.read_text() == PEOPLE, "a source is never written to"

    asyncio.run(journey())


def test_leaving_asks_only_where_something_was_decided(app_on: AppOn, people: Path) -> None:
    async def journey() -> None:
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            change(app, 7)
            await pilot.press("Q")
            assert isinstance(app.screen, Unsaved)
            await pilot.press("escape")
            assert app.is_running and app.return_code is None
            await pilot.press("Q", "w")
            await save_as(pilot, people.with_name("kept.segtui.toml"))
            assert app.return_code == 0
        assert project_file.load(people.with_name("kept.segtui.toml")).seed == 7
        async with app_on([people]) as pilot:
            await pilot.press("Q")
            assert pilot.app.return_code == 0
        assert not list(state_folder().glob("*")), "neither journals nor locks are left"

    asyncio.run(journey())


def test_unsaved_work_is_kept_and_recovered(app_on: AppOn, people: Path) -> None:
    async def journey() -> None:
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            change(app, 7)
            change(app, 8)
            app.keep()
        (journal,) = state_folder().glob("*.json")
        assert "p003" not in journal.read_text(), "no value of the data"
        key = journal.name.partition(".")[0]
        journal.rename(journal.with_name(f"{key}.4194305-1.json"))
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            assert isinstance(app.screen, Recover)
            said = " ".join(str(one.render()) for one in app.screen.query(Static))
            assert "Unsaved work of" in said and "2 changes" in said
            await pilot.press("r")
            await settled(pilot)
            assert app.session.document.seed == 8 and app.frame.query_one(TitleLine).unsaved
            await pilot.press("u")
            assert app.session.document.seed == 42
            await pilot.press("U", "w")
            await save_as(pilot, people.with_name("people.segtui.toml"))
            app.keep()
        assert not list(state_folder().glob("*.json"))

    asyncio.run(journey())


@pytest.mark.slow
def test_opening_another_closes_the_first(app_on: AppOn, people: Path) -> None:
    async def journey() -> None:
        async with app_on([people]) as pilot:
            app = app_of(pilot)
            await asyncio.to_thread(app.session.prepare)
            entry = SegmentationEntry(id="bands", method="kmeans", params={"k": 2})
            await asyncio.to_thread(app.session.segment, entry)
            app.changed()
            await pilot.press("w")
            await save_as(pilot, people.with_name("people.segtui.toml"))
            first, book = app.session, app.log_book
            other = people.with_name("other.csv")
            other.write_text(PEOPLE.replace("id,age", "id,years"))
            change(app, 7)
            app._picked(other)
            await pilot.pause()
            assert isinstance(app.screen, Unsaved)
            await pilot.press("d")
            await settled(pilot, lambda app: app.session is not first and bool(app.session.sources))
            assert app.session.document.name == "other" and not app.session.results
            assert "years" in app.session.sources[0].columns
            assert not ProjectLock(people.with_name("people.segtui.toml")).file.exists()
            assert any("Saved as" in entry.words for entry in book.entries()), "the log goes on"
            app._picked(people.with_name("people.segtui.toml"))
            await settled(pilot, lambda app: app.session.path is not None and bool(app.session.sources))
            assert app.session.document.seed == 42
            outside = people.parent / "deep" / "out.segtui.toml"
            outside.parent.mkdir()
            project_file.save(app.session.document.with_paths(lambda path: f"../{path}"), outside)
            app._picked(outside)
            await settled(pilot, lambda app: isinstance(app.screen, Confirm))
            await pilot.press("n")
            assert app.session.path != outside
            app._picked(outside)
            await settled(pilot, lambda app: isinstance(app.screen, Confirm))
            await pilot.press("y")
            await settled(pilot, lambda app: app.session.path == outside)

    asyncio.run(journey())


HOLDS = """
import sys, time
from pathlib import Path
from segtui.project.lock import ProjectLock
print(ProjectLock(Path(sys.argv[1])).take(), flush=True)
time.sleep(600)
"""


def test_a_project_that_another_program_holds_is_only_read(app_on: AppOn, people: Path) -> None:
    project = people.with_name("people.segtui.toml")
    project.write_text('segtui = 1\nname = "people"\n[[sources]]\nname = "people"\npath = "people.csv"\n')
    before = project.read_bytes()

    async def journey() -> None:
        async with app_on([]) as pilot:
            assert app_of(pilot).keeping is not None
        other = subprocess.Popen([sys.executable, "-c", HOLDS, project], stdout=subprocess.PIPE, text=True)
        try:
            assert other.stdout is not None and other.stdout.readline() == "True\n"
            async with app_on([project]) as pilot:
                app = app_of(pilot)
                assert "read-only" in app.frame.query_one(TitleLine).project
                assert any(str(other.pid) in entry.words for entry in app.log_book.entries())
                change(app, 7)
                await pilot.press("w")
                await settled(pilot)
                assert project.read_bytes() == before and app.frame.query_one(TitleLine).unsaved
                other.kill()
                other.wait()
                await pilot.press("w")
                await settled(pilot)
                assert project_file.load(project).seed == 7, "a killed program holds nothing"
                assert "read-only" not in app.frame.query_one(TitleLine).project
        finally:
            other.kill()
            other.communicate()

    asyncio.run(journey())


# On a terminal of its own


class OnTerminal:
    """The app on a pseudo-terminal: keys go in, and all bytes that come out are kept."""

    def __init__(self, command: Command, *words: object) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.program = subprocess.Popen(
            [*SEGTUI, *map(str, words)],
            cwd=command.folder,
            env={**command.environment(XDG_STATE_HOME=str(command.machine / "state")), "TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.written = bytearray()
        self._seen = 0

    def type(self, *keys: bytes) -> None:
        """Send keys, one after the other."""
        for key in keys:
            os.write(self._ours, key)
            self._read(0.3)

    def wait_for(self, words: str) -> None:
        """Wait until these words are drawn, after those that were waited for before, and until it draws no more."""
        end = time.monotonic() + SECONDS
        while words not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.written[self._seen :].decode(errors="replace")):
            assert time.monotonic() < end, (words, bytes(self.written[-2000:]))
            self._read(0.1)
        drawn = -1
        while drawn < len(self.written):
            drawn = len(self.written)
            self._read(QUIET)
        self._seen = len(self.written)

    def wait(self) -> int:
        """Wait for its end."""
        end = time.monotonic() + SECONDS
        while self.program.poll() is None and time.monotonic() < end:
            self._read(0.1)
        self._read(0.1)
        return self.program.wait(1)

    def kill(self) -> None:
        """kill -9 of all its processes."""
        for process in family(self.program.pid):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.program.wait(SECONDS)

    def _read(self, seconds: float) -> None:
        while select.select([self._ours], [], [], seconds)[0]:
            try:
                self.written += os.read(self._ours, 65_536)
            except OSError:
                return
            seconds = 0.05

    def close(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.kill()
        os.close(self._ours)


@pytest.fixture
def command(tmp_path: Path, people: Path) -> Iterator[Command]:
    """The command in a process of its own, with a home of its own."""
    for name in ("home", "cache", "temporary"):
        (tmp_path / "machine" / name).mkdir(parents=True)
    command = Command(tmp_path / "machine", people.parent)
    yield command
    command.end()


def test_after_kill_nine_the_next_start_offers_recovery(command: Command, people: Path) -> None:
    state = command.machine / "state" / "segtui" / "recovery"
    first = OnTerminal(command, "people.csv")
    try:
        first.wait_for("distinct")
        first.type(b"k")
        first.wait_for("Kind of id")
        first.type(b"\x1b[B", b"\r")
        end = time.monotonic() + SECONDS
        while not list(state.glob("*.json")):
            assert time.monotonic() < end
            first._read(0.1)
        first.kill()
    finally:
        first.close()
    assert [path.name for path in people.parent.iterdir()] == ["people.csv"], "nothing is kept beside the data"
    second = OnTerminal(command, "people.csv")
    try:
        second.wait_for("1 change.")
        second.type(b"r")
        second.wait_for("recovered")
        second.type(b"w")
        second.wait_for("Save the project as")
        second.type(b"\r")
        second.wait_for("Saved as")
        second.type(b"Q")
        assert second.wait() == 0
    finally:
        second.close()
    saved = project_file.load(people.with_name("people.segtui.toml"))
    assert saved.sources[0].reading is not None
    assert saved.sources[0].reading.columns["id"].kind is not None
    assert not list(state.glob("*")), "what is saved is kept no longer"
    assert KEEP_EVERY <= 2, "so that at most five seconds are lost"


def test_a_hang_up_keeps_what_was_not_saved(command: Command) -> None:
    state = command.machine / "state" / "segtui" / "recovery"
    first = OnTerminal(command, "people.csv")
    try:
        first.wait_for("distinct")
        first.type(b"k")
        first.wait_for("Kind of id")
        first.type(b"\x1b[B", b"\r")
        end = time.monotonic() + SECONDS
        while not list(state.glob("*.json")):
            assert time.monotonic() < end
            first._read(0.1)
        first.program.send_signal(signal.SIGHUP)
        assert first.wait() == 129
    finally:
        first.close()
    assert len(list(state.glob("*.json"))) == 1


def test_nothing_is_written_to_the_clipboard(command: Command) -> None:
    running = OnTerminal(command, "people.csv")
    try:
        running.wait_for("spent")
        running.type(b"\x1b[<0;2;3M", b"\x1b[<32;40;6M", b"\x1b[<0;40;6m", b"\x03")
        running.type(b"W")
        running.wait_for("Save the project as")
        running.type(b"\x1b[H", b"\x1b[1;2F", b"\x03", b"\x18")
        running.type(b"\x1b")
        running._read(QUIET)
        running.type(b"Q")
        assert running.wait() == 0
    finally:
        running.close()
    assert b"\x1b]52" not in running.written and b"\x1b]0;" not in running.written
