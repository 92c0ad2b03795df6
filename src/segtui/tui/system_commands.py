"""What the palette of commands offers: the screens, what the app does, and the keys of the screen that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.binding import Binding

if TYPE_CHECKING:
    from segtui.tui.app import SegtuiApp


def system_commands(app: SegtuiApp) -> Iterator[SystemCommand]:
    """The commands, in the order in which they are listed."""
    for pane in app.panes.values():
        go = partial(app.action_show, pane.NAME)
        yield SystemCommand(f"Screen {pane.KEY}: {pane.TITLE}", f"Go to {pane.TITLE}", go)
    yield SystemCommand("Save", "Save the project (w)", app.action_save)
    yield SystemCommand("Save as", "Save the project under another name (W)", app.action_save_as)
    yield SystemCommand("Open", "Open another project or file (O)", app.action_open_other)
    yield SystemCommand("Log", "What was done, and how it ended (L)", app.action_log_book)
    yield SystemCommand("Plugins", "What is installed, and what failed (P)", app.action_plugins)
    yield SystemCommand("Undo", "Take back the last change (u)", app.action_undo)
    yield SystemCommand("Redo", "Make it again (U)", app.action_redo)
    yield SystemCommand("Theme", "Choose light, dark or high contrast", app.action_change_theme)
    yield SystemCommand("Stop", "Stop the job that runs (z)", app.action_stop)
    yield SystemCommand("Help", "What this screen is for, and its keys (?)", app.action_explain)
    yield SystemCommand("Quit", "Leave segtui (Q)", app.action_leave)
    shown = app.showing
    for binding in shown.BINDINGS if shown else ():
        if isinstance(binding, Binding) and (binding.show or binding.tooltip):
            press = partial(app.run_action, binding.action, shown)
            told = f"{binding.tooltip or binding.description} ({app.get_key_display(binding)})"
            yield SystemCommand(binding.description, told, press)
