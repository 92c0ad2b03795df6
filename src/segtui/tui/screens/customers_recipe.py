"""The steps of a recipe on screen 2: added, edited in a form, moved, switched off, removed."""

from __future__ import annotations

from datetime import date
from typing import Any

from textual import on

from segtui.api.table import Column
from segtui.api.text import safe
from segtui.prepare.outline import columns_before
from segtui.prepare.steps.step import Step
from segtui.tui.dialogs import Ask, Choose
from segtui.tui.pane import State
from segtui.tui.screens import customers_steps as steps
from segtui.tui.screens.customers_making import MakingCustomers
from segtui.tui.widgets.pick_columns import PickColumn
from segtui.tui.widgets.recipe_list import RecipeList
from segtui.tui.widgets.step_form import StepForm


class EditingRecipe(MakingCustomers):
    """What a person does to the recipe."""

    def __init__(self) -> None:
        super().__init__()
        self._editing: int | None = None
        self._adding_at = 0
        self._opened_on: tuple[str, ...] = ()

    def show_session(self) -> None:
        """As ever; a form whose recipe was undone under it is closed."""
        super().show_session()
        if self.has_class("-form") and self._kinds() != self._opened_on:
            self._close_form()
            self.notify("The recipe changed, so the form was closed.", markup=False)

    def _kinds(self) -> tuple[str, ...]:
        return tuple(step.step for step in self.recipe.steps)

    def _at(self) -> int | None:
        """The place of the step under the cursor, or None on the last row."""
        at = self.query_one(RecipeList).at
        return at if at < len(self.recipe.steps) else None

    @on(RecipeList.OptionSelected, "#recipe")
    def _edit_step(self) -> None:
        at = self._at()
        if at is None:
            is_last = self.query_one(RecipeList).at > len(self.recipe.steps)
            self.action_choose_customers() if is_last else self.action_add_step()
            return
        if not self._has_tables():
            return
        step = self.recipe.steps[at]
        self._editing = at
        what = steps.summary(type(step))
        values = step.model_dump(exclude={"step"})
        self._open_form(type(step), values, at, f"Step {at + 1}, {step.step}", what)

    def _has_tables(self) -> bool:
        if not self.session.sources:
            self.notify("No table has been read yet, see Data.", markup=False)
        return bool(self.session.sources)

    def action_add_step(self) -> None:
        """Choose the kind of a new step, which comes below the cursor; then its form."""
        if not self._has_tables():
            return
        kinds = {name: f"{name:13}{steps.WORDS[name]}" for name in steps.KINDS}
        self.app.push_screen(Choose("What shall the step do?", kinds), self._add)

    def _add(self, name: str | None) -> None:
        if name is None:
            return
        at = self._at()
        self._editing, self._adding_at = None, len(self.recipe.steps) if at is None else at + 1
        kind, tables = steps.KINDS[name], self._tables(self._adding_at)
        near = self.recipe.steps[at].table if at is not None else self.recipe.customers
        values = steps.started(kind, near or next(iter(tables)), tables, self.recipe)
        title = f"New step {self._adding_at + 1}, {name}"
        self._open_form(kind, values, self._adding_at, title, steps.summary(kind))

    def _tables(self, at: int) -> dict[str, dict[str, Column]]:
        sources = {facts.name: facts.columns for facts in self.session.sources}
        return columns_before(self.recipe, sources, at + 1)

    def _open_form(self, kind: type[Step], values: dict[str, Any], at: int, title: str, what: str) -> None:
        if self.state in (State.EMPTY, State.FAILED):
            self._error = None
            self.say(State.STALE, "A recipe of your own.")
        self._opened_on = self._kinds()
        self.add_class("-form")
        self.query_one(StepForm).open(kind, values, self._tables(at), title, what)

    @on(StepForm.Taken)
    def _take(self, taken: StepForm.Taken) -> None:
        self._close_form()
        if self._editing is None:
            self._change_recipe(steps.inserted(self.recipe, self._adding_at, taken.step))
            self.query_one(RecipeList).highlighted = self._adding_at
        else:
            self._change_recipe(steps.replaced(self.recipe, self._editing, taken.step))

    @on(StepForm.Left)
    def _close_form(self) -> None:
        self.remove_class("-form")
        self.call_after_refresh(self.query_one(RecipeList).focus)

    def action_toggle_step(self) -> None:
        """Switch the step on or off."""
        at = self._at()
        if at is not None:
            self._change_recipe(steps.toggled(self.recipe, at))

    def action_move_step(self, by: int) -> None:
        """Move the step up or down."""
        at = self._at()
        if at is None or not 0 <= at + by < len(self.recipe.steps):
            return
        self._change_recipe(steps.moved(self.recipe, at, by))
        self.query_one(RecipeList).highlighted = at + by

    def action_remove_step(self) -> None:
        """Remove the step; undo brings it back."""
        at = self._at()
        if at is not None:
            self._change_recipe(steps.removed(self.recipe, at))
            self.notify(f"Step {at + 1} is removed. u brings it back.", markup=False)

    def action_choose_customers(self) -> None:
        """Choose the table that holds a row per customer at the end, and the column that names them."""
        if not self._has_tables():
            return
        tables = self._tables(len(self.recipe.steps))
        last = self.recipe.steps[-1].table if self.recipe.steps else next(iter(tables))
        options = {"": f"{safe(last, 40)}, as of the last step", **{name: safe(name, 60) for name in tables}}
        question = "Which table holds one row per customer at the end?"
        self.app.push_screen(
            Choose(question, options, self.recipe.customers or ""),
            lambda table: self._choose_id(table, tables[table or last]) if table is not None else None,
        )

    def _choose_id(self, table: str, columns: dict[str, Column]) -> None:
        ends = {"customers": table or None}

        def take(name: str | None) -> None:
            if name is not None:
                self._change_recipe(self.recipe.model_copy(update={**ends, "id": name or None}))

        question = "Which of its columns names a customer? none takes the one with the role customer."
        self.app.push_screen(PickColumn(question, columns, self.recipe.id or "", optional=True), take)

    def action_as_of(self) -> None:
        """Set the day the customers are looked at."""
        if not self.recipe.needs_as_of:
            self.notify("No step of the recipe looks at purchases, so there is no day to set.", markup=False)
            return
        hint = "as 2025-01-31; empty finds it: the day after the last purchase. enter takes it, esc goes back"
        question = "The day the customers are looked at"
        self.app.push_screen(Ask(question, str(self.recipe.as_of or ""), hint), self._set_day)

    def _set_day(self, typed: str | None) -> None:
        if typed is None:
            return
        try:
            day = date.fromisoformat(typed.strip()) if typed.strip() else None
        except ValueError:
            self.notify("A day is typed as 2025-01-31.", severity="error", markup=False)
            return
        self._change_recipe(self.recipe.model_copy(update={"as_of": day}))

    def action_propose(self) -> None:
        """Propose a recipe in the place of this one."""
        self._change(self.document.replacing(recipe=None, feature_sets=()))
        if not self._making:
            self._make()
