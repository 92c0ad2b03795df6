"""The steps of a recipe as rows: what each does, rows in, dropped and out, and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from textual.content import Content

from segtui.api.errors import SegtuiError
from segtui.api.text import NONE, count, plural, safe
from segtui.prepare import Recipe, StepAccount
from segtui.tui.widgets.frame_cells import fit
from segtui.tui.widgets.row_list import QUIET, WRONG, Row, RowList, columns_of, lines_of

ADD = "+ add a step"
ON, OFF = "✓", "○"
WIDE = 62
HEAD = ("rows in", "dropped", "rows out")
_STEP = re.compile(r"step (\d+) of the recipe")
_INDENT = 5


@dataclass(frozen=True)
class RecipeView:
    """What a list shows: the steps, the accounts of those that still stand by number, the step that failed, the table
    that holds the customers at the end (`base`) and its column that names them."""

    recipe: Recipe
    accounts: Mapping[int, tuple[StepAccount, ...]] = field(default_factory=dict)
    error: SegtuiError | None = None
    base: str = ""
    id: str = ""

    @property
    def failed_step(self) -> int:
        """The number of the step that failed; 0 where none did."""
        return step_of(self.error)


def step_of(error: SegtuiError | None) -> int:
    """The number of the step of the recipe that an error names; 0 where it names none."""
    found = _STEP.search(error.where) if error is not None else None
    return int(found[1]) if found else 0


class RecipeList(RowList):
    """The steps of a recipe, a row to add one, and one for what the customers are at the end."""

    def __init__(self) -> None:
        super().__init__(id="recipe")
        self._view = RecipeView(Recipe())

    def show(self, view: RecipeView) -> None:
        """Show a recipe."""
        self._view = view
        widths = _widths(view)
        numbers = range(1, len(view.recipe.steps) + 1)
        rows: list[Row] = [partial(_step, view, number, widths) for number in numbers]
        rows.append(lambda _width: Content.styled(ADD, QUIET))
        if view.base:
            rows.append(lambda width: Content.styled(fit(_end(view), width), QUIET))
        self.set_rows(rows)

    @property
    def is_on_step(self) -> bool:
        """Whether the cursor is on a step, not on a row below them."""
        return self.at < len(self._view.recipe.steps)

    def heading(self) -> Content:
        """The line above the list, in its columns."""
        numbers = columns_of(_shown(list(zip(HEAD, _widths(self._view), strict=True)), self.row_width), QUIET)
        return Content.assemble((fit("Recipe", self.row_width - numbers.cell_length), "bold"), numbers)


def _end(view: RecipeView) -> str:
    named = f", named by {safe(view.id, 40)}" if view.id else ""
    return f"= customers: the rows of {safe(view.base, 40)}{named}"


def _shown(cells: list[tuple[str, int]], width: int) -> list[tuple[str, int]]:
    """Rows dropped have a column of their own where there is room."""
    return cells if width >= WIDE else [cells[0], cells[2]]


def _numbers(accounts: tuple[StepAccount, ...]) -> tuple[str, str, str]:
    if not accounts:
        return NONE, NONE, NONE
    dropped = sum(account.dropped for account in accounts if account.reason)
    return count(accounts[0].rows_in), count(dropped) if dropped else NONE, count(accounts[-1].rows_out)


def _widths(view: RecipeView) -> list[int]:
    cells = [HEAD, *(_numbers(accounts) for accounts in view.accounts.values())]
    return [max(len(row[place]) for row in cells) for place in range(len(HEAD))]


def _step(view: RecipeView, number: int, widths: list[int], width: int) -> Content:
    step, accounts = view.recipe.steps[number - 1], view.accounts.get(number, ())
    numbers = columns_of(_shown(list(zip(_numbers(accounts), widths, strict=True)), width))
    text = accounts[-1].text if accounts else step.describe()
    if step.table != view.base:
        text = f"{safe(step.table, 40)}: {text}"
    style = "" if step.active else QUIET
    if not step.active:
        text += " (off)"
    room = max(width - numbers.cell_length, 12)
    first, *more = [line.plain for line in lines_of(text, room - _INDENT)]
    mark = WRONG if view.failed_step == number else style
    head = Content.assemble(
        (f"{number:>2} {ON if step.active else OFF} ", mark), (fit(first, room - 5), style), numbers
    )
    below = [Content.styled(" " * 5 + line, style) for line in more[:3]]
    below += [line for note in _notes(accounts, step.step == "purchases") for line in lines_of(note, width, QUIET, 5)]
    if view.error is not None and view.failed_step == number:
        below += lines_of(f"! {_said(view.error, step.describe())}", width, WRONG, 5)
    return Content("\n").join([head, *below])


def _notes(accounts: tuple[StepAccount, ...], makes_customers: bool) -> Iterator[str]:
    """What stands below a step: values changed, matches, and the parts of a step that counts several things."""
    if makes_customers and accounts:
        parts = [f"{count(each.dropped)} {each.reason}" for each in accounts if each.reason and each.dropped]
        yield ", ".join([*parts, f"{plural(accounts[-1].rows_in, 'line')} used"])
    for account in accounts:
        if account.changed is not None:
            yield f"{plural(account.changed, 'value')} changed" if account.changed else "no value changed"
        yield from account.notes


def _said(error: SegtuiError, step: str) -> str:
    """What went wrong at a step; the step itself is not named again."""
    deeper = error.where.partition(f"({step}), ")[2]
    place = f" ({safe(deeper, 80)})" if deeper not in ("", step) else ""
    return f"{safe(error.what, 300)}{place} {safe(error.next_step, 300)}".strip()
