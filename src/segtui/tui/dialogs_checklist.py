"""A list of names to mark some of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from segtui.api.text import safe
from segtui.tui.dialogs import Confirm
from segtui.tui.widgets.narrowed_list import NarrowedList

NAME = 34


class Checklist(ModalScreen[tuple[str, ...] | None]):
    """Some of several names, in their order; None where it was left. `options` are names with what is said of each,
    `asks` the questions to which a yes is needed before a name is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", priority=True),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(
        self,
        question: str,
        options: Mapping[str, str],
        marked: Iterable[str],
        asks: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._question, self._options, self._marked = question, dict(options), set(marked)
        self._asks = asks or {}

    def compose(self) -> ComposeResult:
        """The names, each with its mark."""
        with Vertical(classes="dialog wide"):
            yield Static(self._question, markup=False)
            yield NarrowedList({name: name for name in self._options}, self._line, takes_spaces=False)
            yield Static("space marks, enter takes the marked, esc goes back", markup=False, classes="keys")

    def _line(self, name: str) -> Text:
        mark = "x" if name in self._marked else " "
        return Text(f"[{mark}] {safe(name, NAME):<{NAME}}  ").append(safe(self._options[name], 40), style="dim")

    @on(NarrowedList.Clicked)
    def action_mark(self) -> None:
        """Mark the name under the cursor, or take its mark away."""
        name = self.query_one(NarrowedList).current
        if name is None:
            return
        if name in self._asks and name not in self._marked:
            self.app.push_screen(Confirm(self._asks[name], "Let it leave"), lambda sure: self._turn(name, bool(sure)))
        else:
            self._turn(name, name not in self._marked)

    def _turn(self, name: str, on: bool) -> None:
        (self._marked.add if on else self._marked.discard)(name)
        self.query_one(NarrowedList).redraw(name)

    @on(NarrowedList.Taken)
    def _take(self) -> None:
        self.dismiss(tuple(name for name in self._options if name in self._marked))

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)
