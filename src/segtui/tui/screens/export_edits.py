"""What the lines of the export form ask, and how the answers change the document: a function for each line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from segtui.api.errors import SegtuiError
from segtui.api.text import count
from segtui.project.document import Document
from segtui.read.guard import refuse_scheme
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.pane import Pane
from segtui.tui.screens.export_columns import edit_columns, edit_personal

THRESHOLD, ROUNDING = (5, 1_000), (0, 1_000)
LONGEST_NAME, LONGEST_BRIEF = 200, 5_000


def change(pane: Pane, document: Document) -> None:
    """Change the project, and show it."""
    pane.session.change(document)
    pane.segtui.changed()


def update(pane: Pane, **fields: Any) -> None:
    """Change fields of the export."""
    document = pane.session.document
    change(pane, document.replacing(export=document.export.model_copy(update=fields)))


def edit_folder(pane: Pane) -> None:
    """Where the files go."""
    hint = "A folder beside the project, or any other. enter takes it, esc goes back"
    ask = Ask("Folder that the files go to", pane.session.document.export.folder, hint)
    pane.app.push_screen(ask, lambda words: _to_folder(pane, words))


def _to_folder(pane: Pane, words: str | None) -> None:
    if not words or not words.strip():
        return
    folder, root = Path(words.strip()).expanduser(), pane.session.folder.absolute()
    try:
        refuse_scheme(words.strip())
    except SegtuiError as error:
        pane.notify(str(error), severity="error", markup=False)
        return
    full = root / folder
    is_inside = full.resolve().is_relative_to(root.resolve())
    if folder.is_absolute() and is_inside:
        folder = full.resolve().relative_to(root.resolve())
    update(pane, folder=folder.as_posix())
    if not is_inside:
        pane.notify("It lies outside the project's folder; opening the project will ask for trust.", markup=False)


def edit_name(pane: Pane) -> None:
    """What the project is called."""
    hint = "It stands on the reports and in the names of their files. enter takes it, esc goes back"
    ask = Ask("Name of the project", pane.session.document.name, hint)
    pane.app.push_screen(ask, lambda name: _to_name(pane, name))


def _to_name(pane: Pane, name: str | None) -> None:
    if name and name.strip():
        change(pane, pane.session.document.replacing(name=name.strip()[:LONGEST_NAME]))


def edit_brief(pane: Pane) -> None:
    """What the work is for."""
    from segtui.tui.dialogs_export import Write

    question = "Brief: what the work is for, in a few sentences. It opens the reports."
    pane.app.push_screen(Write(question, pane.session.document.brief), lambda text: _to_brief(pane, text))


def _to_brief(pane: Pane, text: str | None) -> None:
    if text is None:
        return
    if len(text) > LONGEST_BRIEF:
        pane.notify(f"A brief has at most {count(LONGEST_BRIEF)} characters; the end is cut.", markup=False)
    change(pane, pane.session.document.replacing(brief=text.strip()[:LONGEST_BRIEF]))


def turn_models(pane: Pane) -> None:
    """Models leave, or stay."""
    update(pane, models=not pane.session.document.export.models)


def turn_rows(pane: Pane) -> None:
    """Models that hold rows of customers leave, or stay; asks before they leave."""
    if pane.session.document.export.models_with_rows:
        update(pane, models_with_rows=False)
        return
    question = "A model that holds rows of customers hands them on. Let such models leave?"
    confirm = Confirm(question, "Let them leave")
    pane.app.push_screen(confirm, lambda sure: update(pane, models_with_rows=True) if sure else None)


def turn_ids(pane: Pane) -> None:
    """Ids in clear, or as pseudonyms."""
    in_clear = pane.session.document.export.ids == "clear"
    update(pane, ids="pseudonymised" if in_clear else "clear")


def go_to_reports(pane: Pane) -> None:
    """Where reports are pinned."""
    pane.segtui.action_show("report")


def edit_threshold(pane: Pane) -> None:
    """Which groups are too small to tell of."""
    low, high = THRESHOLD
    question = f"Hide figures about groups of fewer customers than ({low} to {count(high)})"
    _ask_number(pane, question, "threshold", THRESHOLD)


def edit_rounding(pane: Pane) -> None:
    """How exact counts are."""
    question = f"Round counts in reports to multiples of (up to {count(ROUNDING[1])}; 0 leaves them exact)"
    _ask_number(pane, question, "rounding", ROUNDING)


def _ask_number(pane: Pane, question: str, field: str, bounds: tuple[int, int]) -> None:
    now = str(getattr(pane.session.document.export, field))
    pane.app.push_screen(Ask(question, now), lambda text: _to_number(pane, field, text, bounds))


def _to_number(pane: Pane, field: str, text: str | None, bounds: tuple[int, int]) -> None:
    if text is None:
        return
    low, high = bounds
    word = text.replace(",", "").strip()
    if word.isdecimal() and low <= int(word) <= high:
        update(pane, **{field: int(word)})
    else:
        pane.notify(f"It is a whole number from {low} to {count(high)}.", severity="error", markup=False)


def _edit_columns(pane: Pane) -> None:
    edit_columns(pane, lambda columns: update(pane, columns=columns))


def _edit_personal(pane: Pane) -> None:
    edit_personal(pane, lambda personal, columns: update(pane, personal_columns=personal, columns=columns))


EDITS: dict[str, Callable[[Pane], None]] = {
    "folder": edit_folder,
    "name": edit_name,
    "brief": edit_brief,
    "models": turn_models,
    "rows": turn_rows,
    "ids": turn_ids,
    "columns": _edit_columns,
    "personal": _edit_personal,
    "pinned": go_to_reports,
    "threshold": edit_threshold,
    "rounding": edit_rounding,
}
"""By the id of the line."""
