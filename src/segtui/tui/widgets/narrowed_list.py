"""A list to choose from; a long one is narrowed by typing a part of a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

SHORT = 9
"""A list up to this long is not narrowed."""


class Narrowing(Input):
    """Part of a name. Where several are chosen, a space marks, and is no part of it."""

    def __init__(self, *, takes_spaces: bool) -> None:
        super().__init__(placeholder="type to narrow the list", compact=True)
        self._takes_spaces = takes_spaces

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave spaces to those who mark by them."""
        return (self._takes_spaces or key != "space") and super().check_consume_key(key, character)


class NarrowedList(Vertical):
    """Values in a list. `words` are what a person types a part of; `line` draws a value, `at` has the cursor first.
    Where several are chosen, `takes_spaces` is False."""

    DEFAULT_CSS = """
    NarrowedList { height: auto; max-height: 55vh; }
    NarrowedList Input { background: $surface; padding: 0; margin-bottom: 1; }
    NarrowedList OptionList { height: auto; max-height: 45vh; border: none; padding: 0; background: $surface; }
    NarrowedList OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
    NarrowedList OptionList:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", priority=True),
        Binding("up", "move('cursor_up')", "Up", show=False, priority=True),
        Binding("down", "move('cursor_down')", "Down", show=False, priority=True),
        Binding("pageup", "move('page_up')", "Page up", show=False, priority=True),
        Binding("pagedown", "move('page_down')", "Page down", show=False, priority=True),
    ]

    class Taken(Message):
        """Enter was pressed on this value; None where the list is empty."""

        def __init__(self, value: str | None) -> None:
            super().__init__()
            self.value = value

    class Clicked(Message):
        """A value was clicked."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(
        self, words: Mapping[str, str], line: Callable[[str], Text], at: str = "", *, takes_spaces: bool = True
    ) -> None:
        super().__init__()
        self._words, self._line, self._at, self._takes_spaces = dict(words), line, at, takes_spaces
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """The values, below a line to narrow them where they are many."""
        if len(self._words) > SHORT:
            yield Narrowing(takes_spaces=self._takes_spaces)
        yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        """Show all."""
        self._show("")
        self.query_one(Input if self.query(Input) else OptionList).focus()

    def _show(self, part: str) -> None:
        at = self.current or self._at
        self._shown = [value for value, words in self._words.items() if part.casefold() in words.casefold()]
        options = self.query_one(OptionList)
        found = [Option(self._line(value)) for value in self._shown]
        options.set_options(found or [Option(Text("nothing has that in its name", style="dim"), disabled=True)])
        options.highlighted = (self._shown.index(at) if at in self._shown else 0) if self._shown else None

    @property
    def current(self) -> str | None:
        """The value under the cursor."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def redraw(self, value: str) -> None:
        """What is drawn of a value has changed."""
        if value in self._shown:
            place = self._shown.index(value)
            self.query_one(OptionList).replace_option_prompt_at_index(place, self._line(value))

    @on(Input.Changed)
    def _narrow(self, changed: Input.Changed) -> None:
        changed.stop()
        self._show(changed.value.removeprefix("/").strip())

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        self.post_message(self.Clicked(self._shown[selected.option_index]))

    def action_move(self, how: str) -> None:
        """Move in the list, wherever the cursor of the keyboard is."""
        options = self.query_one(OptionList)
        getattr(options, f"action_{how}")()

    def action_take(self) -> None:
        """Take what is under the cursor."""
        self.post_message(self.Taken(self.current))
