"""What the codec knows of types: the classes a type hint reaches, and whether a value fits its hint."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel

CONTAINERS = (tuple, list, set, frozenset)


def reachable(root: Any) -> dict[str, type]:
    """By qualified name, the dataclasses, enums and pydantic models that the hint `root` reaches."""
    found: dict[str, type] = {}
    waiting = [root]
    while waiting:
        hint = waiting.pop()
        waiting += get_args(hint)
        known = get_origin(hint) or hint
        if not isinstance(known, type) or found.get(known.__qualname__) is known:
            continue
        if is_dataclass(known) or issubclass(known, (Enum, BaseModel)):
            if known.__qualname__ in found:
                raise TypeError(f"two classes named {known.__qualname__} in one value")
            found[known.__qualname__] = known
        if is_dataclass(known):
            waiting += hints(known).values()
    return found


@lru_cache(256)
def hints(known: type) -> Mapping[str, Any]:
    """The type hints of a dataclass's fields."""
    every = get_type_hints(known, include_extras=False)
    return {field.name: every[field.name] for field in fields(known) if get_origin(every[field.name]) is not ClassVar}


def conforms(value: object, hint: Any) -> str:
    """Empty where `value` fits `hint`, else what was found instead, in a few words."""
    if hint is Any or hint is object or isinstance(hint, TypeVar):
        return ""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return conforms(value, arguments[0])
    if origin is Literal:
        return "" if value in arguments else "a word that is not among those expected"
    if origin in (Union, types.UnionType):
        return "" if any(not conforms(value, argument) for argument in arguments) else _instead(value, hint)
    if hint is None or hint is type(None):
        return "" if value is None else _instead(value, "nothing")
    known = origin or hint
    if not isinstance(known, type):
        return ""
    if not _is(value, known):
        return _instead(value, known.__name__)
    return _inside(value, known, arguments)


def _is(value: object, known: type) -> bool:
    if known is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if known is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, known)


def _inside(value: Any, known: type, arguments: tuple[Any, ...]) -> str:
    if is_dataclass(known):
        own: type = type(value)
        return _first(conforms(getattr(value, name), hint) for name, hint in hints(own).items())
    if known is np.ndarray or not arguments:
        return ""
    if issubclass(known, tuple) and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        if len(value) != len(arguments):
            return "a tuple of another length than expected"
        return _first(conforms(item, hint) for item, hint in zip(value, arguments, strict=True))
    if issubclass(known, Mapping):
        keys, values = arguments
        return _first(conforms(key, keys) or conforms(item, values) for key, item in value.items())
    if issubclass(known, CONTAINERS) or known.__name__ in ("Sequence", "Collection"):
        return _first(conforms(item, arguments[0]) for item in value)
    return ""


def _first(problems: Iterable[str]) -> str:
    return next((problem for problem in problems if problem), "")


def _instead(value: object, expected: object) -> str:
    return f"a {type(value).__name__} where a {expected} is expected"
