"""The columns of customers as rows of a feature set: in or out, form, distribution, missing values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from segtui.api.table import Column, Kind
from segtui.api.text import NONE, count, number, percent, plural, safe
from segtui.prepare import FeatureSet, Form
from segtui.prepare.features import MOST_LEVELS, NEVER_FEATURES
from segtui.read import ColumnFacts
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.histogram import bars, merged
from segtui.tui.widgets.line_list import LineList
from segtui.tui.widgets.row_list import QUIET, columns_of

IN, OUT = "●", "○"
COUNTING, UNCOUNTED = "…", "?"
FORM_WIDTH, BARS_WIDTH, MISSING_WIDTH, UNIT_WIDTH, ROLE_WIDTH = 10, 9, 7, 6, 9
WIDE, WIDEST = 54, 64
NUMBER_FORMS = (Form.Z, Form.LOG_Z, Form.ROBUST, Form.LOG_ROBUST, Form.LOG, Form.AS_IS)
OTHER_FORMS = (Form.AS_IS, Form.Z, Form.ROBUST)
FORM_WORDS: Mapping[Form, str] = {
    Form.Z: "z: less the mean, by the standard deviation",
    Form.LOG_Z: "log z: the same after the logarithm, for long tails",
    Form.ROBUST: "robust: less the median, by the interquartile range",
    Form.LOG_ROBUST: "log robust: the same after the logarithm",
    Form.LOG: "log: the logarithm of one plus the value",
    Form.AS_IS: "as is: the value itself",
}


@dataclass(frozen=True)
class FeaturesView:
    """What a list shows: a feature set, the columns it can hold, facts of them once they are counted, and the names of
    those that could not be."""

    chosen: FeatureSet | None = None
    columns: tuple[Column, ...] = ()
    facts: Mapping[str, ColumnFacts] = field(default_factory=dict)
    uncounted: Collection[str] = ()


def candidates(columns: Mapping[str, Column], identifier: str) -> tuple[Column, ...]:
    """The columns of customers that a feature set can hold, in their order."""
    return tuple(
        column
        for name, column in columns.items()
        if name != identifier
        and column.kind in (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
        and column.role not in NEVER_FEATURES
    )


def forms_of(column: Column) -> tuple[Form, ...]:
    """The forms a column can have, the usual one first; only numbers have logarithms."""
    return NUMBER_FORMS if column.kind is Kind.NUMBER else OTHER_FORMS


def care_of(column: Column) -> str:
    """Why a column is never proposed: personal, sensitive, or nothing."""
    return f"personal, {column.personal}" if column.personal else "sensitive" if column.sensitive else ""


class FeatureList(LineList):
    """The columns of customers, which may be thousands; those of the set are marked."""

    DEFAULT_CSS = "FeatureList { padding: 0 0 0 1; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Edit"),
        Binding("right", "form(1)", "Form", key_display="←→"),
        Binding("left", "form(-1)", "Form before", show=False),
    ]

    class FormWanted(Message):
        """The next form of the column under the cursor is wanted, or the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self) -> None:
        super().__init__(id="features")
        self.view = FeaturesView()

    @property
    def column(self) -> Column | None:
        """The column under the cursor."""
        columns = self.view.columns
        return columns[self.at] if self.at < len(columns) else None

    @property
    def has_too_many_values(self) -> bool:
        """Whether the column under the cursor has more values than can become features."""
        column = self.column
        facts = self.view.facts.get(column.name) if column else None
        return column is not None and column.kind is Kind.CATEGORY and bool(facts and facts.distinct > MOST_LEVELS)

    def action_form(self, by: int) -> None:
        """Ask for another form."""
        self.post_message(self.FormWanted(by))

    def show(self, view: FeaturesView) -> None:
        """Show a feature set."""
        self.view = view
        self.set_rows(len(view.columns), partial(_row, view))

    @property
    def names_in_view(self) -> tuple[str, ...]:
        """The columns that are seen."""
        seen = self.in_view
        return tuple(column.name for column in self.view.columns[seen.start : seen.stop])

    def heading(self) -> Content:
        """The line above the list, in its columns."""
        return _cells(("", "", "form", "unit", "role", "values", "missing"), self.row_width, QUIET)

    def about(self) -> str:
        """What is known of the column under the cursor."""
        column = self.column
        return "" if column is None else _about(column, self.view.facts.get(column.name))


def _cells(cells: tuple[str, str, str, str, str, str, str], width: int, style: str = "") -> Content:
    """A row in its columns; unit and role are there where there is room."""
    mark, name, form, unit, role, values, missing = cells
    middle = fit(form, FORM_WIDTH)
    middle += f"  {fit(unit, UNIT_WIDTH)}" if width >= WIDE else ""
    middle += f"  {fit(role, ROLE_WIDTH)}" if width >= WIDEST else ""
    middle += f"  {fit(values, BARS_WIDTH)}"
    last = columns_of([(missing, MISSING_WIDTH)])
    room = max(width - len(middle) - last.cell_length - 4, 6)
    return Content.styled(f"{fit(mark, 2)}{fit(name, room)}  {middle}{last.plain}", style)


def _row(view: FeaturesView, at: int, width: int) -> Content:
    column = view.columns[at]
    form = view.chosen.columns.get(column.name) if view.chosen else None
    facts = view.facts.get(column.name)
    unknown = UNCOUNTED if column.name in view.uncounted else COUNTING
    care = "personal" if column.personal else "sensitive" if column.sensitive else NONE
    cells = (
        OUT if form is None else IN,
        safe(column.name, 80),
        str(form or care),
        safe(column.unit, 20),
        str(column.role or ""),
        _drawn(column, facts) if facts else unknown,
        count(facts.nulls) if facts else unknown,
    )
    return _cells(cells, width, QUIET if form is None else "")


def _drawn(column: Column, facts: ColumnFacts) -> str:
    """The distribution in a few cells: a histogram, a share of yes, or the number of different values."""
    if column.personal:
        return "not shown"
    if column.kind is Kind.FLAG:
        known = facts.rows - facts.nulls
        yes = next((rows for value, rows in facts.top if value == "true"), 0)
        return f"{percent(yes / known, 0)} yes" if known else NONE
    if column.kind is Kind.CATEGORY:
        return plural(facts.distinct, "value") if facts.distinct <= MOST_LEVELS else "too many"
    if facts.distinct < 2:
        return "all equal"
    if len(facts.histogram) < 2:
        return NONE
    counts, _ = merged([one.rows for one in facts.histogram], BARS_WIDTH)
    return next(iter(bars(counts, BARS_WIDTH)), "")


def _about(column: Column, facts: ColumnFacts | None) -> str:
    parts = [safe(column.name, 60), *filter(None, (safe(column.reason, 120), care_of(column)))]
    if column.kind is Kind.CATEGORY and facts is not None and facts.distinct > MOST_LEVELS:
        parts.append(f"{count(facts.distinct)} values, more than the {MOST_LEVELS} that can become features")
    if facts is not None and not column.personal:
        parts += _figures(column, facts)
    return ": ".join(parts[:2]) + "".join(f"; {part}" for part in parts[2:])


def _figures(column: Column, facts: ColumnFacts) -> Iterator[str]:
    if column.kind is Kind.NUMBER and facts.smallest is not None:
        unit = f" {safe(column.unit, 20)}" if column.unit and column.unit != "share" else ""
        yield f"{_end(facts.smallest, column)} to {_end(facts.largest, column)}{unit}"
        if facts.quartiles:
            about = "about " if "quartiles" in facts.approximate else ""
            yield f"median {about}{_end(facts.quartiles[1], column)}"
    elif column.kind is Kind.CATEGORY:
        known = facts.rows - facts.nulls
        yield from (f"{safe(value, 24)} {percent(rows / known, 0)}" for value, rows in facts.top[:3] if known)


def _end(value: object, column: Column) -> str:
    if isinstance(value, date) or not isinstance(value, (int, float)):
        return safe(value, 20)
    return number(value, column.decimals if column.decimals is not None and column.decimals <= 2 else None)
