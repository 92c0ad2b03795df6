"""A tree as a polars-like expression, and as SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from segtui.api.expression_tree import IEEE, Node

_BLANKS = " \t\r\n\u00a0"
_NUMBER = r"[+-]?([0-9]{1,100}(\.[0-9]{0,100})?|\.[0-9]{1,100})([eE][+-]?[0-9]{1,2})?"
_MINUTES_A_DAY = 1440


def framed(node: Node, namespace: Any) -> Any:
    """The tree as an expression of `namespace` (polars, narwhals or one that has the same functions)."""
    expression = _framed(node, namespace)
    return expression.fill_nan(None) if node.may_be_nan else expression


def _framed(node: Node, namespace: Any) -> Any:
    compile_argument = partial(_framed if node.operation in IEEE else framed, namespace=namespace)
    return _FRAMED[node.operation](namespace, node, [compile_argument(argument) for argument in node.arguments])


def _framed_column(namespace: Any, node: Node, _: list[Any]) -> Any:
    return _cast(namespace, namespace.col(node.value), node.sort)


def _framed_missing(namespace: Any, node: Node, _: list[Any]) -> Any:
    return _cast(namespace, namespace.lit(None), node.sort)


def _cast(namespace: Any, expression: Any, sort: str) -> Any:
    types = {"number": namespace.Float64, "text": namespace.String, "condition": namespace.Boolean}
    return expression.cast(types[sort]) if sort in types else expression


def _framed_in(namespace: Any, node: Node, arguments: list[Any]) -> Any:
    choices = [choice.value for choice in node.arguments[1:]]
    if node.arguments[1].operation != "date":
        return arguments[0].is_in(choices)
    moments = [day if isinstance(day, datetime) else datetime.combine(day, time()) for day in choices]
    return arguments[0].cast(namespace.Datetime("us")).is_in(moments)


def _framed_round(namespace: Any, node: Node, arguments: list[Any]) -> Any:
    value, scale = arguments[0], 10.0**node.value
    divisor = _for_each_row(value, scale, namespace)
    up, down = (value * scale + 0.5).floor() / divisor, (value * scale - 0.5).ceil() / divisor
    return namespace.when(value >= 0.0).then(up).otherwise(down)


def _framed_division(namespace: Any, _: Node, arguments: list[Any]) -> Any:
    divisor = namespace.when(arguments[1] != 0.0).then(arguments[1])
    return arguments[0] / _for_each_row(arguments[0], divisor, namespace)


def _for_each_row(rows: Any, divisor: Any, namespace: Any) -> Any:
    """The divisor as a full column: where it is one value for all rows, polars multiplies by its reciprocal, and 3 / 10
    would be .3 in a table of one row and .30000000000000004 in a longer one.
    """
    return rows.is_null().cast(namespace.Float64) * 0.0 + divisor


def _framed_number(namespace: Any, _: Node, arguments: list[Any]) -> Any:
    trimmed = arguments[0].str.strip_chars(_BLANKS)
    return namespace.when(trimmed.str.contains(f"^(?:{_NUMBER})$")).then(trimmed).cast(namespace.Float64)


def _framed_days_between(namespace: Any, _: Node, arguments: list[Any]) -> Any:
    start, end = (day.cast(namespace.Date).cast(namespace.Datetime("us")) for day in arguments)
    return ((end - start).dt.total_minutes() // _MINUTES_A_DAY).cast(namespace.Float64)


def _framed_part(part: str, namespace: Any, _: Node, arguments: list[Any]) -> Any:
    return getattr(arguments[0].dt, part)().cast(namespace.Float64)


def _balanced(join: Callable[[Any, Any], Any], parts: Sequence[Any]) -> Any:
    """Joined two by two, so that a long chain is no deep tree."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(_balanced(join, parts[:middle]), _balanced(join, parts[middle:]))


def _above(namespace: Any, value: Any, least: float) -> Any:
    return namespace.when(value > least).then(value)


_Framer = Callable[[Any, Node, list[Any]], Any]

_FRAMED: dict[str, _Framer] = {
    "column": _framed_column,
    "missing": _framed_missing,
    **dict.fromkeys(("number", "text", "date", "flag"), lambda ns, node, _: ns.lit(node.value)),
    "and": lambda _, __, parts: _balanced(lambda left, right: left & right, parts),
    "or": lambda _, __, parts: _balanced(lambda left, right: left | right, parts),
    "not": lambda _, __, parts: ~parts[0],
    "=": lambda _, __, parts: parts[0] == parts[1],
    "!=": lambda _, __, parts: parts[0] != parts[1],
    "<": lambda _, __, parts: parts[0] < parts[1],
    "<=": lambda _, __, parts: parts[0] <= parts[1],
    ">": lambda _, __, parts: parts[0] > parts[1],
    ">=": lambda _, __, parts: parts[0] >= parts[1],
    "in": _framed_in,
    "between": lambda _, __, parts: parts[0].is_between(parts[1], parts[2]),
    "is missing": lambda _, __, parts: parts[0].is_null(),
    "contains": lambda _, node, parts: parts[0].str.contains(node.arguments[1].value, literal=True),
    "starts": lambda _, node, parts: parts[0].str.starts_with(node.arguments[1].value),
    "ends": lambda _, node, parts: parts[0].str.ends_with(node.arguments[1].value),
    "+": lambda _, __, parts: parts[0] + parts[1],
    "-": lambda _, __, parts: parts[0] - parts[1],
    "*": lambda _, __, parts: parts[0] * parts[1],
    "/": _framed_division,
    "negative": lambda ns, _, parts: ns.lit(0.0) - parts[0],
    "abs": lambda _, __, parts: parts[0].abs(),
    "round": _framed_round,
    "floor": lambda _, __, parts: parts[0].floor(),
    "ceil": lambda _, __, parts: parts[0].ceil(),
    "sqrt": lambda ns, _, parts: ns.when(parts[0] >= 0.0).then(parts[0]).sqrt(),
    "log": lambda ns, _, parts: _above(ns, parts[0], 0.0).log(),
    "log1p": lambda ns, _, parts: (_above(ns, parts[0], -1.0) + 1.0).log(),
    "exp": lambda _, __, parts: parts[0].exp(),
    "min": lambda ns, _, parts: ns.min_horizontal(*parts),
    "max": lambda ns, _, parts: ns.max_horizontal(*parts),
    "year": partial(_framed_part, "year"),
    "month": partial(_framed_part, "month"),
    "day": partial(_framed_part, "day"),
    "weekday": partial(_framed_part, "weekday"),
    "days_between": _framed_days_between,
    "coalesce": lambda ns, _, parts: ns.coalesce(*parts),
    "if": lambda ns, _, parts: ns.when(parts[0]).then(parts[1]).otherwise(parts[2]),
    "lower": lambda _, __, parts: parts[0].str.to_lowercase(),
    "upper": lambda _, __, parts: parts[0].str.to_uppercase(),
    "trim": lambda _, __, parts: parts[0].str.strip_chars(_BLANKS),
    "length": lambda ns, _, parts: parts[0].str.len_chars().cast(ns.Float64),
    "as number": _framed_number,
}


def sql(node: Node, plain: bool = False) -> str:
    """The tree as SQL; `plain` trusts columns to hold no NaN and compares them as they are."""
    if plain and node.operation == "column":
        return quoted_name(node.value)
    written = _sql(node, plain)
    return f"NULLIF({written}, CAST('NaN' AS DOUBLE PRECISION))" if node.may_be_nan and not plain else written


def _sql(node: Node, plain: bool) -> str:
    write_argument = _sql if node.operation in IEEE else sql
    return _SQL[node.operation](node, [write_argument(argument, plain) for argument in node.arguments])


def quoted_name(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _sql_column(node: Node, _: list[str]) -> str:
    name = quoted_name(node.value)
    return f"CAST({name} AS DOUBLE PRECISION)" if node.sort == "number" else name


def _sql_number(node: Node, _: list[str]) -> str:
    value: float = node.value
    written = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return written if "e" in written else f"{written}E0"


def _sql_date(node: Node, _: list[str]) -> str:
    value: date = node.value
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat(' ')}'"
    return f"DATE '{value.isoformat()}'"


def _sql_like(before: str, after: str, node: Node, arguments: list[str]) -> str:
    text: str = node.arguments[1].value
    for special in "!%_":
        text = text.replace(special, f"!{special}")
    return f"({arguments[0]} LIKE {quoted_text(before + text + after)} ESCAPE '!')"


def _sql_round(node: Node, arguments: list[str]) -> str:
    value, scale = arguments[0], f"1E{node.value}"
    up, down = f"FLOOR({value} * {scale} + 5E-1) / {scale}", f"CEIL({value} * {scale} - 5E-1) / {scale}"
    return f"(CASE WHEN {value} >= 0E0 THEN {up} ELSE {down} END)"


def _sql_number_of(_: Node, arguments: list[str]) -> str:
    trimmed = f"TRIM(BOTH {quoted_text(_BLANKS)} FROM {arguments[0]})"
    return f"CAST(CASE WHEN {trimmed} SIMILAR TO {quoted_text(_NUMBER)} THEN {trimmed} END AS DOUBLE PRECISION)"


def _sql_joined(operator: str, _: Node, arguments: list[str]) -> str:
    return f"({f' {operator} '.join(arguments)})"


def _sql_call(function: str, _: Node, arguments: list[str]) -> str:
    return f"{function}({', '.join(arguments)})"


def _sql_part(part: str, _: Node, arguments: list[str]) -> str:
    return f"CAST(EXTRACT({part} FROM {arguments[0]}) AS DOUBLE PRECISION)"


def _sql_above(value: str, test: str) -> str:
    return f"CASE WHEN {value} {test} THEN {value} END"


_SQL: dict[str, Callable[[Node, list[str]], str]] = {
    "column": _sql_column,
    "missing": lambda _, __: "NULL",
    "number": _sql_number,
    "text": lambda node, _: quoted_text(node.value),
    "date": _sql_date,
    "flag": lambda node, _: "TRUE" if node.value else "FALSE",
    "and": lambda _, parts: _balanced(lambda left, right: f"({left} AND {right})", parts),
    "or": lambda _, parts: _balanced(lambda left, right: f"({left} OR {right})", parts),
    "not": lambda _, parts: f"(NOT {parts[0]})",
    **{sign: partial(_sql_joined, "<>" if sign == "!=" else sign) for sign in ("=", "!=", "<", "<=", ">", ">=")},
    **{sign: partial(_sql_joined, sign) for sign in ("+", "-", "*")},
    "in": lambda _, parts: f"({parts[0]} IN ({', '.join(parts[1:])}))",
    "between": lambda _, parts: f"({parts[0]} BETWEEN {parts[1]} AND {parts[2]})",
    "is missing": lambda _, parts: f"({parts[0]} IS NULL)",
    "contains": lambda _, parts: f"(POSITION({parts[1]} IN {parts[0]}) > 0)",
    "starts": partial(_sql_like, "", "%"),
    "ends": partial(_sql_like, "%", ""),
    "/": lambda _, parts: f"({parts[0]} / NULLIF({parts[1]}, 0E0))",
    "negative": lambda _, parts: f"(0E0 - {parts[0]})",
    "abs": partial(_sql_call, "ABS"),
    "round": _sql_round,
    "floor": partial(_sql_call, "FLOOR"),
    "ceil": partial(_sql_call, "CEIL"),
    "sqrt": lambda _, parts: f"SQRT({_sql_above(parts[0], '>= 0E0')})",
    "log": lambda _, parts: f"LN({_sql_above(parts[0], '> 0E0')})",
    "log1p": lambda _, parts: f"LN({_sql_above(parts[0], '> -1E0')} + 1E0)",
    "exp": partial(_sql_call, "EXP"),
    "min": partial(_sql_call, "LEAST"),
    "max": partial(_sql_call, "GREATEST"),
    "year": partial(_sql_part, "YEAR"),
    "month": partial(_sql_part, "MONTH"),
    "day": partial(_sql_part, "DAY"),
    "weekday": partial(_sql_part, "ISODOW"),
    "days_between": lambda _, parts: f"CAST((CAST({parts[1]} AS DATE) - CAST({parts[0]} AS DATE)) AS DOUBLE PRECISION)",
    "coalesce": partial(_sql_call, "COALESCE"),
    "if": lambda _, parts: f"(CASE WHEN {parts[0]} THEN {parts[1]} ELSE {parts[2]} END)",
    "lower": partial(_sql_call, "LOWER"),
    "upper": partial(_sql_call, "UPPER"),
    "trim": lambda _, parts: f"TRIM(BOTH {quoted_text(_BLANKS)} FROM {parts[0]})",
    "length": lambda _, parts: f"CAST(CHAR_LENGTH({parts[0]}) AS DOUBLE PRECISION)",
    "as number": _sql_number_of,
}
