"""Which columns leave with each customer; a personal one leaves only where that is said of it."""

from __future__ import annotations

from collections.abc import Callable

from segtui.api.text import safe
from segtui.project.facts import CustomersFacts
from segtui.tui.dialogs_checklist import Checklist
from segtui.tui.pane import Pane
from segtui.tui.screens.export_rows import personal_columns

Names = tuple[str, ...]


def edit_columns(pane: Pane, take: Callable[[Names], None]) -> None:
    """Choose among the columns that are not personal."""
    customers = _customers(pane)
    if customers is None:
        return
    options = {
        name: str(column.kind) + ("   sensitive" if column.sensitive else "")
        for name, column in customers.columns.items()
        if name != customers.id and not column.personal
    }
    question = "Columns that leave with each customer, besides id and segment"
    chosen = pane.session.document.export.columns
    pane.app.push_screen(Checklist(question, options, chosen), lambda names: take(names) if names is not None else None)


def edit_personal(pane: Pane, take: Callable[[Names, Names], None]) -> None:
    """Choose among the personal columns, each with a yes; gives them, and the others that leave."""
    customers = _customers(pane)
    if customers is None:
        return
    every = personal_columns(customers)
    options = {name: str(customers.columns[name].personal) for name in every}
    asks = {name: f"{safe(name, 60)} is personal data ({kind}). Let it leave?" for name, kind in options.items()}
    export = pane.session.document.export

    def taken(names: Names | None) -> None:
        if names is not None:
            take(names, tuple(one for one in export.columns if one not in every))

    question = "Personal columns leave only where you say so of each."
    pane.app.push_screen(Checklist(question, options, export.personal_columns, asks), taken)


def _customers(pane: Pane) -> CustomersFacts | None:
    if pane.session.customers is None:
        pane.notify("There are no customers yet; r makes them.", markup=False)
    return pane.session.customers
