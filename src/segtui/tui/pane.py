"""Pane: what every screen is: a body, and a notice in its place while there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from segtui.api.errors import SegtuiError
from segtui.api.text import safe

if TYPE_CHECKING:
    from segtui.project.session import Session
    from segtui.tui.host import Host


class State(StrEnum):
    """What a screen can show."""

    EMPTY = "empty"
    LOADING = "loading"
    READY = "ready"
    STALE = "stale"
    FAILED = "failed"


class Pane(Vertical, can_focus=True):
    """One screen. A subclass composes `body`, and answers `show_session` whenever something changed.

    `state` and its words are set by `say`; EMPTY, LOADING and FAILED show the words alone, STALE a line of them above
    the body.
    """

    DEFAULT_CSS = """
    Pane { height: 1fr; }
    Pane > .notice { padding: 1 2; height: auto; }
    Pane > .stale-line { height: auto; background: $panel; padding: 0 1; display: none; }
    Pane.-stale > .stale-line { display: block; }
    Pane > .body { height: 1fr; }
    Pane.-empty > .body, Pane.-loading > .body, Pane.-failed > .body { display: none; }
    Pane.-ready > .notice, Pane.-stale > .notice { display: none; }
    """
    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    SHORT: ClassVar[str] = ""
    KEY: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    """A few sentences for `?`."""
    NARROW: ClassVar[int] = 100
    """Below this width the screen has the class -narrow, from its first frame on."""

    def __init__(self) -> None:
        super().__init__(id=self.NAME)
        self.state = State.EMPTY

    def on_mount(self) -> None:
        """Know the room before the first frame, and whenever it changes, shown or not."""
        self._fit()
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _screen: self._fit())

    def _fit(self) -> None:
        self.set_class(self.app.size.width < self.NARROW, "-narrow")

    def on_descendant_blur(self) -> None:
        """What had the cursor may be hidden where there is less room: without a cursor no key would work."""
        self.call_after_refresh(self.app.call_later, self._keep_cursor)

    def _keep_cursor(self) -> None:
        if self.is_attached and self.app.app_focus and self.screen.focused is None and self.segtui.showing is self:
            self.segtui.focus_pane()

    def compose(self) -> ComposeResult:
        """The notice, the line for what is stale, and the body."""
        yield Static("", classes="notice", markup=False)
        yield Static("", classes="stale-line", markup=False)
        with Vertical(classes="body"):
            yield from self.body()

    def body(self) -> ComposeResult:
        """The widgets of the screen."""
        return ()

    @property
    def segtui(self) -> Host:
        """The app, as far as screens know it."""
        return cast("Host", self.app)

    @property
    def session(self) -> Session:
        """The open project."""
        return self.segtui.session

    def blocked(self) -> str:
        """Why this screen can't be entered yet; empty where it can."""
        return ""

    def warns(self) -> bool:
        """Whether something here wants to be looked at."""
        return False

    def show_session(self) -> None:
        """Something changed: show the Session as it is now. Cheap; starts work where something is missing."""

    def most_wanted(self) -> Sequence[str]:
        """The keys that stand first in the footer: the one that makes anew where that is wanted."""
        return ("r",) if self.state in (State.STALE, State.FAILED) else ()

    def first_focus(self) -> Widget | None:
        """What gets the cursor when the screen is entered."""
        return None

    def say(self, state: State, words: str = "", error: SegtuiError | None = None) -> None:
        """Set the state, with what to do or what is wrong in words."""
        entered = state is not self.state
        self.state = state
        for each in State:
            self.set_class(each is state, f"-{each}")
        told = Text(words)
        if error is not None:
            told = error_words(error)
        if state is State.STALE:
            self.query_one(".stale-line", Static).update(told)
        elif state is not State.READY:
            self.query_one(".notice", Static).update(told)
        if entered and self.segtui.showing is self:
            self.segtui.focus_pane()
            self.refresh_bindings()


def error_words(error: SegtuiError) -> Text:
    """An error as a person reads it: what happened, where, what to do."""
    told = Text(f"{safe(error.title, 200)}\n", style="bold")
    if error.where:
        told.append(f"{safe(error.where, 200)}\n", style="dim")
    told.append(f"{safe(error.what, 500)}\n")
    return told.append(safe(error.next_step, 500)) if error.next_step else told


def plain(value: Any, most: int = 200) -> str:
    """Any value from data as harmless words."""
    return safe(value, most)
