"""Unsaved work is kept beside, and found again once its program is gone; a project is locked by who saves into it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from segtui.api.errors import ProjectError
from segtui.api.writing import WritingError
from segtui.prepare import Recipe
from segtui.project.document import Document, ExportEntry, SegmentationEntry, Source
from segtui.project.lock import ProjectLock
from segtui.project.recovery import Journal, key_of, state_folder, unsaved_work

NO_SUCH_PROCESS = "4194305-1"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "segtui" / "recovery"


def document() -> Document:
    return Document(
        name="Größe [b]",
        brief="Whom to write to?\nIn spring.",
        sources=(Source(name="orders", path="/data/orders.csv", rows=30),),
        recipe=Recipe(as_of=date(2025, 1, 1), customers="orders", id="customer", steps=()),
        segmentations=(SegmentationEntry(id="rfm", method="rfm", params={"bands": [1, 2.5]}),),
        export=ExportEntry(folder="/data/out", ids="pseudonymised", key="/data/own.key", threshold=12),
    )


def left_by_another(journal: Journal, key: str) -> Path:
    """What the journal keeps, as if its program had ended."""
    return journal.file.rename(journal.file.with_name(f"{key}.{NO_SUCH_PROCESS}.json"))


def test_a_document_comes_back_as_it_was(state: Path) -> None:
    key = key_of([Path("/data/orders.csv")])
    journal = Journal(key)
    journal.keep(document(), 3).result()
    assert unsaved_work(key) is None, "its program still runs"
    file = left_by_another(journal, key)
    found = unsaved_work(key)
    assert found is not None and found.changes == 3
    assert found.document.model_dump() == document().model_dump()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    found.discard()
    assert unsaved_work(key) is None
    journal.close()


def test_the_newest_is_found_and_a_saved_one_is_gone() -> None:
    key = key_of([Path("/data/orders.csv")])
    journal = Journal(key)
    journal.keep(document(), 1).result()
    old = left_by_another(journal, key)
    os.utime(old, (1, 1))
    journal.keep(document().replacing(seed=7), 2).result()
    journal.file.rename(journal.file.with_name(f"{key}.4194306-1.json"))
    found = unsaved_work(key)
    assert found is not None and found.document.seed == 7
    journal.keep(document(), 1).result()
    journal.clear()
    journal.close()
    assert not journal.file.exists()


def test_work_is_named_by_its_files_in_any_order(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    assert key_of([one, other]) == key_of([other, one]) != key_of([one])
    (tmp_path / "link").symlink_to(tmp_path)
    assert key_of([tmp_path / "link" / "a.csv"]) == key_of([one])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 99}', b"\xff\xfe", b'{"format": 1, "kept": "x"}'])
def test_what_can_not_be_read_is_said_and_kept(content: bytes) -> None:
    key = key_of([Path("/data/orders.csv")])
    journal = Journal(key)
    journal.keep(document(), 1).result()
    file = left_by_another(journal, key)
    file.write_bytes(content)
    with pytest.raises(ProjectError, match="can't be read"):
        unsaved_work(key)
    assert file.exists()
    journal.close()


def test_keys_that_nobody_knows_are_refused() -> None:
    key = key_of([Path("/data/orders.csv")])
    journal = Journal(key)
    journal.keep(document(), 1).result()
    file = left_by_another(journal, key)
    held = json.loads(file.read_bytes())
    held["document"]["surprise"] = 1
    file.write_text(json.dumps(held))
    with pytest.raises(ProjectError):
        unsaved_work(key)
    journal.close()


def test_a_state_folder_that_can_not_be_written_is_an_error_to_tell(state: Path) -> None:
    state.parent.parent.mkdir(parents=True)
    state.parent.write_text("a file in the way")
    journal = Journal(key_of([]))
    with pytest.raises(WritingError):
        journal.keep(document(), 1).result()
    journal.close()


def test_the_state_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for given in ("", "relative/state"):
        monkeypatch.setenv("XDG_STATE_HOME", given)
        assert state_folder() == tmp_path / ".local" / "state" / "segtui" / "recovery"


# The lock


HOLDS = """
import sys, time
from pathlib import Path
from segtui.project.lock import ProjectLock
print(ProjectLock(Path(sys.argv[1])).take(), flush=True)
time.sleep(600)
"""


def test_two_programs_on_one_project(tmp_path: Path) -> None:
    project = tmp_path / "shop.segtui.toml"
    other = subprocess.Popen([sys.executable, "-c", HOLDS, project], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        lock = ProjectLock(project)
        assert not lock.take() and not lock.held
        assert lock.holder() == other.pid
        assert ProjectLock(tmp_path / "another.segtui.toml").take()
    finally:
        other.send_signal(signal.SIGKILL)
        other.communicate()
    assert lock.file.exists(), "a killed program leaves its file"
    assert lock.holder() is None
    assert lock.take() and lock.holder() == os.getpid()
    assert stat.S_IMODE(lock.file.stat().st_mode) == 0o600
    lock.release()
    assert not lock.file.exists() and not lock.held


def test_a_lock_is_of_the_file_by_any_name(tmp_path: Path) -> None:
    project = tmp_path / "shop.segtui.toml"
    project.touch()
    (tmp_path / "same.segtui.toml").symlink_to(project)
    lock = ProjectLock(project)
    assert lock.take()
    assert not ProjectLock(tmp_path / "same.segtui.toml").take()
    lock.release()


def test_nothing_is_locked_where_nothing_can_be(state: Path, tmp_path: Path) -> None:
    state.parent.parent.mkdir(parents=True)
    state.parent.write_text("a file in the way")
    lock = ProjectLock(tmp_path / "shop.segtui.toml")
    assert lock.take() and not lock.held and lock.holder() is None
