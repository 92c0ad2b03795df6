"""Dialogs: only to decide, to confirm a loss, or to explain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from rich.text import Text, TextType
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Input, Static

from segtui.api.text import safe
from segtui.tui.pane import Pane
from segtui.tui.widgets.narrowed_list import NarrowedList


class Confirm(ModalScreen[bool]):
    """A question answered by y or n."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """The question and its keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Static(f"y {self._yes}    n Stay", markup=False, classes="keys")

    def action_answer(self, sure: bool) -> None:
        """Give the answer."""
        self.dismiss(sure)


class Ask(ModalScreen[str | None]):
    """A line of text; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(self, question: str, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._question, self._value, self._hint = question, value, hint

    def compose(self) -> ComposeResult:
        """The question, and a field for the answer."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Input(self._value)
            yield Static(self._hint or "enter takes it, esc goes back", markup=False, classes="keys")

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Give the answer."""
        self.dismiss(submitted.value)

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


class Choose(ModalScreen[str | None]):
    """One of several; None where it was left. `options` are values with their words; many are narrowed by typing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(self, question: str, options: Mapping[str, str], chosen: str = "") -> None:
        super().__init__()
        self._question, self._options, self._chosen = question, dict(options), chosen

    def compose(self) -> ComposeResult:
        """The question, and the options as a list."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield NarrowedList(self._options, self._line, self._chosen)
            yield Static("enter takes it, esc goes back", markup=False, classes="keys")

    def _line(self, value: str) -> Text:
        return Text(safe(self._options[value], 80))

    @on(NarrowedList.Taken)
    @on(NarrowedList.Clicked)
    def _take(self, given: NarrowedList.Taken | NarrowedList.Clicked) -> None:
        if given.value is not None:
            self.dismiss(given.value)

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


class Folders(DirectoryTree):
    """Folders and files, whose names are text and nothing else."""

    ICON_NODE, ICON_NODE_EXPANDED, ICON_FILE = "▸ ", "▾ ", "  "

    def process_label(self, label: TextType) -> Text:
        """The name as it may be shown."""
        return Text(safe(str(label), 200), no_wrap=True)


class PickFile(ModalScreen[Path | None]):
    """A file by its place in the folders, or by its path; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("backspace", "up", "Folder above"),
    ]

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._folder = folder or Path.cwd()

    def compose(self) -> ComposeResult:
        """The folders, and a field for a path."""
        with Vertical(classes="dialog wide"):
            yield Static("Choose a file, or type its path", markup=False)
            yield Folders(self._folder)
            yield Input(placeholder="path")
            yield Static(
                "enter takes it, backspace goes to the folder above, esc goes back", markup=False, classes="keys"
            )

    def on_mount(self) -> None:
        """Start in the folders."""
        self.query_one(DirectoryTree).focus()

    def on_directory_tree_file_selected(self, selected: DirectoryTree.FileSelected) -> None:
        """Give the answer."""
        self.dismiss(selected.path)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Give the answer, where there is such a file."""
        path = Path(submitted.value).expanduser()
        if path.exists():
            self.dismiss(path)
        else:
            self.notify("There is no such file.", markup=False)

    def action_up(self) -> None:
        """Show the folder above."""
        tree = self.query_one(DirectoryTree)
        if tree.has_focus:
            tree.path = Path(tree.path).resolve().parent

    def action_leave(self) -> None:
        """Give none."""
        self.dismiss(None)


EVERYWHERE = """\
1-6 screens   tab next part   u undo   U redo   w save   W save as
O open   z stop the job   L log   P plugins   : commands   Q quit
esc goes back"""


class Explain(ModalScreen[None]):
    """What a screen is for, the keys of what has the cursor in it, its own, and those that work everywhere."""

    DEFAULT_CSS = """
    Explain VerticalScroll { height: auto; max-height: 50vh; padding-right: 1; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,enter,q", "leave", "Back")]

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self._pane = pane

    def compose(self) -> ComposeResult:
        """The words, then the keys."""
        words = Text(f"{self._pane.TITLE}\n", style="bold").append(f"{self._pane.HELP}\n\n", style="not bold")
        for key, what in self._keys():
            words.append(f"{key:>8}  ", style="bold").append(f"{what}\n", style="not bold")
        words.rstrip()
        with Vertical(classes="dialog wide"):
            with VerticalScroll():
                yield Static(words, markup=False)
            yield Static(EVERYWHERE, markup=False, classes="keys")

    def _keys(self) -> list[tuple[str, str]]:
        """Keys as they are shown, with what they do; those of what has the cursor first."""
        focused = self._pane.screen.focused
        own = focused.BINDINGS if focused and type(focused).__module__.startswith("segtui.") else ()
        works = {active.binding.action for active in self._pane.screen.active_bindings.values() if active.enabled}
        theirs = [one for one in self._pane.BINDINGS if isinstance(one, Binding)]
        known = {one.key for one in theirs}
        mine = [one for one in own if isinstance(one, Binding) and one.action in works and one.key not in known]
        return [
            (one.key_display or one.key.partition(",")[0], one.tooltip or one.description)
            for one in (*mine, *theirs)
            if (one.show or one.tooltip) and one.key != "escape"
        ]

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)
