"""The plugins: what is loaded, from where, what each brings, and what failed and why."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from segtui.api.text import join_words, plural, safe
from segtui.plugins import Catalogue, PluginEntry

KINDS = (("methods", "method"), ("analyses", "analysis"), ("readers", "reader"), ("exporters", "exporter"))


class PluginsView(ModalScreen[None]):
    """All plugins as a list, and below it the one under the cursor in full."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,P", "leave", "Back")]
    DEFAULT_CSS = """
    PluginsView OptionList { height: auto; max-height: 9; }
    PluginsView VerticalScroll { height: auto; max-height: 12; margin-top: 1; }
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._plugins = sorted(catalogue.plugins, key=lambda plugin: (plugin.state != "broken", plugin.name))

    def compose(self) -> ComposeResult:
        """The list, and room for one of them."""
        broken = len(self._catalogue.broken)
        said = f"   {plural(len(self._plugins), 'plugin')}" + (f", {broken} with faults" if broken else "")
        with Vertical(classes="dialog wide"):
            yield Static(Text("Plugins", style="bold").append(said, style="not bold dim"))
            yield OptionList(*(Option(_line(plugin, self._catalogue)) for plugin in self._plugins))
            with VerticalScroll():
                yield Static("", id="plugin", markup=False)
            yield Static(
                "A plugin can do all that you can on this machine. esc goes back", markup=False, classes="keys"
            )

    def on_option_list_option_highlighted(self, highlighted: OptionList.OptionHighlighted) -> None:
        """Tell of the plugin under the cursor."""
        self.query_one("#plugin", Static).update(_in_full(self._plugins[highlighted.option_index], self._catalogue))

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


def _line(plugin: PluginEntry, catalogue: Catalogue) -> Text:
    is_broken = plugin.state == "broken"
    line = Text(f"{'!' if is_broken else ' '} {safe(plugin.name, 28):<28}  {safe(plugin.version, 12):<12}  ")
    return line.append("failed" if is_broken else _brings(plugin, catalogue), style="bold" if is_broken else "dim")


def _brings(plugin: PluginEntry, catalogue: Catalogue) -> str:
    """How many of each kind."""
    found = {kind: sum(entry.plugin == plugin.name for entry in getattr(catalogue, kind)) for kind, _ in KINDS}
    return join_words(plural(found[kind], one, kind) for kind, one in KINDS if found[kind]) or "nothing"


def _in_full(plugin: PluginEntry, catalogue: Catalogue) -> Text:
    words = Text()
    if plugin.state == "broken":
        words.append(f"{safe(plugin.reason, 500)}\n", style="bold")
    place = f"the folder {safe(plugin.where)}" if plugin.where else f"the package {safe(plugin.distribution, 80)}"
    words.append(f"from {place}, module {safe(plugin.module, 80)}\n", style="not bold dim")
    for kind, one in KINDS:
        entries = [entry for entry in getattr(catalogue, kind) if entry.plugin == plugin.name]
        for entry in entries:
            words.append(f"{one:<9} ", style="dim").append(f"{safe(entry.id, 24):<16} ", style="not dim bold")
            words.append(f"{safe(entry.title, 60)}\n", style="not bold")
    if not plugin.brings:
        words.append("It brings nothing.", style="not bold")
    return words
