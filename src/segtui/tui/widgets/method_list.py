"""The methods in groups by what they segment by; those that can't run are dim, broken plugins stand last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from segtui.api.method import Basis
from segtui.api.text import plural, safe
from segtui.plugins import Catalogue, MethodEntry

CAN, CANNOT, CURRENT = "●", "○", "▸"


def method_name(catalogue: Catalogue, entry: MethodEntry) -> str:
    """The name by which a method is asked for."""
    return entry.qualified if catalogue.ambiguous(entry) else entry.id


class MethodList(OptionList):
    """Methods, one a line. The one under the cursor is the current one."""

    DEFAULT_CSS = """
    MethodList {
        border: none; padding: 0; background: $background; height: 1fr; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    MethodList > .option-list--option-disabled { color: $foreground; }
    MethodList:focus { border: none; background-tint: $foreground 0%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Parameters", tooltip="Set the parameters of the method"),
        Binding("escape", "leave", "Back", show=False),
    ]

    class Left(Message):
        """A person goes back to where they came from."""

    class Chosen(Message):
        """Another method is the current one; `sure` where it was chosen by enter or a click."""

        def __init__(self, name: str, sure: bool) -> None:
            super().__init__()
            self.name, self.sure = name, sure

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._catalogue = Catalogue()
        self._unmet: Mapping[str, Sequence[str]] = {}
        self.current = ""

    def show(self, catalogue: Catalogue, unmet: Mapping[str, Sequence[str]], current: str) -> None:
        """Show these; `unmet` says by name why a method can't run."""
        if (catalogue, unmet, current) == (self._catalogue, self._unmet, self.current):
            return
        self._catalogue, self._unmet, self.current = catalogue, unmet, current
        options, at = [], None
        for basis in Basis:
            found = [entry for entry in catalogue.methods if entry.basis is basis]
            if found:
                options.append(Option(Text(str(basis).capitalize(), style="bold"), disabled=True))
            for entry in found:
                name = method_name(catalogue, entry)
                at = len(options) if name == current else at
                options.append(Option(self._words(entry, name), id=name))
        if catalogue.broken:
            words = Text(f"! {plural(len(catalogue.broken), 'plugin')} broken:", style="dim")
            names = [Text(f"  {safe(plugin.name, 40)}", style="dim") for plugin in catalogue.broken]
            advice = [Text(f"  {line}", style="dim") for line in ("segtui plugins", "says why.")]
            options += [Option(line, disabled=True) for line in (Text(""), words, *names, *advice)]
        with self.prevent(OptionList.OptionHighlighted):
            self.clear_options()
            self.add_options(options)
            self.highlighted = at

    def _words(self, entry: MethodEntry, name: str) -> Text:
        can = not self._unmet.get(name)
        mark = CURRENT if name == self.current else CAN if can else CANNOT
        style = "" if can else "dim"
        return Text(f" {mark} {safe(entry.title, 40)}", style=style)

    def on_option_list_option_highlighted(self, highlighted: OptionList.OptionHighlighted) -> None:
        """The cursor came to a method."""
        highlighted.stop()
        self._choose(highlighted.option_id, sure=False)

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """A method was chosen."""
        selected.stop()
        self._choose(selected.option_id, sure=True)

    def action_leave(self) -> None:
        """Go back."""
        self.post_message(self.Left())

    def _choose(self, name: str | None, *, sure: bool) -> None:
        if name is None or (name == self.current and not sure):
            return
        before, self.current = self.current, name
        for entry in self._catalogue.methods:
            known = method_name(self._catalogue, entry)
            if known in (before, name):
                self.replace_option_prompt(known, self._words(entry, known))
        self.post_message(self.Chosen(name, sure))
