"""The log as a list, and one entry of it in full."""

from __future__ import annotations

import time
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.text import duration, safe, safe_block
from segtui.tui.log_book import Entry, LogBook
from segtui.tui.pane import error_words

WORDS, WIDEST = 38, 58


class LogView(ModalScreen[None]):
    """What was done, the newest first; enter opens an entry."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,L", "leave", "Back")]

    def __init__(self, book: LogBook) -> None:
        super().__init__()
        self._entries = book.entries()

    def compose(self) -> ComposeResult:
        """The entries as a list."""
        with Vertical(classes="dialog wide"):
            yield Static(Text("Log", style="bold").append("   since segtui was started", style="not bold dim"))
            if self._entries:
                yield OptionList(*(Option(_line(entry)) for entry in self._entries))
            else:
                yield Static("Nothing was done yet.", markup=False)
            keys = "enter opens an entry, esc goes back" if self._entries else "esc goes back"
            yield Static(keys, markup=False, classes="keys")

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """Open an entry."""
        self.app.push_screen(EntryView(self._entries[selected.option_index]))

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


class EntryView(ModalScreen[None]):
    """One entry in full; what the worker printed only on a key, since it may hold values of the data."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Back"),
        Binding("w", "worker_log", "What the worker printed"),
    ]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        """What, when, how it ended."""
        with VerticalScroll(classes="dialog wide"):
            yield Static(self._words(), markup=False)
            yield Static("", markup=False, id="printed")
            yield Static(self._keys(), markup=False, classes="keys")

    def _words(self) -> Text:
        entry = self._entry
        words = Text(f"{safe(entry.words, 200)}\n", style="bold")
        took = f"   {duration(entry.seconds)}" if entry.seconds is not None else ""
        ended = f"   {entry.ended}" if entry.ended else ""
        words.append(f"{_clock(entry.when)}{took}{ended}", style="not bold dim")
        if entry.error is not None:
            words.append("\n\n").append_text(error_words(entry.error))
        for line in entry.details:
            words.append(f"\n{safe(line, 500)}", style="not bold")
        return words

    def _keys(self) -> str:
        if self._entry.error is None or not self._entry.error.log:
            return "esc goes back"
        return "w shows what the worker printed, which may hold values of your data. esc goes back"

    def action_worker_log(self) -> None:
        """Show what the worker printed."""
        error = self._entry.error
        if error is not None and error.log:
            self.query_one("#printed", Static).update(Text(f"\n{safe_block(error.log)}", style="dim"))
            self.query_one(".keys", Static).update("esc goes back")

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _line(entry: Entry) -> Text:
    line = Text(f"{_clock(entry.when)}  ", style="dim")
    if entry.seconds is None and not entry.ended:
        return line.append(safe(entry.words, WIDEST), style="not dim")
    line.append(f"{safe(entry.words, WORDS):<{WORDS}}", style="not dim")
    took = duration(entry.seconds) if entry.seconds is not None else ""
    line.append(f" {took:>8}  ", style="not dim").append(entry.ended, style="bold" if entry.error else "dim")
    return line


def _clock(when: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(when))
