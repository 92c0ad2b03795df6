"""The list of results: every run with what it was, what came of it, and what is marked or chosen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from segtui.api.text import NONE, count, duration, plural, safe

MARK, CHOSEN, SHOWN = "●", "★", "▸"
WIDE = 100
_NAME, _WHAT = 24, 40


@dataclass(frozen=True)
class ResultRow:
    """One run. `segments` and `seconds` where it was done; `state` says what else there is to know of it."""

    id: str
    title: str
    params: str
    seed: int
    segments: int | None = None
    seconds: float | None = None
    state: str = ""
    bad: bool = False
    marked: bool = False
    chosen: bool = False
    shown: bool = False


class ResultsList(OptionList):
    """Results, one a line; enter shows the one under the cursor."""

    DEFAULT_CSS = """
    ResultsList {
        border: none; padding: 0; background: $background; height: auto; max-height: 100%; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    ResultsList:focus { border: none; background-tint: $foreground 0%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Show", tooltip="Show the result, and put its parameters into the form")
    ]

    class Wanted(Message):
        """A result is to be shown."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._rows: tuple[ResultRow, ...] = ()

    @property
    def current(self) -> str | None:
        """The id of the result under the cursor."""
        at = self.highlighted
        return self._rows[at].id if at is not None and at < len(self._rows) else None

    def show(self, rows: Sequence[ResultRow]) -> None:
        """Show these. The cursor stays on its result, or goes to one that came."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        before, known = self.current, {row.id for row in self._rows}
        self._rows = rows
        names = [row.id for row in rows]
        came = [name for name in names if name not in known]
        wanted = came[-1] if came and known else before
        self._draw()
        self.highlighted = names.index(wanted) if wanted in names else (0 if names else None)

    def move_to(self, name: str) -> None:
        """Put the cursor on a result."""
        names = [row.id for row in self._rows]
        if name in names:
            self.highlighted = names.index(name)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Lay the lines out for this width."""
        at = self.highlighted
        self._draw()
        self.highlighted = at

    def _draw(self) -> None:
        wide = self.size.width >= WIDE
        name = min(max((len(safe(row.id, _NAME)) for row in self._rows), default=0), _NAME if wide else 12)
        what = min(max((len(_what(row)) for row in self._rows), default=0), _WHAT if wide else 16)
        seed = max((len(str(row.seed)) for row in self._rows), default=0) if wide else None
        self.clear_options()
        self.add_options(Option(_line(row, place, name, what, seed)) for place, row in enumerate(self._rows))

    def on_option_list_option_selected(self, selected: OptionList.OptionSelected) -> None:
        """A result was chosen."""
        selected.stop()
        self.post_message(self.Wanted(self._rows[selected.option_index].id))


def _what(row: ResultRow) -> str:
    return "  ".join(filter(None, (safe(row.title, 30), row.params)))


def _line(row: ResultRow, place: int, name: int, what: int, seed: int | None) -> Text:
    """A row in columns of these widths; without a width for the seed in few words."""
    line = Text(f"{SHOWN if row.shown else ' '}{MARK if row.marked else ' '}{place + 1:>2} ")
    line.append(_fitted(safe(row.id, _NAME), name), style="bold").append("  ")
    line.append(_fitted(_what(row), what)).append("  ")
    done = row.segments is not None
    if seed is not None:
        segments = plural(row.segments, "segment") if row.segments is not None else NONE
        line.append(f"{segments:>12}  {duration(row.seconds) if done else NONE:>6}  ")
        line.append(f"seed {row.seed:<{seed}}  ", style="dim")
    else:
        line.append(f"{count(row.segments):>3}  {duration(row.seconds) if done else NONE:>6}  ")
    if row.chosen:
        line.append(f"{CHOSEN} chosen  ", style="bold")
    return line.append(row.state, style="bold" if row.bad else "dim")


def _fitted(words: str, width: int) -> str:
    return (words if len(words) <= width else f"{words[: width - 1]}…").ljust(width)
