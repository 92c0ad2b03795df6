"""Dialogs of the Report screen: which results an analysis looks at, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.text import safe
from segtui.tui.widgets.params_fields import Field
from segtui.tui.widgets.params_form import ParamsForm


class ChooseResults(ModalScreen[tuple[str, ...] | None]):
    """Some of the results; none of them means those that are marked. None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", priority=True),
        Binding("enter", "keep", "Keep", priority=True),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, names: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__()
        self._names, self._chosen = tuple(names), [name for name in names if name in chosen]

    def compose(self) -> ComposeResult:
        """The results, and the keys."""
        with Vertical(classes="dialog"):
            yield Static("Which results should it look at?", markup=False)
            yield OptionList(*(Option(self._words(name)) for name in self._names))
            yield Static(
                "space marks, enter takes them, esc goes back. With none marked it follows the marks of Compare.",
                markup=False,
                classes="keys",
            )

    def _words(self, name: str) -> Text:
        return Text(f"{'[x]' if name in self._chosen else '[ ]'} {safe(name, 60)}", no_wrap=True, overflow="ellipsis")

    def action_mark(self) -> None:
        """Mark the result under the cursor, or take the mark away."""
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return
        name = self._names[options.highlighted]
        self._chosen = [one for one in self._names if (one in self._chosen) != (one == name)]
        options.replace_option_prompt_at_index(options.highlighted, self._words(name))

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """A click marks."""
        selected.stop()
        self.action_mark()

    def action_keep(self) -> None:
        """Give them, in the order of the project."""
        self.dismiss(tuple(self._chosen))

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


class SetParams(ModalScreen[dict[str, Any] | None]):
    """The parameters of an analysis; only those that differ from their defaults are given. None where it was left."""

    DEFAULT_CSS = """
    SetParams ParamsForm { max-height: 70vh; }
    SetParams ParamsForm .rows { max-height: 50vh; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "keep", "Make the report"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, title: str, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        super().__init__()
        self._title, self._fields, self._values = title, tuple(fields), dict(values)

    def compose(self) -> ComposeResult:
        """The form, and the keys."""
        with Vertical(classes="dialog wide"):
            yield Static(self._title, markup=False)
            yield ParamsForm()
            yield Static(
                "enter edits, d takes the default, m makes the report, esc goes back", markup=False, classes="keys"
            )

    def on_mount(self) -> None:
        """Show the values."""
        form = self.query_one(ParamsForm)
        form.set_fields(self._fields, self._values)
        form.focus()

    def action_keep(self) -> None:
        """Give the values, where none is wrong."""
        form = self.query_one(ParamsForm)
        if form.problem:
            self.notify(form.problem, severity="error", markup=False)
        else:
            self.dismiss(form.given)

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)
