"""The frame around every screen: where I am, the rail of screens, and what runs now.

It is drawn before anything heavy is imported, so it is given words that are harmless already.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.app import RenderResult
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from segtui.tui.key_line import Key, placed
from segtui.tui.work import Task

NARROW = 100
BAR = 20
ALWAYS = (Key("w", "w", "save", everywhere=True), Key("colon", ":", "commands", everywhere=True))
"""What the rail says at its right end."""


class TitleLine(Widget):
    """The project, whether it is saved, the seed, and what the worker does."""

    DEFAULT_CSS = """
    TitleLine { height: 1; background: $surface; color: $foreground; padding: 0 1; }
    """
    project = reactive("")
    unsaved = reactive(False)
    seed = reactive(42)
    worker = reactive("starting")

    def render(self) -> RenderResult:
        """One line: left where I am, right what is fixed."""
        left = Text().append("segtui", style="bold")
        left.append("  ").append(self.project or "no project yet")
        left.append(" •" if self.unsaved else "", style="bold")
        right = Text(f"seed {self.seed}   worker {self.worker}   offline", style="dim")
        if self.size.width < NARROW:
            right = Text(f"seed {self.seed}  {self.worker}", style="dim")
        space = self.size.width - left.cell_len - right.cell_len
        if space < 1:
            left.truncate(max(self.size.width - right.cell_len - 1, 8), overflow="ellipsis")
            space = max(self.size.width - left.cell_len - right.cell_len, 1)
        return left.append(" " * space).append_text(right)


@dataclass(frozen=True)
class Step:
    """A screen on the rail: `blocked` says why it can't be entered yet; `warns` marks it."""

    key: str
    name: str
    title: str
    short: str
    blocked: str = ""
    warns: bool = False


class Rail(Widget):
    """The numbered screens, the current one strong, those that can't be entered yet dim."""

    DEFAULT_CSS = """
    Rail { height: 1; background: $surface; color: $foreground; padding: 0 1; }
    """
    steps: reactive[tuple[Step, ...]] = reactive(())
    current = reactive("")

    class Chosen(Message):
        """A screen was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def render(self) -> RenderResult:
        """The steps side by side, in whole words where there is room."""
        line = Text()
        for step, words in zip(self.steps, self._words(), strict=True):
            here = step.name == self.current
            style = "bold reverse" if here else "dim" if step.blocked else ""
            line.append(f" {words} ", style=style).append(" ")
        for start, key in self._always():
            line.append(" " * (start - line.cell_len)).append(f"{key.shown} {key.words}", style="dim")
        return line

    def _always(self) -> list[tuple[int, Key]]:
        """Where the keys at the right end stand; none where the steps need the room."""
        right = placed(ALWAYS, self.size.width)
        return right if right[0][0] >= sum(len(words) + 3 for words in self._words()) else []

    def _words(self) -> list[str]:
        """Whole words where there is room for all, else for the current step alone."""
        wide = self.size.width >= NARROW
        names = [step.title if wide or step.name == self.current else step.short for step in self.steps]
        return [f"{step.key} {name}{'!' if step.warns else ''}" for step, name in zip(self.steps, names, strict=True)]

    def on_click(self, event: Click) -> None:
        """Choose the step under the pointer, or press the key."""
        at, end = event.x - 1, 0
        for step, words in zip(self.steps, self._words(), strict=True):
            end += len(words) + 3
            if at < end:
                self.post_message(self.Chosen(step.name))
                return
        for start, key in self._always():
            if start <= at < start + key.width:
                self.app.simulate_key(key.name)


class JobLine(Widget):
    """The long task that runs, how far it is, how long it will take, and how to stop it. Gone while nothing runs."""

    DEFAULT_CSS = """
    JobLine { height: 1; background: $panel; color: $foreground; padding: 0 1; display: none; }
    JobLine.busy { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="job-line")
        self._long: Task | None = None
        self._waiting = 0

    def show(self, task: Task | None, waiting: int) -> None:
        """Show a task, or nothing."""
        self._long, self._waiting = task, waiting
        self.set_class(task is not None, "busy")
        self.refresh()

    def render(self) -> RenderResult:
        """What, how far, how long, and the key that stops it."""
        task = self._long
        if task is None:
            return ""
        from segtui.api.text import duration, percent, safe

        line = Text(safe(task.title, 60), style="bold")
        progress = task.progress
        if progress is not None:
            filled = round(BAR * min(max(progress.done, 0.0), 1.0))
            line.append("  ").append("█" * filled).append("░" * (BAR - filled), style="dim")
            line.append(f"  {percent(progress.done, 0)}")
            if progress.doing and self.size.width >= NARROW:
                line.append(f"  {safe(progress.doing, 60)}", style="dim")
            if progress.seconds_left is not None:
                line.append(f"  about {duration(progress.seconds_left)}")
        if self._waiting:
            line.append(f"  {self._waiting} waiting", style="dim")
        stop = Text("stopping ..." if task.stopping else "z stops it", style="dim")
        line.truncate(max(self.size.width - stop.cell_len - 2, 10), overflow="ellipsis")
        return line.append(" " * max(self.size.width - line.cell_len - stop.cell_len, 1)).append_text(stop)
