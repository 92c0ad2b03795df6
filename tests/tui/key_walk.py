"""Walking through the keys of the app: each pressed twice, and what they changed put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from some_results import app_of
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import ContentSwitcher

from segtui.api.errors import DataError
from segtui.project.document import Document
from segtui.tui.app import SegtuiApp
from segtui.tui.frame import Rail
from segtui.tui.pane import Pane, State

LEAVE = {"Q", "ctrl+q"}
OFFER = {"question_mark", "colon"}
WORDS = "In words."
STATES = {
    State.EMPTY: (WORDS, None),
    State.LOADING: (WORDS, None),
    State.READY: ("", None),
    State.STALE: (WORDS, None),
    State.FAILED: ("", DataError("It failed.", where="orders.csv", next_step="Do something else.")),
}
PLAIN = (
    "enter",
    "space",
    "escape",
    "tab",
    "shift+tab",
    "up",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
)


def keys_of(bindings: Any) -> Iterator[str]:
    for binding in bindings:
        together = binding.key if isinstance(binding, Binding) else binding[0]
        yield from (key.strip() for key in together.split(","))


def keys(app: SegtuiApp, pane: Pane, state: State | None) -> list[str]:
    """Every key that means something here: of the app, the screen, and what can have the cursor in it.

    Those of the app do not look at the state of a screen, so that they are left out where one is set, but for those
    that show what the screen offers.
    """
    found = dict.fromkeys(PLAIN)
    for kind in type(app).__mro__:
        own = keys_of(vars(kind).get("BINDINGS", ()))
        found |= dict.fromkeys(key for key in own if state is None or key in OFFER)
    found |= dict.fromkeys(keys_of(pane.BINDINGS))
    for widget in pane.query("*"):
        if widget.can_focus:
            for kind in type(widget).__mro__:
                found |= dict.fromkeys(keys_of(vars(kind).get("BINDINGS", ())))
    return [key for key in found if key not in LEAVE]


class Walk:
    """Presses keys, and puts back what they changed."""

    def __init__(self, pilot: Pilot[int], look: Callable[[], None] = lambda: None) -> None:
        self.pilot, self.app, self.look = pilot, app_of(pilot), look
        self.start: Document = self.app.session.document

    async def show(self, name: str, state: State | None) -> Pane:
        """Show a screen, entered or not, in one of its states."""
        app, pane = self.app, self.app.panes[name]
        app.frame.query_one("#screens", ContentSwitcher).current = name
        app.frame.query_one(Rail).current = name
        if state is None:
            pane.show_session()
        else:
            words, error = STATES[state]
            pane.say(state, words, error)
        app.focus_pane()
        await self.pilot.pause()
        return pane

    async def press_twice(self, key: str) -> None:
        """Twice, then out of every dialog by escape."""
        app = self.app
        for _ in range(2):
            await self.pilot.press(key)
            self.look()
        for _ in range(4):
            if len(app.screen_stack) == 1:
                break
            await self.pilot.press("escape")
        assert len(app.screen_stack) == 1, f"{key}: escape does not leave {app.screen}"
        assert app.is_running and app._exception is None, key
        Document.model_validate(app.session.document.model_dump())

    async def put_back(self) -> None:
        app = self.app
        app.work.stop()
        if app.session.document is not self.start:
            app.session.change(self.start)
        app.clear_notifications()

    async def press_all(self, name: str, state: State | None = None, *, own: bool = False) -> int:
        """Every key twice, or only those of the screen itself; how many there were."""
        pane = await self.show(name, state)
        every = list(keys_of(pane.BINDINGS)) if own else keys(self.app, pane, state)
        for key in every:
            await self.show(name, state)
            try:
                await self.press_twice(key)
            except Exception as error:
                raise AssertionError(f"{key} on {name}, {state}: {error!r}") from error
            await self.put_back()
        return len(every)
