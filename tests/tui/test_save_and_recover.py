"""Saving, opening another, and what happens to work that was not saved."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from journeys import AppOn, settled
from some_results import app_of
from textual.pilot import Pilot
from textual.widgets import Input, Static

from segtui.project import project_file
from segtui.project.document import SegmentationEntry
from segtui.project.lock import ProjectLock
from segtui.project.recovery import state_folder
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.dialogs_saving import Recover, Unsaved
from segtui.tui.frame import TitleLine

PEOPLE = "id,age,spent\n" + "\n".join(f"p{n:03},{20 + n % 50},{n * 1.25}" for n in range(60)) + "\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A small file."""
    path = tmp_path / "data" / "people.csv"
    path.parent.mkdir()
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def project(people: Path) -> Path:
    """Where its project goes."""
    return people.with_name("people.segtui.toml")


class Person:
    """Who decides something, presses keys, and sees what comes of it."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot, self.app = pilot, app_of(pilot)

    def decide(self, seed: int) -> None:
        """Change the project."""
        self.app.session.change(self.app.session.document.replacing(seed=seed))
        self.app.changed()

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until all has come to rest."""
        await self.pilot.press(*keys)
        await settled(self.pilot)

    async def name(self, path: Path) -> None:
        """Answer the question for a name."""
        assert isinstance(self.app.screen, Ask)
        self.app.screen.query_one(Input).value = str(path)
        await self.press("enter")

    @property
    def seed(self) -> int:
        return self.app.session.document.seed

    @property
    def title(self) -> TitleLine:
        return self.app.frame.query_one(TitleLine)


def on_files(app_on: AppOn, paths: list[Path], journey: Callable[[Person], Awaitable[None]]) -> None:
    """Take a journey through the app on these files."""

    async def run() -> None:
        async with app_on(paths) as pilot:
            await journey(Person(pilot))

    asyncio.run(run())


def test_the_first_save_asks_and_the_next_does_not(app_on: AppOn, people: Path, project: Path) -> None:
    async def journey(person: Person) -> None:
        session, title = person.app.session, person.title
        assert not title.unsaved, "nothing was decided yet"
        person.decide(7)
        assert title.unsaved
        await person.press("w")
        assert isinstance(person.app.screen, Ask)
        assert Path(person.app.screen.query_one(Input).value).absolute() == project
        await person.press("enter")
        assert (
            session.path is not None
            and session.path.absolute() == project
            and not title.unsaved
            and title.project == project.name
        )
        saved = project_file.load(project)
        assert saved.seed == 7 and [source.path for source in saved.sources] == ["people.csv"]
        person.decide(8)
        await person.press("w")
        assert project_file.load(project).seed == 8 and not title.unsaved
        await person.press("u", "u")
        assert person.seed == 42
        located = session.folder / session.document.sources[0].path
        assert located.resolve() == people.resolve(), "undo goes to a document whose paths hold after the save"

    on_files(app_on, [people], journey)


def test_another_file_is_replaced_only_on_a_yes(app_on: AppOn, people: Path) -> None:
    other = people.with_name("other.segtui.toml")
    other.write_text('segtui = 1\nname = "other"\n')

    async def journey(person: Person) -> None:
        app = person.app
        person.decide(7)
        await person.press("W")
        await person.name(other)
        assert isinstance(app.screen, Confirm)
        await person.press("n")
        assert project_file.load(other).name == "other" and app.session.path is None
        await person.press("W")
        await person.name(other)
        await person.press("y")
        assert project_file.load(other).seed == 7 and app.session.path == other
        other.write_text(other.read_text() + "# by hand\n")
        person.decide(9)
        await person.press("w")
        assert isinstance(app.screen, Confirm), "the file is another than the one that was saved here"
        await person.press("n")
        assert project_file.load(other).seed == 7
        await person.press("W")
        await person.name(people)
        if isinstance(app.screen, Confirm):
            await person.press("y")
        assert people.read_text() == PEOPLE, "a source is never written to"

    on_files(app_on, [people], journey)


def test_leaving_asks_only_where_something_was_decided(app_on: AppOn, people: Path) -> None:
    kept = people.with_name("kept.segtui.toml")

    async def saving(person: Person) -> None:
        app = person.app
        person.decide(7)
        await person.press("Q")
        assert isinstance(app.screen, Unsaved)
        await person.press("escape")
        assert app.is_running and app.return_code is None
        await person.press("Q", "w", "escape", "w", "escape")
        assert app.is_running, "who did not save after all is still there"
        await person.press("W")
        await person.name(people.with_name("first.segtui.toml"))
        assert app.is_running, "nor does a save that comes later end it"
        person.decide(8)
        await person.press("W")
        await person.name(kept)
        person.decide(7)
        await person.pilot.press("Q", "w")
        await person.pilot.pause()
        assert app.return_code == 0

    async def leaving(person: Person) -> None:
        await person.pilot.press("Q")
        assert person.app.return_code == 0

    on_files(app_on, [people], saving)
    assert project_file.load(kept).seed == 7
    on_files(app_on, [people], leaving)
    assert not list(state_folder().glob("*")), "neither journals nor locks are left"


def test_unsaved_work_is_kept_and_recovered(app_on: AppOn, people: Path, project: Path) -> None:
    async def first(person: Person) -> None:
        person.decide(7)
        person.decide(8)
        person.app.filing.keep()

    async def second(person: Person) -> None:
        app = person.app
        assert isinstance(app.screen, Recover)
        said = " ".join(str(one.render()) for one in app.screen.query(Static))
        assert "Unsaved work of" in said and "2 changes" in said
        await person.press("r")
        assert person.seed == 8 and person.title.unsaved
        await person.press("u")
        assert person.seed == 42
        await person.press("U", "w")
        await person.name(project)
        app.filing.keep()

    on_files(app_on, [people], first)
    (journal,) = state_folder().glob("*.json")
    assert "p003" not in journal.read_text(), "no value of the data"
    key = journal.name.partition(".")[0]
    journal.rename(journal.with_name(f"{key}.4194305-1.json"))
    on_files(app_on, [people], second)
    assert not list(state_folder().glob("*.json"))


@pytest.mark.slow
def test_opening_another_closes_the_first(app_on: AppOn, people: Path, project: Path) -> None:
    async def journey(person: Person) -> None:
        app = person.app
        await asyncio.to_thread(app.session.prepare)
        entry = SegmentationEntry(id="bands", method="kmeans", params={"k": 2})
        await asyncio.to_thread(app.session.segment, entry)
        app.changed()
        await person.press("w")
        await person.name(project)
        first = app.session
        other = people.with_name("other.csv")
        other.write_text(PEOPLE.replace("id,age", "id,years"))
        person.decide(7)
        app.filing.open(other)
        await person.pilot.pause()
        assert isinstance(app.screen, Unsaved)
        await person.pilot.press("d")
        await settled(person.pilot, lambda app: app.session is not first and bool(app.session.sources))
        assert app.session.document.name == "other" and not app.session.results
        assert "years" in app.session.sources[0].columns
        assert not ProjectLock(project).file.exists()
        assert any("Saved as" in entry.words for entry in app.log_book.entries()), "the log goes on"
        app.filing.open(project)
        await settled(person.pilot, lambda app: app.session.path is not None and bool(app.session.sources))
        assert person.seed == 42

    on_files(app_on, [people], journey)


def test_a_project_that_names_files_outside_is_opened_only_on_a_yes(app_on: AppOn, people: Path) -> None:
    outside = people.parent / "deep" / "out.segtui.toml"

    async def journey(person: Person) -> None:
        app = person.app
        outside.parent.mkdir()
        project_file.save(app.session.document.with_paths(lambda _path: "../people.csv"), outside)
        for answer in ("n", "y"):
            app.filing.open(outside)
            await settled(person.pilot, lambda app: isinstance(app.screen, Confirm))
            assert app.session.path != outside
            await person.press(answer)
        await settled(person.pilot, lambda app: app.session.path == outside)

    on_files(app_on, [people], journey)


HOLDS = """
import sys, time
from pathlib import Path
from segtui.project.lock import ProjectLock
print(ProjectLock(Path(sys.argv[1])).take(), flush=True)
time.sleep(600)
"""


def test_a_project_that_another_program_holds_is_only_read(app_on: AppOn, people: Path, project: Path) -> None:
    project.write_text('segtui = 1\nname = "people"\n[[sources]]\nname = "people"\npath = "people.csv"\n')
    before = project.read_bytes()
    assert people.exists()

    async def journey(person: Person) -> None:
        assert "read-only" in person.title.project
        assert any(str(other.pid) in entry.words for entry in person.app.log_book.entries())
        person.decide(7)
        await person.press("w")
        assert project.read_bytes() == before and person.title.unsaved
        other.kill()
        other.wait()
        await person.press("w")
        assert project_file.load(project).seed == 7, "a killed program holds nothing"
        assert "read-only" not in person.title.project

    other = subprocess.Popen([sys.executable, "-c", HOLDS, project], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        on_files(app_on, [project], journey)
    finally:
        other.kill()
        other.communicate()
