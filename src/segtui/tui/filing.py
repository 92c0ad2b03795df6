"""Filing: the open project goes into its file, another is opened in its place, and what is not saved is not lost.

What it needs of the program is imported where it is first needed: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.project.recovery import UnsavedWork
    from segtui.project.session import Session
    from segtui.tui.host import Host
    from segtui.tui.keeping import Keeping

KEEP_EVERY = 1.0
"""Seconds between two looks at whether something is to be kept."""


class Filing:
    """Saves, opens and leaves for an app. `keeping` watches the open Session; there is none before one is open."""

    def __init__(self, host: Host, plugin_folders: Sequence[Path], allow_outside: bool) -> None:
        self._host, self._plugin_folders, self._allow_outside = host, tuple(plugin_folders), allow_outside
        self.keeping: Keeping | None = None

    # Keeping

    async def begin(self, session: Session, opened: Iterable[Path]) -> None:
        """Lock the project, keep what will be decided, and offer what an earlier program did not save."""
        from segtui.api.errors import SegtuiError
        from segtui.tui.keeping import Keeping
        from segtui.tui.saving import held_words

        self.keeping = Keeping(session, tuple(opened))
        if self.keeping.reads_only:
            self._host.tell(f"{held_words(self.keeping)} You can look and try; W saves under another name.")
        try:
            left = self.keeping.left_behind()
        except SegtuiError as error:
            self._host.tell("Unsaved work was found.", error)
            return
        if left is not None:
            from segtui.tui.dialogs_saving import Recover

            self._host.push_screen(Recover(left.kept, left.changes), lambda answer: self._recover(left, answer))

    def _recover(self, left: UnsavedWork, answer: str | None) -> None:
        from segtui.api.errors import SegtuiError

        if self.keeping is None or answer is None:
            return
        if answer == "discard":
            left.discard()
            self._host.tell("Unsaved work was discarded.")
            return
        try:
            self.keeping.recover(left)
        except SegtuiError as error:
            self._host.tell("It was recovered, but can't be kept.", error)
        else:
            self._host.tell("Unsaved work was recovered. w saves it, u takes it back.")
        self._host.changed()

    def keep(self) -> None:
        """Keep what was decided since the last time."""
        error = self.keeping.tick() if self.keeping else None
        if error is not None:
            from segtui.api.errors import SegtuiError

            known = error if isinstance(error, SegtuiError) else None
            self._host.tell("Unsaved work can't be kept on this machine. Save often.", known)

    @property
    def reads_only(self) -> bool:
        """Whether another program holds the project."""
        return self.keeping is not None and self.keeping.reads_only

    @property
    def changes(self) -> int:
        """How many changes are not saved."""
        return self.keeping.changes if self.keeping else 0

    # Saving

    def save(self, then: Callable[[], None] = lambda: None) -> None:
        """Save the project; asks for a name the first time. `then` is done once it is saved."""
        if self.keeping is not None:
            from segtui.tui.saving import Saving

            Saving(self._host, self.keeping, then).save()

    def save_as(self) -> None:
        """Save the project under another name."""
        if self.keeping is not None:
            from segtui.tui.saving import Saving

            Saving(self._host, self.keeping).save_as()

    # Leaving

    def leave(self) -> None:
        """End the app; asks where something is not saved."""
        self._leave_unsaved("quit", self._end)

    def _end(self) -> None:
        if self.keeping is not None:
            self.keeping.finish()
            self.keeping = None
        self._host.exit(0)

    def _leave_unsaved(self, word: str, then: Callable[[], None]) -> None:
        if not self.changes:
            then()
            return
        from segtui.tui.dialogs_saving import Unsaved

        def answered(answer: str | None) -> None:
            if answer == "save":
                self.save(then)
            elif answer is not None:
                then()

        self._host.push_screen(Unsaved(self.changes, word), answered)

    def close(self) -> None:
        """The program ends; what is not saved stays for the next start."""
        if self.keeping is not None:
            self.keeping.close()

    # Opening another

    def pick(self) -> None:
        """Choose another project or file, and open it."""
        if self._host.opened is not None:
            from segtui.tui.dialogs import PickFile

            self._host.push_screen(PickFile(self._host.opened.folder.absolute()), self.open)

    def open(self, path: Path | None) -> None:
        """Open another project or file, if one was chosen; asks where something is not saved."""
        if path is not None:
            self._leave_unsaved("open", lambda: self._open(path, self._allow_outside))

    def _open(self, path: Path, allow_outside: bool) -> None:
        from segtui.tui.opening import open_session

        self._host.work.look(
            "opening",
            lambda _progress: open_session([path], None, self._plugin_folders, allow_outside),
            lambda session: self._swap(session, path),
            lambda error: self._not_opened(error, path, allow_outside),
        )

    def _not_opened(self, error: SegtuiError, path: Path, allow_outside: bool) -> None:
        from segtui.api.text import safe
        from segtui.tui.opening import names_files_outside

        if not allow_outside and names_files_outside(path):
            from segtui.tui.dialogs import Confirm

            question = f"{error.what} Open it only if you trust who made it."
            self._host.push_screen(Confirm(question, "Open it"), lambda sure: self._open(path, True) if sure else None)
            return
        self._host.tell(f"{safe(path.name, 60)} is not opened.", error)

    async def _swap(self, session: Session, path: Path) -> None:
        """Show another Session in place of the one that is open, which is closed with all that works on it."""
        before, keeping = self._host.opened, self.keeping
        self._host.drop_work()
        if keeping is not None:
            self.keeping = None
            await asyncio.to_thread(keeping.finish)
        await self._host.show_screens(session)
        if before is not None:
            await asyncio.to_thread(before.close)
        await self.begin(session, [path])
        self._host.changed()
