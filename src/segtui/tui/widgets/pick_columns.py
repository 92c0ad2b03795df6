"""Dialogs to pick columns of a table: one, or several each with a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from segtui.api.table import Column
from segtui.api.text import safe
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.narrowed_list import NarrowedList
from segtui.tui.widgets.step_fields import describes

NAME_WIDTH = 30


class PickColumn(ModalScreen[str | None]):
    """One column; "" for none where it may be left out, None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(
        self, question: str, columns: Mapping[str, Column], chosen: str = "", *, optional: bool = False
    ) -> None:
        super().__init__()
        self._question, self._columns, self._chosen = question, columns, chosen
        self._names = {"": "none"} if optional else {}
        self._names |= {name: name for name in columns}

    def compose(self) -> ComposeResult:
        """The question, the columns, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield NarrowedList(self._names, self._line, self._chosen)
            yield Static("enter takes it, esc goes back", markup=False, classes="keys")

    def _line(self, name: str) -> Text:
        if not name:
            return Text("none", style="dim")
        column = self._columns[name]
        return Text.assemble(fit(safe(name, 80), NAME_WIDTH), "  ", (describes(column), "dim"))

    @on(NarrowedList.Taken)
    @on(NarrowedList.Clicked)
    def _take(self, given: NarrowedList.Taken | NarrowedList.Clicked) -> None:
        if given.value is not None:
            self.dismiss(given.value)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)


class PickColumns(ModalScreen[dict[str, str] | None]):
    """Several columns, each with one of `marks`, in the order they were picked; None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("space", "mark", "Mark", priority=True),
    ]

    def __init__(
        self,
        question: str,
        columns: Mapping[str, Column],
        chosen: Mapping[str, str],
        marks: Sequence[str] = ("●",),
        none: str = "none",
    ) -> None:
        super().__init__()
        self._question, self._columns, self._marks, self._none = question, columns, marks, none
        self._chosen = {name: mark for name, mark in chosen.items() if name in columns}

    def compose(self) -> ComposeResult:
        """The question, the columns with their marks, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            names, first = {name: name for name in self._columns}, next(iter(self._chosen), "")
            yield NarrowedList(names, self._line, first, takes_spaces=False)
            yield Static("", markup=False, classes="said")
            yield Static("space marks, enter takes what is marked, esc goes back", markup=False, classes="keys")

    def on_mount(self) -> None:
        """Say what is marked."""
        self._say()

    def _line(self, name: str) -> Text:
        mark = fit(self._chosen.get(name, "○"), max(map(len, self._marks)))
        kind = describes(self._columns[name])
        return Text.assemble(mark, "  ", fit(safe(name, 80), NAME_WIDTH - len(mark)), "  ", (kind, "dim"))

    def _say(self) -> None:
        chosen = ", ".join(safe(name, 40) for name in self._chosen)
        self.query_one(".said", Static).update(Text(chosen or self._none, style="dim"))

    @on(NarrowedList.Clicked)
    def action_mark(self) -> None:
        """The next mark for the column under the cursor, and none after the last."""
        name = self.query_one(NarrowedList).current
        if name is None:
            return
        marks = [*self._marks, ""]
        mark = marks[(marks.index(self._chosen.get(name, "")) + 1) % len(marks)]
        self._chosen.pop(name, None) if not mark else self._chosen.update({name: mark})
        self.query_one(NarrowedList).redraw(name)
        self._say()

    @on(NarrowedList.Taken)
    def _take(self) -> None:
        self.dismiss(self._chosen)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
