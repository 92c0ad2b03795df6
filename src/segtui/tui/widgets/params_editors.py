"""What a field becomes while it is edited: a line of text, or a list to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from segtui.tui.widgets.line_input import LineInput
from segtui.tui.widgets.narrowed_list import Narrowing
from segtui.tui.widgets.params_fields import Field, Takes
from segtui.tui.widgets.params_values import problem, read, written

FILTERED = 12
"""Lists longer than this can be narrowed by a part of the name."""


class Edited(Message):
    """A field got this value; it is no longer edited."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Said(Message):
    """What is wrong with what was typed so far; empty where nothing is."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class LineEditor(Vertical):
    """A line of text, read as the field takes it. What is wrong is said while typing; enter keeps what is right."""

    DEFAULT_CSS = """
    LineEditor { height: auto; }
    LineEditor Input { background: $surface; padding: 0; }
    """

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__()
        self._field, self._value = field, value

    def compose(self) -> ComposeResult:
        """The line."""
        yield LineInput(written(self._value), compact=True)

    def on_mount(self) -> None:
        """Put the cursor into it."""
        self.query_one(Input).focus()

    def kept(self) -> Any:
        """The value that stands there. Raises ValueError."""
        return read(self._field, self.query_one(Input).value)

    @on(Input.Changed)
    def _check(self, changed: Input.Changed) -> None:
        changed.stop()
        try:
            self.kept()
        except ValueError as wrong:
            self.post_message(Said(str(wrong)))
        else:
            self.post_message(Said(""))

    @on(Input.Submitted)
    def _submit(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        try:
            self.post_message(Edited(self.kept()))
        except ValueError as wrong:
            self.post_message(Said(str(wrong)))


class ListEditor(Vertical):
    """One of the choices, or several: space marks, enter keeps. Long lists are narrowed by typing."""

    DEFAULT_CSS = """
    ListEditor { height: auto; }
    ListEditor Input { background: $surface; padding: 0; }
    ListEditor OptionList { height: auto; max-height: 8; border: none; padding: 0; background: $surface; }
    ListEditor OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "Keep", priority=True),
        Binding("space", "mark", "Mark", priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__()
        self._field = field
        self._several = field.takes is Takes.SEVERAL
        self._chosen: list[Any] = [one for one in value or () if one in field.choices] if self._several else [value]
        self._choices: Mapping[Any, str] = field.choices if not field.optional else {None: "none", **field.choices}
        self._shown: list[Any] = []

    def compose(self) -> ComposeResult:
        """The choices, below a line to narrow them where they are many."""
        if len(self._choices) > FILTERED:
            yield Narrowing(takes_spaces=not self._several)
        yield OptionList(compact=True)

    def on_mount(self) -> None:
        """Put the cursor on what is chosen."""
        self._show("")
        at = next((place for place, one in enumerate(self._shown) if one in self._chosen), 0)
        self.query_one(OptionList).highlighted = at if self._shown else None
        found: Widget = self.query_one(Input) if self.query(Input) else self.query_one(OptionList)
        found.focus()

    def kept(self) -> Any:
        """What is chosen now. Raises ValueError."""
        if self._several:
            wrong = problem(self._field, self._chosen)
            if wrong:
                raise ValueError(wrong)
            return list(self._chosen)
        at = self.query_one(OptionList).highlighted
        if at is None:
            raise ValueError("There is nothing to choose.")
        return self._shown[at]

    def _show(self, part: str) -> None:
        self._shown = [value for value, words in self._choices.items() if part.casefold() in words.casefold()]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._words(value)) for value in self._shown)
        options.highlighted = 0 if self._shown else None

    def _words(self, value: Any) -> Text:
        words = Text(self._choices[value])
        words.append(f"   {self._field.kinds.get(value, '')}", style="dim")
        if not self._several:
            return words
        at = f"{self._chosen.index(value) + 1}" if value in self._chosen else " "
        return Text(f"[{at}] ").append_text(words)

    @on(Input.Changed)
    def _narrow(self, changed: Input.Changed) -> None:
        changed.stop()
        self._show(changed.value)

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        self.action_mark() if self._several else self.action_keep()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Where one is chosen, a space belongs to its name."""
        return action != "mark" or self._several

    def action_move(self, by: int) -> None:
        """Move among the choices."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def action_mark(self) -> None:
        """Choose what has the cursor, or take it back."""
        at = self.query_one(OptionList).highlighted
        if at is None:
            return
        value = self._shown[at]
        if value in self._chosen:
            self._chosen.remove(value)
        else:
            self._chosen.append(value)
        self.post_message(Said(problem(self._field, self._chosen)))
        options = self.query_one(OptionList)
        for place, one in enumerate(self._shown):
            options.replace_option_prompt_at_index(place, self._words(one))

    def action_keep(self) -> None:
        """Keep what is chosen."""
        try:
            self.post_message(Edited(self.kept()))
        except ValueError as wrong:
            self.post_message(Said(str(wrong)))


Editor = LineEditor | ListEditor


def editor_of(field: Field, value: Any) -> Editor:
    """What edits a field."""
    return ListEditor(field, value) if field.takes in (Takes.ONE, Takes.SEVERAL) else LineEditor(field, value)
