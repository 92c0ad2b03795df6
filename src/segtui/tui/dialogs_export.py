"""Dialogs of the export screen: the brief, and the settings of an exporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from segtui.api.text import safe
from segtui.tui.widgets.params_fields import Field
from segtui.tui.widgets.params_form import ParamsForm


class Write(ModalScreen[str]):
    """Some lines of text; leaving keeps what was written, which undo takes back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Keep", priority=True)]
    DEFAULT_CSS = """
    Write TextArea { height: 10; }
    """

    def __init__(self, question: str, text: str) -> None:
        super().__init__()
        self._question, self._text = question, text

    def compose(self) -> ComposeResult:
        """The question, and room to write."""
        with Vertical(classes="dialog wide"):
            yield Static(self._question, markup=False)
            yield TextArea(self._text)
            yield Static("esc keeps it and goes back", markup=False, classes="keys")

    def on_mount(self) -> None:
        """Start at the end of what is there."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_leave(self) -> None:
        """Keep it."""
        self.dismiss(self.query_one(TextArea).text)


class Settings(ModalScreen[dict[str, Any]]):
    """A form of settings; leaving keeps those that differ from their defaults."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Back")]

    def __init__(self, title: str, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        super().__init__()
        self._title, self._fields, self._values = title, fields, values

    def compose(self) -> ComposeResult:
        """The title and the form."""
        with Vertical(classes="dialog wide"):
            yield Static(Text(safe(self._title, 80), style="bold"))
            yield ParamsForm()
            yield Static("enter edits, esc goes back", markup=False, classes="keys")

    def on_mount(self) -> None:
        """Fill the form."""
        form = self.query_one(ParamsForm)
        form.set_fields(self._fields, self._values)
        form.focus()

    def action_leave(self) -> None:
        """Keep what is right; where something is not, stay and say so."""
        form = self.query_one(ParamsForm)
        if form.problem:
            self.notify(form.problem, severity="error", markup=False)
        else:
            self.dismiss(dict(form.given))
