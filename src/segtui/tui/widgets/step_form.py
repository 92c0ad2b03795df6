"""A step of a recipe as a form, made from its model: its fields are rows, and each is edited by enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from segtui.api.errors import SegtuiError
from segtui.api.params import checked
from segtui.api.table import Column
from segtui.api.text import safe
from segtui.prepare.steps.step import Step
from segtui.tui.dialogs import Choose, Confirm
from segtui.tui.widgets import expression_input
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.line_input import LineInput
from segtui.tui.widgets.map_values import MapValuesDialog
from segtui.tui.widgets.pick_columns import PickColumn, PickColumns
from segtui.tui.widgets.row_list import ALARM, QUIET, WRONG, RowList, lines_of
from segtui.tui.widgets.step_fields import TYPED, FormField, How, fields_of

LABEL = 14
LOW = 28
OF_DESCRIPTORS = ("most frequent", "latest")


class FieldList(RowList):
    """The fields, and a last row that takes the step."""


class StepForm(Vertical):
    """A form for one step. `Taken` brings the step, `Left` says that nothing is to change."""

    DEFAULT_CSS = """
    StepForm { height: 1fr; }
    StepForm > .form-title { padding: 0 1; height: auto; max-height: 6; margin-bottom: 1; }
    StepForm > FieldList { height: auto; max-height: 18; }
    StepForm > Input { margin: 1 1 0 1; height: 3; border: round $border; background: $background; display: none; }
    StepForm > Input:focus { border: round $border; }
    StepForm.-typing > Input { display: block; }
    StepForm.-low > FieldList { height: 1fr; }
    StepForm.-low.-typing > .form-title { display: none; }
    StepForm.-low.-typing > Input { margin-top: 0; }
    StepForm > .form-help { padding: 0 2; height: auto; max-height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "take", "Take the step"),
        Binding("space", "next_choice", "Change"),
        Binding("escape", "leave", "Back"),
    ]

    class Taken(Message):
        """The form was taken."""

        def __init__(self, step: Step) -> None:
            super().__init__()
            self.step = step

    class Left(Message):
        """The form was left as it was."""

    def __init__(self) -> None:
        super().__init__()
        self._kind: type[Step] | None = None
        self._fields: tuple[FormField, ...] = ()
        self._values: dict[str, Any] = {}
        self._began: dict[str, Any] = {}
        self._tables: Mapping[str, Mapping[str, Column]] = {}
        self._wrong: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """What the step does, its fields, the line to type in, and what is said of the field."""
        yield Static("", classes="form-title", markup=False)
        yield FieldList()
        yield LineInput()
        yield Static("", classes="form-help", markup=False)

    def open(
        self,
        kind: type[Step],
        values: Mapping[str, Any],
        tables: Mapping[str, Mapping[str, Column]],
        title: str,
        what: str,
    ) -> None:
        """Show a step: `values` in plain data, `tables` the columns of all tables before it."""
        self._kind, self._tables, self._wrong = kind, tables, {}
        self._fields = tuple(field for field in fields_of(kind) if field.how is not How.TABLE or len(tables) > 1)
        defaults = {name: field.get_default() for name, field in kind.model_fields.items() if not field.is_required()}
        self._values = {**defaults, **values}
        self._began = dict(self._values)
        self.query_one(".form-title", Static).update(Content.assemble((title, "bold"), (f"  {what}", QUIET)))
        self.query_one(FieldList).highlighted = None
        self._draw()
        at = next((at for at, field in enumerate(self._fields) if self._is_missing(field)), 0)
        rows = self.query_one(FieldList)
        rows.highlighted = at
        rows.focus()
        if self._is_missing(self._fields[at]):
            self.call_after_refresh(self._edit, self._fields[at])

    def on_resize(self) -> None:
        """Where there are few lines, the fields give way to the line to type in."""
        self.set_class(self.size.height < LOW, "-low")

    @property
    def cursor(self) -> Widget:
        """What has the cursor of the keyboard: the line that is typed in, else the fields."""
        return self.query_one(Input) if self.has_class("-typing") else self.query_one(FieldList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only what has a few values is changed in place; what is typed is kept or left first."""
        if action == "next_choice":
            return self._field is not None and self._field.how in (How.CHOICE, How.TABLE, How.FLAG)
        return action != "take" or not self.has_class("-typing")

    # What is shown

    def _draw(self) -> None:
        rows = [lambda width, field=field: self._row(field, width) for field in self._fields]
        taking = (
            "s  take the step" if not any(map(self._is_missing, self._fields)) else "   fill in what is needed first"
        )
        self.query_one(FieldList).set_rows([*rows, lambda _width: Content.styled(f"\n{taking}", QUIET)])
        self._help()

    def _row(self, field: FormField, width: int) -> Content:
        value = self._values.get(field.name)
        shown, style = field.shown(value), ""
        if self._is_missing(field):
            shown, style = "needed", WRONG
        elif value in (None, "", (), {}):
            shown, style = _none(field), QUIET
        first, *more = [line.plain for line in lines_of(shown, width - LABEL)]
        lines = [Content.assemble((fit(field.label, LABEL), QUIET), (first, style))]
        lines += [Content.styled(" " * LABEL + line, style) for line in more]
        wrong = self._wrong.get(field.name) or self._off(field)
        return Content("\n").join([*lines, *(lines_of(wrong, width, WRONG, LABEL) if wrong else ())])

    def _is_missing(self, field: FormField) -> bool:
        return field.required and self._values.get(field.name) in (None, "", (), {})

    def _off(self, field: FormField) -> str:
        """What no longer fits the columns there are."""
        value, columns = self._values.get(field.name), self._columns(field)
        if not value:
            return ""
        if field.how in (How.CONDITION, How.FORMULA):
            error = expression_input.problem(field, str(value), columns)
            return f"{error.where}: {safe(error.what)}" if error else ""
        lost = [name for name in _named(field, value) if name not in columns]
        return f"The table has no column {safe(lost[0], 60)} at this step." if lost else ""

    def _columns(self, field: FormField) -> Mapping[str, Column]:
        table = self._values.get("other" if field.of_other else "table")
        return self._tables.get(str(table), {})

    @property
    def _field(self) -> FormField | None:
        at = self.query_one(FieldList).at
        return self._fields[at] if at < len(self._fields) else None

    def _help(self) -> None:
        field = self._field
        if not self.has_class("-typing"):
            self.query_one(".form-help", Static).update(Content.styled(field.help if field else "", QUIET))

    @on(FieldList.OptionHighlighted)
    def _moved(self, event: FieldList.OptionHighlighted) -> None:
        event.stop()
        self._help()
        self.refresh_bindings()

    # Editing

    @on(FieldList.OptionSelected)
    def _chosen(self, event: FieldList.OptionSelected) -> None:
        event.stop()
        if self._field is None:
            self.action_take()
        else:
            self._edit(self._field)

    def _set(self, field: FormField, value: Any) -> None:
        self._values[field.name] = value
        self._wrong.pop(field.name, None)
        self._draw()

    def _edit(self, field: FormField) -> None:
        value = self._values.get(field.name)
        if field.how in TYPED:
            self._type(field)
        elif field.how is How.FLAG:
            self._set(field, not value)
        elif field.how in (How.CHOICE, How.TABLE):
            options = self._options(field)
            self._ask(Choose(field.help, options, str(value or "")), field, lambda chosen: chosen or None)
        elif field.how is How.COLUMN:
            picker = PickColumn(field.help, self._columns(field), str(value or ""), optional=field.optional)
            self._ask(picker, field, lambda name: name or None)
        elif field.how is How.PAIRS:
            column = self._columns(field).get(str(self._values.get("column")))
            question = f"New values of {safe(column.name, 40)}" if column else "New values"
            self._ask(MapValuesDialog(question, column.levels if column else (), value or {}), field, dict)
        else:
            self._pick_several(field, value or ())

    def _pick_several(self, field: FormField, value: Any) -> None:
        columns, several = self._columns(field), field.how is How.COLUMNS
        marks = OF_DESCRIPTORS if field.how is How.DESCRIPTORS else ("●",)
        known = {} if several else {one["column"]: one for one in value}
        marked = {name: one.get("by", marks[0]) for name, one in known.items()}
        chosen = dict.fromkeys(value, marks[0]) if several else marked

        def taken(picked: dict[str, str]) -> tuple[Any, ...]:
            if several:
                return tuple(picked)
            if field.how is How.DESCRIPTORS:
                return tuple({"column": name, "by": mark} for name, mark in picked.items())
            return tuple(known.get(name) or {"column": name, "levels": ()} for name in picked)

        self._ask(PickColumns(field.help, columns, chosen, marks, _none(field)), field, taken)

    def _options(self, field: FormField) -> dict[str, str]:
        names = tuple(self._tables) if field.how is How.TABLE else field.choices
        return {**({"": "none"} if field.optional else {}), **{name: safe(name, 60) for name in names}}

    def _ask(self, dialog: Any, field: FormField, read: Callable[[Any], Any]) -> None:
        def answered(answer: Any) -> None:
            if answer is not None:
                self._set(field, read(answer))
                self._go_to_missing()

        self.app.push_screen(dialog, answered)

    def action_next_choice(self) -> None:
        """The next of a few choices, in place."""
        field = self._field
        if field is None:
            return
        if field.how in (How.CHOICE, How.TABLE):
            options = list(self._options(field))
            now = self._values.get(field.name) or ""
            at = options.index(str(now)) if str(now) in options else -1
            self._set(field, options[(at + 1) % len(options)] or None)
        elif field.how is How.FLAG:
            self._set(field, not self._values.get(field.name))

    # Typing in a line

    def _type(self, field: FormField) -> None:
        line = self.query_one(Input)
        is_expression = field.how in (How.CONDITION, How.FORMULA)
        line.suggester = expression_input.ColumnSuggester(self._columns(field)) if is_expression else None
        line.border_title = Content(field.label)
        with self.prevent(Input.Changed):
            line.value = field.written(self._values.get(field.name))
        self.add_class("-typing")
        line.focus()
        self.call_after_refresh(self.query_one(FieldList).scroll_to_highlight)
        line.cursor_position = len(line.value)
        self._say_of(line.value)

    def _say_of(self, text: str) -> None:
        field = self._field
        if field is None:
            return
        if field.how in (How.CONDITION, How.FORMULA):
            words = expression_input.said(field, text, self._columns(field))
        else:
            words = Content.styled(field.help, QUIET)
        self.query_one(".form-help", Static).update(words)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.has_class("-typing"):
            self._say_of(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        field = self._field
        if field is None:
            return
        is_expression = field.how in (How.CONDITION, How.FORMULA) and bool(event.value.strip())
        if is_expression and expression_input.problem(field, event.value, self._columns(field)):
            self._say_of(event.value)
            return
        column = self._columns(field).get(str(self._values.get("column")))
        try:
            value = field.typed(event.value, column.kind if column else None)
        except ValueError as error:
            self.query_one(".form-help", Static).update(Content.styled(str(error), ALARM))
            return
        self._set(field, value)
        self._stop_typing()

    def _stop_typing(self) -> None:
        self.remove_class("-typing")
        self.query_one(FieldList).focus()
        self._go_to_missing()
        self._help()

    def _go_to_missing(self) -> None:
        missing = next((at for at, field in enumerate(self._fields) if self._is_missing(field)), None)
        if missing is not None:
            self.query_one(FieldList).highlighted = missing

    # The end

    def action_take(self) -> None:
        """Take the step, where nothing is missing or wrong."""
        if self._kind is None or self.has_class("-typing"):
            return
        for at, field in enumerate(self._fields):
            if self._is_missing(field) or self._off(field):
                self.query_one(FieldList).highlighted = at
                self.query_one(FieldList).focus()
                return
        try:
            step = checked(self._kind, {name: value for name, value in self._values.items() if name != "step"}, "step")
        except SegtuiError as error:
            self.query_one(".form-help", Static).update(Content.styled(safe(error.what), ALARM))
            return
        self.post_message(self.Taken(step))

    def action_leave(self) -> None:
        """Out of the line, else out of the form; asks where something was changed."""
        if self.has_class("-typing"):
            self._stop_typing()
        elif self._values == self._began:
            self.post_message(self.Left())
        else:
            self.app.push_screen(Confirm("Leave the form? What you changed in it is lost.", "Leave"), self._leave_if)

    def _leave_if(self, sure: bool | None) -> None:
        if sure:
            self.post_message(self.Left())


def _named(field: FormField, value: Any) -> list[str]:
    """The columns that a value names."""
    if field.how is How.COLUMN:
        return [value]
    if field.how is How.COLUMNS:
        return list(value)
    return [one["column"] for one in value] if field.how in (How.SHARES, How.DESCRIPTORS) else []


def _none(field: FormField) -> str:
    """What an empty field means, where its description says so."""
    return field.help.partition("none means ")[2] or "none"
