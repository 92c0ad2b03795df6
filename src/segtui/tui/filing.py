"""Filing: the part of the app that opens and saves, keeps what is not saved, and tells what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType

from segtui.tui.log_book import LogBook
from segtui.tui.work import Ended, Work

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.plugins import Catalogue
    from segtui.project.recovery import UnsavedWork
    from segtui.project.session import Session
    from segtui.tui.keeping import Keeping

KEEP_EVERY = 1.0
"""Seconds between two looks at whether something is to be kept."""


class FilingApp(App[int]):
    """An app on a Session that comes from files and goes into one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save", show=False),
        Binding("W", "save_as", "Save as", show=False),
        Binding("O", "open_other", "Open", show=False),
        Binding("L", "log_book", "Log", show=False),
        Binding("P", "plugins", "Plugins", show=False),
        Binding("Q,ctrl+q", "leave", "Quit", key_display="Q"),
    ]
    opened: Session | None
    allow_outside: bool
    plugin_folders: tuple[Path, ...]

    def __init__(self) -> None:
        super().__init__()
        self.work = self._new_work()
        self.log_book = LogBook(self.work)
        self.keeping: Keeping | None = None
        self._after_saving: Callable[[], None] | None = None

    # What the app itself does

    def changed(self) -> None:
        """The Session changed: every part shows it anew."""
        raise NotImplementedError

    async def show_screens(self, session: Session) -> None:
        """Show a Session that was just opened."""
        raise NotImplementedError

    def _new_work(self) -> Work:
        raise NotImplementedError

    # Telling

    def tell(self, words: str, error: SegtuiError | None = None, details: tuple[str, ...] = ()) -> None:
        """Say something that matters: now, and in the log."""
        self.log_book.note(words, error, details)
        said = f"{words}\n{error.what} {error.next_step}".rstrip() if error else words
        self.notify(said, severity="error" if error else "information", markup=False)

    def action_log_book(self) -> None:
        """Show what was done."""
        from segtui.tui.dialogs_log import LogView

        self.push_screen(LogView(self.log_book))

    def action_plugins(self) -> None:
        """Show the plugins."""
        if self.opened is not None:
            self.work.look("plugins", self.opened.catalogue, self._show_plugins, self._no_plugins)

    def _show_plugins(self, catalogue: Catalogue) -> None:
        from segtui.tui.dialogs_plugins import PluginsView

        self.push_screen(PluginsView(catalogue))

    def _no_plugins(self, error: SegtuiError) -> None:
        self.tell("The plugins could not be listed.", error)

    # Keeping

    async def begin_keeping(self, session: Session, opened: Iterable[Path]) -> None:
        """Lock the project, keep what will be decided, and offer what an earlier program did not save."""
        from segtui.api.errors import SegtuiError
        from segtui.tui.keeping import Keeping

        self.keeping = Keeping(session, tuple(opened))
        if self.keeping.reads_only:
            self.tell(f"{self._held_words()} You can look and try; W saves under another name.")
        try:
            left = self.keeping.left_behind()
        except SegtuiError as error:
            self.tell("Unsaved work was found.", error)
            return
        if left is not None:
            from segtui.tui.dialogs_saving import Recover

            self.push_screen(Recover(left.kept, left.changes), lambda answer: self._recover(left, answer))

    def _held_words(self) -> str:
        assert self.keeping is not None
        holder = self.keeping.holder
        return f"This project is open in another segtui{f' (process {holder})' if holder else ''}."

    def _recover(self, left: UnsavedWork, answer: str | None) -> None:
        from segtui.api.errors import SegtuiError

        if self.keeping is None or answer is None:
            return
        if answer == "discard":
            left.discard()
            self.tell("Unsaved work was discarded.")
            return
        try:
            self.keeping.recover(left)
        except SegtuiError as error:
            self.tell("It was recovered, but can't be kept.", error)
        else:
            self.tell("Unsaved work was recovered. w saves it, u takes it back.")
        self.changed()

    def keep(self) -> None:
        """Keep what was decided since the last time."""
        error = self.keeping.tick() if self.keeping else None
        if error is not None:
            from segtui.api.errors import SegtuiError

            known = error if isinstance(error, SegtuiError) else None
            self.tell("Unsaved work can't be kept on this machine. Save often.", known)

    # Saving

    def action_save(self) -> None:
        """Save the project; asks for a name the first time."""
        session, keeping = self.opened, self.keeping
        if session is None or keeping is None:
            return
        if session.path is None:
            self.action_save_as()
        elif keeping.reads_only:
            self.tell(f"{self._held_words()} W saves under another name.")
        elif keeping.changed_on_disk:
            self._confirm_replacing(session.path, "changed since it was opened here")
        else:
            self._save(session.path, replacing=True)

    def action_save_as(self) -> None:
        """Save the project under another name."""
        if self.opened is not None:
            from segtui.tui.dialogs import Ask

            hint = "enter saves it, esc goes back. It holds decisions and names, no rows."
            self.push_screen(Ask("Save the project as", _shown(_suggested(self.opened)), hint), self._save_as)

    def _save_as(self, name: str | None) -> None:
        if not name or not name.strip() or self.opened is None:
            self._after_saving = None
            return
        path = _project_path(name.strip(), _suggested(self.opened).name)
        is_own = self.opened.path is not None and path.absolute() == self.opened.path.absolute()
        if path.exists() and not is_own:
            self._confirm_replacing(path, "there already")
        else:
            self._save(path, replacing=is_own)

    def _confirm_replacing(self, path: Path, why: str) -> None:
        from segtui.api.text import safe
        from segtui.tui.dialogs import Confirm

        verb = "has" if why.startswith("changed") else "is"
        question = f"{safe(path.name, 60)} {verb} {why}. Replace it?"
        self.push_screen(Confirm(question, "Replace"), lambda sure: self._replace_if(path, sure))

    def _replace_if(self, path: Path, sure: bool | None) -> None:
        if sure:
            self._save(path, replacing=True)
        else:
            self._after_saving = None

    def _save(self, path: Path, *, replacing: bool) -> None:
        from segtui.api.errors import SegtuiError
        from segtui.api.text import safe

        session, keeping = self.opened, self.keeping
        then, self._after_saving = self._after_saving, None
        if session is None or keeping is None:
            return
        lock = keeping.lock_for(path)
        if lock is None:
            self.tell(f"{safe(path.name, 60)} is open in another segtui. Save under another name.")
            return
        try:
            session.save(path, overwrite=replacing)
        except SegtuiError as error:
            keeping.not_saved(lock)
            self.tell("The project is not saved.", error)
            return
        keeping.saved(lock)
        self.tell(f"Saved as {safe(_shown(path), 120)}.")
        self.changed()
        if then is not None:
            then()

    # Leaving

    def action_leave(self) -> None:
        """Quit; asks where something is not saved."""
        self._leave_unsaved("quit", self._quit)

    def _quit(self) -> None:
        if self.keeping is not None:
            self.keeping.finish()
            self.keeping = None
        self.exit(0)

    def _leave_unsaved(self, word: str, then: Callable[[], None]) -> None:
        changes = self.keeping.changes if self.keeping else 0
        if not changes:
            then()
            return
        from segtui.tui.dialogs_saving import Unsaved

        def answered(answer: str | None) -> None:
            if answer == "save":
                self._after_saving = then
                self.action_save()
            elif answer is not None:
                then()

        self.push_screen(Unsaved(changes, word), answered)

    # Opening another

    def action_open_other(self) -> None:
        """Open another project or file; asks where something is not saved."""
        if self.opened is not None:
            from segtui.tui.dialogs import PickFile

            self.push_screen(PickFile(self.opened.folder.absolute()), self._picked)

    def _picked(self, path: Path | None) -> None:
        if path is not None:
            self._leave_unsaved("open", lambda: self._open_path(path, self.allow_outside))

    def _open_path(self, path: Path, allow_outside: bool) -> None:
        from segtui.tui.opening import open_session

        self.work.look(
            "opening",
            lambda _progress: open_session([path], None, self.plugin_folders, allow_outside),
            lambda session: self._swap(session, path),
            lambda error: self._not_swapped(error, path, allow_outside),
        )

    def _not_swapped(self, error: SegtuiError, path: Path, allow_outside: bool) -> None:
        from segtui.api.text import safe
        from segtui.tui.opening import names_files_outside

        if not allow_outside and names_files_outside(path):
            from segtui.tui.dialogs import Confirm

            question = f"{error.what} Open it only if you trust who made it."
            self.push_screen(Confirm(question, "Open it"), lambda sure: self._open_path(path, True) if sure else None)
            return
        self.tell(f"{safe(path.name, 60)} is not opened.", error)

    async def _swap(self, session: Session, path: Path) -> None:
        """Show another Session in place of the one that is open, which is closed with all that works on it."""
        import asyncio

        before, keeping, work = self.opened, self.keeping, self.work
        work.close()
        for task in work.tasks:
            if not task.ended:
                task.waiting, task.ended, task.told = False, Ended.STOPPED, True
        self.work = self._new_work()
        self.work.tasks = work.tasks
        self.log_book.work = self.work
        if keeping is not None:
            self.keeping = None
            await asyncio.to_thread(keeping.finish)
        await self.show_screens(session)
        if before is not None:
            await asyncio.to_thread(before.close)
        await self.begin_keeping(session, [path])
        self.changed()

    # The palette, and the clipboard

    def filing_commands(self) -> Iterable[SystemCommand]:
        """What the palette offers of all this."""
        yield SystemCommand("Save", "Save the project (w)", self.action_save)
        yield SystemCommand("Save as", "Save the project under another name (W)", self.action_save_as)
        yield SystemCommand("Open", "Open another project or file (O)", self.action_open_other)
        yield SystemCommand("Log", "What was done, and how it ended (L)", self.action_log_book)
        yield SystemCommand("Plugins", "What is installed, and what failed (P)", self.action_plugins)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy within the app only: a terminal would hand the text to the clipboard of another machine."""
        self._clipboard = text


def _suggested(session: Session) -> Path:
    """Where a project goes that has no file yet: beside its first source."""
    from segtui.api.text import file_name
    from segtui.project.project_file import SUFFIX

    if session.path is not None:
        return session.path
    sources = session.document.sources
    folder = (session.folder / sources[0].path).parent if sources else session.folder
    return folder / f"{file_name(session.document.name)}{SUFFIX}"


def _project_path(name: str, usual: str) -> Path:
    """The path that a person means by these words; a folder gets the usual name in it."""
    from segtui.project.project_file import SUFFIX

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
