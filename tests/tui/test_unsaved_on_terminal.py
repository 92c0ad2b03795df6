"""On a real terminal: unsaved work outlives kill -9 and a hang-up, and nothing goes to the clipboard."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from app_terminal import SECONDS, Shown
from some_results import people

from segtui.project import project_file
from segtui.tui.filing import KEEP_EVERY

QUIET = 0.35
"""Seconds without a byte after which it is at rest; less than those between two blinks of a cursor."""


class Person:
    """Reads and types, on a small file of its own; `kept` is where unsaved work goes."""

    def __init__(self, start: Callable[..., Shown], folder: Path) -> None:
        self._start, self._state = start, folder / "state"
        self.kept = self._state / "segtui" / "recovery"
        (folder / "data").mkdir()
        self.file = people(folder / "data")

    def opens(self) -> None:
        """Open the file."""
        self.shown, self._seen = self._start(self.file, XDG_STATE_HOME=str(self._state)), 0

    def reads(self, words: str) -> None:
        """Wait until these words are drawn, after those that were read before, and until it draws no more."""
        self.shown.until(words, since=self._seen)
        self.shown.rest(QUIET)
        self._seen = len(self.shown.raw)

    def types(self, *keys: str) -> None:
        """Type, and wait after each."""
        for key in keys:
            self.shown.press(key)
            self.shown.rest(QUIET)

    def opens_and_decides(self) -> None:
        """Open the file, change the kind of a column, and wait until that is kept."""
        self.opens()
        self.reads("distinct")
        self.types("k")
        self.reads("Kind of customer")
        self.types("\x1b[B", "\r")
        end = time.monotonic() + SECONDS
        while not list(self.kept.glob("*.json")):
            assert time.monotonic() < end
            time.sleep(0.1)


@pytest.fixture
def person(on_terminal: Callable[..., Shown], tmp_path: Path) -> Person:
    return Person(on_terminal, tmp_path)


def test_after_kill_nine_the_next_start_offers_recovery(person: Person) -> None:
    person.opens_and_decides()
    os.kill(person.shown.app(), signal.SIGKILL)
    assert person.shown.end() == 137
    assert [path.name for path in person.file.parent.iterdir()] == ["people.csv"], "nothing is kept beside the data"
    person.opens()
    person.reads("1 change.")
    person.types("r")
    person.reads("recovered")
    person.types("w")
    person.reads("Save the project as")
    person.types("\r")
    person.reads("Saved as")
    person.types("Q")
    assert person.shown.end() == 0
    saved = project_file.load(person.file.with_name("people.segtui.toml"))
    assert saved.sources[0].reading is not None
    assert saved.sources[0].reading.columns["customer"].kind is not None
    assert not list(person.kept.glob("*")), "what is saved is kept no longer"
    assert KEEP_EVERY <= 2, "so that at most five seconds are lost"


def test_a_hang_up_keeps_what_was_not_saved(person: Person) -> None:
    person.opens_and_decides()
    os.kill(person.shown.process.pid, signal.SIGHUP)
    assert person.shown.end() == 129
    assert len(list(person.kept.glob("*.json"))) == 1


@pytest.mark.slow
def test_nothing_is_written_to_the_clipboard(person: Person) -> None:
    person.opens()
    person.reads("distinct")
    person.types("\x1b[<0;2;3M", "\x1b[<32;40;6M", "\x1b[<0;40;6m", "\x03", "W")
    person.reads("Save the project as")
    person.types("\x1b[H", "\x1b[1;2F", "\x03", "\x18", "\x1b", "Q")
    assert person.shown.end() == 0
    assert b"\x1b]52" not in person.shown.raw and b"\x1b]0;" not in person.shown.raw
