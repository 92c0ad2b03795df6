"""Starting: the first rows of the first file as soon as the frame is drawn, and the Session behind them.

What it needs of the program is imported where it is first needed: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from segtui.tui.widgets.first_rows import FirstRowsTable

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.project.begin import Begun
    from segtui.project.session import Session
    from segtui.tui.host import Host
    from segtui.tui.peeking import Peeking

PATIENCE = 1.0
"""Seconds after which opening no longer waits for the first rows."""


class Starting:
    """Opens what the app was given."""

    def __init__(
        self,
        host: Host,
        paths: Sequence[Path],
        begun: Begun | None,
        peeking: Peeking | None,
        plugin_folders: Sequence[Path],
        allow_outside: bool,
    ) -> None:
        self._host, self.paths, self._begun, self._peeking = host, tuple(paths), begun, peeking
        self._plugin_folders, self._allow_outside = tuple(plugin_folders), allow_outside
        self._is_opening = False

    @property
    def words(self) -> str:
        """What is going on."""
        return f"Opening {len(self.paths)} files ..." if len(self.paths) > 1 else "Opening ..."

    def begin(self) -> None:
        """The first rows, then the Session; or the Session, where they take long."""
        if self._peeking is None:
            self._open()
            return
        self._host.set_timer(PATIENCE, self._open)
        self._host.run_worker(self._peek(self._peeking))

    async def _peek(self, peeking: Peeking) -> None:
        first_rows = self._host.first_rows = await peeking.first_rows()
        if first_rows and not self._host.panes:
            await self._host.frame.query_one("#desk", Vertical).mount(FirstRowsTable(first_rows))
        self._host.call_after_refresh(self._open)

    def _open(self) -> None:
        if not self._is_opening:
            self._is_opening = True
            self._host.work.look("opening", self._session, self._host.begin, self._not_opened)

    def _session(self, _progress: object) -> Session:
        from segtui.project.begin import begin

        begun = self._begun or begin()  # it gets ready meanwhile
        import segtui.tui.screens.customers
        import segtui.tui.screens.export
        import segtui.tui.screens.report
        import segtui.tui.screens.segment  # noqa: F401  imported here, so that the screen need not wait for them
        from segtui.tui.opening import open_session

        return open_session(self.paths, begun, self._plugin_folders, self._allow_outside)

    def _not_opened(self, error: SegtuiError) -> None:
        from segtui.tui.pane import error_words

        told = error_words(error).append("\n\nQ leaves.", style="dim")
        self._host.frame.query_one("#opening", Static).update(told)
