"""What the palette of commands offers: the screens, what the app does, and the keys of the screen that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.actions import parse
from textual.app import App, SystemCommand
from textual.binding import Binding

if TYPE_CHECKING:
    from segtui.tui.pane import Pane


COMMANDS = (
    ("Save", "Save the project (w)", "save"),
    ("Save as", "Save the project under another name (W)", "save_as"),
    ("Open", "Open another project or file (O)", "open_other"),
    ("Log", "What was done, and how it ended (L)", "log_book"),
    ("Plugins", "What is installed, and what failed (P)", "plugins"),
    ("Undo", "Take back the last change (u)", "undo"),
    ("Redo", "Make it again (U)", "redo"),
    ("Theme", "Choose light, dark or high contrast", "change_theme"),
    ("Stop", "Stop the job that runs (z)", "stop"),
    ("Help", "What this screen is for, and its keys (?)", "explain"),
    ("Quit", "Leave segtui (Q)", "leave"),
)
"""What the app does on every screen: the name, what it does with its key, and the action."""


def system_commands(app: App[int], panes: Iterable[Pane], shown: Pane | None) -> Iterator[SystemCommand]:
    """The commands, in the order in which they are listed."""
    for pane in panes:
        go = partial(app.run_action, f"show('{pane.NAME}')")
        yield SystemCommand(f"Screen {pane.KEY}: {pane.TITLE}", f"Go to {pane.TITLE}", go)
    for title, words, action in COMMANDS:
        yield SystemCommand(title, words, partial(app.run_action, action))
    if shown is None:
        return
    for binding in shown.BINDINGS:
        if isinstance(binding, Binding) and (binding.show or binding.tooltip) and _works(shown, binding):
            press = partial(app.run_action, binding.action, shown)
            told = f"{binding.tooltip or binding.description} ({app.get_key_display(binding)})"
            yield SystemCommand(binding.description, told, press)


def _works(shown: Pane, binding: Binding) -> bool:
    """Whether its key does something now."""
    _, action, parameters = parse(binding.action)
    return bool(shown.check_action(action, parameters))
