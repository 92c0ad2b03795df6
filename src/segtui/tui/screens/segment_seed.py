"""The seed of the project: asked for, and changed once it is known what that makes stale."""

from __future__ import annotations

from segtui.api.text import count, plural
from segtui.project.document import MOST_SEED
from segtui.tui.dialogs import Ask, Confirm
from segtui.tui.pane import Pane


def ask_for_seed(pane: Pane, results: int) -> None:
    """Ask for another seed, and whether it is meant where that many results become stale."""
    before = pane.session.document.seed

    def answered(text: str | None) -> None:
        if text is None or text.strip() == str(before):
            return
        if not text.strip().isdecimal() or int(text) > MOST_SEED:
            pane.notify(f"A seed is a whole number from 0 to {count(MOST_SEED)}.", severity="warning", markup=False)
            return
        seed = int(text)
        if not results:
            change(seed)
            return
        stale = plural(results, "result")
        question = f"Change the seed to {seed}? {stale} become stale until run again; u takes it back."
        pane.app.push_screen(Confirm(question, "Change"), lambda sure: change(seed) if sure else None)

    def change(seed: int) -> None:
        pane.session.change(pane.session.document.replacing(seed=seed))
        pane.segtui.changed()

    hint = f"A whole number from 0 to {count(MOST_SEED)}. All results become stale. enter takes it, esc goes back."
    pane.app.push_screen(Ask("Seed of the project", str(before), hint), answered)
