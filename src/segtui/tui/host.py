"""Host: the app as its parts know it, so that none of them has to know the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.screen import Screen

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.project.session import Session
    from segtui.tui.log_book import LogBook
    from segtui.tui.peeked import FirstRows
    from segtui.tui.view_state import ViewState
    from segtui.tui.work import Work

Answer = TypeVar("Answer")


class Host(Protocol):
    """What screens, filing and starting need of the app."""

    work: Work
    view: ViewState
    log_book: LogBook
    opened: Session | None
    first_rows: FirstRows | None
    """The first rows of the first file, until it has been read."""
    unread: SegtuiError | None
    """Why the files could not be read, where they could not."""

    @property
    def session(self) -> Session:
        """The open project."""

    @property
    def frame(self) -> Screen[Any]:
        """The screen below all dialogs."""

    @property
    def panes(self) -> Mapping[str, object]:
        """The screens, once a Session is open."""

    @property
    def showing(self) -> object | None:
        """The screen that is shown."""

    def action_show(self, name: str) -> None:
        """Go to a screen, or say why it can't be entered yet."""

    def focus_pane(self) -> None:
        """Put the cursor where the work of the screen is."""

    def changed(self) -> None:
        """The Session changed: every part shows it anew."""

    def tell(self, words: str, error: SegtuiError | None = None, details: tuple[str, ...] = ()) -> None:
        """Say something that matters: now, and in the log."""

    def push_screen(self, screen: Screen[Answer], callback: Callable[[Answer | None], None] | None = None) -> object:
        """Ask by a dialog."""

    def drop_work(self) -> None:
        """Stop all work on the Session that was open."""

    async def begin(self, session: Session) -> None:
        """Show the Session that was opened first."""

    async def show_screens(self, session: Session) -> None:
        """Show a Session that was just opened."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> object:
        """Call it later."""

    def run_worker(self, work: Coroutine[None, None, None]) -> object:
        """Run it beside the screen."""

    def call_after_refresh(self, callback: Callable[[], None]) -> bool:
        """Call it once what is to be drawn is drawn."""

    def exit(self, result: int) -> None:
        """End with this exit code."""
