"""A dialog for what becomes of the values of a column: old value, new value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.text import safe
from segtui.tui.widgets.frame_cells import fit

OLD_WIDTH = 28
ANOTHER = "+ another value"


class MapValuesDialog(ModalScreen[dict[str, str] | None]):
    """Rows of old and new values; None where the dialog was left. `known` are values that are offered."""

    DEFAULT_CSS = "MapValuesDialog OptionList { max-height: 50vh; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("x,delete", "clear", "Keep as it is"),
        Binding("s", "take", "Take"),
    ]

    def __init__(self, question: str, known: Iterable[str], values: Mapping[str, str]) -> None:
        super().__init__()
        self._question = question
        self._values = dict(values)
        self._rows = list(dict.fromkeys([*known, *values]))
        self._asks_old = False

    def compose(self) -> ComposeResult:
        """The values, the field for a new one, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield OptionList(markup=False)
            yield Input()
            yield Static(
                "enter types the new value, x keeps the old one, s takes all, esc goes back",
                markup=False,
                classes="keys",
            )

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one(Input).display = False
        self._list(0)

    def _list(self, at: int) -> None:
        options = self.query_one(OptionList)
        options.set_options([*(Option(self._line(old)) for old in self._rows), Option(Text(ANOTHER, style="dim"))])
        options.highlighted = min(at, len(self._rows))
        options.focus()

    def _line(self, old: str) -> Text:
        new = self._values.get(old)
        said = (safe(new, 60), "bold") if new is not None else ("stays", "dim")
        return Text.assemble(fit(safe(old, 60), OLD_WIDTH), "  →  ", said)

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """Type the new value of a row, or another old value."""
        at = selected.option_index
        self._asks_old = at == len(self._rows)
        field = self.query_one(Input)
        old = "" if self._asks_old else self._rows[at]
        asked = "the value as it is in the data" if self._asks_old else f"{safe(old, 40)} becomes"
        field.border_title = Content(asked)
        field.value = "" if self._asks_old else self._values.get(old, old)
        field.display = True
        field.focus()

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Take what was typed, and go to the next row."""
        at, typed = self.query_one(OptionList).highlighted or 0, submitted.value
        submitted.input.display = False
        if self._asks_old:
            self._rows += [typed] if typed and typed not in self._rows else []
            self._list(self._rows.index(typed) if typed in self._rows else at)
            return
        self._set(self._rows[at], typed)
        self._list(at + 1)

    def _set(self, old: str, new: str) -> None:
        if new and new != old:
            self._values[old] = new
        else:
            self._values.pop(old, None)

    def action_clear(self) -> None:
        """The value under the cursor stays as it is."""
        at = self.query_one(OptionList).highlighted or 0
        if at < len(self._rows):
            self._values.pop(self._rows[at], None)
            self._list(at)

    def action_take(self) -> None:
        """Give the values."""
        self.dismiss(self._values)

    def action_leave(self) -> None:
        """Out of the field, else out of the dialog."""
        field = self.query_one(Input)
        if field.has_focus:
            field.display = False
            self.query_one(OptionList).focus()
        else:
            self.dismiss(None)
