"""The last line of the frame: the keys that work here, as many as fit whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from rich.cells import cell_len
from rich.text import Text
from textual.app import App, RenderResult
from textual.events import Click
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

GAP = 2


@dataclass(frozen=True)
class Key:
    """A key, as it is pressed and as it is shown; one that works `everywhere` stands at the right end."""

    name: str
    shown: str
    words: str = ""
    everywhere: bool = False

    @property
    def width(self) -> int:
        """The cells that it takes."""
        return cell_len(f"{self.shown} {self.words}".rstrip())


MORE = Key("question_mark", "…")
"""Stands for the keys that are left out: the help has them all."""


@runtime_checkable
class Ranks(Protocol):
    """A screen that says which keys come first where its cursor is."""

    def most_wanted(self) -> Sequence[str]:
        """Those keys, the most wanted first."""


class KeyLine(Widget):
    """The keys of what has the cursor and of its screen from the left, those that work everywhere at the right."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $surface; color: $foreground; padding: 0 1; }
    """
    keys: reactive[tuple[Key, ...]] = reactive(())

    def on_mount(self) -> None:
        """Follow the cursor."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen:
            self.keys = tuple(keys_of(screen))

    def render(self) -> RenderResult:
        """As many as fit."""
        line = Text(no_wrap=True)
        for start, key in placed(self.keys, self.size.width):
            line.append(" " * (start - line.cell_len)).append(key.shown, style="bold")
            line.append(f" {key.words}" if key.words else "")
        return line

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        at = event.get_content_offset(self)
        for start, key in placed(self.keys, self.size.width):
            if at is not None and start <= at.x < start + key.width:
                self.app.simulate_key(key.name)


def keys_of(screen: Screen[Any]) -> list[Key]:
    """The keys that are to be shown, one for each action: the most wanted, then the others in their order."""
    keys, told = list[Key](), set[str]()
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.show and active.enabled and binding.action not in told:
            told.add(binding.action)
            shown = screen.app.get_key_display(binding)
            keys.append(Key(binding.key, shown, binding.description, isinstance(active.node, App)))
    first = list(_most_wanted(screen))
    return sorted(keys, key=lambda key: first.index(key.name) if key.name in first else len(first))


def _most_wanted(screen: Screen[Any]) -> Sequence[str]:
    around = screen.focused.ancestors_with_self if screen.focused else ()
    return next((one.most_wanted() for one in around if isinstance(one, Ranks)), ())


def placed(keys: Iterable[Key], width: int) -> list[tuple[int, Key]]:
    """Where each key that fits begins."""
    keys = tuple(keys)
    right = _in_a_row(key for key in keys if key.everywhere)
    shift = max(width - _end(right), 0)
    right = [(start + shift, key) for start, key in right]
    left = _in_a_row(key for key in keys if not key.everywhere)
    room = shift - GAP
    if _end(left) > room:
        left = [(start, key) for start, key in left if start + key.width + 1 + MORE.width <= room]
        at = _end(left) + 1 if left else 0
        left += [(at, MORE)] if at + MORE.width <= room else []
    return left + right


def _in_a_row(keys: Iterable[Key]) -> list[tuple[int, Key]]:
    row, at = list[tuple[int, Key]](), 0
    for key in keys:
        row.append((at, key))
        at += key.width + GAP
    return row


def _end(row: list[tuple[int, Key]]) -> int:
    return row[-1][0] + row[-1][1].width if row else 0
