"""Writing an export: what is to be decided before, the two jobs, and what came of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from segtui.api.errors import Cancelled, SegtuiError
from segtui.api.text import plural, safe, size
from segtui.api.writing import WritingError
from segtui.project.document import Document
from segtui.project.facts import DeliveryFacts
from segtui.tui.dialogs import Confirm
from segtui.tui.pane import Pane
from segtui.tui.screens.export_panel import Written
from segtui.tui.screens.export_state import listed, missing_in, stale_in, to_run


class Delivering:
    """Exports for one screen. `done` is called with what was written."""

    def __init__(self, pane: Pane, done: Callable[[Written], None]) -> None:
        self._pane, self._done = pane, done
        self._runs = False
        self._failed_on: tuple[Document, SegtuiError] | None = None

    @property
    def error(self) -> SegtuiError | None:
        """Why the export of the document as it is now failed."""
        if self._failed_on is not None and self._failed_on[0] != self._pane.session.document:
            self._failed_on = None
        return self._failed_on[1] if self._failed_on else None

    def begin(self) -> None:
        """Write the files, once everything that is to be decided is."""
        session = self._pane.session
        missing, old = missing_in(session), list(stale_in(session))
        if self._runs:
            return
        if missing:
            said = f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no result yet."
            self._pane.notify(f"{said} r runs it, space leaves it out.", markup=False)
        elif old:
            said = f"{listed(old)} no longer {'stands' if len(old) == 1 else 'stand'} for the project."
            question = f"{said} Export it as it was made? The manifest will say so."
            confirm = Confirm(question, "Export it")
            self._pane.app.push_screen(confirm, lambda sure: self._check() if sure else None)
        else:
            self._check()

    def run_first(self) -> None:
        """Run what leaves and does not stand, and what it builds on."""
        session, entries = self._pane.session, to_run(self._pane.session)
        if not entries:
            self._pane.notify("All that leaves stands as it is.", markup=False)
            return

        def call(progress: Any) -> None:
            for entry in entries:
                if session.stale(entry.id).reasons:
                    session.segment(entry, progress)

        title = f"Running {listed([entry.id for entry in entries])}"
        self._pane.segtui.work.long(title, call, lambda _: self._pane.segtui.changed(), self.failed)

    def _folder(self) -> Path:
        session = self._pane.session
        return (session.folder / session.document.export.folder).absolute()

    def _check(self) -> None:
        session, folder = self._pane.session, self._folder()
        self._runs, self._failed_on = True, None

        def call(progress: Any) -> str:
            """The first file that is there already; what else is in the way is raised."""
            session.check_delivery(folder, overwrite=True, on_progress=progress)
            try:
                session.check_delivery(folder, overwrite=False, on_progress=progress)
            except WritingError as error:
                return error.where
            return ""

        self._pane.segtui.work.long("Checking the export", call, self._checked, self.failed)

    def _checked(self, there: str) -> None:
        if not there:
            self._deliver(replacing=False)
            return
        question = f"{safe(Path(there).name, 60)} is in the folder already, and perhaps others. Replace them?"
        self._pane.app.push_screen(Confirm(question, "Replace"), self._replace_if)

    def _replace_if(self, sure: bool | None) -> None:
        if sure:
            self._deliver(replacing=True)
        else:
            self._runs = False

    def _deliver(self, *, replacing: bool) -> None:
        session, folder = self._pane.session, self._folder()
        self._pane.segtui.work.long(
            f"Exporting to {safe(folder.name, 60)}",
            lambda progress: session.deliver(folder, overwrite=replacing, on_progress=progress),
            lambda facts: self._delivered(folder, facts),
            self.failed,
        )

    def _delivered(self, folder: Path, facts: DeliveryFacts) -> None:
        self._runs = False
        app, files = self._pane.segtui, [f"{size(file.size):>9}  {file.path.name}" for file in facts.files]
        said = f"{plural(len(facts.files), 'file')} written to {safe(folder, 200)}."
        details = (*files, *(f"! {note}" for note in facts.notes))
        if app.showing is self._pane:
            app.log_book.note(said, None, details)
        else:
            app.tell(said, details=details)
        self._done(Written(time.strftime("%H:%M"), folder, facts))

    def failed(self, error: SegtuiError) -> None:
        """Keep why it failed, for as long as the document is the same."""
        self._runs = False
        if isinstance(error, Cancelled):
            self._pane.notify("Stopped. Nothing was written.", markup=False)
        else:
            self._failed_on = (self._pane.session.document, error)
        self._pane.segtui.changed()
