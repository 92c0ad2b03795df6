"""Brings one good exporter and several that break the contract."""

# ruff: noqa: ARG002 - the contract gives the arguments

from __future__ import annotations

from pathlib import Path
from typing import Any

from segtui.api import Exporter, Params, hookimpl


class Nothing(Params):
    """None."""


class Seeded(Params):
    """Has what is never a parameter."""

    seed: int = 1


class Required(Params):
    """Has a parameter without a default."""

    width: int


class Good(Exporter[Any]):
    id = "good"
    title = "Good"
    summary = "Writes nothing."
    Params: Any = Nothing

    def write(self, delivery: Any, folder: Path, params: Any, run: Any) -> tuple[Path, ...]:
        return ()


class Shouted(Good):
    id = "SHOUTED"


class Untitled(Good):
    id = "untitled"
    title = ""


class WithSeed(Good):
    id = "seeded"
    Params = Seeded


class WithRequired(Good):
    id = "required"
    Params = Required


class WithoutParams(Good):
    id = "without"
    Params = dict


@hookimpl
def segtui_exporters() -> list[Any]:
    return [Good(), Good(), Shouted(), Untitled(), WithSeed(), WithRequired(), WithoutParams(), Good, "text"]


@hookimpl
def segtui_readers() -> list[Any]:
    return [Good()]
