"""Data: the sources as tables, and what is known of each column; kinds and roles are corrected here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from segtui.api.errors import SegtuiError
from segtui.api.table import Column
from segtui.api.text import count, plural, safe
from segtui.project.facts import SourceFacts
from segtui.tui.dialogs import Ask, Choose, PickFile
from segtui.tui.pane import Pane, State
from segtui.tui.screens.column_counts import ColumnCounts
from segtui.tui.screens.data_correcting import ask, corrected, parts_of
from segtui.tui.widgets.column_panel import ColumnPanel
from segtui.tui.widgets.first_rows import FirstRowsTable
from segtui.tui.widgets.frame_table import ColumnLook, FrameTable


class SourceTable(FrameTable):
    """The rows of a source; enter corrects the column."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Correct", tooltip="Correct what segtui took the column for")
    ]


class DataPane(Pane):
    """One source at a time: its table, and the panel of the column under the cursor."""

    NAME, TITLE, SHORT, KEY = "data", "Data", "Dat", "1"
    HELP = (
        "What is in the files. Move through the table; the panel says what segtui took each column for, and why. "
        "Correct a kind or a role where the guess is wrong: the file is then read again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "kind", "Kind", tooltip="Correct what kind of values the column holds"),
        Binding("o", "role", "Role", tooltip="Correct what the column means: customer, date, amount ..."),
        Binding("slash", "find", "Find", key_display="/", tooltip="Go to a column by a part of its name"),
        Binding("n", "next_finding", "Finding", tooltip="Go to the next column with a finding"),
        Binding("s", "next_source", "Source", tooltip="Show the next source"),
        Binding("a", "add_source", "Add file", tooltip="Add a file to the project"),
        Binding("d", "remove_source", "Remove", tooltip="Take this source out of the project"),
        Binding("r", "read", "Read again", tooltip="Read the files again, where they have changed"),
    ]
    DEFAULT_CSS = """
    DataPane .sources { height: auto; max-height: 5; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    DataPane .line { height: 1; padding: 0 1; }
    DataPane ColumnPanel { width: 46; border-left: vkey $foreground 20%; }
    DataPane.-loading.-peeking > .body { display: block; }
    DataPane.-loading.-peeking > .notice { padding: 0 1; }
    DataPane FirstRowsTable { display: none; }
    DataPane.-peeking FirstRowsTable { display: block; }
    DataPane.-peeking FrameTable { display: none; }
    DataPane.-narrow ColumnPanel { width: 1fr; height: 40%; border-left: none; border-top: hkey $foreground 20%; }
    DataPane.-narrow .side-by-side { layout: vertical; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.source = 0
        self._shown: SourceFacts | None = None
        self._counts: dict[str, ColumnCounts] = {}
        self._asked_for: object = None

    def body(self) -> ComposeResult:
        """Sources, table and panel, and a line that says where the cursor is."""
        yield Static("", classes="sources", markup=False)
        with Horizontal(classes="side-by-side"):
            with Vertical():
                yield FirstRowsTable()
                yield SourceTable()
                yield Static("", classes="line", markup=False)
            yield ColumnPanel()

    def first_focus(self) -> Widget | None:
        """The table."""
        return self.query_one(FrameTable) if self.state is State.READY else None

    @property
    def facts(self) -> SourceFacts | None:
        """The source that is shown."""
        sources = self.session.sources
        return sources[min(self.source, len(sources) - 1)] if sources else None

    def warns(self) -> bool:
        """Whether a source has findings, or can't be read."""
        return self.segtui.unread is not None or any(facts.findings for facts in self.session.sources)

    def show_session(self) -> None:
        """Read what has not been read; show the source."""
        wanted = tuple((source.name, source.path, source.reading) for source in self.session.document.sources)
        if not wanted:
            self.say(State.EMPTY, "No data yet.\n\nPress a to add a file: CSV, Parquet, Arrow or JSON lines.")
            return
        known = tuple((facts.name, facts.reading) for facts in self.session.sources)
        if known != tuple((name, reading) for name, _, reading in wanted):
            if self._asked_for != wanted:
                self._asked_for = wanted
                self.read()
            return
        self._show_source()

    def read(self) -> None:
        """Read the sources again."""
        names = ", ".join(safe(source.name, 40) for source in self.session.document.sources)
        self.segtui.unread = None
        self.say(State.LOADING, f"Reading {names} ...")
        self._show_peek()
        self.segtui.work.long(f"Reading {names}", self.session.read, self._read, self._failed, kind="read")

    def _show_peek(self) -> None:
        """The first rows as they stand in the file, while it is read."""
        peeked = self.segtui.first_rows
        if peeked is not None and self._shown is None:
            self.add_class("-peeking")
            self.query_one(FirstRowsTable).first_rows = peeked
            self.query_one(".line", Static).update("the first rows, as they stand in the file")
            self.query_one(ColumnPanel).show_nothing("What is in each column is told once the file is read.")

    def _read(self, _sources: object) -> None:
        self._peek_no_more()
        self.segtui.changed()

    def _failed(self, error: SegtuiError) -> None:
        self._peek_no_more()
        self.say(State.FAILED, error=error)
        self.segtui.unread = error
        self.segtui.changed()

    def _peek_no_more(self) -> None:
        self.remove_class("-peeking")
        self.segtui.first_rows = self.query_one(FirstRowsTable).first_rows = None

    def _show_source(self) -> None:
        facts = self.facts
        if facts is None:
            return
        self.say(State.READY)
        self._say_sources()
        if facts is self._shown:
            return
        table = self.query_one(FrameTable)
        before = table.cursor_column if self._shown and self._shown.name == facts.name else None
        self._shown = facts
        looks = [
            ColumnLook(
                column.name,
                detail="·".join(filter(None, (str(column.role or ""), str(column.kind)))),
                decimals=column.decimals,
            )
            for column in facts.columns.values()
        ]
        table.set_frame(self.session.table(facts), looks)
        table.mark_columns({finding.column: "!" for finding in facts.findings if finding.column})
        if before:
            table.move_to_column(before)
        self._say_place()
        self._show_column(table.cursor_column)

    def _counts_of(self, facts: SourceFacts) -> ColumnCounts:
        """What was counted of a source since it was read."""
        counts = self._counts.get(facts.name)
        if counts is None or counts.of is not facts:
            counts = ColumnCounts(self, f"source {facts.name}", facts, tuple(facts.columns), self._show_current)
            self._counts[facts.name] = counts
        return counts

    def _show_current(self) -> None:
        self._show_column(self.query_one(FrameTable).cursor_column)

    def _say_sources(self) -> None:
        several = len(self.session.sources) > 1
        told = Text("\n").join(self._source_line(facts, several) for facts in self.session.sources)
        self.query_one(".sources", Static).update(told)

    def _source_line(self, facts: SourceFacts, several: bool) -> Text:
        """A source: its file, rows and columns, what was noticed, and what a row is; cut where there is no room."""
        here = facts is self.facts
        parts = [f"{plural(facts.rows, 'row')} × {plural(len(facts.columns), 'column')}"]
        parts += [f"! {plural(len(facts.findings), 'finding')}"] if facts.findings else []
        parts += [f"{plural(facts.rejected, 'row')} not readable"] if facts.rejected else []
        parts += [str(facts.grain)]
        mark = ("▸ " if here else "  ") if several else ""
        line = Text(f"{mark}{safe(facts.path.name, 60)}", style="bold" if here else "")
        for part in parts:
            line.append(f"   {part}", style="not bold")
        return line

    def _say_place(self) -> None:
        facts = self.facts if self.state is State.READY else None
        if facts is None:
            return
        table = self.query_one(FrameTable)
        general = [finding for finding in facts.findings if not finding.column]
        said = f"   ! {safe(general[0].text, 200)}" if general else ""
        self.query_one(".line", Static).update(f"{table.row_range}{said}")

    @on(FrameTable.ViewMoved)
    def _moved(self) -> None:
        self._say_place()

    @on(FrameTable.CursorMoved)
    def _follow(self, moved: FrameTable.CursorMoved) -> None:
        self._say_place()
        self._show_column(moved.column)

    def _column(self) -> Column | None:
        facts, name = self.facts, self.query_one(FrameTable).cursor_column
        return facts.columns.get(name) if facts and name else None

    def _show_column(self, name: str | None) -> None:
        facts, panel = self.facts, self.query_one(ColumnPanel)
        column = facts.columns.get(name) if facts and name else None
        if facts is None or column is None:
            panel.show_nothing()
            return
        findings = [finding for finding in facts.findings if finding.column == column.name]
        counts = self._counts_of(facts)
        counted, error = counts.facts.get(column.name), counts.errors.get(column.name)
        if counted is not None:
            panel.show(column, counted, findings)
        elif error is not None:
            panel.show_failed(column, error.what, error.next_step)
        else:
            panel.show_loading(column, findings)
            counts.look_at([column.name])

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A file can always be added; the other keys need one, and those of columns its rows."""
        if not self.is_attached or self.segtui.opened is None or action == "add_source":
            return True
        sources = self.session.document.sources
        if action == "next_source":
            return len(sources) > 1
        return bool(sources) if action in ("remove_source", "read") else self.state is State.READY

    def action_next_source(self) -> None:
        """Show the next source."""
        if len(self.session.sources) > 1:
            self.source = (self.source + 1) % len(self.session.sources)
            self.show_session()

    def action_add_source(self) -> None:
        """Add a file."""
        self.app.push_screen(PickFile(), self._add)

    def _add(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            self.session.add_source(path)
        except SegtuiError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.source = len(self.session.document.sources) - 1
        self.segtui.changed()

    def action_remove_source(self) -> None:
        """Take the source out of the project; where none is shown, as one can't be read, asks which. Undo brings it
        back."""
        names = [source.name for source in self.session.document.sources]
        if self.facts is not None:
            self._remove(self.facts.name)
        elif len(names) == 1:
            self._remove(names[0])
        elif names:
            question = "Which file is to be taken out of the project?"
            self.app.push_screen(Choose(question, {name: safe(name, 60) for name in names}), self._remove)

    def _remove(self, name: str | None) -> None:
        if name is not None:
            kept = tuple(source for source in self.session.document.sources if source.name != name)
            self.session.change(self.session.document.replacing(sources=kept))
            self.segtui.changed()

    def action_read(self) -> None:
        """Read the sources again."""
        if self.session.document.sources:
            self.read()

    def action_correct(self) -> None:
        """Choose what of the column to correct."""
        column = self._column()
        if column is not None:
            question = f"What of {safe(column.name, 40)} is to be corrected?"
            self.app.push_screen(Choose(question, parts_of(column)), self._ask)

    @on(FrameTable.Selected)
    def _correct_selected(self) -> None:
        self.action_correct()

    def action_kind(self) -> None:
        """Correct the kind of the column."""
        self._ask("kind")

    def action_role(self) -> None:
        """Correct the role of the column."""
        self._ask("role")

    def _ask(self, part: str | None) -> None:
        column = self._column()
        if column is not None and part is not None:
            ask(self, part, column, self._correct)

    def _correct(self, change: dict[str, Any]) -> None:
        facts, column = self.facts, self._column()
        if facts is not None and column is not None:
            self.session.change(corrected(self.session.document, facts.name, column.name, change))
            self.segtui.changed()

    def action_find(self) -> None:
        """Go to a column by a part of its name."""
        self.app.push_screen(Ask("Column whose name holds"), self._found)

    def _found(self, part: str | None) -> None:
        facts = self.facts
        if not part or facts is None:
            return
        found = [name for name in facts.columns if part.casefold() in name.casefold()]
        if found:
            self.query_one(FrameTable).move_to_column(found[0])
        else:
            self.notify(f"No column of {count(len(facts.columns))} holds {safe(part, 40)}.", markup=False)

    def action_next_finding(self) -> None:
        """Go to the next column with a finding."""
        facts, table = self.facts, self.query_one(FrameTable)
        if facts is None:
            return
        marked = [name for name in facts.columns if any(finding.column == name for finding in facts.findings)]
        if not marked:
            self.notify("No column has a finding.", markup=False)
            return
        names = list(facts.columns)
        at = names.index(table.cursor_column) if table.cursor_column in names else -1
        table.move_to_column(next((name for name in marked if names.index(name) > at), marked[0]))
