"""Counting the values of the columns that are looked at, and of no others: a table may have thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from segtui.api.errors import Cancelled, SegtuiError
from segtui.project.facts import CustomersFacts, SourceFacts
from segtui.read import ColumnFacts
from segtui.tui.pane import Pane

COUNTED_AT_ONCE = 60
"""Columns whose values are counted together: those beside the one that is looked at are soon looked at too."""


class ColumnCounts:
    """What is known of the columns of one table, as far as they were looked at: `facts`, and for columns that could not
    be counted `errors`. `told` is called whenever there is more.

    `kind` names the table among those that are counted; a newer table of that name takes its place.
    """

    def __init__(
        self, pane: Pane, kind: str, of: SourceFacts | CustomersFacts, names: Sequence[str], told: Callable[[], None]
    ) -> None:
        self.of = of
        self.facts: dict[str, ColumnFacts] = {}
        self.errors: dict[str, SegtuiError] = {}
        self._pane, self._kind, self._told = pane, kind, told
        self._names = tuple(names)
        self._counting = False

    def look_at(self, names: Iterable[str]) -> None:
        """Count the first of these columns that is not known, and those beside it. Nothing is asked for while others
        are being counted, so `told` has to ask again."""
        wanted = next((name for name in names if name not in self.facts and name not in self.errors), None)
        if wanted is None or self._counting:
            return
        self._counting = True
        start = self._names.index(wanted) // COUNTED_AT_ONCE * COUNTED_AT_ONCE
        block = self._names[start : start + COUNTED_AT_ONCE]
        call = partial(self._pane.session.inspect_columns, self.of, block)
        self._pane.segtui.work.look(f"columns of {self._kind}", call, self._counted, partial(self._failed, block))

    def _counted(self, facts: dict[str, ColumnFacts]) -> None:
        self._counting = False
        self.facts |= facts
        self._told()

    def _failed(self, block: Sequence[str], error: SegtuiError) -> None:
        self._counting = False
        if not isinstance(error, Cancelled):
            self.errors |= dict.fromkeys(block, error)
        self._told()
