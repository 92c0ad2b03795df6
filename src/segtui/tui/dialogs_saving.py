"""Dialogs about work that is not saved: when leaving it, and when some was found."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from segtui.api.text import plural

Leaving = Literal["save", "give up"]
Found = Literal["recover", "discard"]


class Unsaved(ModalScreen[Leaving | None]):
    """What to do with unsaved work before it is left; None to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w,enter", "answer('save')", "Save first"),
        Binding("d", "answer('give up')", "Give it up"),
        Binding("escape,n", "answer('')", "Stay"),
    ]

    def __init__(self, changes: int, then: str) -> None:
        super().__init__()
        self._changes, self._then = changes, then

    def compose(self) -> ComposeResult:
        """How much it is, and the keys."""
        verb = "is" if self._changes == 1 else "are"
        with Vertical(classes="dialog"):
            yield Static(f"{plural(self._changes, 'change')} {verb} not saved.", markup=False)
            yield Static(
                f"w Save, then {self._then}    d {self._then.capitalize()} without saving    esc Stay",
                markup=False,
                classes="keys",
            )

    def action_answer(self, answer: Leaving | Literal[""]) -> None:
        """Give the answer."""
        self.dismiss(answer or None)


class Recover(ModalScreen[Found | None]):
    """Whether to take over unsaved work that was found; None to decide at the next start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "answer('recover')", "Recover"),
        Binding("d", "answer('discard')", "Discard"),
        Binding("escape", "answer('')", "Later"),
    ]

    def __init__(self, kept: datetime, changes: int) -> None:
        super().__init__()
        self._kept, self._changes = kept, changes

    def compose(self) -> ComposeResult:
        """From when, how much, and the keys."""
        day = "" if self._kept.date() == date.today() else f"{self._kept:%Y-%m-%d} "
        with Vertical(classes="dialog"):
            yield Static(f"Unsaved work of {day}{self._kept:%H:%M}: {plural(self._changes, 'change')}.", markup=False)
            yield Static("segtui ended before it was saved. u takes a recovery back.", markup=False)
            yield Static("r Recover    d Discard    esc Decide at the next start", markup=False, classes="keys")

    def action_answer(self, answer: Found | Literal[""]) -> None:
        """Give the answer."""
        self.dismiss(answer or None)
