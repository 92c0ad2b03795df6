"""Saving: from the wish to save to the project file, with the questions that lie between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from segtui.api.errors import SegtuiError
from segtui.api.text import file_name, safe
from segtui.project.project_file import SUFFIX
from segtui.project.session import Session
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.host import Host
from segtui.tui.keeping import Keeping


class Saving:
    """One wish to save. `then` is done once the project is in its file, and not where a question was answered by no."""

    def __init__(self, host: Host, keeping: Keeping, then: Callable[[], None] = lambda: None) -> None:
        self._host, self._keeping, self._then = host, keeping, then

    def save(self) -> None:
        """Save into the project's file; asks for a name where it has none."""
        keeping, path = self._keeping, self._keeping.session.path
        if path is None:
            self.save_as()
        elif keeping.reads_only:
            self._host.tell(f"{held_words(keeping)} W saves under another name.")
        elif keeping.changed_on_disk:
            self._confirm_replacing(path, "has changed since it was opened here")
        else:
            self._write(path, replacing=True)

    def save_as(self) -> None:
        """Ask for a name, and save under it."""
        hint = "enter saves it, esc goes back. It holds decisions and names, no rows."
        usual = _shown(_suggested(self._keeping.session))
        self._host.push_screen(Ask("Save the project as", usual, hint), self._save_as)

    def _save_as(self, name: str | None) -> None:
        if not name or not name.strip():
            return
        session = self._keeping.session
        path = _project_path(name.strip(), _suggested(session).name)
        is_own = session.path is not None and path.absolute() == session.path.absolute()
        if path.exists() and not is_own:
            self._confirm_replacing(path, "is there already")
        else:
            self._write(path, replacing=is_own)

    def _confirm_replacing(self, path: Path, why: str) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                self._write(path, replacing=True)

        self._host.push_screen(Confirm(f"{safe(path.name, 60)} {why}. Replace it?", "Replace"), answered)

    def _write(self, path: Path, *, replacing: bool) -> None:
        lock = self._keeping.lock_for(path)
        if lock is None:
            self._host.tell(f"{safe(path.name, 60)} is open in another segtui. Save under another name.")
            return
        try:
            self._keeping.session.save(path, overwrite=replacing)
        except SegtuiError as error:
            self._keeping.not_saved(lock)
            self._host.tell("The project is not saved.", error)
            return
        self._keeping.saved(lock)
        self._host.tell(f"Saved as {safe(_shown(path), 120)}.")
        self._host.changed()
        self._then()


def held_words(keeping: Keeping) -> str:
    """Who else holds the project, as a sentence."""
    holder = f" (process {keeping.holder})" if keeping.holder else ""
    return f"This project is open in another segtui{holder}."


def _suggested(session: Session) -> Path:
    """Where a project goes that has no file yet: beside its first source."""
    if session.path is not None:
        return session.path
    sources = session.document.sources
    folder = (session.folder / sources[0].path).parent if sources else session.folder
    return folder / f"{file_name(session.document.name)}{SUFFIX}"


def _project_path(name: str, usual: str) -> Path:
    """The path that a person means by these words; a folder gets the usual name in it."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path / usual
    return path if path.suffix == ".toml" else path.with_name(f"{path.name}{SUFFIX}")


def _shown(path: Path) -> str:
    """A path as seen from the working folder, where it lies in it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path.absolute())
