"""Customers: the recipe as a list of steps, the customers it gives, and their features in named sets."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from segtui.api.table import Column
from segtui.api.text import plural, safe
from segtui.prepare import FeatureSet
from segtui.project.facts import CustomersFacts
from segtui.tui.pane import State
from segtui.tui.screens import customers_steps as steps
from segtui.tui.screens.column_counts import ColumnCounts
from segtui.tui.screens.customers_features import ChoosingFeatures
from segtui.tui.screens.customers_recipe import EditingRecipe
from segtui.tui.widgets.customers_summary import summary
from segtui.tui.widgets.feature_list import FeatureList, FeaturesView, candidates, care_of
from segtui.tui.widgets.frame_table import ColumnLook, FrameTable
from segtui.tui.widgets.line_list import LineList
from segtui.tui.widgets.recipe_list import RecipeList, RecipeView
from segtui.tui.widgets.row_list import QUIET, RowList
from segtui.tui.widgets.step_form import StepForm

OF_RECIPE = ("add_step", "toggle_step", "move_step", "remove_step", "propose", "choose_customers")
OF_STEP = ("toggle_step", "move_step", "remove_step")
OF_FEATURES = ("toggle_feature", "next_form", "next_set", "new_set", "rename_set", "delete_set")


class CustomersPane(EditingRecipe, ChoosingFeatures):
    """The recipe on the left, the customers and their features on the right, and the table of customers behind both."""

    NAME, TITLE, SHORT, KEY = "customers", "Customers", "Cus", "2"
    HELP = (
        "How the rows of the files become customers. The recipe is a list of steps; beside each stand the rows that go "
        "in, are dropped, and come out. The account says what became of every row. A feature set names the columns a "
        "method looks at, each in a form. Whatever you change can be undone with u."
    )
    NARROW = 104
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("enter", "edit", "Edit", tooltip="Edit the step; choose the form of the feature"),
        Binding("a", "add_step", "Add step", tooltip="Add a step below the cursor"),
        Binding("space", "toggle_step", "On/off", tooltip="Switch the step on or off"),
        Binding("K,shift+up", "move_step(-1)", "Move", key_display="K J", tooltip="Move the step up or down"),
        Binding("J,shift+down", "move_step(1)", "Move down", key_display="J", show=False),
        Binding("x,delete", "remove_step", "Remove", key_display="x", tooltip="Remove the step"),
        Binding("space", "toggle_feature", "In/out", tooltip="Take the column into the set, or out of it"),
        Binding("right", "next_form(1)", "Form", key_display="←→", tooltip="Another form of the feature"),
        Binding("s", "next_set", "Next set", tooltip="Show the next feature set"),
        Binding("n", "new_set", "New set", tooltip="Another feature set, which starts as this one"),
        Binding("m", "rename_set", "Rename", tooltip="Rename the set"),
        Binding("X", "delete_set", "Delete", tooltip="Delete the set"),
        Binding("tab", "next_part", "Other part", tooltip="Go between the recipe and the features"),
        Binding("c", "choose_customers", "Customers", tooltip="Choose the table and the column that are the customers"),
        Binding("t", "table", "Table", tooltip="The table of customers"),
        Binding("d", "as_of", "As of", tooltip="The day the customers are looked at"),
        Binding("r", "make", "Make anew", tooltip="Make the customers anew"),
        Binding("p", "propose", "Propose", tooltip="Propose a recipe in the place of this one"),
    ]
    DEFAULT_CSS = """
    CustomersPane > .stale-line { display: block; background: $background; color: $text-muted; padding: 0 2; }
    CustomersPane.-stale > .stale-line { background: $panel; color: $foreground; }
    CustomersPane.-empty > .stale-line, CustomersPane.-loading > .stale-line,
    CustomersPane.-failed > .stale-line { display: none; }
    CustomersPane .parts { height: 1fr; }
    CustomersPane .part { height: 1fr; }
    CustomersPane .recipe-part { width: 4fr; }
    CustomersPane .features-part { width: 3fr; min-width: 48; border-left: vkey $foreground 20%; }
    CustomersPane .heading { height: 1; padding: 0 1 0 1; }
    CustomersPane .summary { height: auto; max-height: 14; padding: 0 1 0 1; margin-bottom: 1; }
    CustomersPane .set { height: auto; padding: 0 1 0 1; }
    CustomersPane .about { height: auto; max-height: 4; padding: 0 1 0 1; }
    CustomersPane .tabs { display: none; height: 1; padding: 0 1; }
    CustomersPane .line { height: 1; padding: 0 1; }
    CustomersPane .customers-table, CustomersPane StepForm { display: none; }
    CustomersPane.-form StepForm { display: block; }
    CustomersPane.-form RecipeList, CustomersPane.-form .recipe-heading { display: none; }
    CustomersPane.-table .parts, CustomersPane.-table .tabs { display: none; }
    CustomersPane.-table .customers-table { display: block; }
    CustomersPane.-narrow .tabs { display: block; }
    CustomersPane.-narrow.-table .tabs, CustomersPane.-narrow.-form .tabs { display: none; }
    CustomersPane.-narrow .recipe-part { width: 1fr; }
    CustomersPane.-narrow .features-part { width: 1fr; border-left: none; display: none; }
    CustomersPane.-narrow.-of-features .features-part { display: block; }
    CustomersPane.-narrow.-of-features .recipe-part { display: none; }
    CustomersPane.-narrow .summary { margin-bottom: 0; max-height: 6; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._candidates: tuple[Column, ...] = ()
        self._counts: ColumnCounts | None = None
        self._counts_from: object = None
        self._tabled: object = None

    def body(self) -> ComposeResult:
        """Recipe, form, customers and features; the table of customers."""
        yield Static("", classes="tabs", markup=False)
        with Horizontal(classes="parts"):
            with Vertical(classes="part recipe-part"):
                yield Static("", classes="heading recipe-heading", markup=False)
                yield RecipeList()
                yield StepForm()
            with Vertical(classes="part features-part"):
                yield Static("", classes="summary", markup=False)
                yield Static("", classes="set", markup=False)
                yield Static("", classes="heading feature-heading", markup=False)
                yield FeatureList()
                yield Static("", classes="about", markup=False)
        with Vertical(classes="customers-table"):
            yield FrameTable()
            yield Static("", classes="line", markup=False)

    def on_resize(self) -> None:
        """Write the lines anew for the room there is."""
        self.call_after_refresh(self.draw)

    def first_focus(self) -> Widget | None:
        """What has the cursor already, else the list of the part in view."""
        focused = self.app.focused
        if focused is not None and focused is not self and self in focused.ancestors and focused.display:
            return focused
        if self.state not in (State.READY, State.STALE):
            return None
        if self.has_class("-table"):
            return self.query_one(FrameTable)
        if self.has_class("-form"):
            return self.query_one(StepForm).cursor
        return self.query_one(FeatureList if self.has_class("-of-features") else RecipeList)

    # What is shown

    def draw(self) -> None:
        """Show the recipe and the customers as they are."""
        customers, recipe = self.session.customers, self.recipe
        sources = self.document.sources
        base = recipe.customers or (recipe.steps[-1].table if recipe.steps else sources[0].name if sources else "")
        stand = steps.same_steps(customers.recipe, recipe) if customers else 0
        accounts: dict[int, tuple[Any, ...]] = {}
        for account in customers.steps if customers else ():
            if account.step <= stand:
                accounts[account.step] = (*accounts.get(account.step, ()), account)
        named = customers.id if customers and customers.recipe == recipe else recipe.id or ""
        self.query_one(RecipeList).show(RecipeView(recipe, accounts, self._error, base, named))
        self._draw_headings()
        self._draw_customers(customers)
        self._draw_tabs()

    @on(RowList.Resized)
    @on(LineList.Resized)
    def _draw_headings(self) -> None:
        self.query_one(".recipe-heading", Static).update(self.query_one(RecipeList).heading())
        self.query_one(".feature-heading", Static).update(self.query_one(FeatureList).heading())

    def _draw_customers(self, customers: CustomersFacts | None) -> None:
        if customers is None:
            self.query_one(".summary", Static).update("No customers yet.")
            return
        width = max(self.query_one(".summary").content_size.width, 20)
        short = self.has_class("-narrow") or self.size.height < 30
        self.query_one(".summary", Static).update(summary(customers, width, short=short))
        self._draw_features(customers)
        self._draw_headings()
        if self.has_class("-table"):
            self._fill_table(customers)

    def _draw_features(self, customers: CustomersFacts) -> None:
        counts, chosen = self._counts_of(customers), self.chosen_set
        self._set = chosen.name if chosen else ""
        self.query_one(".set", Static).update(self._set_words(chosen))
        view = FeaturesView(chosen, self._candidates, counts.facts, counts.errors)
        self.query_one(FeatureList).show(view)
        self._say_about()
        self._look()

    def _counts_of(self, customers: CustomersFacts) -> ColumnCounts:
        """What was counted of the customers since the recipe was run."""
        if self._counts is None or self._counts_from != customers.frame:
            self._candidates = candidates(customers.columns, customers.id)
            names = [column.name for column in self._candidates]
            self._counts_from = customers.frame
            self._counts = ColumnCounts(self, "the customers", customers, names, self._draw_counted)
        return self._counts

    def _draw_counted(self) -> None:
        customers = self.session.customers
        if customers is not None:
            self._draw_features(customers)

    @on(FeatureList.ViewMoved)
    def _look(self) -> None:
        if self._counts is not None:
            self._counts.look_at(self.query_one(FeatureList).names_in_view)

    def _set_words(self, chosen: FeatureSet | None) -> Content:
        sets = [one.name for one in self.document.feature_sets]
        if chosen is None:
            return Content.styled("No feature set. n makes one.", QUIET)
        others = f"   {sets.index(chosen.name) + 1} of {len(sets)} sets, s shows the next" if len(sets) > 1 else ""
        said = f" ({plural(len(chosen.columns), 'feature')}){others}"
        return Content.assemble(("Set ", QUIET), (safe(chosen.name, 40), "bold"), (said, QUIET))

    @on(FeatureList.Highlighted)
    def _say_about(self) -> None:
        features, counts = self.query_one(FeatureList), self._counts
        error = counts.errors.get(features.column.name) if counts and features.column else None
        not_counted = f"The values could not be counted. {safe(str(error))}" if error else ""
        self.query_one(".about", Static).update(not_counted or features.about())

    @on(RecipeList.OptionHighlighted, "#recipe")
    def _moved(self) -> None:
        self.refresh_bindings()

    def _draw_tabs(self) -> None:
        recipe, features = "", "reverse"
        if not self.has_class("-of-features"):
            recipe, features = features, recipe
        words = f" Recipe, {plural(len(self.recipe.steps), 'step')} "
        chosen = self.chosen_set
        of_set = f" Customers, {plural(len(chosen.columns) if chosen else 0, 'feature')} "
        line = Content.assemble((words, recipe), "  ", (of_set, features), ("  tab goes between them", QUIET))
        self.query_one(".tabs", Static).update(line)

    # Keys and parts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keys of the part that has the cursor."""
        if action == "back":
            return self.has_class("-table")
        if action in ("edit", "as_of", "make", "table", "next_part", *OF_RECIPE, *OF_FEATURES):
            if self.has_class("-form") or self.state in (State.EMPTY, State.LOADING):
                return False
            if self.has_class("-table"):
                return action == "table"
            in_features = self.query_one(FeatureList).has_focus
            if action == "next_set":
                return in_features and len(self.document.feature_sets) > 1
            if action in OF_FEATURES:
                return in_features
            if action in OF_RECIPE:
                steps = self.query_one(RecipeList)
                return not in_features and (action not in OF_STEP or (steps.has_focus and steps.is_on_step))
        return True

    def on_descendant_focus(self) -> None:
        """The keys of the footer follow the cursor."""
        self.refresh_bindings()

    def action_edit(self) -> None:
        """Edit the step, or choose the form of the feature under the cursor."""
        in_features = self.query_one(FeatureList).has_focus
        part: FeatureList | RecipeList = self.query_one(FeatureList) if in_features else self.query_one(RecipeList)
        part.action_select()

    def action_next_part(self) -> None:
        """From the recipe to the features, and back."""
        to_features = not self.query_one(FeatureList).has_focus
        self.set_class(to_features, "-of-features")
        self._draw_tabs()
        self.call_after_refresh(self._enter_part, to_features)

    def _enter_part(self, features: bool) -> None:
        self.query_one(FeatureList if features else RecipeList).focus()
        self.draw()

    def action_table(self) -> None:
        """Show the table of customers, or go back to the recipe."""
        customers = self.session.customers
        if customers is None:
            self.notify("There are no customers yet.", markup=False)
            return
        shows = not self.has_class("-table")
        self.set_class(shows, "-table")
        if shows:
            self._fill_table(customers)
        self.call_after_refresh(self.segtui.focus_pane)
        self.refresh_bindings()

    def action_back(self) -> None:
        """From the table back to the recipe."""
        if self.has_class("-table"):
            self.action_table()

    def _fill_table(self, customers: CustomersFacts) -> None:
        if self._tabled == customers.frame:
            return
        self._tabled = customers.frame
        looks = [
            ColumnLook(
                column.name,
                detail="·".join(filter(None, (str(column.role or ""), str(column.kind), safe(column.unit, 12)))),
                decimals=column.decimals,
                mark="!" if column.personal or column.sensitive else "",
            )
            for column in customers.columns.values()
        ]
        self.query_one(FrameTable).set_frame(self.session.table(customers), looks)

    @on(FrameTable.ViewMoved)
    @on(FrameTable.CursorMoved)
    def _say_place(self) -> None:
        table, customers = self.query_one(FrameTable), self.session.customers
        column = customers.columns.get(table.cursor_column or "") if customers else None
        what = ""
        if column is not None:
            what = "   ".join(filter(None, (safe(column.name, 60), safe(column.reason, 100), care_of(column))))
        self.query_one(".line", Static).update(f"{table.row_range}   {what}")
