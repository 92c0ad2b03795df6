"""Dialogs to pick columns of a table: one, or several each with a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.table import Column
from segtui.api.text import safe
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.step_fields import describes

NAME_WIDTH = 30


class PickColumn(ModalScreen[str | None]):
    """One column; "" for none where it may be left out, None where the dialog was left."""

    DEFAULT_CSS = "PickColumn OptionList { max-height: 50vh; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("slash", "find", "Find", key_display="/"),
    ]
    KEYS = "enter takes it, / finds, esc goes back"

    def __init__(
        self, question: str, columns: Mapping[str, Column], chosen: str = "", *, optional: bool = False
    ) -> None:
        super().__init__()
        self._question, self._columns, self._optional = question, columns, optional
        self._chosen = chosen
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """The question, the columns, a field to find one, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield OptionList(markup=False)
            yield Input(placeholder="a part of the name")
            yield Static(self.KEYS, markup=False, classes="keys")

    def on_mount(self) -> None:
        """Start at what is chosen now."""
        self.query_one(Input).display = False
        self._list(self._chosen)
        self.query_one(OptionList).focus()

    def _list(self, at: str = "", part: str = "") -> None:
        found = [name for name in self._columns if part.casefold() in name.casefold()]
        self._shown = [*([""] if self._optional and not part else []), *found]
        options = self.query_one(OptionList)
        options.set_options(Option(self._line(name)) for name in self._shown)
        if self._shown:
            options.highlighted = self._shown.index(at) if at in self._shown else 0

    def _line(self, name: str) -> Text:
        if not name:
            return Text("none", style="dim")
        column = self._columns[name]
        return Text.assemble(fit(safe(name, 80), NAME_WIDTH), "  ", (describes(column), "dim"))

    @property
    def current(self) -> str | None:
        """The column under the cursor."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Show the columns whose name holds what is typed."""
        self._list(part=changed.value)

    def on_input_submitted(self) -> None:
        """Back to the list."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self) -> None:
        """Give the column."""
        if self.current is not None:
            self.dismiss(self.current)

    def action_find(self) -> None:
        """Type a part of a name."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def action_leave(self) -> None:
        """Out of the field that finds, else out of the dialog."""
        if self.query_one(Input).has_focus:
            self.query_one(OptionList).focus()
        else:
            self.dismiss(None)


class PickColumns(ModalScreen[dict[str, str] | None]):
    """Several columns, each with one of `marks`, in the order they were picked; None where the dialog was left."""

    DEFAULT_CSS = "PickColumns OptionList { max-height: 50vh; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("space", "mark", "Mark"),
        Binding("enter", "take", "Take", priority=True),
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
            yield OptionList(*(Option(self._line(name)) for name in self._columns), markup=False)
            yield Static("", markup=False, classes="said")
            yield Static("space marks, enter takes what is marked, esc goes back", markup=False, classes="keys")

    def on_mount(self) -> None:
        """Start at the first that is marked."""
        names = list(self._columns)
        self.query_one(OptionList).highlighted = names.index(next(iter(self._chosen))) if self._chosen else 0
        self._say()

    def _line(self, name: str) -> Text:
        mark = fit(self._chosen.get(name, "○"), max(map(len, self._marks)))
        kind = describes(self._columns[name])
        return Text.assemble(mark, "  ", fit(safe(name, 80), NAME_WIDTH - len(mark)), "  ", (kind, "dim"))

    def _say(self) -> None:
        chosen = ", ".join(safe(name, 40) for name in self._chosen)
        self.query_one(".said", Static).update(Text(chosen or self._none, style="dim"))

    def action_mark(self) -> None:
        """The next mark for the column under the cursor, and none after the last."""
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return
        name = list(self._columns)[options.highlighted]
        marks = [*self._marks, ""]
        mark = marks[(marks.index(self._chosen.get(name, "")) + 1) % len(marks)]
        self._chosen.pop(name, None) if not mark else self._chosen.update({name: mark})
        options.replace_option_prompt_at_index(options.highlighted, self._line(name))
        self._say()

    def on_option_list_option_selected(self) -> None:
        """A click marks."""
        self.action_mark()

    def action_take(self) -> None:
        """Give what is marked."""
        self.dismiss(self._chosen)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
