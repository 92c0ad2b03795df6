"""The app: the frame, the screens behind one another, and the Session that they show and change."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from segtui.tui.faults import fault_words, watch_for_faults
from segtui.tui.filing import KEEP_EVERY, Filing
from segtui.tui.frame import JobLine, Rail, Step, TitleLine
from segtui.tui.key_line import KeyLine
from segtui.tui.last_gate import LastGate
from segtui.tui.log_book import LogBook
from segtui.tui.pausing import Pausing
from segtui.tui.starting import Starting
from segtui.tui.system_commands import system_commands
from segtui.tui.themes import THEMES
from segtui.tui.view_state import ViewState
from segtui.tui.work import Work

if TYPE_CHECKING:
    from segtui.api.errors import SegtuiError
    from segtui.plugins import Catalogue
    from segtui.project.begin import Begun
    from segtui.project.session import Session
    from segtui.tui.pane import Pane
    from segtui.tui.peeked import FirstRows
    from segtui.tui.peeking import Peeking

SCREENS = (
    ("1", "data", "Data", "Dat"),
    ("2", "customers", "Customers", "Cus"),
    ("3", "segment", "Segment", "Seg"),
    ("4", "compare", "Compare", "Cmp"),
    ("5", "report", "Report", "Rep"),
    ("6", "export", "Export", "Exp"),
)
ASK_BEFORE_STOPPING = 10.0
FAULT = 70
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
TICK = 0.1
LAST_GATE = LastGate()


class Told(Message):
    """A function that another thread wants to have called in the screen's own."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self.call = call


class SegtuiApp(App[int]):
    """Opens files or a project, and shows the six screens on them."""

    TITLE = "segtui"
    CSS_PATH = "segtui.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save", show=False),
        Binding("W", "save_as", "Save as", show=False),
        Binding("O", "open_other", "Open", show=False),
        Binding("L", "log_book", "Log", show=False),
        Binding("P", "plugins", "Plugins", show=False),
        Binding("question_mark", "explain", "Help", key_display="?"),
        Binding("Q", "leave", "Quit"),
        Binding("ctrl+q", "leave", "Quit", show=False),
        *(Binding(key, f"show('{name}')", title, show=False) for key, name, title, _ in SCREENS),
        Binding("z", "stop", "Stop", show=False),
        Binding("u", "undo", "Undo", show=False),
        Binding("U", "redo", "Redo", show=False),
        Binding("colon", "command_palette", "Commands", show=False, key_display=":"),
    ]

    def __init__(
        self,
        paths: Sequence[Path] = (),
        *,
        begun: Begun | None = None,
        peeking: Peeking | None = None,
        plugin_folders: Sequence[Path] = (),
        allow_outside: bool = False,
    ) -> None:
        super().__init__()
        self.first_rows: FirstRows | None = None
        self.unread: SegtuiError | None = None
        self.starting = Starting(self, paths, begun, peeking, plugin_folders, allow_outside)
        self.opened: Session | None = None
        self.work = Work(self._post, self._cancel)
        self.work.on_change = self._show_work
        self.log_book = LogBook(self.work)
        self.filing = Filing(self, plugin_folders, allow_outside)
        self.view = ViewState()
        self.panes: dict[str, Pane] = {}
        self._switcher = ContentSwitcher()  # kept here, as what a query found would outlive its Session
        self.is_open = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "segtui-dark"

    # How it ends

    def _fatal_error(self) -> None:
        """A fault of the program: said in one line, without the values that its variables hold."""
        self._return_code = FAULT
        if not self._exit_renderables:
            self._exit_renderables.append(Text(fault_words(self._exception)))
        self._close_messages_no_wait()

    def panic(self, *_renderables: object) -> None:
        """Any other way to a fault ends alike."""
        self._fatal_error()

    def on_load(self) -> None:
        """Hear of faults before anything can go wrong."""
        watch_for_faults(asyncio.get_running_loop(), self._handle_exception)

    def _end_on(self, number: int) -> None:
        self.exit(128 + number, return_code=128 + number)

    # The frame

    def compose(self) -> ComposeResult:
        """Frame and an empty body; the screens come when the Session is there."""
        yield TitleLine()
        yield Rail()
        with Vertical(id="desk"):
            yield Static(self.starting.words, id="opening", markup=False)
        yield JobLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Draw the frame first, then open."""
        self.frame.query_one(Rail).steps = tuple(Step(key, name, title, short) for key, name, title, short in SCREENS)
        self.set_interval(TICK, self._tick)
        self.set_interval(KEEP_EVERY, self.filing.keep)
        loop = asyncio.get_running_loop()
        for number in ENDING:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._end_on, number)
        if not self.is_headless:
            Pausing(self).listen()
        self.call_after_refresh(self.starting.begin)

    async def begin(self, session: Session) -> None:
        """Show the Session that was opened first."""
        await self.show_screens(session)
        await self.filing.begin(session, self.starting.paths)
        self.is_open = True
        gc.freeze()  # looking through all screens for rubbish would make them stand still

    async def show_screens(self, session: Session) -> None:
        """Show a Session that was just opened."""
        self.opened, self.view = session, ViewState()
        from segtui.tui.screens import panes

        made = panes()
        self.panes = {pane.NAME: pane for pane in made}
        desk = self.frame.query_one("#desk", Vertical)
        before = list(desk.query(Widget))
        with self.batch_update():  # what was seen stays until the screens are there
            await desk.remove_children()
            for widget in before:
                widget.refresh()  # lets go of what it drew, which Textual would keep for long
            self._switcher = ContentSwitcher(*made, initial=made[0].NAME, id="screens")
            await desk.mount(self._switcher)
            self.changed()
            self.action_show(made[0].NAME)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All that is drawn goes through the last gate."""
        return [*super().get_line_filters(), LAST_GATE]

    @property
    def frame(self) -> Screen[Any]:
        """The screen below all dialogs."""
        return self.screen_stack[0]

    @property
    def session(self) -> Session:
        """The open project; screens are there only once it is."""
        assert self.opened is not None
        return self.opened

    def changed(self) -> None:
        """The Session changed: every part shows it anew."""
        session = self.session
        from segtui.api.text import safe

        title = self.frame.query_one(TitleLine)
        reads_only = "  read-only" if self.filing.reads_only else ""
        title.project = safe(session.path.name if session.path else session.document.name, 40) + reads_only
        title.unsaved, title.seed = bool(self.filing.changes), session.document.seed
        for pane in self.panes.values():
            pane.show_session()
        self.frame.query_one(Rail).steps = tuple(
            Step(key, name, title, short, self.panes[name].blocked(), self.panes[name].warns())
            for key, name, title, short in SCREENS
            if name in self.panes
        )

    def tell(self, words: str, error: SegtuiError | None = None, details: tuple[str, ...] = ()) -> None:
        """Say something that matters: now, and in the log."""
        self.log_book.note(words, error, details)
        said = f"{words}\n{error.what} {error.next_step}".rstrip() if error else words
        self.notify(said, severity="error" if error else "information", markup=False)

    # Work

    def drop_work(self) -> None:
        """Stop all work on the Session that was open; the log goes on."""
        self.work = self.log_book.work = self.work.replaced()

    def _post(self, call: Callable[[], Any]) -> None:
        self.post_message(Told(call))

    async def on_told(self, told: Told) -> None:
        """Call what another thread asked for, unless the screens are going."""
        if not self.is_running:
            return
        waits = told.call()
        if waits is not None:
            await waits

    def _cancel(self, worker: str) -> bool:
        return self.opened is not None and self.opened.asking.cancel(worker)

    def _show_work(self) -> None:
        running = self.work.running
        self.frame.query_one(TitleLine).worker = "busy" if running else "idle"
        self.frame.query_one(JobLine).show(running, len(self.work.queued))

    def _tick(self) -> None:
        if self.is_running and self.work.running:
            self.frame.query_one(JobLine).refresh()

    # Actions

    def action_show(self, name: str) -> None:
        """Go to a screen, or say why it can't be entered yet."""
        pane = self.panes.get(name)
        if pane is None:
            return
        why = pane.blocked()
        if why:
            self.notify(why, markup=False)
            return
        self._switcher.current = name
        self.frame.query_one(Rail).current = name
        pane.show_session()
        self.focus_pane()

    @property
    def showing(self) -> Pane | None:
        """The screen that is shown."""
        return self.panes.get(self.frame.query_one(Rail).current)

    def focus_pane(self) -> None:
        """Put the cursor where the work of the screen is, so that its keys work; decided behind what waits for it."""
        self.call_later(self._give_cursor)

    def _give_cursor(self) -> None:
        pane = self.showing
        if pane is not None:
            pane.screen.set_focus(pane.first_focus() or pane)

    def on_rail_chosen(self, chosen: Rail.Chosen) -> None:
        """A click on the rail goes there."""
        self.action_show(chosen.name)

    def action_stop(self) -> None:
        """Stop the long task that runs; asks once it has run a while."""
        task = self.work.running
        if task is None:
            return
        if time.monotonic() - task.began < ASK_BEFORE_STOPPING:
            self.work.stop()
            return
        from segtui.tui.dialogs import Confirm

        self.push_screen(Confirm("Stop it? What it has done so far is lost.", "Stop"), self._stop_if)

    def _stop_if(self, sure: bool | None) -> None:
        if sure:
            self.work.stop()

    def action_undo(self) -> None:
        """Take back the last change of the project."""
        self._turned(self.session.undo() if self.opened else False, "There is nothing to undo.")

    def action_redo(self) -> None:
        """Make it again."""
        self._turned(self.session.redo() if self.opened else False, "There is nothing to redo.")

    def _turned(self, done: bool, else_say: str) -> None:
        if done:
            self.changed()
        else:
            self.notify(else_say, markup=False)

    def action_explain(self) -> None:
        """Say what this screen is for, and its keys."""
        pane = self.showing
        if pane is not None:
            from segtui.tui.dialogs import Explain

            self.push_screen(Explain(pane))

    def action_save(self) -> None:
        """Save the project; asks for a name the first time."""
        self.filing.save()

    def action_save_as(self) -> None:
        """Save the project under another name."""
        self.filing.save_as()

    def action_open_other(self) -> None:
        """Open another project or file; asks where something is not saved."""
        self.filing.pick()

    def action_leave(self) -> None:
        """Quit; asks where something is not saved."""
        self.filing.leave()

    def action_log_book(self) -> None:
        """Show what was done."""
        from segtui.tui.dialogs_log import LogView

        self.push_screen(LogView(self.log_book))

    def action_plugins(self) -> None:
        """Show the plugins."""
        if self.opened is not None:
            self.work.look("plugins", self.opened.catalogue, self._show_plugins, self._no_plugins)

    def _show_plugins(self, catalogue: Catalogue) -> None:
        from segtui.tui.dialogs_plugins import PluginsView

        self.push_screen(PluginsView(catalogue))

    def _no_plugins(self, error: SegtuiError) -> None:
        self.tell("The plugins could not be listed.", error)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """What the palette offers; no screenshot, which would hold client data."""
        return system_commands(self, self.panes.values(), self.showing)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy within the app only: a terminal would hand the text to the clipboard of another machine."""
        self._clipboard = text

    async def on_unmount(self) -> None:
        """Stop everything that runs."""
        self.work.close()
        self.filing.close()
