"""The small safe language of conditions and formulas, compiled to polars, to narwhals and to SQL.

    recency <= 30 and not (country in ('UK', "Ireland") or [Order value] is missing)
    round(monetary / frequency, 2)          if(channel starts with 'on', 1, 0)

Values: numbers (12, 1.5, -3, 1e6), 'text' or "text" (the quote doubled inside), dates 2011-12-09 and 2011-12-09T10:00,
true, false, missing. Columns: bare names, or [any name] with `]` doubled. Keywords in any case. From loose to tight:
or, and, not, one comparison, + -, * /, the sign.
Comparisons: = == != <> < <= > >=, in (a, b), between a and b (both included), contains, starts with, ends with 'x'
(each with `not` before it), is missing, is not missing.
Functions: abs, round(x[, digits]) (halves away from zero), floor, ceil, sqrt, log (natural), log1p, exp, min and max of
a row's values (numbers or dates; missing ones are passed over, missing only where all are), year, month, day, weekday
(1 = Monday), days_between(a, b) (calendar days b - a, the time of day left out), coalesce, if(condition, a, b), lower,
upper, trim (blanks, tabs, line ends), length (characters), number(text) (missing where the text is no plain number).

Missing values follow SQL's three values: a comparison with a missing value is unknown, `in` too; unknown and false is
false, unknown or true is true; `if` takes its last value where the condition is unknown. A rule with an unknown result
does not match: callers write `.polars().fill_null(False)`.

Numbers are IEEE doubles in every engine: columns used as numbers are cast to Float64 (whole numbers above 2**53 lose
their last digits; identifiers are text), flags count as 0 and 1 where a number is needed. A division by zero, the root
of a negative number and the logarithm of zero or less are missing, and so is NaN, in the data or as a result. Infinity
stays. Where nothing but the data could say that a column holds numbers (`a is missing`, `a = b`), NaN is told from
missing only after `check` has named the kinds; so check first. log and exp may differ between engines in the last
digit, lower and upper in letters whose other case is longer. A date compared with a datetime counts as its midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from segtui.api import expression_compile, expression_parse
from segtui.api.expression_parse import KEYWORDS, all_of, quote_column
from segtui.api.expression_simplify import simplified
from segtui.api.expression_tree import ExpressionError, Node, Sort, expect, rebuilt, walk
from segtui.api.text import close_matches, safe

__all__ = ["KEYWORDS", "Expression", "ExpressionError", "all_of", "parse", "parse_condition", "quote_column"]

_SORTS: dict[str, Sort] = {
    "number": "number",
    "text": "text",
    "category": "text",
    "identifier": "text",
    "date": "date",
    "flag": "condition",
}


@dataclass(frozen=True)
class Expression:
    """A condition or formula, parsed. `text` is as written, `columns` the names it uses in order of appearance."""

    text: str
    columns: tuple[str, ...]
    root: Node = field(repr=False)

    @property
    def is_condition(self) -> bool:
        """Whether the result is true, false or unknown. Of a lone column only `check` or `parse_condition` can tell."""
        return self.root.sort == "condition"

    @property
    def gives(self) -> Sort:
        """number, text, date or condition; "any" where only `check` could tell."""
        return self.root.sort

    def polars(self) -> pl.Expr:
        """The expression in polars: Float64, String, Boolean, Date or Datetime; null where missing or unknown."""
        expression: pl.Expr = self.to(pl)
        return expression

    def to(self, namespace: Any) -> Any:
        """The expression in any module with polars' functions: `to(narwhals)` for every engine narwhals speaks to."""
        return expression_compile.framed(simplified(self.root), namespace)

    def sql(self, *, plain: bool = False) -> str:
        """The expression in standard SQL, names in double quotes; equal to polars row for row on DuckDB.

        `plain` is for people to read, and for tables that hold no NaN: columns are compared as they are stored. LEAST
        and GREATEST pass over NULL as in DuckDB, PostgreSQL and Spark.
        """
        return expression_compile.sql(self.root, plain)

    def check(self, columns: Mapping[str, str]) -> Expression:
        """The same expression, its columns known. `columns` gives the kind of each column of the table (identifier,
        number, category, flag, date, text; any other word stands for "unknown, let it pass").

        Raises ExpressionError, with the position, for a column that is not there or a kind that doesn't fit.
        """

        def sort_of(node: Node) -> Sort:
            if node.value not in columns:
                raise _unknown_column(node, columns)
            return _SORTS.get(str(columns[node.value]), "any")

        try:
            known = rebuilt(self.root, sort_of)
            return replace(self, root=expect(known, self.root.sort) if self.is_condition else known)
        except ExpressionError as error:
            raise error.within(self.text) from None


def _unknown_column(node: Node, columns: Iterable[str]) -> ExpressionError:
    close = close_matches(node.value, columns, most=1)
    return ExpressionError(
        f"There is no column {safe(node.value, 60)}.",
        position=node.position,
        next_step=f"Did you mean {safe(close[0], 60)}?" if close else "",
    )


def parse(text: str) -> Expression:
    """A condition or formula from its text. Raises ExpressionError, and nothing else, for any text.

    At most 10,000 characters and 100 levels; the time taken grows with the length alone.
    """
    try:
        root = expression_parse.read(text)
    except ExpressionError as error:
        raise error.within(text) from None
    columns = dict.fromkeys(node.value for node in walk(root) if node.operation == "column")
    return Expression(text, tuple(columns), root)


def parse_condition(text: str) -> Expression:
    """A condition from its text; a lone column is taken as a flag. Raises ExpressionError for a formula."""
    parsed = parse(text)
    try:
        return replace(parsed, root=expect(parsed.root, "condition"))
    except ExpressionError as error:
        raise error.within(text) from None
