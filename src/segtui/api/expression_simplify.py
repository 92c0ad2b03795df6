"""Takes the constants out of a tree before it is compiled.

polars 2.1 lets a choice that hangs on a constant shrink to one value where a column is expected, and then refuses it.
So it does where a constant is compared with a choice that comes out alike in all rows, unless the constant is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from segtui.api.expression_compile import framed
from segtui.api.expression_tree import LITERALS, Node


def simplified(node: Node) -> Node:
    """The same tree with every constant part worked out, and the choices that hang on them made."""
    if not node.arguments:
        return node
    shorter = replace(node, arguments=tuple(simplified(argument) for argument in node.arguments))
    if all(argument.operation in LITERALS for argument in shorter.arguments):
        return _worked_out(shorter)
    choose = _CHOICES.get(node.operation)
    return choose(shorter) if choose else shorter


def _worked_out(node: Node) -> Node:
    value = pl.select(framed(node, pl)).item()
    written = {"condition": "flag"}.get(node.sort, node.sort)
    return replace(node, operation="missing" if value is None else written, arguments=(), value=value)


def _if(node: Node) -> Node:
    condition, then, otherwise = node.arguments
    if condition.operation not in LITERALS:
        return node
    return then if condition.value else otherwise


def _coalesce(node: Node) -> Node:
    kept: list[Node] = []
    for argument in node.arguments:
        if argument.operation != "missing":
            kept.append(argument)
        if argument.operation in LITERALS - {"missing"}:
            break
    return kept[0] if len(kept) == 1 else replace(node, arguments=tuple(kept))


def _and_or(node: Node) -> Node:
    decides = node.operation == "or"
    flags = [argument.value for argument in node.arguments if argument.operation == "flag"]
    if decides in flags:
        return replace(node, operation="flag", arguments=(), value=decides)
    kept = tuple(argument for argument in node.arguments if argument.operation != "flag")
    return kept[0] if len(kept) == 1 else replace(node, arguments=kept)


def _constant_right(node: Node) -> Node:
    left, right = node.arguments
    if left.operation not in LITERALS:
        return node
    return replace(node, operation=_MIRRORED[node.operation], arguments=(right, left))


_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CHOICES: dict[str, Callable[[Node], Node]] = {
    "if": _if,
    "coalesce": _coalesce,
    "and": _and_or,
    "or": _and_or,
    **dict.fromkeys(_MIRRORED, _constant_right),
}
