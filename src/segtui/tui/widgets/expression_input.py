"""A line for conditions and formulas: checked as it is typed, names of columns completed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.content import Content
from textual.suggester import Suggester

from segtui.api.expression import ExpressionError, parse, parse_condition, quote_column
from segtui.api.table import Column
from segtui.api.text import join_words, safe
from segtui.tui.widgets.row_list import ALARM, QUIET
from segtui.tui.widgets.step_fields import FormField, How

_LAST_NAME = re.compile(r"(\[[^\]]*|[^\W\d]\w*)$")
_WORDS = (
    "is missing",
    "is not missing",
    "between",
    "contains",
    "starts with",
    "ends with",
    "and",
    "not",
    "in",
    "days_between(",
    "round(",
    "coalesce(",
    "number(",
)
_SHORTEST_WORD = 2


class ColumnSuggester(Suggester):
    """Completes the last word to the name of a column, or to a word of the language."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._names = [quote_column(name) for name in columns]

    async def get_suggestion(self, value: str) -> str | None:
        """The whole text with its last word completed."""
        found = _LAST_NAME.search(value)
        if found is None:
            return None
        part = found[1]
        words = _WORDS if len(part) >= _SHORTEST_WORD else ()
        whole = next((word for word in (*self._names, *words) if word.startswith(part) and word != part), None)
        return value + whole[len(part) :] if whole else None


def problem(field: FormField, text: str, columns: Mapping[str, Column]) -> ExpressionError | None:
    """Why a condition or formula can't be taken; None where it can."""
    try:
        parsed = parse_condition(text) if field.how is How.CONDITION else parse(text)
        parsed.check({name: str(column.kind) for name, column in columns.items()})
    except ExpressionError as error:
        return error
    return None


def said(field: FormField, text: str, columns: Mapping[str, Column]) -> Content:
    """What is to be said under a condition or formula: where it goes wrong and what to do, or what it looks at."""
    if not text.strip():
        names = join_words(safe(name, 40) for name in columns)
        return Content.styled(f"{field.help}\n→ completes a name; columns: {names}", QUIET)
    error = problem(field, text, columns)
    if error is None:
        used = join_words(safe(name, 40) for name in parse(text).columns)
        return Content.styled(f"✓ looks at {used}" if used else "✓ looks at no column", QUIET)
    advice = f" {safe(error.next_step, 200)}" if error.next_step else ""
    return Content.styled(f"{error.caret}\n{error.where}: {safe(error.what, 200)}{advice}", ALARM)
