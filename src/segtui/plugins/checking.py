"""Whether what a plugin brings keeps its contract, as far as can be seen before it is used."""

from __future__ import annotations

import inspect
import re
from dataclasses import is_dataclass
from typing import Any

from segtui.api.analysis import Analysis
from segtui.api.codec_types import reachable
from segtui.api.files import Exporter, Reader
from segtui.api.method import Basis, Method, Model, Needs
from segtui.api.params import Params

ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
LONGEST_TITLE, LONGEST_SUMMARY = 80, 400
KINDS: dict[str, type] = {"method": Method, "analysis": Analysis, "reader": Reader, "exporter": Exporter}


def fault(kind: str, item: object) -> str:
    """The first rule that a contribution breaks, in words; empty where it keeps them all."""
    expected = KINDS[kind]
    if isinstance(item, type):
        return f"the class {item.__name__} was given where an instance is expected"
    if not isinstance(item, expected):
        return f"a {type(item).__name__} was given where a {expected.__name__} is expected"
    found = _words(kind, item) or _params(item)
    if not found and kind in ("method", "analysis"):
        found = "" if isinstance(getattr(item, "needs", None), Needs) else "`needs` is not a Needs"
    checks = {"method": _method, "analysis": _analysis, "reader": _reader}
    found = found or (checks[kind](item) if kind in checks else "")
    return found and f"the {kind} {_name(item)}: {found}"


def _name(item: object) -> str:
    return str(getattr(item, "id", type(item).__name__))[:80]


def _words(kind: str, item: Any) -> str:
    given = getattr(item, "id", None)
    if not isinstance(given, str) or not ID.fullmatch(given):
        return "`id` is not a lower-case word (letters, digits, - and _, at most 40)"
    wanted = {"title": LONGEST_TITLE, **({} if kind == "reader" else {"summary": LONGEST_SUMMARY})}
    for name, longest in wanted.items():
        text = getattr(item, name, None)
        if not isinstance(text, str) or not text.strip() or len(text) > longest:
            return f"`{name}` is not a text of at most {longest} characters"
    return ""


def _params(item: Any) -> str:
    params = getattr(item, "Params", None)
    if not isinstance(params, type) or not issubclass(params, Params):
        return "`Params` is not a subclass of segtui.api.Params"
    required = [name for name, field in params.model_fields.items() if field.is_required()]
    if required:
        return f"the parameter {required[0]} has no default"
    if "seed" in params.model_fields:
        return "the seed is never a parameter; it comes with the Run"
    try:
        params()
        params.model_json_schema()
    except Exception as error:
        return f"`Params` can't be described ({type(error).__name__})"
    return ""


def _method(item: Any) -> str:
    if not isinstance(getattr(item, "basis", None), Basis):
        return "`basis` is not a Basis"
    if type(item.revision) is not int or item.revision < 1:
        return "`revision` is not a whole number of at least 1"
    model = getattr(item, "Model", None)
    if not isinstance(model, type) or not issubclass(model, Model):
        return "`Model` is not a subclass of segtui.api.Model"
    parameters = getattr(model, "__dataclass_params__", None)
    if not is_dataclass(model) or "__dataclass_params__" not in vars(model) or not getattr(parameters, "frozen", False):
        return "`Model` is not a frozen dataclass"
    if inspect.isabstract(model):
        return "`Model` has no `assign`"
    try:
        reachable(model)
    except Exception as error:
        return f"the fields of `Model` have type hints that can't be read ({type(error).__name__})"
    return "" if isinstance(model.ordered, bool) else "`Model.ordered` is not True or False"


def _analysis(item: Any) -> str:
    if type(item.baseline) is not bool:
        return "`baseline` is not True or False"
    bounds = item.segmentations
    if not isinstance(bounds, tuple) or len(bounds) != 2 or type(bounds[0]) is not int:
        return "`segmentations` is not (least, most)"
    return "" if bounds[1] is None or type(bounds[1]) is int else "`segmentations` is not (least, most)"


def _reader(item: Any) -> str:
    suffixes = getattr(item, "suffixes", None)
    if not isinstance(suffixes, tuple) or not all(isinstance(each, str) and each[:1] == "." for each in suffixes):
        return '`suffixes` is not a tuple of texts such as ".xlsx"'
    right = isinstance(item.magic, tuple) and all(isinstance(each, bytes) for each in item.magic)
    return "" if right else "`magic` is not a tuple of bytes"
