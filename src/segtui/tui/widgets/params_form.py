"""A form: a row for each field, edited in place, with help, limits and what is wrong below."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from segtui.tui.widgets.params_editors import Edited, Said
from segtui.tui.widgets.params_fields import Field, Takes
from segtui.tui.widgets.params_rows import FieldRow, FormRows
from segtui.tui.widgets.params_sheet import Path, Row, Sheet
from segtui.tui.widgets.params_values import problem, stepped
from segtui.tui.widgets.params_words import help_words, label_words, row_words

LEAST = 3
"""The fewest lines for the rows."""


class ParamsForm(Vertical, can_focus=True):
    """Fields and their values. Up and down move, enter edits, left and right step through numbers and choices."""

    DEFAULT_CSS = """
    ParamsForm { height: 1fr; }
    ParamsForm FieldRow.-cursor {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
    }
    ParamsForm:focus FieldRow.-cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    ParamsForm .help { height: auto; margin-top: 1; color: $text-muted; }
    ParamsForm .wrong { height: auto; color: $text-error; }
    ParamsForm .note { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", tooltip="Edit the field, or open the row"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("home", "move(-100000)", "First", show=False),
        Binding("end", "move(100000)", "Last", show=False),
        Binding("left", "step(-1)", "Less", show=False),
        Binding("right", "step(1)", "More", show=False),
        Binding("d,delete,backspace", "default", "Default", tooltip="Take the default of the field"),
        Binding("a", "add", "Add row", tooltip="Add a row to the table"),
        Binding("x", "remove", "Remove row", tooltip="Take the row out of the table"),
        Binding("shift+up,K", "shift(-1)", "Row up", show=False),
        Binding("shift+down,J", "shift(1)", "Row down", show=False),
        Binding("escape", "leave", "Back"),
    ]

    class Changed(Message):
        """A field has another value."""

        def __init__(self, form: ParamsForm, name: str) -> None:
            super().__init__()
            self.form, self.name = form, name

        @property
        def control(self) -> ParamsForm:
            """The form."""
            return self.form

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sheet = Sheet()
        self._rows = FormRows(self.words)
        self._told: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The rows, then what is wrong, help, and what is said of the whole."""
        yield self._rows
        yield Static("", classes="wrong", markup=False)
        yield Static("", classes="help", markup=False)
        yield Static("", classes="note", markup=False)

    # What it holds

    def set_fields(self, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        """Show these fields; those without a value have their default. The cursor stays where its field still is."""
        before = self._rows.at
        self._sheet = Sheet(fields, values, self._sheet.opened)
        self._told = {}
        self._lay_out(before.path if before else ())

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it asks for."""
        return self._sheet.fields

    @property
    def values(self) -> dict[str, Any]:
        """All values."""
        return self._sheet.values

    @property
    def given(self) -> dict[str, Any]:
        """The values that differ from their defaults."""
        return self._sheet.given

    @property
    def problem(self) -> str:
        """What is wrong with the first value that is; empty where nothing is."""
        return self._sheet.problem

    @property
    def is_editing(self) -> bool:
        """Whether a field is open."""
        return self._rows.editor is not None

    # Drawing

    def say(self, name: str, words: str) -> None:
        """Say what is wrong with a field, as found by who knows more than its limits."""
        self._told = {name: words} if words else {}
        self._show()

    def note(self, words: Text | str) -> None:
        """Say something of the whole form, below it."""
        self._write(".note", words)

    def words(self, row: Row, width: int) -> Text:
        """A row as it is drawn."""
        return row_words(self._sheet, row, width, wrong=row.name in self._told)

    def on_resize(self) -> None:
        """Give the rows the room that the words leave."""
        self._fit()

    def _fit(self) -> None:
        words = [part for part in self.query(".wrong, .help, .note") if part.display]
        taken = sum(part.outer_size.height + part.styles.margin.top for part in words)
        self._rows.styles.max_height = max(self.size.height - taken, LEAST)

    def _write(self, where: str, words: Text | str) -> None:
        line = self.query_one(where, Static)
        line.update(words)
        line.display = bool(words)
        self.call_after_refresh(self._fit)

    def _lay_out(self, path: Path) -> None:
        """Make the rows anew, with the cursor where this is."""
        self._rows.lay_out(self._sheet.rows(), path)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Paint rows, help, and what is wrong."""
        if not self.is_mounted:
            return
        self._rows.paint()
        if not self.is_editing:
            self._write(".wrong", self._wrong(self._rows.at))
        self._write(".help", help_words(self._sheet, self._rows.at))

    def _wrong(self, row: Row | None) -> str:
        """What is wrong with a row, else with any field that something was told of."""
        own = ""
        if row is not None and row.field is not None:
            own = self._told.get(row.name, "") or problem(row.field, self._sheet.value(row))
        return own or next(iter(self._told.values()), "")

    # Moving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keys of rows work on rows; while a field is edited its own keys work."""
        row = self._rows.at
        if action == "leave":
            return self.is_editing or len(row.path if row else ()) > 1
        if self.is_editing or row is None:
            return False
        if action == "add":
            return row.is_table or len(row.path) > 1
        if action in ("remove", "shift"):
            return row.place is not None
        if action == "default":
            return row.field is not None and not row.field.required and self._sheet.value(row) != row.field.default
        return True

    @on(FieldRow.Clicked)
    def _clicked(self, clicked: FieldRow.Clicked) -> None:
        """The first click moves the cursor, the next edits."""
        clicked.stop()
        if self.is_editing:
            self._close(keeping=True)
        again = self._rows.at == clicked.row and self.has_focus
        self._rows.move_to(clicked.row)
        self.focus()
        self._show()
        self.refresh_bindings()
        if again:
            self.action_edit()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._rows.move(by)
        self._show()
        self.refresh_bindings()

    # Editing a field

    def action_edit(self) -> None:
        """Edit the field, switch yes and no, open a row of a table, or add one."""
        row = self._rows.at
        if row is None:
            return
        opened = self._sheet.opened
        if row.adds or (row.is_table and not self._sheet.value(row)):
            self.action_add()
        elif row.field is None:
            self._unfold(row.path[:1] if opened == row.path else row.path, row.path)
        elif row.is_table:
            self._unfold(() if opened[:1] == row.path else row.path, row.path)
        elif row.field.takes is Takes.YES_NO:
            self._set(row, not self._sheet.value(row))
        else:
            self._start(row, row.field)

    def _start(self, row: Row, one: Field) -> None:
        self._rows.edit(one, self._sheet.value(row), label_words(self._sheet, row, self.size.width))
        self._write(".help", f"{help_words(self._sheet, row)}  enter keeps, esc goes back.")
        self.refresh_bindings()

    def _close(self, *, keeping: bool) -> None:
        """Leave the editor; what stands there is kept where it is right."""
        editor, row = self._rows.editor, self._rows.at
        if editor is None or row is None:
            return
        value = self._sheet.value(row)
        if keeping:
            with contextlib.suppress(ValueError):
                value = editor.kept()
        self._end(row, value)

    def _end(self, row: Row, value: Any) -> None:
        self._rows.stop_editing()
        self._set(row, value)
        self.refresh_bindings()

    @on(Edited)
    def _edited(self, edited: Edited) -> None:
        edited.stop()
        row = self._rows.at
        if row is not None and self.is_editing:
            self.focus()
            self._end(row, edited.value)
            self._go_on(row)

    def _go_on(self, row: Row) -> None:
        """In a row of a table that isn't filled yet, go on to the next field that has to be."""
        empty = self._sheet.empty_beside(row)
        if empty is not None:
            self._rows.move_to(empty)
            self._show()
            self.call_after_refresh(self.action_edit)

    @on(Said)
    def _said(self, said: Said) -> None:
        said.stop()
        if self.is_editing:
            self._write(".wrong", said.words)

    def on_descendant_blur(self) -> None:
        """Whoever goes elsewhere with a field open keeps what is right of it."""
        self.call_after_refresh(self._leave_if_gone)

    def _leave_if_gone(self) -> None:
        editor, focused = self._rows.editor, self.app.focused if self.is_attached else None
        if editor is not None and focused is not None and editor not in focused.ancestors_with_self:
            self._close(keeping=True)

    # Changing values and tables

    def _set(self, row: Row, value: Any) -> None:
        """Give a field a value, and say so where it is another."""
        if self._sheet.set(row, value):
            self._changed(row)
            self.refresh_bindings()
        self._show()

    def _changed(self, row: Row) -> None:
        self._told.pop(row.name, None)
        self.post_message(self.Changed(self, row.name))

    def _unfold(self, opened: Path, cursor: Path) -> None:
        self._sheet.opened = opened
        self._lay_out(cursor)

    def action_step(self, by: int) -> None:
        """Take the next or last of the choices, or a number one more or less."""
        row = self._rows.at
        if row is not None and row.field is not None:
            self._set(row, stepped(row.field, self._sheet.value(row), by))

    def action_default(self) -> None:
        """Give the field its default."""
        row = self._rows.at
        if row is not None and row.field is not None and not row.field.required:
            self._set(row, copy.deepcopy(row.field.default))
            if row.is_table:
                self._lay_out(row.path)

    def action_add(self) -> None:
        """Add a row below the one with the cursor, or at the end, and open it."""
        row = self._rows.at
        if row is not None:
            self._lay_out(self._sheet.add(row))
            self._changed(row)
            self.call_after_refresh(self.action_edit)

    def action_remove(self) -> None:
        """Take a row out of its table."""
        row = self._rows.at
        if row is not None and row.place is not None:
            self._lay_out(self._sheet.remove(row))
            self._changed(row)

    def action_shift(self, by: int) -> None:
        """Move a row of a table up or down."""
        row = self._rows.at
        moved = self._sheet.shift(row, by) if row is not None else None
        if row is not None and moved is not None:
            self._lay_out(moved)
            self._changed(row)

    def action_leave(self) -> None:
        """Leave the editor without a change, or fold the table."""
        row = self._rows.at
        if self.is_editing:
            self.focus()
            self._close(keeping=False)
        elif row is not None:
            self._unfold((), row.path[:1])
