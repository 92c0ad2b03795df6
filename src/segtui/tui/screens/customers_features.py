"""The feature sets on screen 2: columns taken in and out, their forms, sets made, renamed and deleted."""

from __future__ import annotations

from textual import on

from segtui.api.table import Column
from segtui.api.text import join_words, safe
from segtui.prepare import FeatureSet, Form
from segtui.tui.dialogs import Ask, Choose, Confirm
from segtui.tui.screens import customers_steps as steps
from segtui.tui.screens.customers_making import MakingCustomers
from segtui.tui.widgets.feature_list import FORM_WORDS, FeatureList, care_of, forms_of


class ChoosingFeatures(MakingCustomers):
    """What a person does to the feature sets."""

    def __init__(self) -> None:
        super().__init__()
        self._set = ""

    @property
    def chosen_set(self) -> FeatureSet | None:
        """The feature set that is shown."""
        sets = self.document.feature_sets
        return next((one for one in sets if one.name == self._set), sets[0] if sets else None)

    def _set_form(self, column: Column, form: Form | None) -> None:
        chosen, customers = self.chosen_set, self.session.customers
        if chosen is None or customers is None:
            return
        if form is not None and self.query_one(FeatureList).has_too_many_values:
            self.notify(f"{safe(column.name, 60)} has too many values. Map them to fewer first.", markup=False)
            return
        changed = steps.with_form(chosen, column.name, form, customers)
        if not changed.columns:
            self.notify("A feature set has one column at least.", markup=False)
            return
        self._change(steps.with_set(self.document, chosen.name, changed))

    def action_toggle_feature(self) -> None:
        """Take the column into the set, or out of it; asks for personal and sensitive ones."""
        column, chosen = self.query_one(FeatureList).column, self.chosen_set
        if column is None or chosen is None:
            return
        if column.name in chosen.columns:
            self._set_form(column, None)
            return
        usual = forms_of(column)[0]
        if care_of(column):
            question = f"{safe(column.name, 60)} is {care_of(column)}. Segment customers by it all the same?"
            self.app.push_screen(
                Confirm(question, "Take it in"), lambda sure: self._set_form(column, usual) if sure else None
            )
            return
        self._set_form(column, usual)

    @on(FeatureList.FormWanted)
    def _next_form(self, wanted: FeatureList.FormWanted) -> None:
        self.action_next_form(wanted.by)

    def action_next_form(self, by: int) -> None:
        """Another form of the feature."""
        column, chosen = self.query_one(FeatureList).column, self.chosen_set
        form = chosen.columns.get(column.name) if column and chosen else None
        if column is None or form is None:
            return
        forms = forms_of(column)
        at = forms.index(form) if form in forms else 0
        self._set_form(column, forms[(at + by) % len(forms)])

    @on(FeatureList.Selected)
    def _choose_form(self) -> None:
        column, chosen = self.query_one(FeatureList).column, self.chosen_set
        if column is None or chosen is None:
            return
        options = {str(form): FORM_WORDS[form] for form in forms_of(column)}
        form = chosen.columns.get(column.name)
        self.app.push_screen(
            Choose(f"Form of {safe(column.name, 40)}", options, str(form or "")),
            lambda answer: self._set_form(column, Form(answer)) if answer else None,
        )

    def action_next_set(self) -> None:
        """Show the next set."""
        sets = [one.name for one in self.document.feature_sets]
        if len(sets) > 1:
            self._set = sets[(sets.index(self._set) + 1) % len(sets)]
            self.draw()

    def action_new_set(self) -> None:
        """Another set, which starts as the one that is shown."""
        hint = "it starts as the set that is shown"
        self.app.push_screen(Ask("Name of the new feature set", "", hint), self._new_set)

    def _new_set(self, name: str | None) -> None:
        chosen, free = self.chosen_set, self._free_name(name)
        if free and chosen is not None:
            new = FeatureSet(name=free, columns=chosen.columns)
            self._set = free
            self._change(steps.with_sets(self.document, (*self.document.feature_sets, new)))

    def action_rename_set(self) -> None:
        """Another name for the set."""
        if self.chosen_set is not None:
            self.app.push_screen(Ask("Name of the feature set", self.chosen_set.name), self._rename_set)

    def _rename_set(self, name: str | None) -> None:
        chosen = self.chosen_set
        if chosen is None or name == chosen.name:
            return
        free = self._free_name(name)
        if free:
            self._set = free
            self._change(steps.with_set(self.document, chosen.name, chosen.model_copy(update={"name": free})))

    def _free_name(self, name: str | None) -> str:
        """The name where it can be used; says why not."""
        name = (name or "").strip()
        if name and any(one.name == name for one in self.document.feature_sets):
            self.notify("A feature set of that name is there already.", severity="error", markup=False)
            return ""
        return name

    def action_delete_set(self) -> None:
        """Delete the set; asks where segmentations use it."""
        chosen, sets = self.chosen_set, self.document.feature_sets
        if chosen is None:
            return
        if len(sets) < 2:
            self.notify("It is the only feature set, and methods need one.", markup=False)
            return
        users = [entry.id for entry in self.document.segmentations if entry.feature_set == chosen.name]
        if not users:
            self._delete_set(True)
            return
        names = join_words(safe(name, 40) for name in users)
        question = f"{names} can't be run again without this set, until another is chosen there. Delete it?"
        self.app.push_screen(Confirm(question, "Delete"), self._delete_set)

    def _delete_set(self, sure: bool | None) -> None:
        chosen = self.chosen_set
        if sure and chosen is not None:
            sets = tuple(one for one in self.document.feature_sets if one.name != chosen.name)
            self._change(steps.with_sets(self.document, sets))
            self.notify(f"The set {safe(chosen.name, 40)} is deleted. u brings it back.", markup=False)
