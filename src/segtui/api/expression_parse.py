"""Reads the text of an expression into its tree, in one pass from left to right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from segtui.api.expression_tree import DEEPEST, ExpressionError, Node, column, literal, operation
from segtui.api.text import close_matches, safe

LONGEST = 10_000
"""Characters an expression may have."""

KEYWORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "missing", "contains", "starts", "ends", "with", "true", "false"}
)
_MANY = 1_000
_FUNCTIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("abs", "floor", "ceil", "sqrt", "log", "log1p", "exp"), (1, 1)),
    **dict.fromkeys(("year", "month", "day", "weekday", "lower", "upper", "trim", "length", "number"), (1, 1)),
    "round": (1, 2),
    "days_between": (2, 2),
    "if": (3, 3),
    **dict.fromkeys(("min", "max", "coalesce"), (2, _MANY)),
}
_OPERATION_OF = {"number": "as number"}
_MOST_DIGITS = 12

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?(?!\w))
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?!\w))
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<column>\[(?:[^\]]|\]\])*\])
    |(?P<name>[^\W\d]\w*)
    |(?P<symbol><=|>=|<>|!=|==|[=<>+\-*/(),])""",
    re.VERBOSE,
)
_BARE = re.compile(r"[^\W\d]\w*\Z")
_COMPARISONS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NEGATABLE = frozenset({"in", "between", "contains", "starts", "ends"})

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN = range(1, 8)


class _Token(NamedTuple):
    sort: str
    text: str
    position: int


def quote_column(name: str) -> str:
    """How a column is written in the language: bare where possible, else `[name]` with `]` doubled.

    Raises ExpressionError for a name that can't be written: empty, or with NUL or a lone surrogate.
    """
    if not name or _unwritable(name) is not None:
        raise ExpressionError("A column without a name, or with unreadable characters in it, can't be used here.")
    if _BARE.match(name) and name.lower() not in KEYWORDS:
        return name
    return "[" + name.replace("]", "]]") + "]"


def read(text: str) -> Node:
    """The tree of `text`. Raises ExpressionError; takes time in proportion to the length."""
    if len(text) > LONGEST:
        raise ExpressionError(
            f"This is longer than {LONGEST:,} characters.",
            position=LONGEST,
            next_step="Put a part of it into a column of its own.",
        )
    return _Parser(text).whole()


def _unwritable(text: str) -> int | None:
    found = re.search("[\x00\ud800-\udfff]", text)
    return found.start() if found else None


def _tokens(text: str) -> list[_Token]:
    bad = _unwritable(text)
    if bad is not None:
        raise ExpressionError("There is an unreadable character here.", position=bad, next_step="Delete it.")
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _no_token(text, position)
        sort = match.lastgroup or ""
        if sort == "name" and match[0].lower() in KEYWORDS:
            tokens.append(_Token("keyword", match[0].lower(), position))
        elif sort != "space":
            tokens.append(_Token(sort, match[0], position))
        position = match.end()
    return [*tokens, _Token("end", "", len(text))]


def _no_token(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character in "'\"":
        return ExpressionError("This text has no closing quote.", position=position)
    if character == "[":
        return ExpressionError("This column name has no closing bracket.", position=position)
    if character.isdigit() or character == ".":
        return ExpressionError(
            "This is no number.",
            position=position,
            next_step="Write a column whose name starts with a digit as [name].",
        )
    return ExpressionError(
        f"{safe(character)} means nothing here.",
        position=position,
        next_step="Write text in straight quotes, and other names of columns in [ ].",
    )


class _Parser:
    """Precedence climbing: two Python frames for each level of nesting."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def whole(self) -> Node:
        if self.token.sort == "end":
            raise ExpressionError(
                "There is nothing here.", position=0, next_step="Write a condition such as age >= 30."
            )
        node = self.expression(_OR)
        if self.token.sort != "end":
            raise self.unexpected("the end")
        if node.sort == "missing":
            raise ExpressionError("This is always missing.", position=node.position)
        return node

    def take(self) -> _Token:
        token = self.token
        self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        return self.token.sort in {"keyword", "symbol"} and self.token.text in texts

    def require(self, text: str) -> _Token:
        if not self.at(text):
            raise self.unexpected(f'"{text}"')
        return self.take()

    def unexpected(self, wanted: str) -> ExpressionError:
        token = self.token
        if token.sort == "end":
            return ExpressionError(f"It ends where {wanted} should follow.", position=token.position)
        return ExpressionError(f"{wanted[0].upper()}{wanted[1:]} should stand here.", position=token.position)

    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(
                "This is nested too deeply.",
                position=self.token.position,
                next_step="Put a part of it into a column of its own.",
            )
        node = self.prefix()
        while True:
            following = self.infix(node, power)
            if following is None:
                self.depth -= 1
                return node
            node = following

    def prefix(self) -> Node:
        token = self.token
        if token.sort == "number":
            return self.number(1)
        if token.sort == "date":
            return self.date()
        if token.sort == "text":
            return self.text()
        if token.sort in {"column", "name"}:
            return self.column_or_function()
        if self.at("true", "false"):
            self.take()
            return literal("flag", token.position, token.text == "true")
        if self.at("missing"):
            self.take()
            return literal("missing", token.position, None)
        if self.at("not"):
            self.take()
            return operation("not", token.position, (self.expression(_NOT),))
        if self.at("-"):
            return self.negative()
        if self.at("("):
            self.take()
            node = self.expression(_OR)
            self.require(")")
            return node
        raise self.unexpected("a value")

    def number(self, sign: int) -> Node:
        token = self.take()
        value = float(token.text)
        if math.isinf(value):
            raise ExpressionError("This number is too large.", position=token.position)
        return literal("number", token.position, sign * value)

    def negative(self) -> Node:
        position = self.take().position
        if self.token.sort == "number":
            return self.number(-1)
        return operation("negative", position, (self.expression(_SIGN),))

    def date(self) -> Node:
        token = self.take()
        try:
            value = datetime.fromisoformat(token.text) if "T" in token.text else date.fromisoformat(token.text)
        except ValueError:
            raise ExpressionError("There is no such date.", position=token.position) from None
        return literal("date", token.position, value)

    def text(self) -> Node:
        token = self.take()
        quote = token.text[0]
        return literal("text", token.position, token.text[1:-1].replace(quote * 2, quote))

    def column_or_function(self) -> Node:
        token = self.take()
        if token.sort == "column":
            if token.text == "[]":
                raise ExpressionError("A column has a name.", position=token.position)
            return column(token.text[1:-1].replace("]]", "]"), token.position)
        return self.function(token) if self.at("(") else column(token.text, token.position)

    def function(self, name: _Token) -> Node:
        known = name.text.lower()
        if known not in _FUNCTIONS:
            close = close_matches(known, _FUNCTIONS, most=1)
            raise ExpressionError(
                f"There is no function {safe(name.text, 40)}.",
                position=name.position,
                next_step=f"Did you mean {close[0]}?" if close else f"There are: {', '.join(sorted(_FUNCTIONS))}.",
            )
        least, most = _FUNCTIONS[known]
        arguments = self.listed()
        if not least <= len(arguments) <= most:
            wanted = f"{least} or more" if most == _MANY else str(least) if least == most else f"{least} to {most}"
            raise ExpressionError(
                f"{known} takes {wanted} {'value' if wanted == '1' else 'values'}, not {len(arguments)}.",
                position=name.position,
            )
        if known == "round":
            return self.rounding(name, arguments)
        return operation(_OPERATION_OF.get(known, known), name.position, tuple(arguments))

    def rounding(self, name: _Token, arguments: list[Node]) -> Node:
        digits = arguments[1].value if len(arguments) > 1 and arguments[1].operation == "number" else len(arguments) - 1
        if digits not in range(_MOST_DIGITS + 1) or (len(arguments) > 1 and arguments[1].operation != "number"):
            raise ExpressionError(
                f"The digits to round to are a whole number from 0 to {_MOST_DIGITS}.", position=arguments[1].position
            )
        return operation("round", name.position, (arguments[0],), int(digits))

    def listed(self) -> list[Node]:
        self.require("(")
        nodes = [self.expression(_OR)]
        while self.at(","):
            self.take()
            nodes.append(self.expression(_OR))
        self.require(")")
        return nodes

    def infix(self, left: Node, power: int) -> Node | None:
        if self.at("or") and power <= _OR:
            return self.chain("or", left, _AND)
        if self.at("and") and power <= _AND:
            return self.chain("and", left, _NOT)
        if power <= _COMPARISON:
            compared = self.comparison(left)
            if compared is not None:
                return compared
        for symbols, level in ((("+", "-"), _SUM), (("*", "/"), _PRODUCT)):
            if self.at(*symbols) and power <= level:
                token = self.take()
                return operation(token.text, token.position, (left, self.expression(level + 1)))
        return None

    def chain(self, word: str, left: Node, power: int) -> Node:
        position = self.token.position
        nodes = [left]
        while self.at(word):
            self.take()
            nodes.append(self.expression(power))
        return operation(word, position, tuple(nodes))

    def comparison(self, left: Node) -> Node | None:
        token = self.token
        if self.at(*_COMPARISONS):
            self.take()
            return operation(_COMPARISONS[token.text], token.position, (left, self.expression(_SUM)))
        if self.at("is"):
            return self.is_missing(left)
        negated = self.at("not") and self.tokens[self.index + 1].text in _NEGATABLE
        if negated:
            self.take()
        if not self.at(*_NEGATABLE):
            return None
        word = self.take()
        node = self.word_comparison(word, left)
        return operation("not", token.position, (node,)) if negated else node

    def word_comparison(self, word: _Token, left: Node) -> Node:
        if word.text == "in":
            choices = [self.choice(node) for node in self.listed()]
            return operation("in", word.position, (left, *choices))
        if word.text == "between":
            low = self.expression(_SUM)
            self.require("and")
            return operation("between", word.position, (left, low, self.expression(_SUM)))
        if word.text in {"starts", "ends"}:
            self.require("with")
        if self.token.sort != "text":
            raise self.unexpected("a text in quotes")
        return operation(word.text, word.position, (left, self.text()))

    def choice(self, node: Node) -> Node:
        if node.operation not in {"number", "text", "date", "flag"}:
            raise ExpressionError("A list holds numbers, texts or dates, nothing else.", position=node.position)
        return node

    def is_missing(self, left: Node) -> Node:
        position = self.take().position
        negated = self.at("not")
        if negated:
            self.take()
        self.require("missing")
        node = operation("is missing", position, (left,))
        return operation("not", position, (node,)) if negated else node


def all_of(conditions: Iterable[str]) -> str:
    """One condition that holds where all of them do; "true" where there are none."""
    return " and ".join(f"({condition})" for condition in conditions) or "true"
