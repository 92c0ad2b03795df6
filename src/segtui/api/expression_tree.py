"""The tree of an expression: its nodes, what kind of value each gives, and the errors that point at a place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from segtui.api.errors import Exit, SegtuiError
from segtui.api.text import safe

Sort = Literal["number", "text", "date", "condition", "missing", "any"]
"""What a node gives; "any" where only the data could tell, "missing" for the word itself."""

DEEPEST = 100
"""Levels of a tree: the host, polars and DuckDB all walk it by recursion."""
HEAVIEST = 6_000
"""Nodes a tree may compile to: an operand is repeated where no function fits, here or in narwhals (division, root)."""

IEEE = frozenset({"+", "-", "*", "/", "negative", "abs", "round", "floor", "ceil", "sqrt", "log", "log1p", "exp"})
"""Operations through which a NaN passes as it does in IEEE 754; before all others it becomes missing."""

_IN_WORDS = {"number": "a number", "text": "text", "date": "a date", "condition": "true or false"}
LITERALS = frozenset({"number", "text", "date", "flag", "missing"})
_NEVER_NAN = frozenset({"year", "month", "day", "weekday", "days_between", "length", "as number"})
_CLEANED = frozenset({"if", "coalesce", "min", "max"})
_WINDOW = 60


class ExpressionError(SegtuiError):
    """A condition or formula can't be understood, or does not fit the columns.

    `position` is the offset (from 0) in `text` where it goes wrong; `caret` shows it in two lines. Names of columns are
    shown made safe; nothing else of the data is.
    """

    title = "This condition can't be understood"
    exit_code = Exit.USAGE

    def __init__(self, what: str, *, position: int = 0, text: str = "", next_step: str = "") -> None:
        super().__init__(what, where=f"character {position + 1}", next_step=next_step)
        self.position = position
        self.text = text

    def within(self, text: str) -> ExpressionError:
        """The same error, knowing the text it lies in."""
        return ExpressionError(self.what, position=self.position, text=text, next_step=self.next_step)

    def __reduce__(self) -> tuple[Callable[..., ExpressionError], tuple[str, int, str, str]]:
        return _restored, (self.what, self.position, self.text, self.next_step)

    @property
    def caret(self) -> str:
        """Two lines: the part of the text around the place, and a caret below it."""
        start = max(0, self.position - _WINDOW)
        before = ("…" if start else "") + _one_line(self.text[start : self.position])
        after = _one_line(self.text[self.position : self.position + _WINDOW])
        more = "…" if self.position + _WINDOW < len(self.text) else ""
        return f"{before}{after}{more}\n{' ' * _width(before)}^"


def _restored(what: str, position: int, text: str, next_step: str) -> ExpressionError:
    return ExpressionError(what, position=position, text=text, next_step=next_step)


def _one_line(text: str) -> str:
    return safe("".join(" " if character in "\t\r\n" else character for character in text))


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: `value` is a literal, a column's name, or a setting of the operation."""

    operation: str
    position: int
    arguments: tuple[Node, ...]
    value: Any
    sort: Sort
    height: int
    weight: int

    @property
    def may_be_nan(self) -> bool:
        """Whether a floating-point NaN may come out, which counts as missing."""
        return self.sort == "number" and self.operation not in _NEVER_NAN | _CLEANED | LITERALS


def walk(node: Node) -> Iterator[Node]:
    """All nodes, from left to right as written."""
    yield node
    for argument in node.arguments:
        yield from walk(argument)


def literal(sort: str, position: int, value: object) -> Node:
    """A literal: sort is number, text, date, flag or missing."""
    gives: Any = "condition" if sort == "flag" else sort
    return Node(sort, position, (), value, gives, 1, 1)


def column(name: str, position: int, sort: Sort = "any") -> Node:
    """A column of the table."""
    return Node("column", position, (), name, sort, 1, 1)


def operation(name: str, position: int, arguments: tuple[Node, ...], value: object = None) -> Node:
    """An operation on its arguments, their sorts settled. Raises ExpressionError where they don't fit."""
    rule = _RULES[name]
    settled, gives = rule(name, arguments)
    height = 1 + max(argument.height for argument in settled)
    weight = 1 + sum(
        argument.weight * (_REPEATS.get((name, place), 1) + 2 * (argument.may_be_nan and name not in IEEE))
        for place, argument in enumerate(settled)
    )
    if height > DEEPEST or weight > HEAVIEST:
        raise ExpressionError(
            "This holds too much, or nests too deeply.",
            position=position,
            next_step="Put a part of it into a column of its own.",
        )
    return Node(name, position, settled, value, gives, height, weight)


def rebuilt(node: Node, sort_of: Callable[[Node], Sort]) -> Node:
    """The same tree with the sorts of its columns given by `sort_of`."""
    if node.operation == "column":
        return replace(node, sort=sort_of(node))
    if node.operation == "missing":
        return replace(node, sort="missing")
    if not node.arguments:
        return node
    arguments = tuple(rebuilt(argument, sort_of) for argument in node.arguments)
    return operation(node.operation, node.position, arguments, node.value)


def expect(node: Node, sort: Sort) -> Node:
    """The node where it gives `sort` or may be taken to; raises ExpressionError where it can't."""
    if node.sort == sort or sort == "any":
        return node
    if node.sort in {"any", "missing"}:
        return _taken_as(node, sort)
    if node.operation == "column" and node.sort == "condition" and sort == "number":
        return replace(node, sort="number")
    raise ExpressionError(
        f"{_named(node)} is {_IN_WORDS[node.sort]}, where {_IN_WORDS[sort]} is needed.",
        position=node.position,
        next_step=_advice(node, sort),
    )


def _taken_as(node: Node, sort: Sort) -> Node:
    if not node.arguments:
        return replace(node, sort=sort)
    if node.operation in {"min", "max"}:
        _refuse_unordered(node.arguments, sort)
    first, *others = node.arguments
    head = first if node.operation == "if" else expect(first, sort)
    return replace(node, sort=sort, arguments=(head, *(expect(other, sort) for other in others)))


def _named(node: Node) -> str:
    return f"The column {safe(node.value, 60)}" if node.operation == "column" else "This"


def _advice(node: Node, sort: Sort) -> str:
    if node.operation == "text" and sort == "date":
        return "Write dates without quotes: 2011-12-09."
    if node.operation == "text" and sort == "number":
        return "Write numbers without quotes."
    if node.operation in {"number", "date"} and sort == "text":
        return "Write text in quotes."
    if node.sort == "text" and sort == "number":
        return "number(...) turns text into a number."
    return ""


_Rule = Callable[[str, tuple[Node, ...]], tuple[tuple[Node, ...], Sort]]


def _takes(sort: Sort, gives: Sort) -> _Rule:
    def rule(_: str, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
        return tuple(expect(_present(argument), sort) for argument in arguments), gives

    return rule


def _present(node: Node) -> Node:
    if node.operation == "missing":
        raise ExpressionError(
            "Nothing is equal to, or counts with, missing.", position=node.position, next_step='Write "is missing".'
        )
    return node


def _unified(arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
    known = next((argument.sort for argument in arguments if argument.sort not in {"any", "missing"}), None)
    if known == "condition" and any(argument.sort == "number" for argument in arguments):
        known = "number"
    if known is None:
        return arguments, "any" if any(argument.sort == "any" for argument in arguments) else "missing"
    return tuple(expect(argument, known) for argument in arguments), known


def _comparison(name: str, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
    settled, sort = _unified(tuple(_present(argument) for argument in arguments))
    if sort == "condition" and name not in {"=", "!=", "in"}:
        raise ExpressionError("True and false have no order.", position=settled[0].position)
    return settled, "condition"


def _least_or_greatest(_: str, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
    settled, sort = _unified(tuple(_present(argument) for argument in arguments))
    _refuse_unordered(settled, sort)
    return settled, sort


def _refuse_unordered(arguments: tuple[Node, ...], sort: Sort) -> None:
    if sort in {"text", "condition"}:
        raise ExpressionError("min and max take numbers or dates.", position=arguments[0].position)


def _choice(_: str, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
    branches, sort = _unified(arguments[1:])
    return (expect(_present(arguments[0]), "condition"), *branches), sort


def _is_missing(_: str, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Sort]:
    return tuple(_present(argument) for argument in arguments), "condition"


_RULES: dict[str, _Rule] = (
    dict.fromkeys(("and", "or", "not"), _takes("condition", "condition"))
    | dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between"), _comparison)
    | dict.fromkeys(("contains", "starts", "ends"), _takes("text", "condition"))
    | dict.fromkeys(("+", "-", "*", "/", "negative"), _takes("number", "number"))
    | dict.fromkeys(("abs", "round", "floor", "ceil", "sqrt", "log", "log1p", "exp"), _takes("number", "number"))
    | dict.fromkeys(("year", "month", "day", "weekday", "days_between"), _takes("date", "number"))
    | dict.fromkeys(("lower", "upper", "trim"), _takes("text", "text"))
    | dict.fromkeys(("length", "as number"), _takes("text", "number"))
    | dict.fromkeys(("min", "max"), _least_or_greatest)
    | {"is missing": _is_missing, "coalesce": lambda _, arguments: _unified(arguments), "if": _choice}
)
_REPEATS = {
    ("/", 0): 2,
    ("/", 1): 2,
    ("sqrt", 0): 6,
    ("log", 0): 8,
    ("log1p", 0): 8,
    ("round", 0): 6,
    ("between", 0): 2,
    ("as number", 0): 2,
}
