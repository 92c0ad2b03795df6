"""A form: a row for each field, edited in place, with help, limits and what is wrong below."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from segtui.api.text import safe
from segtui.tui.widgets.params_editors import Edited, Editor, Said, editor_of
from segtui.tui.widgets.params_fields import Field, Takes, defaults
from segtui.tui.widgets.params_values import limits, problem, shown, stepped

INDENT = 2
WIDEST_LABEL = 18
LEAST = 3
"""The fewest lines for the rows."""
Path = tuple[str | int, ...]
"""Where a value is: a field's name, then the place of a row in its table, then the name of a field of that row."""


@dataclass(frozen=True)
class Row:
    """A row of the form: a field where `field` is given, else a row of a table, or the offer to add one."""

    path: Path
    field: Field | None = None
    adds: bool = False


class FieldRow(Widget):
    """One row: its label, then its value."""

    DEFAULT_CSS = "FieldRow { height: 1; width: 1fr; }"

    def __init__(self, row: Row, form: ParamsForm) -> None:
        super().__init__()
        self.row, self._form = row, form

    def render(self) -> RenderResult:
        """Label and value; a default is dim."""
        return self._form.words(self.row, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """The first click moves the cursor, the next edits."""
        event.stop()
        self._form.clicked(self.row)


class ParamsForm(Vertical, can_focus=True):
    """Fields and their values. Up and down move, enter edits, left and right step through numbers and choices.

    `values` holds all values, `given` those that differ from their defaults, `problem` what is wrong in words.
    """

    DEFAULT_CSS = """
    ParamsForm { height: 1fr; }
    ParamsForm .rows { height: auto; scrollbar-size-vertical: 1; }
    ParamsForm .editing { height: auto; }
    ParamsForm .editing > Static { width: auto; }
    ParamsForm FieldRow.-cursor {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
    }
    ParamsForm:focus FieldRow.-cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    ParamsForm .help { height: auto; margin-top: 1; color: $text-muted; }
    ParamsForm .wrong { height: auto; color: $text-error; }
    ParamsForm .note { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("home", "move(-100000)", "First", show=False),
        Binding("end", "move(100000)", "Last", show=False),
        Binding("left", "step(-1)", "Less", show=False),
        Binding("right", "step(1)", "More", show=False),
        Binding("d,delete,backspace", "default", "Default"),
        Binding("a", "add", "Add row"),
        Binding("x", "remove", "Remove row"),
        Binding("shift+up,K", "shift(-1)", "Row up", show=False),
        Binding("shift+down,J", "shift(1)", "Row down", show=False),
        Binding("escape", "leave", "Back", show=False),
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
        self.fields: tuple[Field, ...] = ()
        self.values: dict[str, Any] = {}
        self._rows: list[Row] = []
        self._cursor = 0
        self._open: Path = ()
        self._editor: Editor | None = None
        self._told: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The rows, then what is wrong, help, and what is said of the whole."""
        with VerticalScroll(classes="rows", can_focus=False):
            pass
        yield Static("", classes="wrong", markup=False)
        yield Static("", classes="help", markup=False)
        yield Static("", classes="note", markup=False)

    # What it holds

    def set_fields(self, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        """Show these fields; those without a value have their default. The cursor stays where its field still is."""
        before = self._at
        self.fields = tuple(fields)
        known = {name: value for name, value in values.items() if any(one.name == name for one in fields)}
        self.values = copy.deepcopy({**defaults(fields), **known})
        self._told = {}
        if not self._is_there(self._open):
            self._open = ()
        self._lay_out(before.path if before else ())

    @property
    def given(self) -> dict[str, Any]:
        """The values that differ from their defaults."""
        return {
            one.name: self.values[one.name]
            for one in self.fields
            if one.name in self.values and (one.required or self.values[one.name] != one.default)
        }

    @property
    def problem(self) -> str:
        """What is wrong with the first value that is; empty where nothing is."""
        return next((words for one in self.fields if (words := problem(one, self.values.get(one.name)))), "")

    @property
    def is_editing(self) -> bool:
        """Whether a field is open."""
        return self._editor is not None

    def say(self, name: str, words: str) -> None:
        """Say what is wrong with a field, as found by who knows more than its limits."""
        self._told = {name: words} if words else {}
        self._show()

    def note(self, words: Text | str) -> None:
        """Say something of the whole form, below it."""
        line = self.query_one(".note", Static)
        line.update(words)
        line.display = bool(words)
        self.call_after_refresh(self._fit)

    # Rows

    def on_resize(self) -> None:
        """Give the rows the room that the words leave."""
        self._fit()

    def _fit(self) -> None:
        words = [part for part in self.query(".wrong, .help, .note") if part.display]
        taken = sum(part.outer_size.height + part.styles.margin.top for part in words)
        self.query_one(".rows").styles.max_height = max(self.size.height - taken, LEAST)

    @property
    def _at(self) -> Row | None:
        return self._rows[self._cursor] if self._rows else None

    def _lay_out(self, path: Path) -> None:
        self._editor = None
        self._rows = [row for one in self.fields for row in self._rows_of(one)]
        self._cursor = next((place for place, row in enumerate(self._rows) if row.path == path), 0)
        rows = self.query_one(".rows", VerticalScroll)
        rows.remove_children()
        rows.mount(*(FieldRow(row, self) for row in self._rows))
        self.call_after_refresh(self._show)

    def _rows_of(self, one: Field) -> list[Row]:
        rows = [Row((one.name,), one)]
        if one.takes is not Takes.TABLE or self._open[:1] != (one.name,):
            return rows
        for place in range(len(self._value((one.name,)) or ())):
            rows.append(Row((one.name, place)))
            if self._open == (one.name, place):
                rows += [Row((one.name, place, each.name), each) for each in one.fields]
        return [*rows, Row((one.name, -1), adds=True)]

    def _is_there(self, path: Path) -> bool:
        """Whether a table that is open still has the row."""
        known = any(one.name == path[0] for one in self.fields if one.takes is Takes.TABLE) if path else False
        return known and (len(path) < 2 or int(path[1]) < len(self._value(path[:1]) or ()))

    def _value(self, path: Path) -> Any:
        value: Any = self.values.get(str(path[0]))
        if len(path) > 1:
            value = value[path[1]]
        return value.get(path[2], self._default(path)) if len(path) > 2 else value

    def _default(self, path: Path) -> Any:
        one = self._field(path)
        return one.default if one else None

    def _field(self, path: Path) -> Field | None:
        return next((row.field for row in self._rows if row.path == path), None)

    def _table(self, path: Path) -> Field:
        return next(one for one in self.fields if one.name == path[0])

    def words(self, row: Row, width: int) -> Text:
        """A row as it is drawn."""
        room = _label_width(self.fields, width)
        line = Text(" " + " " * INDENT * (len(row.path) - 1), no_wrap=True, overflow="ellipsis")
        if row.adds:
            return line.append("+ add a row", style="dim")
        if row.field is None:
            return line.append_text(self._item_words(row))
        value = self._value(row.path)
        line.append(_fitted(safe(row.field.title, 60), room)).append("  ")
        style = "dim" if value == row.field.default else ""
        if str(row.path[0]) in self._told or problem(row.field, value):
            line.append("! ")
        line.append(shown(row.field, value), style=style)
        opens = row.field.takes in (Takes.ONE, Takes.SEVERAL, Takes.TABLE)
        return line.append(" ▾" if opens else "", style="dim")

    def _item_words(self, row: Row) -> Text:
        """A row of a table in one line: what was given for it."""
        item, fields = self._value(row.path), self._table(row.path).fields
        first, *others = [shown(one, item[one.name]) for one in fields if one.name in item] or ["new"]
        opened = "▾" if self._open == row.path else "▸"
        line = Text(f"{opened} {int(row.path[1]) + 1}  {first}  ", no_wrap=True, overflow="ellipsis")
        return line.append("  ".join(others), style="dim")

    def _show(self) -> None:
        """Paint rows, help, and what is wrong."""
        if not self.is_mounted:
            return
        for place, drawn in enumerate(self.query(FieldRow)):
            drawn.set_class(place == self._cursor, "-cursor")
            drawn.refresh()
        if self._editor is None:
            found = [drawn for drawn in self.query(FieldRow) if drawn.has_class("-cursor")]
            if found:
                self.query_one(".rows", VerticalScroll).scroll_to_widget(found[0], animate=False)
            self._say_wrong("")
        self.query_one(".help", Static).update(self._help())
        self.call_after_refresh(self._fit)

    def _help(self) -> str:
        row = self._at
        if row is None:
            return "Nothing to set."
        if row.adds:
            return f"Adds to {self._table(row.path).title.lower()}."
        if row.field is None:
            return "enter opens it, x removes it, J and K move it down and up."
        sentence = safe(row.field.help, 300)
        return " ".join(
            filter(None, (sentence + "." * bool(sentence and sentence[-1] not in ".!?"), limits(row.field)))
        )

    def _say_wrong(self, typed: str) -> None:
        row, words = self._at, typed
        if row and row.field and self._editor is None:
            words = self._told.get(str(row.path[0]), "") or problem(row.field, self._value(row.path))
        wrong = self.query_one(".wrong", Static)
        wrong.update(words or next(iter(self._told.values()), "") if self._editor is None else words)
        wrong.display = bool(words or (self._told and self._editor is None))
        self.call_after_refresh(self._fit)

    # Moving and editing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keys of rows work on rows; while a field is edited its own keys work."""
        row = self._at
        if action == "leave":
            return self.is_editing or len(row.path if row else ()) > 1
        if self.is_editing or row is None:
            return False
        in_table = len(row.path) > 1 or (row.field is not None and row.field.takes is Takes.TABLE)
        if action == "add":
            return in_table
        if action in ("remove", "shift"):
            return len(row.path) > 1 and not row.adds
        return action != "default" or row.field is not None

    def clicked(self, row: Row) -> None:
        """A row was clicked."""
        if self.is_editing:
            self._close(keeping=True)
        again = self._at == row and self.has_focus
        self._cursor = self._rows.index(row) if row in self._rows else self._cursor
        self.focus()
        self._show()
        self.refresh_bindings()
        if again:
            self.action_edit()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._cursor = min(max(self._cursor + by, 0), max(len(self._rows) - 1, 0))
        self._show()
        self.refresh_bindings()

    def action_edit(self) -> None:
        """Edit the field, switch yes and no, open a row of a table, or add one."""
        row = self._at
        if row is None:
            return
        if row.adds:
            self.action_add()
        elif row.field is None:
            self._unfold(row.path[:1] if self._open == row.path else row.path, row.path)
        elif row.field.takes is Takes.TABLE and not self._value(row.path):
            self.action_add()
        elif row.field.takes is Takes.TABLE:
            self._unfold(() if self._open[:1] == row.path else row.path, row.path)
        elif row.field.takes is Takes.YES_NO:
            self._set(row.path, not self._value(row.path))
        else:
            self._start(row, row.field)

    def _unfold(self, path: Path, cursor: Path) -> None:
        self._open = path
        self._lay_out(cursor)

    def _start(self, row: Row, one: Field) -> None:
        drawn = self.query(FieldRow)[self._cursor]
        self._editor = editor_of(one, self._value(row.path))
        label = self.words(row, self.size.width).plain
        width = label.find(safe(one.title, 60)[:WIDEST_LABEL]) + _label_width(self.fields, self.size.width) + 2
        drawn.display = False
        editing = Horizontal(Static(_fitted(label[: width - 2], width), markup=False), self._editor, classes="editing")
        self.query_one(".rows", VerticalScroll).mount(editing, after=drawn)
        self.query_one(".help", Static).update(f"{self._help()}  enter keeps, esc goes back.")
        self.refresh_bindings()

    def _close(self, *, keeping: bool) -> None:
        """Leave the editor; what stands there is kept where it is right."""
        editor, row = self._editor, self._at
        if editor is None or row is None:
            return
        try:
            value = editor.kept() if keeping else self._value(row.path)
        except ValueError:
            value = self._value(row.path)
        self._end(row, value)

    def _end(self, row: Row, value: Any) -> None:
        self._editor = None
        self.query(".editing").remove()
        for drawn in self.query(FieldRow):
            drawn.display = True
        self._set(row.path, value)
        self.refresh_bindings()

    @on(Edited)
    def _edited(self, edited: Edited) -> None:
        edited.stop()
        row = self._at
        if row is not None and self.is_editing:
            self.focus()
            self._end(row, edited.value)
            self._go_on(row)

    def _go_on(self, row: Row) -> None:
        """In a row of a table that isn't filled yet, go on to the next field that has to be."""
        path = row.path[:2] if len(row.path) > 2 else None
        empty = (
            place
            for place, one in enumerate(self._rows)
            if one.field and one.field.required and one.path[:2] == path and self._value(one.path) in (None, "")
        )
        place = next(empty, None)
        if place is not None:
            self._cursor = place
            self._show()
            self.call_after_refresh(self.action_edit)

    @on(Said)
    def _said(self, said: Said) -> None:
        said.stop()
        if self.is_editing:
            self._say_wrong(said.words)

    def on_descendant_blur(self) -> None:
        """Whoever goes elsewhere with a field open keeps what is right of it."""
        self.call_after_refresh(self._leave_if_gone)

    def _leave_if_gone(self) -> None:
        focused = self.app.focused if self.is_attached else None
        if self._editor is not None and focused is not None and self._editor not in focused.ancestors_with_self:
            self._close(keeping=True)

    def _set(self, path: Path, value: Any) -> None:
        """Give a field a value, and say so where it is another."""
        before = self._value(path)
        if len(path) > 1:
            self.values[str(path[0])][path[1]][str(path[2])] = value
        else:
            self.values[str(path[0])] = value
        if before != value:
            self._changed(path)
        self._show()

    def _changed(self, path: Path) -> None:
        self._told.pop(str(path[0]), None)
        self.post_message(self.Changed(self, str(path[0])))

    def action_step(self, by: int) -> None:
        """Take the next or last of the choices, or a number one more or less."""
        row = self._at
        if row is not None and row.field is not None:
            self._set(row.path, stepped(row.field, self._value(row.path), by))

    def action_default(self) -> None:
        """Give the field its default."""
        row = self._at
        if row is not None and row.field is not None and not row.field.required:
            self._set(row.path, copy.deepcopy(row.field.default))
            if row.field.takes is Takes.TABLE:
                self._lay_out(row.path)

    def action_add(self) -> None:
        """Add a row below the one with the cursor, or at the end, and open it."""
        row = self._at
        if row is None:
            return
        table = str(row.path[0])
        items = list(self.values.get(table) or ())
        inside = len(row.path) > 1 and not row.adds
        place = int(row.path[1]) + 1 if inside else len(items)
        self.values[table] = [*items[:place], {}, *items[place:]]
        first = self._table(row.path).fields[0]
        self._unfold((table, place), (table, place, first.name))
        self._changed((table,))
        self.call_after_refresh(self.action_edit)

    def action_remove(self) -> None:
        """Take a row out of its table."""
        row = self._at
        if row is None or len(row.path) < 2:
            return
        table, place = str(row.path[0]), int(row.path[1])
        self.values[table] = [item for at, item in enumerate(self.values[table]) if at != place]
        self._unfold((table,), (table, min(place, len(self.values[table]) - 1)) if self.values[table] else (table,))
        self._changed((table,))

    def action_shift(self, by: int) -> None:
        """Move a row of a table up or down."""
        row = self._at
        if row is None or len(row.path) < 2:
            return
        table, place = str(row.path[0]), int(row.path[1])
        items = list(self.values[table])
        if 0 <= place + by < len(items):
            items[place], items[place + by] = items[place + by], items[place]
            self.values[table] = items
            self._unfold((table,), (table, place + by))
            self._changed((table,))

    def action_leave(self) -> None:
        """Leave the editor without a change, or fold the table."""
        row = self._at
        if self.is_editing:
            self.focus()
            self._close(keeping=False)
        elif row is not None:
            self._unfold((), row.path[:1])


def _label_width(fields: Sequence[Field], width: int) -> int:
    return min(max((len(one.title) for one in fields), default=0), max(width // 2, 8), WIDEST_LABEL)


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?" else f"{words}."


def _fitted(words: str, width: int) -> str:
    cut = words if len(words) <= width else f"{words[: width - 1]}…"
    return cut.ljust(width)
